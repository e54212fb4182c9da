// The public rules, read in place: nearly all are read the quick way, and each as the slow one reads it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readQuickYaml } from './quick-yaml.ts';
import { readWholeYaml } from './yaml-node.ts';

const data = resolve(fileURLToPath(new URL('../../../../shared/data', import.meta.url)));
const folders = ['sigmahq', 'hayabusa-pairs'].map((name) => join(data, name));
const isHere = folders.every((folder) => existsSync(folder));
if (!isHere) console.log(`skipped: no public rules in ${data}`);

test.skipIf(!isHere)('public rules are read alike, nearly all of them quickly', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .map((name) => join(folder, name)),
  );
  let quick = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const root = readQuickYaml(text);
    if (root === undefined) continue;
    quick++;
    const { documents } = readWholeYaml(text);
    expect({ file, documents: [{ root, problems: [], at: root.at }] }).toEqual({ file, documents });
  }
  expect(quick / files.length).toBeGreaterThan(0.95);
});
