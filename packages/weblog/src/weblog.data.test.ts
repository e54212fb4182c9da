// Real logs, read in place: the IIS and HTTPERR samples of beats, lnav and plaso, and the Exchange rows that
// artefacts.help shows.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { weblogReader } from './reader.ts';
import { naiveScanner, readAll, type ReadRecord } from './testing/read-all.ts';

const data = join(ROOT, '..', 'shared', 'data');
const iis = join(data, 'iis');
const samples = join(data, 'exchange', 'log-samples.md');
const isHere = existsSync(iis) && existsSync(samples);
if (!isHere) console.log(`skipped: no real logs in ${data}`);

const field = (record: ReadRecord, name: string): string | undefined => record.fields.get(name);

function recognised(path: string): string | undefined {
  return weblogReader.recognise(readFileSync(path).subarray(0, 16_384), 'unknown.bin');
}

type Beat = Readonly<Record<string, string | number | undefined>>;

/** Names of an ECS event, with the field of the log that says the same. */
const accessFields: readonly (readonly [string, string])[] = [
  ['destination.address', 's-ip'],
  ['destination.port', 's-port'],
  ['destination.domain', 'cs-host'],
  ['source.address', 'c-ip'],
  ['http.request.method', 'cs-method'],
  ['http.request.referrer', 'cs(Referer)'],
  ['http.response.status_code', 'sc-status'],
  ['http.response.body.bytes', 'sc-bytes'],
  ['http.request.body.bytes', 'cs-bytes'],
  ['iis.access.sub_status', 'sc-substatus'],
  ['iis.access.win32_status', 'sc-win32-status'],
  ['iis.access.server_name', 's-computername'],
  ['iis.access.site_name', 's-sitename'],
  ['network.forwarded_ip', 'X-Forwarded-For'],
  ['user_agent.original', 'cs(User-Agent)'],
  ['url.original', 'cs-uri-stem'],
];

const errorFields: readonly (readonly [string, string])[] = [
  ['destination.address', 's-ip'],
  ['destination.port', 's-port'],
  ['source.address', 'c-ip'],
  ['source.port', 'c-port'],
  ['http.request.method', 'cs-method'],
  ['http.response.status_code', 'sc-status'],
  ['iis.error.reason_phrase', 's-reason'],
  ['url.original', 'cs-uri'],
];

/** What the event says, in the words of the log; the query is decoded there and stands as sent here. */
function compareBeat(record: ReadRecord, beat: Beat): void {
  const isError = beat['event.dataset'] === 'iis.error';
  expect(record.shape.family).toBe(isError ? 'httperr' : 'iis');
  expect(record.offset).toBe(beat['log.offset']);
  expect(record.text).toBe(beat['event.original']);
  expect(formatTime(record.time ?? 0n, 'millisecond')).toBe(beat['@timestamp']);
  for (const [theirs, ours] of isError ? errorFields : accessFields) {
    const value = field(record, ours)?.replace(/^\[(.*)\]\(http.*\)$/, '$1');
    if (theirs === 'url.original' && beat['url.query'] !== undefined && isError) continue;
    expect([theirs, value]).toEqual([theirs, beat[theirs] === undefined ? undefined : String(beat[theirs])]);
  }
  if (!isError) compareQuery(field(record, 'cs-uri-query'), beat['url.query']);
  const taken = field(record, 'time-taken');
  expect(taken === undefined ? undefined : Number(taken) * 1_000_000).toBe(beat['event.duration']);
}

function compareQuery(ours: string | undefined, theirs: unknown): void {
  const decoded = ours
    ?.replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  expect(decoded).toBe(theirs);
}

describe.skipIf(!isHere)('beats', () => {
  const folder = join(iis, 'beats');
  const names = isHere ? readdirSync(folder).filter((name) => name.endsWith('.log')) : [];

  test('has files', () => expect(names.length).toBe(9));

  test.each(names)('%s says what is expected', (name) => {
    const path = join(folder, name);
    const expected = JSON.parse(readFileSync(`${path}-expected.json`, 'utf8')) as readonly Beat[];
    const { records, summary } = readAll(readFileSync(path), { name });
    expect(recognised(path)).toBe(name.startsWith('error') ? 'httperr' : 'iis');
    expect(records.length).toBe(expected.length);
    expect(summary.damaged).toBe(0);
    records.forEach((record, i) => compareBeat(record, expected[i] ?? {}));
  });

  test('two rows of test.log have 15 values below a header of 22: they are read by the default layout, and that is said', () => {
    const { summary, issues } = readAll(readFileSync(join(folder, 'test.log')));
    expect(summary.recovered).toBe(2);
    expect(issues.map(({ code }) => code)).toEqual([
      'POSTERN_WEBLOG_LINE_RECOVERED',
      'POSTERN_WEBLOG_LINE_RECOVERED',
    ]);
  });
});

interface Odd {
  readonly records: number;
  readonly recovered?: number;
  readonly first: string;
  readonly recorder: string;
  readonly why: string;
  readonly has: Readonly<Record<string, string | undefined>>;
}

/** By file: how many rows, when the first was, and what is odd about it. `has` speaks of the first row. */
const others: Readonly<Record<string, Odd>> = {
  'lnav/logfile_w3c.0': {
    records: 1,
    first: '2002-05-02T17:42:15Z',
    recorder: 'iis-front',
    why: 'comments behind header values',
    has: { 'cs(User-Agent)': 'Mozilla/4.0 (compatible;MSIE 5.5; Windows 2000 Server)' },
  },
  'lnav/logfile_w3c.1': {
    records: 1,
    first: '2001-10-31T00:00:18Z',
    recorder: 'iis',
    why: 'a web cache: runs of blanks, values in quotes, the time in the fourth column',
    has: { 'c-dns': 'client_joaz7', 'sc-status': '200' },
  },
  'lnav/logfile_w3c.2': {
    records: 14,
    first: '2000-10-09T16:44:49Z',
    recorder: 'iis',
    why: 'FTP; the day is in #Date only, and changes mid-file',
    has: { 'cs-method': '[2]USER' },
  },
  'lnav/logfile_w3c.3': {
    records: 3,
    first: '2012-08-15T17:00:00.363Z',
    recorder: 'iis-front',
    why: 'Advanced Logging: blank lines between header lines, local time, quotes',
    has: { 'c-ip': '70.95.0.0', 'cs(Host)': 'xzy.example.com' },
  },
  'lnav/logfile_w3c.4': {
    records: 2,
    first: '2017-06-26T18:21:17Z',
    recorder: 'iis',
    why: 'a filter in front of a site: every value in quotes, times not in order',
    has: { 'c-ip': '123.123.123.123', date: '2017-06-28' },
  },
  'lnav/logfile_w3c.5': {
    records: 1,
    recovered: 1,
    first: '2015-01-13T00:32:17Z',
    recorder: 'iis',
    why: '6 fields in the header, 17 values in the row',
    has: { 'c-ip': '157.55.39.146', 'sc-bytes': '1405' },
  },
  'lnav/logfile_w3c.6': {
    records: 1,
    first: '2015-01-13T00:32:17Z',
    recorder: 'iis-front',
    why: 'letters beyond ASCII',
    has: {
      'cs(User-Agent)': 'ÄÖÜäöü\\ßßßMözillä/5.0 (compatible; bingbot/2.0;  http://www.bing.com/bingbot.htm)',
    },
  },
  'lnav/logfile_w3c_big.0': {
    records: 210,
    first: '2015-01-13T00:32:17Z',
    recorder: 'iis-front',
    why: '4 header blocks and more',
    has: { 'time-taken': '283' },
  },
  'plaso/iis10.log': {
    records: 1,
    first: '2021-04-01T00:00:21Z',
    recorder: 'iis-front',
    why: '#Software after #Fields',
    has: { 'sc-status': '200' },
  },
  'plaso/iis10_cookies.log': {
    records: 3,
    first: '2021-04-01T00:00:21Z',
    recorder: 'iis-front',
    why: 'a quote inside a value',
    has: { 'cs(Cookie)': 'OutlookSession="{AAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}"' },
  },
  'plaso/iis10_edge_cases.log': {
    records: 15,
    first: '2022-01-01T00:01:24Z',
    recorder: 'iis-back',
    why: 'two blanks between port and user; a backslash',
    has: { 'cs-username': 'random\\ranuser1', 's-port': '444' },
  },
  'plaso/iis6.log': {
    records: 12,
    first: '2013-07-30T00:00:00Z',
    recorder: 'iis-front',
    why: 'a blank behind the last field',
    has: { 's-sitename': 'SOME1234NAME', 'sc-win32-status': '0' },
  },
  'plaso/iis7_owa.log': {
    records: 3,
    first: '2015-01-01T22:16:03Z',
    recorder: 'iis-front',
    why: 'no #Date, no #Version; rows not in order',
    has: { 'cs-uri-stem': '/owa/' },
  },
  'plaso/iis7_sqli.log': {
    records: 2,
    first: '2015-10-16T13:01:02Z',
    recorder: 'iis-front',
    why: 'brackets, pipes and apostrophes in the query',
    has: { 'sc-status': '500' },
  },
  'plaso/iis_without_date.log': {
    records: 11,
    first: '2013-07-30T00:00:00Z',
    recorder: 'iis-front',
    why: 'the day is in #Date only',
    has: { 'cs-version': 'HTTP/1.1' },
  },
};

describe.skipIf(!isHere)('lnav and plaso', () => {
  test('every log is listed here', () => {
    const there = ['lnav', 'plaso'].flatMap((folder) =>
      readdirSync(join(iis, folder))
        .filter((name) => name !== 'LICENSE')
        .map((name) => `${folder}/${name}`),
    );
    expect(there.toSorted()).toEqual(Object.keys(others).toSorted());
  });

  const all = Object.entries(others).map(([name, odd]) => ({ name, ...odd }));

  test.each(all)('$name: $why', ({ name, ...odd }) => {
    const path = join(iis, name);
    const { records, summary } = readAll(readFileSync(path), { name });
    expect(recognised(path)).toBe('iis');
    expect(summary).toMatchObject({ records: odd.records, damaged: 0, recovered: odd.recovered ?? 0 });
    expect(formatTime(summary.first ?? 0n)).toBe(odd.first);
    const [first] = records;
    expect(first?.shape.recorder).toBe(odd.recorder);
    for (const [key, value] of Object.entries(odd.has))
      expect([key, first?.fields.get(key)]).toEqual([key, value]);
  });
});

interface Sample {
  readonly name: string;
  readonly text: string;
}

/** The code blocks with log lines, each with the file name given above it. */
function samplesIn(markdown: string): readonly Sample[] {
  const blocks = [...markdown.matchAll(/```\n(#\s?[\s\S]*?)```/g)];
  return blocks.map((block) => {
    const names = [...markdown.slice(0, block.index).matchAll(/Example log filename: `([^`]+)`/g)];
    return { name: names.at(-1)?.[1] ?? 'u_ex231225.log', text: block[1] ?? '' };
  });
}

/** An independent reading of one CSV line: RFC 4180. */
function csvValues(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

const familyOfLogType: Readonly<Record<string, string>> = {
  'HttpProxy Logs': 'httpproxy',
  'ECP Server Log': 'ecp-server',
  'ECP Activity Context Log': 'ecp-activity',
  'EWS Logs': 'ews',
  'Rps Http Logs': 'rps-http',
  'Rps Cmdlet Logs': 'rps-cmdlet',
  audit: 'admin-audit',
};

describe.skipIf(!isHere)('Exchange samples', () => {
  const found = isHere ? samplesIn(readFileSync(samples, 'utf8').replaceAll('\r\n', '\n')) : [];
  const exchange = found.filter(({ text }) => text.includes('#Log-type'));

  test('are found', () => expect(exchange.length).toBeGreaterThan(15));

  test.each(exchange)('$name', ({ name, text }) => {
    const logType = /#Log-type: (.*)/.exec(text)?.[1] ?? '';
    const columns = csvValues(/#Fields: (.*)/.exec(text)?.[1] ?? '');
    const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const { records, summary } = readAll(text, { name });
    expect(records.map((record) => record.text)).toEqual(rows);
    expect(summary.damaged).toBe(0);
    records.forEach((record, i) => {
      const values = csvValues(rows[i] ?? '');
      expect(record.shape.family).toBe(familyOfLogType[logType] ?? 'exchange-other');
      expect(values.length).toBe(columns.length);
      columns.forEach((column, c) =>
        expect([column, record.fields.get(column) ?? '']).toEqual([column, values[c]]),
      );
      expect(record.time).toBeDefined();
    });
  });

  test('the recorder of HttpProxy is told by the column where the folder is lost', () => {
    const proxies = exchange.filter(({ text }) => text.includes('HttpProxy Logs'));
    const recorders = proxies.map(({ name, text }) => [
      readAll(text, { name }).records[0]?.shape.recorder,
      readAll(text, { name: 'x.log' }).records[0]?.shape.recorder,
    ]);
    expect(recorders.length).toBe(8);
    for (const [byFolder, byColumn] of recorders) expect(byColumn).toBe(byFolder);
  });

  test('the keys of EventData are fields', () => {
    const server = exchange.find(({ name }) => name.startsWith('ECPServer'));
    const activity = exchange.find(({ name }) => name.startsWith('ECPActivity'));
    expect(readAll(server?.text ?? '').records[0]?.fields.get('CMD')).toBe('Get-InboxRule');
    expect(readAll(server?.text ?? '').records[0]?.fields.get('BLD')).toBe('15.1.2375.7');
    const [first, second] = readAll(activity?.text ?? '').records;
    expect(first?.fields.get('PSA')).toBe('<PII>HealthMailboxXXX@domain.com</PII>');
    expect(second?.fields.get('URL')).toBe('https://localhost:444/ecp/logoff.aspx');
  });

  test('the one IIS row is malformed: spaces in the agent, which IIS writes as plus signs', () => {
    const sample = found.find(({ text }) => text.includes('# Fields'));
    const { records, summary } = readAll(sample?.text ?? '', { name: 'u_ex231225.log' });
    expect(summary).toMatchObject({ records: 1, damaged: 1 });
    expect(records[0]?.fields.get('text')).toContain('aKdMadOeT.aspx cmd=whoami');
  });

  test('candidate mode hands over the same rows', () => {
    for (const { name, text } of exchange) {
      const scanner = naiveScanner(['healthmailbox']);
      const { records } = readAll(text, { name, scannerFor: () => scanner });
      const wanted = readAll(text, { name }).records.filter((record) => /healthmailbox/i.test(record.text));
      expect(records.map(({ offset }) => offset)).toEqual(wanted.map(({ offset }) => offset));
    }
  });
});
