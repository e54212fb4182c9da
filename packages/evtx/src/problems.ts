import { formatTime, type Issue, type LogContinuity, type Severity, type Ticks } from '@postern/core';

export type ProblemKind =
  | 'HEADER'
  | 'HEADER_CHECKSUM'
  | 'DIRTY'
  | 'CHUNK_COUNT'
  | 'TRUNCATED'
  | 'EMPTY_CHUNK'
  | 'CHUNK_MAGIC'
  | 'CHUNK_HEADER_CHECKSUM'
  | 'CHUNK_CHECKSUM'
  | 'PAST_CHECKSUM'
  | 'UNUSED_CHUNK'
  | 'RECORD_SIZE'
  | 'RECORD_MARK'
  | 'RECORD_TORN'
  | 'DEPTH'
  | 'INSTANCES'
  | 'TOKEN'
  | 'TEMPLATE'
  | 'TEMPLATE_BORROWED'
  | 'VALUES'
  | 'MARKUP'
  | 'NO_CONTENT'
  | 'LAYOUT'
  | 'SHAPES_LIMIT'
  | 'TIME'
  | 'RECOVERED'
  | 'UNREADABLE_REST'
  | 'MISSING_RECORDS'
  | 'IDS_LIMIT'
  | 'CLOCK_SET_BACK'
  | 'CLEARED';

/** What can be wrong with a log: severity and what it means for the records. */
const kinds: Readonly<Record<ProblemKind, readonly [Severity, string]>> = {
  HEADER: ['warning', 'the file has no good header; chunks are searched for'],
  HEADER_CHECKSUM: ['info', 'the checksum of the file header is wrong: it was not closed, or changed'],
  DIRTY: ['info', 'the log was copied while it was in use; its header is older than its records'],
  CHUNK_COUNT: ['info', 'the file has another number of chunks than its header says; the file counts'],
  TRUNCATED: ['warning', 'the file ends in the middle of a chunk; what is there was read'],
  EMPTY_CHUNK: ['info', 'chunks of zeros'],
  CHUNK_MAGIC: ['error', 'chunks without their mark; their records are not read (recovery may find some)'],
  CHUNK_HEADER_CHECKSUM: ['warning', 'chunks whose header fails its checksum; read all the same'],
  CHUNK_CHECKSUM: ['warning', 'chunks whose records fail their checksum: changed, or copied while written'],
  PAST_CHECKSUM: ['info', 'records that were written after the header of their chunk; read all the same'],
  UNUSED_CHUNK: [
    'info',
    'chunks that were set up anew and not used yet; older records in them are left to recovery',
  ],
  RECORD_SIZE: [
    'error',
    'records with an impossible size; the rest of their chunk is not read (recovery may find some)',
  ],
  RECORD_MARK: [
    'error',
    'no record where one should begin; the rest of the chunk is not read (recovery may find some)',
  ],
  RECORD_TORN: ['warning', 'records whose two sizes differ; read as far as they go'],
  DEPTH: ['warning', 'records nested deeper than the limit; only their texts are kept'],
  INSTANCES: ['warning', 'records with more values or templates than the limit; only their texts are kept'],
  TOKEN: ['warning', 'records with content that is no binary XML; only their texts are kept'],
  TEMPLATE: ['warning', 'records whose template is missing or damaged; only their values are kept'],
  TEMPLATE_BORROWED: [
    'info',
    'records whose own template is damaged; read with one of the same id from another chunk',
  ],
  VALUES: ['warning', 'records whose values do not fit into them; only their texts are kept'],
  MARKUP: ['warning', 'records with damaged elements; only their texts are kept'],
  NO_CONTENT: ['warning', 'records without content'],
  LAYOUT: ['warning', 'records with more elements or fields than the limit; only their texts are kept'],
  SHAPES_LIMIT: ['warning', 'records with more layouts than one source may have; only their texts are kept'],
  RECOVERED: ['info', 'older records found outside of the log; they are labelled and counted apart'],
  UNREADABLE_REST: ['info', 'older records found outside of the log that cannot be read any more'],
  MISSING_RECORDS: ['warning', 'record numbers that are missing between others'],
  IDS_LIMIT: ['warning', 'record numbers that jump about; what is missing was counted up to the limit'],
  CLOCK_SET_BACK: ['info', 'records written more than a minute earlier than the one before them'],
  CLEARED: ['warning', 'records by which Windows says that a log was cleared'],
  TIME: ['info', 'records whose time is none; they count, but in no hour'],
};

/** Gathers what went wrong: one {@link Issue} `POSTERN_EVTX_<KIND>` per kind with the first place and the count. */
export class Problems {
  private readonly met = new Map<
    ProblemKind,
    { count: number; readonly offset: number; readonly found: string | undefined }
  >();

  add(kind: ProblemKind, offset: number, found?: string): void {
    const known = this.met.get(kind);
    if (known === undefined) this.met.set(kind, { count: 1, offset, found });
    else known.count++;
  }

  report(onIssue: (issue: Issue) => void): void {
    for (const [kind, { count, offset, found }] of this.met) onIssue(issueOf(kind, count, { offset, found }));
  }
}

function issueOf(
  kind: ProblemKind,
  count: number,
  { offset, found }: { readonly offset: number; readonly found: string | undefined },
): Issue {
  const [severity, message] = kinds[kind];
  const code = `POSTERN_EVTX_${kind}`;
  return { code, severity, message, count, at: { offset }, ...(found === undefined ? {} : { found }) };
}

/** What ids and times of a log's records tell, as issues: how often, and the first with its record and its times. */
export function continuityIssues(facts: LogContinuity): readonly Issue[] {
  const { missing, missingTotal, setBack, setBackTotal, cleared, clearedTotal } = facts;
  const [gap, jump, clearing] = [missing[0], setBack[0], cleared[0]];
  const told: readonly (readonly [ProblemKind, number, string | undefined])[] = [
    ['MISSING_RECORDS', missingTotal, gap && `${gap.count} before record ${gap.before}, ${between(gap)}`],
    ['IDS_LIMIT', facts.isWhole ? 0 : 1, `up to record ${facts.last ?? 0}`],
    ['CLOCK_SET_BACK', setBackTotal, jump && `at record ${jump.record}, ${between(jump)}`],
    [
      'CLEARED',
      clearedTotal,
      clearing && `${clearing.channel}, record ${clearing.record}, ${formatTime(clearing.time)}`,
    ],
  ];
  return told.flatMap(([kind, count, found]) =>
    count === 0 ? [] : [issueOf(kind, count, { offset: 0, found: found && `first: ${found}` })],
  );
}

function between({ from, to }: { readonly from: Ticks; readonly to: Ticks }): string {
  return `from ${formatTime(from)} to ${formatTime(to)}`;
}
