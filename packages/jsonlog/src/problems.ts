import type { Issue, Position, Severity } from '@postern/core';

export type ProblemKind =
  | 'MALFORMED'
  | 'TORN_END'
  | 'LINE_TOO_LONG'
  | 'SKIPPED_BYTES'
  | 'NULS'
  | 'NOT_UTF8'
  | 'LAYOUTS_LIMIT'
  | 'FIELDS_LIMIT'
  | 'DEPTH_LIMIT'
  | 'NAME_LIMIT'
  | 'NOT_EVENT'
  | 'NO_TIME'
  | 'TIME_UNREADABLE'
  | 'LOCAL_TIME'
  | 'UNKNOWN_ZONE'
  | 'DATE_ORDER'
  | 'DRIVE_ASSUMED'
  | 'NO_PARENT'
  | 'NO_PATH'
  | 'NOT_FILE'
  | 'ROW_FIELDS'
  | 'PAYLOAD'
  | 'HIDDEN_RECORD'
  | 'UNKNOWN_LINE';

/** What can be wrong with a source of this package, once per source with its count. */
const kinds: Readonly<Record<ProblemKind, readonly [Severity, string]>> = {
  MALFORMED: ['warning', 'records that are no well-formed JSON object; kept as text'],
  TORN_END: ['warning', 'the last record is torn off; kept as text'],
  LINE_TOO_LONG: [
    'warning',
    'records longer than the limit; their beginning is kept as text, the rest was not read',
  ],
  SKIPPED_BYTES: ['warning', 'bytes that were not read, behind records longer than the limit'],
  NULS: ['warning', 'zero bytes between records: space that was set aside and never written'],
  NOT_UTF8: ['info', 'records with bytes that are no UTF-8; each such sequence is shown as U+FFFD'],
  LAYOUTS_LIMIT: ['warning', 'records with more layouts than one source may have; kept as text'],
  FIELDS_LIMIT: ['warning', 'records with more fields than the limit; kept as text'],
  DEPTH_LIMIT: ['warning', 'records nested deeper than the limit; kept as text'],
  NAME_LIMIT: [
    'warning',
    'records with a longer name of a field, channel or provider than Windows allows; kept as text',
  ],
  NOT_EVENT: [
    'info',
    'JSON objects without channel and event id; read, but no rule for a channel will see them',
  ],
  NO_TIME: ['info', 'records without a time'],
  TIME_UNREADABLE: ['warning', 'records whose time cannot be read'],
  LOCAL_TIME: ['warning', 'times without a zone in a form that is usually local time; read as UTC'],
  UNKNOWN_ZONE: ['warning', 'the listing has local times only, of an unknown zone; its times are not used'],
  DATE_ORDER: ['warning', 'dates whose order of day and month cannot be told; these times are not used'],
  DRIVE_ASSUMED: ['info', 'the listing does not name its drive; C: is assumed'],
  NO_PARENT: [
    'warning',
    'rows without the folder of the file (MFTECmd -f $J without -m $MFT); they have no TargetFilename',
  ],
  NO_PATH: ['warning', 'rows without a path on a Windows volume; they have no TargetFilename'],
  NOT_FILE: ['warning', 'objects in a file listing that describe no file; kept as text'],
  ROW_FIELDS: ['warning', 'rows that do not fit their header; kept as text'],
  PAYLOAD: ['warning', 'events whose data are no well-formed JSON; kept as the field Payload'],
  HIDDEN_RECORD: [
    'warning',
    'records that were hidden inside of others, as tools that edit event logs leave them; read like the others',
  ],
  UNKNOWN_LINE: ['info', "lines of a scanner's log in a form that is not known; kept as text"],
};

interface Problem {
  count: number;
  readonly at: Position | undefined;
}

/** Gathers what went wrong, one {@link Issue} `POSTERN_JSONLOG_<KIND>` per kind with the first place and the count. */
export class Problems {
  private readonly met = new Map<ProblemKind, Problem>();

  add(kind: ProblemKind, at: Position | undefined, count = 1): void {
    const known = this.met.get(kind);
    if (known === undefined) this.met.set(kind, { count, at });
    else known.count += count;
  }

  report(onIssue: (issue: Issue) => void): void {
    for (const [kind, { count, at }] of this.met) {
      const [severity, message] = kinds[kind];
      onIssue({
        code: `POSTERN_JSONLOG_${kind}`,
        severity,
        message,
        count,
        ...(at === undefined ? {} : { at }),
      });
    }
  }
}
