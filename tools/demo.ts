// Makes the evidence of an invented, compromised Exchange server and scans it, as a user would.
//
//   npm run demo -- [--seed TEXT] [--size 3GB|2000/day] [--variant NAME]

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '@postern/cli';
import { generateExample, parseSize, VARIANTS } from '@postern/example';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    seed: { type: 'string', default: '1' },
    size: { type: 'string' },
    variant: { type: 'string', default: 'attack' },
  },
});
const variant = VARIANTS.find((each) => each === values.variant);
if (variant === undefined) throw new Error(`no variant "${values.variant}"; one of ${VARIANTS.join(', ')}`);

const folder = join('out', 'demo');
const evidence = join(folder, 'evidence');
const result = join(folder, 'result');
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`Making the evidence of an invented server (seed ${values.seed}) in ${evidence} …\n`);
const size = values.size === undefined ? undefined : parseSize(values.size);
generateExample({ seed: values.seed, variant, out: evidence, ...(size === undefined ? {} : { size }) });
const command = ['scan', relative('.', evidence), '--out', relative('.', result)];
process.stdout.write(`Scanning it: npm run postern -- ${command.join(' ')}\n\n`);
process.exitCode = await runCommand(command, {
  out: process.stdout,
  err: process.stderr,
  signal: new AbortController().signal,
  color: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
});
