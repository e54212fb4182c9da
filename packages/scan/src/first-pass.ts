import { hashInput, openEntry, type CollectionEntry } from '@postern/collection';
import {
  foldPath,
  readBytes,
  recogniseHeadBytes,
  stableId,
  type FileFacts,
  type Hit,
  type Issue,
  type ReadSummary,
  type SourceFacts,
  type SourceFamily,
  type SourceInput,
  type SourceKind,
} from '@postern/core';
import { Hits } from './hits.ts';
import { ListedFiles } from './listed-files.ts';
import { matchRecord, type Matchers } from './matchers.ts';
import { judgePage, type PageJudge } from './page-judge.ts';
import { classify, isPageKind, readerOf } from './readers.ts';
import { SourceStatistics, type Surroundings } from './statistics.ts';

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
  readonly stopped: () => boolean;
  readonly onProgress: (bytes: number) => void;
}

/** Every how many records one is looked at for hosts, clients and builds. */
const sampleEvery = 64;
/** Kinds whose bytes are logs: SHA-256 alone is made of them (judgement section 10). */
const logKinds: ReadonlySet<SourceKind> = new Set([
  'iis',
  'httperr',
  'exchange-log',
  'windows-events-json',
  'evtx',
  'file-listing',
]);

/** Hashes, classifies, reads and judges one source. */
export function firstPass(entry: CollectionEntry, tools: FirstPassTools): FirstPass {
  const opened = openEntry(entry);
  try {
    return passOver(entry, opened.input, tools);
  } finally {
    opened.close();
  }
}

function passOver(entry: CollectionEntry, input: SourceInput, tools: FirstPassTools): FirstPass {
  const kind = classify(readBytes(input, 0, recogniseHeadBytes), entry.originalPath);
  const hashes = hashInput(input, { all: !logKinds.has(kind) });
  const id = stableId('source', [foldPath(entry.originalPath), hashes.sha256]);
  const read = readRecords(id, kind, entry, input, tools);
  if (!readerOf(kind)) tools.onProgress(entry.size);
  const page = isPageKind(kind) ? judgePage(tools.pages, input, entry) : undefined;
  const facts: SourceFacts = {
    id,
    path: entry.path,
    originalPath: entry.originalPath,
    collection: entry.collection,
    kind,
    sha256: hashes.sha256,
    bytes: entry.size,
    ...read.facts,
  };
  const known = tools.matchers.indicators.matchFile({ ...hashes, path: entry.originalPath });
  const hits = [
    ...read.hits,
    ...known.map((indicator) => fileHit(indicator.rule, facts)),
    ...(page?.yara ?? []).map((rule) => fileHit(rule, facts)),
  ];
  return { facts, hashes, hits, files: [fileFacts(entry, id, hashes.sha256, page), ...read.files] };
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

type ReadFacts = Omit<
  SourceFacts,
  'id' | 'path' | 'originalPath' | 'collection' | 'kind' | 'sha256' | 'bytes'
>;

interface ReadResult {
  readonly facts: ReadFacts;
  readonly hits: readonly Hit[];
  readonly files: readonly FileFacts[];
}

function readRecords(
  id: string,
  kind: SourceKind,
  entry: CollectionEntry,
  input: SourceInput,
  tools: FirstPassTools,
): ReadResult {
  const reader = readerOf(kind);
  const statistics = new SourceStatistics(tools.around);
  if (reader === undefined) return { facts: { ...noRecords, ...statistics.facts() }, hits: [], files: [] };
  const hits = new Hits();
  const issues: Issue[] = [];
  const listed = new ListedFiles(id, entry.collection);
  const everyRecord = kind === 'windows-events-json' || kind === 'file-listing';
  const summary = reader.read(
    input,
    {
      kind,
      name: entry.originalPath,
      scannerFor: (shape) => tools.matchers.scannerFor(shape),
      sampleEvery,
      stopped: tools.stopped,
    },
    {
      onIssue: (issue) => issues.push(issue),
      onProgress: tools.onProgress,
      onBatch: (batch) => {
        statistics.see(batch, everyRecord);
        if (kind === 'file-listing') listed.see(batch);
        for (let record = 0; record < batch.count; record++) {
          const matchers = tools.matchers.forShape(batch.shapes[batch.shapeOf[record] ?? 0] ?? noShape);
          matchRecord(
            matchers,
            batch,
            record,
            (rule, captures) => hits.add(id, rule, batch, record, captures),
            tools.matchers.ruleSet.rules,
          );
        }
      },
    },
  );
  const families = everyRecord ? statistics.familyFacts() : familiesOf(summary);
  const facts = {
    ...recordFacts(summary, families),
    issues: [...issues, ...hits.issues(), ...listed.issues()],
    ...statistics.facts(),
  };
  return { facts, hits: hits.list, files: listed.list };
}

const noShape = { family: 'text', recorder: 'text', fields: [], constants: new Map(), time: undefined };

const noRecords = { families: [], records: 0, damaged: 0, recovered: 0, issues: [], excerpt: false };

function recordFacts(
  summary: ReadSummary,
  families: readonly SourceFamily[],
): Omit<ReadFacts, 'issues' | keyof ReturnType<SourceStatistics['facts']>> {
  const { records, damaged, recovered } = summary;
  const excerpt =
    summary.shapes.length > 0 &&
    summary.shapes.every(({ shape }) => shape.excerpt === true || shape.fields[0] === 'text');
  return { families, records, damaged, recovered, excerpt };
}

/** A log of one recorder: its hours are the source's hours. Recorders of malformed lines fold into the first. */
function familiesOf(summary: ReadSummary): readonly SourceFamily[] {
  const recorder = summary.shapes.find(({ shape }) => shape.constants.get('malformed') !== 'true')?.shape
    .recorder;
  if (recorder === undefined) return [];
  const { records, first, last, hours } = summary;
  return [{ family: recorder, records, first, last, hours }];
}
