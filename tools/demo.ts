// Makes the evidence of an invented, compromised Exchange server and scans it, as a user would.
//
//   npm run demo -- [--seed TEXT] [--size 3GB|2000/day] [--variant NAME]

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '@postern/cli';
import { generateExample, parseSize, VARIANTS } from '@postern/example';

const usage = `usage: npm run demo -- [--seed TEXT] [--size 3GB|2000/day] [--variant ${VARIANTS.join('|')}]\n`;

function fail(problem: string): never {
  process.stderr.write(`${problem}\n${usage}`);
  process.exit(2);
}

function readArguments(): { readonly seed: string; readonly size?: string; readonly variant: string } {
  try {
    return parseArgs({
      args: process.argv.slice(2).filter((argument) => argument !== '--'),
      options: {
        seed: { type: 'string', default: '1' },
        size: { type: 'string' },
        variant: { type: 'string', default: 'attack' },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function sizeOf(text: string | undefined): { readonly size?: NonNullable<ReturnType<typeof parseSize>> } {
  if (text === undefined) return {};
  const size = parseSize(text);
  return size === undefined ? fail(`"${text}" is no size`) : { size };
}

const values = readArguments();
const variant = VARIANTS.find((each) => each === values.variant);
if (variant === undefined) fail(`there is no variant "${values.variant}"`);
const size = sizeOf(values.size);

const folder = join('out', 'demo');
const evidence = join(folder, 'evidence');
const result = join(folder, 'result');
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`Making the evidence of an invented server (seed ${values.seed}) in ${evidence} …\n`);
generateExample({ seed: values.seed, variant, out: evidence, ...size });
const command = ['scan', relative('.', evidence), '--out', relative('.', result)];
process.stdout.write(`Scanning it: npm run postern -- ${command.join(' ')}\n\n`);
process.exitCode = await runCommand(command, {
  out: process.stdout,
  err: process.stderr,
  signal: new AbortController().signal,
  color: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
});
