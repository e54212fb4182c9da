import { openEntry, type CollectionEntry } from '@postern/collection';
import {
  readBytes,
  recogniseHeadBytes,
  type Batch,
  type BlockScanner,
  type Issue,
  type ReadSummary,
  type Shape,
  type SourceKind,
} from '@postern/core';
import type { Desk } from '../desk.ts';
import { classify, readerOf } from '../readers.ts';
import type { HuntedSource } from './hunt-task.ts';
import type { SourcePart } from './parts.ts';

/** What looks at the records of a source. */
export interface RecordWork {
  /** Absent: every record is wanted. */
  readonly scannerFor?: (shape: Shape) => BlockScanner | undefined;
  /** Records of event logs whose shape it does not want are only counted. Absent: all are wanted. */
  readonly wants?: (shape: Shape) => boolean;
  readonly onBatch: (batch: Batch) => void;
  readonly atEnd?: () => void;
  /** Rule index → count, of this source. */
  readonly counts: ReadonlyMap<number, number>;
  /** Whether some rule can match records of the shape. */
  readonly asks: (shape: Shape) => boolean;
  /** Rule index → work done so far; absent: nothing is counted. */
  readonly workSoFar?: () => ReadonlyMap<number, number>;
}

export interface ReadingTools {
  readonly desk: Desk;
  readonly recover: boolean;
  readonly stopped: () => boolean;
  readonly onProgress: (bytes: number) => void;
}

/** Reads one source, or a part of it, past `work`. What no reader takes is said, and counts as done. */
export function readSource(part: SourcePart, work: RecordWork, tools: ReadingTools): HuntedSource {
  const { entry, chunks } = part;
  const opened = openEntry(entry);
  const before = work.workSoFar?.() ?? new Map<number, number>();
  try {
    // Of a source that is read in parts only the part is wanted.
    const input = chunks === undefined ? tools.desk.lay(opened.input) : opened.input;
    const kind = classify(readBytes(input, 0, recogniseHeadBytes), entry.originalPath);
    const reader = readerOf(kind);
    if (reader === undefined) {
      tools.onProgress(entry.size);
      return hunted(entry, kind, undefined, work, { issues: [], before });
    }
    const issues: Issue[] = [];
    const summary = reader.read(
      input,
      {
        kind,
        name: entry.originalPath,
        room: tools.desk.room,
        stopped: tools.stopped,
        recover: tools.recover,
        ...(chunks === undefined ? {} : { chunks }),
        ...(work.wants === undefined ? {} : { wants: work.wants }),
        ...(work.scannerFor === undefined ? {} : { scannerFor: work.scannerFor }),
      },
      {
        onBatch: work.onBatch,
        onIssue: (issue) => issues.push({ ...issue, source: entry.path }),
        onProgress: tools.onProgress,
      },
    );
    const source = hunted(entry, kind, summary, work, { issues, before });
    const { continuity } = summary;
    return chunks === undefined || continuity === undefined ? source : { ...source, continuity };
  } finally {
    opened.close();
  }
}

// oxlint-disable-next-line max-params -- what is known of a source from five places
function hunted(
  entry: CollectionEntry,
  kind: SourceKind,
  summary: ReadSummary | undefined,
  work: RecordWork,
  { issues, before }: { readonly issues: readonly Issue[]; readonly before: ReadonlyMap<number, number> },
): HuntedSource {
  return {
    file: entry.path,
    kind,
    bytes: entry.size,
    records: summary?.records ?? 0,
    damaged: summary?.damaged ?? 0,
    isUnread: summary === undefined,
    isAsked: summary?.shapes.some(({ shape }) => work.asks(shape)) ?? false,
    counts: work.counts,
    work: new Map(
      [...(work.workSoFar?.() ?? [])].map(([rule, done]) => [rule, done - (before.get(rule) ?? 0)]),
    ),
    issues,
    isStopped: summary?.stopped ?? false,
  };
}
