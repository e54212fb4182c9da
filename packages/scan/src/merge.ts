import { foldPath, stableId, type FileFacts, type Hit, type Skipped, type SourceFacts } from '@postern/core';
import type { FirstPass } from './first-pass.ts';
import { readerOf } from './readers.ts';

/**
 * The same file may lie at the same place on several servers: a tool that enters thousands of them writes one page
 * everywhere. The id of a source comes from its place and content, so each but the first gets one of its own, from
 * its collection too. Of logs one is enough: they say themselves whose they are.
 */
export function withOwnIds(results: readonly FirstPass[]): readonly FirstPass[] {
  const owners = new Map<string, string>();
  return results.map((result) => {
    const { id, kind, collection } = result.facts;
    const owner = owners.get(id) ?? collection;
    owners.set(id, owner);
    if (owner === collection || readerOf(kind) !== undefined) return result;
    return withId(result, stableId('source', [id, collection]));
  });
}

function withId(result: FirstPass, id: string): FirstPass {
  const { facts, hits, files } = result;
  return {
    ...result,
    facts: { ...facts, id },
    hits: hits.map((hit) => ({ ...hit, source: id })),
    files: files.map((file) => (file.source === facts.id ? { ...file, source: id } : file)),
  };
}

/** The results of the first pass put together, each content judged once. */
export interface Merged {
  readonly sources: readonly SourceFacts[];
  readonly hits: readonly Hit[];
  readonly files: readonly FileFacts[];
  readonly skipped: readonly Skipped[];
}

/**
 * Puts results together in the order of the entries. A log whose content came before (same hash and kind) is listed as
 * `duplicateOf` and counts for nothing more; a page is kept wherever it lies, for each place is a door of its own.
 * `archives` are files too: those that were opened lay somewhere on the server, some of them in its web folders.
 */
export function mergeFirst(results: readonly FirstPass[], archives: readonly FileFacts[] = []): Merged {
  const seen = new Map<string, string>();
  const sources: SourceFacts[] = [];
  const hits: Hit[] = [];
  const again: Skipped[] = [];
  const byId = new Map<string, SourceFacts>();
  for (const { facts, hits: own } of results) {
    const same = byId.get(facts.id);
    if (same !== undefined) {
      again.push(sameAgain(facts, same));
      continue;
    }
    byId.set(facts.id, facts);
    const key = `${facts.kind} ${facts.sha256}`;
    const first = facts.bytes === 0 ? undefined : seen.get(key);
    if (first === undefined) seen.set(key, facts.id);
    sources.push(first === undefined ? facts : withoutRecords(facts, first));
    hits.push(...(first === undefined ? own : own.filter(({ recorder }) => recorder === 'file')));
  }
  const files = mergeFiles([...results.flatMap((result) => result.files), ...archives]);
  return { sources, hits, files, skipped: [...again, ...sources.flatMap(notRead)] };
}

/** The same content at the same original path: another server's, or the same server collected twice. */
function sameAgain({ path, bytes }: SourceFacts, same: SourceFacts): Skipped {
  return { path, reason: 'duplicate', bytes, detail: `the same file as ${same.path}, and judged as it` };
}

/** A copy speaks once: its counts stay, what it would witness goes. */
function withoutRecords(facts: SourceFacts, duplicateOf: string): SourceFacts {
  return {
    ...facts,
    duplicateOf,
    families: [],
    pages: [],
    builds: [],
    probes: 0,
    power: [],
    clients: { sampled: 0, addresses: new Map(), forwarded: 0 },
  };
}

/** One entry per path and collection: what was collected and what a listing tells of it belong together. */
function mergeFiles(files: readonly FileFacts[]): readonly FileFacts[] {
  const byPath = new Map<string, FileFacts>();
  for (const file of files) {
    const key = `${file.collection}\n${foldPath(file.path)}`;
    const known = byPath.get(key);
    byPath.set(key, known === undefined ? file : joinFile(known, file));
  }
  return [...byPath.values()];
}

function joinFile(a: FileFacts, b: FileFacts): FileFacts {
  const [collected, other] = a.source === undefined ? [b, a] : [a, b];
  const listed = joinListed(a.listed, b.listed);
  return { ...other, ...collected, ...(listed === undefined ? {} : { listed }) };
}

/** $MFT has the times, the USN journal has the deletion; the earlier creation counts. */
function joinListed(a: FileFacts['listed'], b: FileFacts['listed']): FileFacts['listed'] {
  if (a === undefined || b === undefined) return a ?? b;
  const [main, more] = a.basis === 'mft' || b.basis !== 'mft' ? [a, b] : [b, a];
  const deleted = main.deleted ?? more.deleted;
  return { ...more, ...main, ...(deleted === undefined ? {} : { deleted }) };
}

/** Kinds whose records no reader of ours reads, or whose content no check of ours judges. */
function notRead(facts: SourceFacts): readonly Skipped[] {
  const at = { path: facts.path, bytes: facts.bytes };
  if (facts.bytes === 0) return [{ ...at, reason: 'empty' }];
  if (facts.kind === 'unknown' && /\.evtx$/i.test(facts.originalPath))
    return [{ ...at, reason: 'damaged', detail: 'named like a Windows event log, but its content is none' }];
  const unread =
    facts.kind === 'unknown' ||
    facts.kind === 'archive' ||
    facts.kind === 'executable' ||
    facts.kind === 'text';
  return unread
    ? [
        {
          ...at,
          reason: 'no-reader',
          detail: 'hashed and compared with indicators; its content was not judged',
        },
      ]
    : [];
}
