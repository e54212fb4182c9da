import { decodeUtf8, stableId, type Issue } from '@postern/core';
import { parseCsv, type CsvRecord, type CsvTable } from './csv.ts';
import { indicatorTypes, type Indicator, type IndicatorType } from './indicator.ts';
import { parseSeen } from './seen.ts';
import { checkValue, typeOfBareValue } from './values.ts';

export interface ParsedIndicators {
  readonly indicators: readonly Indicator[];
  /** Rows that were refused, and files that cannot be read; the line is in `at`. */
  readonly issues: readonly Issue[];
}

/** Other lists' words for our types. */
const typeAliases: ReadonlyMap<string, IndicatorType> = new Map([
  ['ipaddress', 'ip'],
  ['ip-dst', 'ip'],
  ['ip-src', 'ip'],
  ['ipv4', 'ip'],
  ['ipv4-addr', 'ip'],
  ['hostname', 'domain'],
  ['fqdn', 'domain'],
  ['domain-name', 'domain'],
  ['filename', 'file_name'],
  ['user-agent', 'user_agent'],
]);

/** Columns of wide tables (one row, several values) that are values themselves. */
const wideColumns: ReadonlyMap<string, IndicatorType> = new Map([
  ['sha256', 'sha256'],
  ['sha1', 'sha1'],
  ['md5', 'md5'],
  ['ip', 'ip'],
  ['fqdn', 'domain'],
  ['domain', 'domain'],
]);

/**
 * Reads a list of indicators: our own table (`type,value,cluster,first_seen,source[,method,path]`; `actor_or_cluster`,
 * `actor` and `notes` are taken for `cluster`), a wide table with hash, address or host columns, or a bare list with
 * one value a line. Everything that is refused is an issue with its line; nothing is thrown. Codes:
 * `POSTERN_INTEL_FORMAT` (the file is none of these: JSON, STIX and MISP are not read), `POSTERN_INTEL_ROW` (one row
 * or value was refused), `POSTERN_INTEL_COLUMNS` (columns of a wide table that were left out).
 */
export function parseIndicators(bytes: Uint8Array, name: string): ParsedIndicators {
  const text = decodeUtf8(bytes, 0, bytes.length);
  if (/^\ufeff?\s*[[{]/.test(text))
    return unreadable(name, 'this is JSON; STIX and MISP lists are not read yet');
  const table = parseCsv(text);
  const columns = new Set(table.columns);
  if (columns.has('type') && columns.has('value'))
    return gather(
      name,
      table.rows.map((row) => readLong(row, name)),
    );
  if (table.columns.some((column) => wideColumns.has(column))) return readWide(table, name);
  return readBareList(text, name);
}

type RowResult = readonly (Indicator | Issue)[];

function gather(name: string, results: readonly RowResult[]): ParsedIndicators {
  const indicators = new Map<string, Indicator>();
  const issues: Issue[] = [];
  for (const one of results.flat()) {
    if ('code' in one) issues.push({ ...one, source: name });
    else if (!indicators.has(one.rule)) indicators.set(one.rule, one);
  }
  return { indicators: [...indicators.values()], issues };
}

function unreadable(name: string, why: string): ParsedIndicators {
  const issue = {
    code: 'POSTERN_INTEL_FORMAT',
    severity: 'error',
    message: `${name}: ${why}`,
    source: name,
  } as const;
  return { indicators: [], issues: [issue] };
}

function refusal(line: number, message: string): Issue {
  return {
    code: 'POSTERN_INTEL_ROW',
    severity: 'warning',
    message: `line ${line}: ${message}`,
    at: { offset: 0, line },
  };
}

interface Described {
  readonly cluster: string;
  readonly seen: string;
  readonly source: string;
  readonly method: string;
  readonly path: string;
}

function describe(row: CsvRecord, name: string): Described {
  const cluster = ['cluster', 'actor_or_cluster', 'actor', 'associated malware', 'malware family', 'notes'];
  return {
    cluster: cluster.map((column) => row.get(column)).find((text) => text !== '') ?? '',
    seen: row.get('first_seen') || row.get('first seen'),
    source: row.get('source') || name,
    method: row.get('method').toUpperCase(),
    path: row.get('path').toLowerCase(),
  };
}

function readLong(row: CsvRecord, name: string): RowResult {
  if (row.broken)
    return [refusal(row.line, 'a quoted field is not closed or text follows its closing quote')];
  if (row.surplus > 0)
    return [refusal(row.line, 'there are more fields than columns; quote values that hold a comma')];
  const given = row.get('type').toLowerCase();
  const type = indicatorTypes.find((known) => known === given) ?? typeAliases.get(given);
  if (type === undefined) return [refusal(row.line, `no indicator type "${given}"`)];
  return [
    readValue({ type, text: row.get('value'), described: describe(row, name), file: name, line: row.line }),
  ];
}

interface Given {
  readonly type: IndicatorType;
  readonly text: string;
  readonly described: Described;
  readonly file: string;
  readonly line: number;
}

function readValue({ type, text, described, file, line }: Given): Indicator | Issue {
  const checked = checkValue(type, text);
  if ('refused' in checked) return refusal(line, `${type} "${text.slice(0, 80)}": ${checked.refused}`);
  const seen = parseSeen(described.seen);
  if (seen === undefined)
    return refusal(line, `first_seen "${described.seen}" is neither a day nor an interval`);
  const { method, path, cluster, source } = described;
  const paths = path.split(';').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const rule = stableId('indicator', [type, checked.value.toLowerCase(), method, ...paths.toSorted()]);
  return {
    rule,
    type,
    value: checked.value,
    cluster,
    ...seen,
    source,
    ...(method === '' ? {} : { method }),
    paths,
    file,
    line,
  };
}

function readWide(table: CsvTable, name: string): ParsedIndicators {
  const known = table.columns.flatMap((column) => {
    const type = wideColumns.get(column);
    return type === undefined ? [] : [{ column, type }];
  });
  const results = table.rows.map((row) =>
    known.flatMap(({ column, type }) => {
      const text = row.get(column);
      return text === ''
        ? []
        : [readValue({ type, text, described: describe(row, name), file: name, line: row.line })];
    }),
  );
  const unread = table.columns.filter((column) => !wideColumns.has(column) && column !== '');
  const message = `columns that are not indicators: ${unread.join(', ')}`;
  const note: Issue = { code: 'POSTERN_INTEL_COLUMNS', severity: 'info', message };
  return gather(name, unread.length === 0 ? results : [...results, [note]]);
}

function readBareList(text: string, name: string): ParsedIndicators {
  const lines = text.split(/\r\n|\n|\r/);
  const results = lines.map((raw, index): RowResult => {
    const value = raw.replace(/^\ufeff/, '').trim();
    if (value === '' || value.startsWith('#')) return [];
    const type = typeOfBareValue(value);
    if (type === undefined)
      return [refusal(index + 1, `"${value.slice(0, 80)}" is no hash, address or domain`)];
    const described = { cluster: '', seen: '', source: name, method: '', path: '' };
    return [readValue({ type, text: value, described, file: name, line: index + 1 })];
  });
  const parsed = gather(name, results);
  if (parsed.indicators.length > 0) return parsed;
  return unreadable(
    name,
    'neither a table with the columns type and value nor a list of hashes, addresses or domains',
  );
}
