import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { limits, PosternError, type ConfiguredEntry, type FileJudgement, type Issue } from '@postern/core';
import { judgeFile } from '@postern/webshell';
import { readKnownList } from './known-list.ts';

/** What a clean server of the same sort has: its owner says that it is good. Plain data, the same for every thread. */
export interface Baseline {
  /** SHA-256 of the content of every file, and why it is known. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Tokens of the keys that known modules, handlers and agents are signed with, and why. */
  readonly signers: ReadonlyMap<string, string>;
  /** What its configurations say that would else be looked at: see {@link entryKey}. */
  readonly entries: ReadonlySet<string>;
}

/** More files than a server has in its web folders and Exchange together. */
const mostFiles = 500_000;
const blockBytes = 1_048_576;

/**
 * Reads folders of a clean server, and lists: files of lines `SHA-256,reason` and `token:PUBLIC-KEY-TOKEN,reason`. Links
 * are not followed.
 *
 * @throws PosternError `POSTERN_SCAN_NO_SUCH_FILE` for a wrong path, `POSTERN_SCAN_BASELINE` for one with too many files,
 * `POSTERN_SCAN_KNOWN_LIST` for a list with a line that is none
 */
export function readBaseline(paths: readonly string[]): Baseline {
  const [hashes, signers] = [new Map<string, string>(), new Map<string, string>()];
  const entries = new Set<string>();
  const isList = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  for (const list of paths.filter((path) => isList(path)))
    for (const { signer, hash, reason } of readKnownList(list))
      if (signer === undefined) hashes.set(hash, reason);
      else signers.set(signer, reason);
  for (const folder of paths.filter((path) => !isList(path))) {
    for (const file of filesOf(folder)) {
      const hash = sha256Of(file);
      if (!hashes.has(hash)) hashes.set(hash, inBaseline);
      if (!/\.config$/i.test(file) || statSync(file).size > limits.pageBytes) continue;
      const { configured = [] } = judgeFile(readFileSync(file), relative(folder, file).split(sep).join('\\'));
      for (const entry of configured) entries.add(entryKey(entry));
    }
  }
  return { hashes, signers, entries };
}

/** The same entry of two configurations: what it is, what it is called and where it points. */
export function entryKey({ kind, code, name, path, url }: ConfiguredEntry): string {
  return JSON.stringify([kind, code, name, path?.toLowerCase(), url]);
}

/** The judgement without what the baseline has too. A verdict that only such entries made is none any more. */
export function withoutKnown(judged: FileJudgement, baseline: Baseline): FileJudgement {
  const { configured } = judged;
  if (configured === undefined) return judged;
  const known = configured.filter(
    (entry) => baseline.entries.has(entryKey(entry)) || signerOf(entry, baseline) !== undefined,
  );
  if (known.length === 0) return judged;
  const reasons = new Set(known.flatMap((entry) => signerOf(entry, baseline) ?? []));
  const issues = [...judged.issues, ...[...reasons].toSorted().map((reason) => knownSigner(reason))];
  const places = new Set(known.map(({ code, offset }) => `${code} ${offset}`));
  const traits = judged.traits.filter(({ code, offset }) => !places.has(`${code} ${offset}`));
  const left = configured.filter((entry) => !known.includes(entry));
  const isSuspicious = left.some(({ strength }) => strength === 'indirect') || traits.length > left.length;
  const verdict = judged.verdict === 'suspicious' && !isSuspicious ? 'benign' : judged.verdict;
  return { ...judged, verdict, traits, configured: left, issues };
}

/** Why the signer of an entry is known; undefined where it is not. Only a type names the token of its key. */
function signerOf({ path }: ConfiguredEntry, { signers }: Baseline): string | undefined {
  const token = /\bpublickeytoken\s*=\s*([0-9a-f]{16})\b/i.exec(path ?? '')?.[1];
  return token === undefined ? undefined : signers.get(token.toLowerCase());
}

function knownSigner(reason: string): Issue {
  return {
    code: 'POSTERN_SCAN_KNOWN_SIGNER',
    severity: 'info',
    message: 'Entries of this configuration are signed by somebody on the list of the known, and left out.',
    found: reason,
  };
}

const inBaseline = 'the same content lies in the baseline';

/** What is said of a file whose content is known, and why it is. What a list excuses is said; a clean server has thousands. */
export function knownJudgement(knownGood: string): FileJudgement {
  return {
    verdict: 'benign',
    traits: [],
    times: new Map(),
    names: new Map(),
    parameters: [],
    yara: [],
    issues: knownGood === inBaseline ? [] : [knownContent(knownGood)],
    knownGood,
  };
}

function knownContent(reason: string): Issue {
  return {
    code: 'POSTERN_SCAN_KNOWN_CONTENT',
    severity: 'info',
    message: 'The content of the file is on the list of the known; it was not judged.',
    found: reason,
  };
}

function filesOf(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new PosternError({
      code: 'POSTERN_SCAN_NO_SUCH_FILE',
      message: 'this file or folder cannot be read',
      at: folder,
      hint: 'Give the folder of a clean server or a list of known contents with --baseline.',
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
