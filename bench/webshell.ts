// Measures what the checks of packages/webshell say of folders of files, by ending and by distinct content:
//
//   node --conditions=@postern/source bench/webshell.ts --bad DIR… --good DIR… [--list bad|good] [--endings aspx,ashx]
//
// Nothing is run, unpacked or copied. Files are told apart by their bytes, so that copies in several folders count once.

import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { judgeFile } from '@postern/webshell';

interface Options {
  readonly bad: readonly string[];
  readonly good: readonly string[];
  readonly list: string | undefined;
  readonly endings: ReadonlySet<string> | undefined;
}

interface Counts {
  files: number;
  remoteControl: number;
  suspicious: number;
  bytes: number;
}

function readOptions(words: readonly string[]): Options {
  const lists = new Map<string, string[]>();
  let current = '';
  for (const word of words) {
    if (word.startsWith('--')) current = word.slice(2);
    else lists.set(current, [...(lists.get(current) ?? []), word]);
  }
  const endings = lists.get('endings')?.[0]?.split(',');
  return {
    bad: lists.get('bad') ?? [],
    good: lists.get('good') ?? [],
    list: lists.get('list')?.[0],
    endings: endings === undefined ? undefined : new Set(endings),
  };
}

function* filesUnder(folder: string): Generator<string> {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

function measure(title: string, folders: readonly string[], options: Options): void {
  const counts = new Map<string, Counts>();
  const seen = new Set<string>();
  let milliseconds = 0;
  for (const path of folders.flatMap((folder) => [...filesUnder(folder)])) {
    const ending = extname(path).slice(1).toLowerCase();
    if (options.endings?.has(ending) === false) continue;
    const bytes = readFileSync(path);
    const key = `${ending}:${createHash('sha256').update(bytes).digest('hex')}`;
    if (seen.has(key) || bytes.length === 0) continue;
    seen.add(key);
    const started = performance.now();
    const { verdict, traits, family } = judgeFile(bytes, path);
    milliseconds += performance.now() - started;
    if (verdict === 'not-judged') continue;
    const count = counts.get(ending) ?? { files: 0, remoteControl: 0, suspicious: 0, bytes: 0 };
    count.files++;
    count.bytes += bytes.length;
    if (verdict === 'remote-control') count.remoteControl++;
    if (verdict === 'suspicious') count.suspicious++;
    counts.set(ending, count);
    const expected = title === 'good' ? 'benign' : 'remote-control';
    if (options.list === title && verdict !== expected) {
      console.log(
        `${verdict}\t${path}\t${family ?? ''}\t${traits.map((t) => `${t.code}:${t.line}`).join(' ')}`,
      );
    }
  }
  console.log(`\n${title}: ${folders.join(' ')}`);
  console.log('ending\tfiles\tremote-control\tsuspicious\tMB');
  for (const [ending, c] of [...counts].toSorted((a, b) => b[1].files - a[1].files)) {
    console.log(`${ending}\t${c.files}\t${c.remoteControl}\t${c.suspicious}\t${(c.bytes / 1e6).toFixed(1)}`);
  }
  console.log(`judging took ${(milliseconds / 1000).toFixed(2)} s`);
}

const options = readOptions(process.argv.slice(2));
measure('bad', options.bad, options);
measure('good', options.good, options);
