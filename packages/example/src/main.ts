// Writes an example from the command line: --out FOLDER [--seed TEXT] [--size 3GB|2000/day] [--variant NAME]

import { parseArgs } from 'node:util';
import { generateExample } from './generate.ts';
import { parseSize } from './size.ts';
import { VARIANTS } from './truth.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    size: { type: 'string' },
    variant: { type: 'string', default: 'attack' },
  },
});

function usage(problem: string): never {
  process.stderr.write(
    `${problem}\nusage: --out FOLDER [--seed TEXT] [--size 3GB|2000/day] [--variant ${VARIANTS.join('|')}]\n`,
  );
  process.exit(2);
}

const variant = VARIANTS.find((name) => name === values.variant) ?? usage(`no variant "${values.variant}"`);
const out = values.out ?? usage('--out is missing');
const size =
  values.size === undefined ? undefined : (parseSize(values.size) ?? usage(`no size "${values.size}"`));
const truth = generateExample({ seed: values.seed, out, variant, ...(size && { size }) });
process.stdout.write(`${out}: ${variant}, ${truth.verdict} expected\n`);
