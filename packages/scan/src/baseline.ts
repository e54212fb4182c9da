import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { limits, PosternError, type ConfiguredEntry, type FileJudgement } from '@postern/core';
import { judgeFile } from '@postern/webshell';

/** What a clean server of the same sort has: its owner says that it is good. Plain data, the same for every thread. */
export interface Baseline {
  /** SHA-256 of the content of every file. */
  readonly hashes: ReadonlySet<string>;
  /** What its configurations say that would else be looked at: see {@link entryKey}. */
  readonly entries: ReadonlySet<string>;
}

/** More files than a server has in its web folders and Exchange together. */
const mostFiles = 500_000;
const blockBytes = 1_048_576;

/**
 * Reads folders of a clean server. Links are not followed.
 *
 * @throws PosternError `POSTERN_SCAN_NO_SUCH_FILE` for a wrong path, `POSTERN_SCAN_BASELINE` for one with too many files
 */
export function readBaseline(folders: readonly string[]): Baseline {
  const hashes = new Set<string>();
  const entries = new Set<string>();
  for (const folder of folders) {
    for (const file of filesOf(folder)) {
      hashes.add(sha256Of(file));
      if (!/\.config$/i.test(file) || statSync(file).size > limits.pageBytes) continue;
      const { configured = [] } = judgeFile(readFileSync(file), relative(folder, file).split(sep).join('\\'));
      for (const entry of configured) entries.add(entryKey(entry));
    }
  }
  return { hashes, entries };
}

/** The same entry of two configurations: what it is, what it is called and where it points. */
export function entryKey({ kind, code, name, path, url }: ConfiguredEntry): string {
  return JSON.stringify([kind, code, name, path?.toLowerCase(), url]);
}

/** The judgement without what the baseline has too. A verdict that only such entries made is none any more. */
export function withoutKnown(judged: FileJudgement, baseline: Baseline): FileJudgement {
  const { configured } = judged;
  if (configured === undefined) return judged;
  const known = configured.filter((entry) => baseline.entries.has(entryKey(entry)));
  if (known.length === 0) return judged;
  const places = new Set(known.map(({ code, offset }) => `${code} ${offset}`));
  const traits = judged.traits.filter(({ code, offset }) => !places.has(`${code} ${offset}`));
  const left = configured.filter((entry) => !known.includes(entry));
  const isSuspicious = left.some(({ strength }) => strength === 'indirect') || traits.length > left.length;
  const verdict = judged.verdict === 'suspicious' && !isSuspicious ? 'benign' : judged.verdict;
  return { ...judged, verdict, traits, configured: left };
}

/** What is said of a file whose content a clean server has. */
export const knownJudgement: FileJudgement = {
  verdict: 'benign',
  traits: [],
  times: new Map(),
  names: new Map(),
  parameters: [],
  yara: [],
  issues: [],
  knownGood: 'the same content lies in the baseline',
};

function filesOf(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new PosternError({
      code: 'POSTERN_SCAN_NO_SUCH_FILE',
      message: 'this folder cannot be read',
      at: folder,
      hint: 'Give the folder of a clean server with --baseline.',
    });
  }
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  if (names.length > mostFiles) {
    throw new PosternError({
      code: 'POSTERN_SCAN_BASELINE',
      message: `the baseline has ${names.length} files, more than ${mostFiles}`,
      at: folder,
      hint: 'Give the folders of web content and of the product only.',
    });
  }
  return names.map((entry) => join(entry.parentPath, entry.name));
}

function sha256Of(file: string): string {
  const hash = createHash('sha256');
  const block = new Uint8Array(blockBytes);
  const fd = openSync(file, 'r');
  try {
    for (let got = readSync(fd, block); got > 0; got = readSync(fd, block))
      hash.update(block.subarray(0, got));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
