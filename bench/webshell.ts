// Measures what the checks of packages/webshell say of folders of files, by ending and by distinct content:
//
//   node --conditions=@postern/source bench/webshell.ts --bad DIR… --good DIR… [--except DIR…] [--list bad|good]
//       [--endings aspx,ashx]
//
// Nothing is run, unpacked or copied. Files are told apart by their bytes, so that copies in several folders count once;
// those that are also below a folder of --except do not count at all.

import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { judgeFile } from '@postern/webshell';

interface Options {
  readonly bad: readonly string[];
  readonly good: readonly string[];
  readonly except: readonly string[];
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
    except: lists.get('except') ?? [],
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

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Endings of ASP.NET, summed up in one line: what the campaigns of the packs place. */
const aspNet = new Set('aspx ashx asmx ascx master asax svc soap cshtml vbhtml config'.split(' '));

function sayLine(title: string, counts: readonly Counts[]): void {
  const sum = (of: (c: Counts) => number): number => counts.reduce((all, c) => all + of(c), 0);
  const [files, remote, suspicious] = [
    sum((c) => c.files),
    sum((c) => c.remoteControl),
    sum((c) => c.suspicious),
  ];
  const share = files === 0 ? '–' : `${((100 * (remote + suspicious)) / files).toFixed(2)} %`;
  console.log(
    `${title}\t${files}\t${remote}\t${suspicious}\t${share}\t${(sum((c) => c.bytes) / 1e6).toFixed(1)}`,
  );
}

function measure(title: string, folders: readonly string[], options: Options): void {
  const counts = new Map<string, Counts>();
  const seen = new Set<string>();
  const excepted = new Set(
    options.except.flatMap((folder) => [...filesUnder(folder)]).map((path) => hashOf(readFileSync(path))),
  );
  let milliseconds = 0;
  for (const path of folders.flatMap((folder) => [...filesUnder(folder)])) {
    const ending = extname(path).slice(1).toLowerCase();
    if (options.endings?.has(ending) === false) continue;
    const bytes = readFileSync(path);
    const hash = hashOf(bytes);
    const key = `${ending}:${hash}`;
    if (seen.has(key) || excepted.has(hash) || bytes.length === 0) continue;
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
  console.log('ending\tfiles\tremote-control\tsuspicious\tnot benign\tMB');
  const sorted = [...counts].toSorted((a, b) => b[1].files - a[1].files);
  for (const [ending, count] of sorted) sayLine(ending, [count]);
  sayLine(
    'ASP.NET',
    sorted.filter(([ending]) => aspNet.has(ending)).map(([, count]) => count),
  );
  console.log(`judging took ${(milliseconds / 1000).toFixed(2)} s`);
}

const options = readOptions(process.argv.slice(2));
measure('bad', options.bad, options);
measure('good', options.good, options);
