import type { CollectionEntry } from '@postern/collection';
import {
  type Batch,
  type FileFacts,
  type Hit,
  type Issue,
  type Reader,
  type ReadSummary,
  type Shape,
  type SourceFacts,
  type SourceFamily,
  type SourceInput,
  type SourceKind,
} from '@postern/core';
import type { FirstPassTools } from './first-pass.ts';
import { Hits } from './hits.ts';
import { ListedFiles } from './listed-files.ts';
import { MatchRun } from './matchers.ts';
import { readerOf } from './readers.ts';
import { SourceStatistics, statisticsWant } from './statistics.ts';

/** A source about to be read. */
export interface KnownSource {
  /** {@link SourceFacts.id}. */
  readonly id: string;
  readonly kind: SourceKind;
  readonly entry: CollectionEntry;
  readonly input: SourceInput;
}

/** What the records of one source tell; what is known of it without reading is left out. */
export type ReadFacts = Omit<
  SourceFacts,
  'id' | 'path' | 'originalPath' | 'collection' | 'kind' | 'sha256' | 'bytes'
>;

export interface ReadResult {
  readonly facts: ReadFacts;
  readonly hits: readonly Hit[];
  readonly files: readonly FileFacts[];
}

/** Kinds whose readers hand over every record, so that nothing needs to be drawn. */
const handsOverAll: ReadonlySet<SourceKind> = new Set([
  'windows-events-json',
  'windows-events-csv',
  'file-listing',
]);
/** Every how many records one is looked at for hosts, clients and builds. */
const sampleEvery = 64;

/** Reads the records of a source past rules, indicators and statistics; nothing where no reader takes its kind. */
export function readRecords(source: KnownSource, tools: FirstPassTools): ReadResult {
  const reader = readerOf(source.kind);
  if (reader !== undefined) return new Reading(source, tools).run(reader);
  const statistics = new SourceStatistics(tools.around).facts();
  return { facts: { ...noRecords, ...statistics }, hits: [], files: [] };
}

/** One source while it is read. */
class Reading {
  private readonly hits = new Hits();
  private readonly issues: Issue[] = [];
  private readonly statistics: SourceStatistics;
  private readonly listed: ListedFiles;
  private readonly source: KnownSource;
  private readonly tools: FirstPassTools;
  private readonly matching: MatchRun;
  /** Readers of these kinds hand over every record, so nothing needs to be drawn. */
  private readonly hasAll: boolean;

  constructor(source: KnownSource, tools: FirstPassTools) {
    this.source = source;
    this.tools = tools;
    this.statistics = new SourceStatistics(tools.around);
    this.listed = new ListedFiles(source.id, source.entry.collection);
    this.matching = new MatchRun(tools.matchers, (place, rule, captures) =>
      this.hits.add(source.id, rule, place, captures),
    );
    this.hasAll = handsOverAll.has(source.kind);
  }

  run(reader: Reader): ReadResult {
    const { matchers, desk, stopped, onProgress } = this.tools;
    const { kind, entry, input } = this.source;
    const scannerFor = matchers.scannerFor.bind(matchers);
    const wants = (shape: Shape): boolean => matchers.wants(shape) || statisticsWant(shape);
    const summary = reader.read(
      input,
      { kind, name: entry.originalPath, scannerFor, wants, sampleEvery, room: desk.room, stopped },
      { onIssue: (issue) => this.issues.push(issue), onProgress, onBatch: (batch) => this.take(batch) },
    );
    const families = this.hasAll ? this.statistics.familyFacts() : (summary.recorders ?? familiesOf(summary));
    const issues = [
      ...this.issues,
      ...this.hits.issues(),
      ...this.listed.issues(),
      ...(summary.stopped ? [cutShort] : []),
    ];
    const facts = { ...recordFacts(summary, families), issues, ...this.statistics.facts() };
    return { facts, hits: this.hits.list, files: this.listed.list };
  }

  private take(batch: Batch): void {
    this.statistics.see(batch, this.hasAll);
    if (this.source.kind === 'file-listing') this.listed.see(batch);
    for (let record = 0; record < batch.count; record++) this.matching.ask(batch, record);
  }
}

const cutShort: Issue = {
  code: 'POSTERN_SCAN_STOPPED',
  severity: 'warning',
  message: 'the run was stopped before this source was read to its end',
};

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
