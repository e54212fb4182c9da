import { hash } from 'node:crypto';
import { hashInput, hashWhileRead, openEntry, type CollectionEntry, type Hashes } from '@postern/collection';
import {
  foldPath,
  PosternError,
  readBytes,
  recogniseHeadBytes,
  stableId,
  type FileFacts,
  type FileJudgement,
  type Hit,
  type SourceFacts,
  type SourceInput,
  type SourceKind,
} from '@postern/core';
import type { Desk } from './desk.ts';
import { after, type Later } from './later.ts';
import type { Matchers } from './matchers.ts';
import { askYara, judgePage, type PageJudge, type YaraSays } from './page-judge.ts';
import { classify, isPageKind, readerOf } from './readers.ts';
import { readRecords, type KnownSource, type ReadResult } from './read-records.ts';
import type { Surroundings } from './statistics.ts';
import { isLong } from './task-queues.ts';

/** What the first pass learns of one source. Plain data: it crosses threads. */
export interface FirstPass {
  readonly facts: SourceFacts;
  readonly hashes: { readonly sha256: string; readonly sha1?: string; readonly md5?: string };
  readonly hits: readonly Hit[];
  readonly files: readonly FileFacts[];
}

export interface FirstPassTools {
  readonly matchers: Matchers;
  readonly around: Surroundings;
  readonly pages: PageJudge;
  readonly desk: Desk;
  readonly stopped: () => boolean;
  readonly onProgress: (bytes: number) => void;
}

/** Kinds whose bytes are logs: SHA-256 alone is made of them (judgement section 10). */
const logKinds: ReadonlySet<SourceKind> = new Set([
  'iis',
  'httperr',
  'exchange-log',
  'windows-events-json',
  'windows-events-csv',
  'evtx',
  'file-listing',
  'msert',
]);

/** Kinds that are read from their first byte to their last, and name no files. */
const inOrder: ReadonlySet<SourceKind> = new Set(['iis', 'httperr', 'exchange-log', 'evtx']);

/** Hashes, classifies, reads and judges one source; YARA may still have to answer when the source is closed. */
export function firstPass(entry: CollectionEntry, tools: FirstPassTools): Later<FirstPass> {
  const opened = openEntry(entry);
  try {
    return passOver(entry, tools.desk.lay(opened.input), tools);
  } finally {
    opened.close();
  }
}

function passOver(entry: CollectionEntry, input: SourceInput, tools: FirstPassTools): Later<FirstPass> {
  const kind = classify(headOf(input), entry.originalPath);
  const hashed = hashAndRead({ kind, entry, input }, tools);
  const isLog = readerOf(kind) !== undefined;
  if (!isLog) tools.onProgress(entry.size);
  const file = { input, entry, sha256: hashed.hashes.sha256 };
  const passed: Passed = { kind, entry, hashed };
  if (isPageKind(kind))
    return after(judgePage(tools.pages, file), (page) => toFirstPass({ ...passed, page }, tools));
  // The user's own rules are asked about all that is no log: programs, archives, dumps.
  if (isLog || tools.pages.asksAll !== true) return toFirstPass(passed, tools);
  return after(askYara(tools.pages, file), (other) => toFirstPass({ ...passed, other }, tools));
}

/** What was read of a source, and what was said of it as a file. */
interface Passed {
  readonly kind: SourceKind;
  readonly entry: CollectionEntry;
  readonly hashed: Hashed;
  readonly page?: FileJudgement;
  readonly other?: YaraSays;
}

function toFirstPass({ kind, entry, hashed, page, other }: Passed, tools: FirstPassTools): FirstPass {
  const { id, hashes, read } = hashed;
  const facts: SourceFacts = {
    id,
    path: entry.path,
    originalPath: entry.originalPath,
    collection: entry.collection,
    kind,
    sha256: hashes.sha256,
    bytes: entry.size,
    ...read.facts,
    issues: [...read.facts.issues, ...(page?.issues ?? []), ...(other?.issues ?? [])],
  };
  const known = tools.matchers.indicators.matchFile({ ...hashes, path: entry.originalPath });
  const hits = [
    ...read.hits,
    ...known.map((indicator) => fileHit(indicator.rule, facts)),
    ...(page?.yara ?? other?.rules ?? []).map((rule) => fileHit(rule, facts)),
  ];
  return { facts, hashes, hits, files: [fileFacts(entry, id, hashes.sha256, page), ...read.files] };
}

interface Hashed {
  readonly id: string;
  readonly hashes: Hashes;
  readonly read: ReadResult;
}

/** Records are told apart by the hash of their source; of a log that is not in memory it is there once it is read. */
function hashAndRead(source: Omit<KnownSource, 'id'>, tools: FirstPassTools): Hashed {
  const { kind, entry, input } = source;
  const idOf = ({ sha256 }: Hashes): string =>
    stableId('source', [foldPath(entry.originalPath), sha256], sha256Of);
  const { room } = tools.desk;
  if (!inOrder.has(kind) || input.memory !== undefined || isLong(entry.size)) {
    const hashes = hashInput(untilStopped(input, tools.stopped), { all: !logKinds.has(kind), room });
    const id = idOf(hashes);
    return { id, hashes, read: readRecords({ ...source, id }, tools) };
  }
  const hashed = hashWhileRead(input);
  const read = readRecords({ ...source, id: '', input: hashed.input }, tools);
  const hashes = hashed.digest(room);
  const id = idOf(hashes);
  return { id, hashes, read: { ...read, hits: read.hits.map((hit) => ({ ...hit, source: id })) } };
}

function sha256Of(text: string): string {
  return hash('sha256', text);
}

function headOf(input: SourceInput): Uint8Array {
  return input.memory?.subarray(0, recogniseHeadBytes) ?? readBytes(input, 0, recogniseHeadBytes);
}

/** What a task that the user's stop cut short fails with: half a hash is none. */
export const stoppedMessage = 'stopped';

/** An input that ends in an error once the run is stopped: hashing of a large file must not outlast it. */
function untilStopped(input: SourceInput, stopped: () => boolean): SourceInput {
  if (input.memory !== undefined) return input;
  return {
    size: input.size,
    readAt(target, offset) {
      if (stopped()) throw new PosternError({ code: 'POSTERN_SCAN_STOPPED', message: stoppedMessage });
      return input.readAt(target, offset);
    },
  };
}

function fileHit(rule: string, facts: SourceFacts): Hit {
  const captures = new Map([
    ['path', facts.originalPath],
    ['sha256', facts.sha256],
  ]);
  return {
    rule,
    source: facts.id,
    at: { offset: 0 },
    time: undefined,
    recorder: 'file',
    captures,
    text: facts.originalPath,
  };
}

function fileFacts(
  entry: CollectionEntry,
  source: string,
  sha256: string,
  judged: FileFacts['judged'],
): FileFacts {
  const { originalPath: path, collection, size: bytes } = entry;
  return { path, collection, source, sha256, bytes, ...(judged === undefined ? {} : { judged }) };
}
