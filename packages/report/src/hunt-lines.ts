import {
  formatTime,
  showControls,
  type CorrelationLine,
  type HuntLine,
  type Position,
  type RecordField,
  type RecordLine,
} from '@postern/core';
import { csvRow, harmlessJson, visible } from './harmless.ts';

export const huntFormats = ['jsonl', 'csv', 'table', 'timesketch'] as const;

/** One of {@link huntFormats}. */
export type HuntFormat = (typeof huntFormats)[number];

/** Writes the lines of a hunt, one after the other. */
export interface HuntWriter {
  readonly head: string;
  readonly line: (line: HuntLine | CorrelationLine) => string;
}

/**
 * A writer of hunts. `jsonl`: `{time, rule {id, title, level, tags}, file, originalPath, offset, line?, record?, host,
 * channel | family, fields}`; correlations have `until, group, value, count, events` in place of record and fields.
 * `csv` and `timesketch`: one row each; cells that a spreadsheet would run are made inert. `table`: for people, cut to
 * `columns`, without the fields that say what the line says anyway.
 */
export function huntWriter(format: HuntFormat, columns: number = tableColumns): HuntWriter {
  switch (format) {
    case 'jsonl':
      return { head: '', line: (line) => `${harmlessJson(toJson(line))}\n` };
    case 'csv':
      return { head: csvRow(csvHeader), line: (line) => csvRow(csvCells(line)) };
    case 'timesketch':
      return { head: csvRow(timesketchHeader), line: (line) => csvRow(timesketchCells(line)) };
    case 'table':
      return { head: '', line: (line) => tableText(line, columns) };
  }
}

function toJson(line: HuntLine | CorrelationLine): unknown {
  return line.kind === 'match' ? matchJson(line) : correlationJson(line);
}

function matchJson({ rule, record }: HuntLine): unknown {
  const { time, file, originalPath, at, host, channel, family, fields } = record;
  return {
    time: time === undefined ? null : formatTime(time),
    rule,
    file,
    originalPath,
    ...at,
    ...(host === undefined ? {} : { host }),
    ...(channel === undefined ? { family } : { channel }),
    fields: Object.fromEntries(fields),
  };
}

function correlationJson({ rule, first, last, group, value, total, events }: CorrelationLine): unknown {
  return {
    time: formatTime(first),
    until: formatTime(last),
    rule,
    kind: 'correlation',
    group: Object.fromEntries(group),
    value,
    count: total,
    events: events.map(({ at, time, ...event }) => ({ time: formatTime(time), ...event, ...at })),
  };
}

const csvHeader = [
  'time',
  'level',
  'rule',
  'rule_id',
  'tags',
  'host',
  'channel',
  'file',
  'original_path',
  'offset',
  'line',
  'record',
  'fields',
];

function csvCells(line: HuntLine | CorrelationLine): readonly string[] {
  const { rule } = line;
  const head = [rule.level, rule.title, rule.id, rule.tags.join(',')];
  if (line.kind === 'correlation')
    return [formatTime(line.first), ...head, '', '', '', '', '', '', '', correlationText(line)];
  const { record } = line;
  return [
    timeText(record),
    ...head,
    record.host ?? '',
    record.channel ?? record.family,
    record.file,
    record.originalPath,
    ...placeCells(record.at),
    fieldsText(record.fields),
  ];
}

const timesketchHeader = [
  'message',
  'datetime',
  'timestamp_desc',
  'rule',
  'rule_id',
  'level',
  'tag',
  'host',
  'channel',
  'source',
  'offset',
  'line',
  'record',
];

/** Timesketch asks for `message`, `datetime`, `timestamp_desc` (its user guide, "Import from JSON or CSV"). */
function timesketchCells(line: HuntLine | CorrelationLine): readonly string[] {
  const { rule } = line;
  const about = [rule.title, rule.id, rule.level, rule.tags.join(',')];
  if (line.kind === 'correlation') {
    const message = `${rule.title}: ${correlationText(line)}`;
    return [message, formatTime(line.first), 'First Event of Correlation', ...about, '', '', '', '', '', ''];
  }
  const { record } = line;
  return [
    `${rule.title}: ${fieldsText(record.fields)}`,
    timeText(record),
    'Event Recorded',
    ...about,
    record.host ?? '',
    record.channel ?? record.family,
    record.originalPath,
    ...placeCells(record.at),
  ];
}

function timeText({ time }: RecordLine): string {
  return time === undefined ? '' : formatTime(time);
}

function placeCells({ offset, line, record }: Position): readonly string[] {
  return [String(offset), line === undefined ? '' : String(line), record ?? ''];
}

/** `Image=C:\x.exe ¦ User=eve`: names and values, for cells and lines. */
function fieldsText(fields: readonly RecordField[]): string {
  return fields
    .filter(([, value]) => value.length > 0)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : value.join(', ')}`)
    .join(' ¦ ');
}

function correlationText({ last, group, value, total }: CorrelationLine): string {
  const by = group.map(([name, text]) => `${name}=${text}`).join(' ¦ ');
  const events = `${total} events until ${formatTime(last)}, value ${value}`;
  return by === '' ? events : `${by} ¦ ${events}`;
}

/** Characters of a line for people where no terminal says how many it has. */
const tableColumns = 400;

/** Fields of events and logs that repeat the line, or its rule, or tell people nothing. */
const routine = new Set(
  [
    'Channel EventID Provider_Name Provider_Guid ProviderGuid ProviderName SourceName Level Keywords Task Opcode Version',
    'Computer Hostname TimeCreated SystemTime @timestamp UtcTime Message EventRecordID Correlation_ActivityID',
    'Execution_ProcessID Execution_ThreadID Security_UserID RuleName date time s-computername s-sitename s-ip s-port',
  ].flatMap((names) => names.split(' ')),
);

const isRoutine = (name: string): boolean =>
  routine.has(name) || /(?:Guid|Sid|LogonId|ProcessId|Hashes)$/i.test(name);

function tableText(line: HuntLine | CorrelationLine, columns: number): string {
  const { rule } = line;
  const level = rule.level.slice(0, 4).padEnd(4);
  if (line.kind === 'correlation')
    return cut(
      `${formatTime(line.first, 'second')}  ${level}  ${rule.title}  ·  ${correlationText(line)}`,
      columns,
    );
  const { record } = line;
  const time = record.time === undefined ? ''.padEnd(20) : formatTime(record.time, 'second');
  // IIS and Exchange write a dash for what a request did not have.
  const telling = fieldsText(record.fields.filter(([name, value]) => !isRoutine(name) && value !== '-'));
  return cut(`${time}  ${level}  ${rule.title}  ·  ${placeText(record)}  ·  ${telling}`, columns);
}

/** `host file:line`, or the record's number, or the offset; the file by its name. */
function placeText({ host, file, at }: RecordLine): string {
  const where =
    at.line === undefined ? (at.record === undefined ? `@${at.offset}` : `#${at.record}`) : `:${at.line}`;
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return `${host === undefined ? '' : `${host} `}${name}${where}`;
}

function cut(text: string, columns: number): string {
  const shown = showControls(visible(text));
  return `${shown.length <= columns ? shown : `${shown.slice(0, columns - 1)}…`}\n`;
}
