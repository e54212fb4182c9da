// The oddities that real logs have, each with the smallest evidence that shows it.

import { decodeLatin1, formatTime, limits, type Issue } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { weblogReader } from './reader.ts';
import { madeUpLogs } from './testing/logs.ts';
import { bytesOf, naiveScanner, quickScanner, readAll, type Everything } from './testing/read-all.ts';

const fields =
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken';
const head = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2021-03-03 06:00:00',
  fields,
].join('\n');
const row = (stem: string, time = '06:40:12'): string =>
  `2021-03-03 ${time} 192.0.2.10 GET ${stem} - 443 - 198.51.100.7 curl/7.74.0 200 0 0 5`;
const iis = (...rows: readonly string[]): string => `${[head, ...rows].join('\n')}\n`;

const proxyHead = [
  '#Software: Microsoft Exchange Server',
  '#Version: 15.01.2176.002',
  '#Log-type: HttpProxy Logs',
  '#Fields: DateTime,UrlStem,UserAgent,HttpStatus',
].join('\n');
const proxy = (...rows: readonly string[]): string => `${[proxyHead, ...rows].join('\n')}\n`;

const codes = ({ issues }: Everything): readonly string[] =>
  issues.map(({ code }) => code.replace('POSTERN_WEBLOG_', ''));
const stems = ({ records }: Everything): readonly (string | undefined)[] =>
  records.map(({ fields }) => fields.get('cs-uri-stem') ?? fields.get('UrlStem') ?? fields.get('text'));
const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const find = ({ issues }: Everything, code: string): Issue | undefined =>
  issues.find((issue) => issue.code === `POSTERN_WEBLOG_${code}`);

describe('line ends', () => {
  const log = iis(row('/a'), row('/b'));

  test.each([
    ['LF', log],
    ['CRLF', log.replaceAll('\n', '\r\n')],
    ['CR', log.replaceAll('\n', '\r')],
    ['no newline at the end', log.trimEnd()],
    ['a mark of UTF-8', `\uFEFF${log}`],
    ['blank lines', log.replaceAll('\n', '\n\n  \n')],
  ])('%s', (_, text) => {
    const read = readAll(text);
    expect(stems(read)).toEqual(['/a', '/b']);
    expect(read.issues).toEqual([]);
    expect(read.records.every(({ text }) => text.endsWith(' 5'))).toBe(true);
  });

  test('lines are counted from 1, and offsets are those of the source', () => {
    const [a, b] = readAll(`\uFEFF${log}`).records;
    expect([a?.line, b?.line]).toEqual([5, 6]);
    expect(a?.offset).toBe(bytesOf(`\uFEFF${head}\n`).length);
    expect(b?.offset).toBe(bytesOf(`\uFEFF${head}\n${row('/a')}\n`).length);
  });

  test('files put one behind the other, each with its mark', () => {
    const read = readAll(`\uFEFF${log}\uFEFF${log}`);
    expect(stems(read)).toEqual(['/a', '/b', '/a', '/b']);
    expect(read.issues).toEqual([]);
  });
});

describe('a torn last line', () => {
  test('is handed over as text and told', () => {
    const read = readAll(iis(row('/a')) + row('/torn').slice(0, 50));
    expect(stems(read)).toEqual(['/a', row('/torn').slice(0, 50)]);
    expect(codes(read)).toEqual(['LINE_TORN']);
    expect(read.summary).toMatchObject({ records: 2, damaged: 1 });
    expect(find(read, 'LINE_TORN')).toMatchObject({
      expected: '14 values',
      found: '9 values',
      at: { line: 6 },
    });
  });

  test('with a quote that never closes', () => {
    const read = readAll(
      `${proxy('2021-03-03T06:40:12.130Z,/a,x,200')}2021-03-03T06:40:13.130Z,/b,"torn, he`,
    );
    expect(codes(read)).toEqual(['LINE_TORN']);
    expect(stems(read)).toEqual(['/a', '2021-03-03T06:40:13.130Z,/b,"torn, he']);
  });

  test('cut inside a character', () => {
    const whole = bytesOf(iis(row('/ä')));
    const at = whole.indexOf(0xc3);
    expect(stems(readAll(whole.subarray(0, at + 1))).length).toBe(1);
  });
});

describe('zeros', () => {
  const hole = (length: number): Uint8Array => new Uint8Array(length);

  test('a hole between lines is one issue, with its place and length', () => {
    const before = bytesOf(iis(row('/a')));
    const read = readAll(join(before, hole(5000), bytesOf(iis(row('/b')))));
    expect(stems(read)).toEqual(['/a', '/b']);
    expect(read.issues).toMatchObject([
      { code: 'POSTERN_WEBLOG_ZEROS', at: { offset: before.length }, found: '5000 zero bytes' },
    ]);
  });

  test('a hole ends the line before it', () => {
    const read = readAll(
      join(bytesOf(iis() + row('/torn').slice(0, 40)), hole(64), bytesOf(`${row('/b')}\n`)),
    );
    expect(stems(read)).toEqual([row('/torn').slice(0, 40), '/b']);
    expect(codes(read)).toEqual(['LINE_TORN', 'ZEROS']);
  });

  test('a few zeros inside a line do not break it', () => {
    const read = readAll(iis(row('/a\0b')));
    expect(stems(read)).toEqual(['/a\0b']);
    expect(read.issues).toMatchObject([
      { code: 'POSTERN_WEBLOG_ZEROS', found: '1 zero bytes', at: { line: 5 } },
    ]);
  });

  test('nor a row of CSV', () => {
    const zeroed = '2021-03-03T06:40:13.130Z,/a\0\0b,x,200';
    const read = readAll(proxy('2021-03-03T06:40:12.130Z,/a,x,200', zeroed));
    expect(stems(read)).toEqual(['/a', '/a\0\0b']);
    expect(read.summary.damaged).toBe(0);
  });

  test('nothing but zeros, named like a log', () => {
    expect(weblogReader.recognise(hole(16_384), 'W3SVC1\\u_ex210303.log')).toBe('iis');
    const read = readAll(hole(9_000_000), { name: 'W3SVC1\\u_ex210303.log' });
    expect(read.records).toEqual([]);
    expect(read.issues).toMatchObject([{ code: 'POSTERN_WEBLOG_ZEROS', found: '9000000 zero bytes' }]);
    expect(read.progress).toBe(9_000_000);
  });

  test('many holes are few issues', () => {
    const pieces = Array.from({ length: 500 }, () => [bytesOf(`${row('/a')}\n`), hole(16)]).flat();
    const read = readAll(join(bytesOf(iis()), ...pieces));
    expect(read.records.length).toBe(500);
    expect(codes(read)).toEqual(['ZEROS', 'ZEROS', 'ZEROS', 'ZEROS']);
    expect(read.issues.at(-1)?.count).toBe(497);
  });
});

describe('long lines', () => {
  test('are cut for matching, counted as damaged, and told', () => {
    const long = row(`/${'x'.repeat(limits.lineBytes)}`);
    const read = readAll(iis(row('/a'), long, row('/b')));
    expect(read.records.map(({ fields }) => fields.get('text')?.length)).toEqual([
      undefined,
      limits.lineBytes,
      undefined,
    ]);
    expect(read.summary).toMatchObject({ records: 3, damaged: 1 });
    expect(read.issues).toMatchObject([{ code: 'POSTERN_WEBLOG_LINE_TOO_LONG', at: { line: 6 } }]);
    expect(find(read, 'LINE_TOO_LONG')?.message).toContain(`last ${long.length - limits.lineBytes} bytes`);
    expect(read.records.map(({ line }) => line)).toEqual([5, 6, 7]);
  });

  test('of many blocks', () => {
    const long = `2021-03-03 06:40:12 ${'y'.repeat(20_000_000)}`;
    const read = readAll(iis(long, row('/b')), { scannerFor: () => quickScanner('/b') });
    expect(stems(read)).toEqual(['/b']);
    expect(read.summary).toMatchObject({ records: 2, damaged: 1 });
    expect(read.progress).toBe(iis(long, row('/b')).length);
  });
});

describe('headers', () => {
  test('anywhere, with fields that change, and custom ones', () => {
    const other = '#Fields: date time cs-uri-stem X-Forwarded-For cs(X-Custom)';
    const read = readAll(
      `${iis(row('/a'))}${other}\n2021-03-03 07:00:00 /b 192.0.2.1,+192.0.2.2 a+b\n${iis(row('/c', '08:00:00'))}`,
    );
    expect(stems(read)).toEqual(['/a', '/b', '/c']);
    expect(read.records[1]?.fields.get('X-Forwarded-For')).toBe('192.0.2.1, 192.0.2.2');
    expect(read.records[1]?.fields.get('cs(X-Custom)')).toBe('a b');
    expect(read.records[1]?.fields.get('#Software')).toBeUndefined();
    expect(read.summary.shapes.map(({ shape, records }) => [shape.fields.length, records])).toEqual([
      [14, 2],
      [5, 1],
    ]);
    expect(read.issues).toEqual([]);
  });

  test('the same block again makes no new shape', () => {
    const read = readAll(Array.from({ length: 20 }, () => iis(row('/a'))).join(''));
    expect(read.summary.shapes.length).toBe(1);
    expect(new Set(read.records.map(({ shape }) => shape)).size).toBe(1);
  });

  test('rows without a date take that of #Date, and that is said', () => {
    const read = readAll(
      '#Software: Microsoft Internet Information Services 6.0\n#Date: 2021-03-03 00:00:00\n#Fields: time c-ip cs-method cs-uri-stem\n06:40:12 192.0.2.1 GET /a\n',
    );
    expect(formatTime(read.records[0]?.time ?? 0n)).toBe('2021-03-03T06:40:12Z');
    expect(read.summary.first).toBe(read.records[0]?.time);
    expect(codes(read)).toEqual(['DATE_FROM_HEADER']);
  });

  test('neither date nor #Date', () => {
    const read = readAll('#Fields: time c-ip cs-method cs-uri-stem\n06:40:12 192.0.2.1 GET /a\n');
    expect(read.records[0]?.time).toBeUndefined();
    expect(read.summary.hours.size).toBe(0);
    expect(codes(read)).toEqual(['NO_DATE']);
  });

  test('a header that is too wide', () => {
    const wide = Array.from({ length: limits.fieldsPerShape + 1 }, (_, i) => `f${i}`).join(' ');
    const read = readAll(`${head}\n#Fields: ${wide}\n${row('/a')}\nnonsense\n`, { kind: 'iis' });
    expect(codes(read)).toContain('TOO_MANY_FIELDS');
    expect(read.records.length).toBe(2);
  });

  test('a header that never stays the same', () => {
    const blocks = Array.from(
      { length: limits.shapesPerSource + 20 },
      (_, i) => `#Fields: date time cs-uri-stem c-ip f${i}\n2021-03-03 06:40:12 /a 192.0.2.1 x\n`,
    );
    const read = readAll(blocks.join(''));
    expect(read.summary).toMatchObject({ records: blocks.length, damaged: 20 });
    expect(codes(read).filter((code) => code === 'TOO_MANY_SHAPES').length).toBe(4);
    expect(read.records.length).toBe(blocks.length);
  });

  test('a header line that is too long is text, and the header before it stays in force', () => {
    const long = `#Software: Microsoft ${'x'.repeat(limits.headerBytes)}`;
    const read = readAll(iis(row('/a'), long, row('/b')));
    expect(stems(read)).toEqual(['/a', long, '/b']);
    expect(codes(read)).toEqual(['LINE_MISFIT']);
  });

  test('a log that names another version in each of its headers', () => {
    const versions = Array.from({ length: 2100 }, (_, i) => `1.${i % 1050}`);
    const blocks = versions.map((version) => `#Version: ${version}\n${fields}\n${row('/a')}`);
    const read = readAll(`${head}\n${blocks.join('\n')}\n`);
    const found = read.records.map(({ shape }) => shape.constants.get('#Version'));
    expect(found.slice(0, limits.shapesPerSource)).toEqual(versions.slice(0, limits.shapesPerSource));
  });

  test('a line that only looks like a header is kept', () => {
    const read = readAll(iis(row('/a'), '# nothing of the sort', row('/b')));
    expect(stems(read)).toEqual(['/a', '# nothing of the sort', '/b']);
  });
});

describe('a lost header', () => {
  const bare = `${row('/a')}\n${row('/b')}\n`;

  test('the default layout is taken and told', () => {
    const read = readAll(bare, { name: 'W3SVC2\\u_ex.log' });
    expect(stems(read)).toEqual(['/a', '/b']);
    expect(read.records[0]?.shape.recorder).toBe('iis-back');
    expect(read.issues).toMatchObject([{ code: 'POSTERN_WEBLOG_FIELDS_GUESSED', found: '14 values' }]);
  });

  test('a torn first line does not hide it', () => {
    const read = readAll(`${row('/torn').slice(30)}\n${bare}`, { kind: 'iis' });
    expect(stems(read)).toEqual([row('/torn').slice(30), '/a', '/b']);
    expect(codes(read)).toEqual(['NO_FIELDS', 'FIELDS_GUESSED']);
    expect(read.summary).toMatchObject({ damaged: 1, recovered: 0 });
  });

  test('the right number of values that do not look right is not enough', () => {
    const read = readAll('a b c d e f g h i j k l m n\n', { kind: 'iis' });
    expect(codes(read)).toEqual(['NO_FIELDS']);
    expect(stems(read)).toEqual(['a b c d e f g h i j k l m n']);
  });

  test('Exchange: the bare first row is enough, and told', () => {
    const read = readAll('DateTime,UrlStem,AnchorMailbox,HttpStatus\n2021-03-03T06:40:12.130Z,/a,,200\n');
    expect(stems(read)).toEqual(['/a']);
    expect(read.records[0]?.shape).toMatchObject({ family: 'httpproxy', recorder: 'httpproxy' });
    expect(read.records[0]?.shape.excerpt).toBeUndefined();
    expect(read.issues).toMatchObject([{ code: 'POSTERN_WEBLOG_NO_FIELDS', severity: 'info' }]);
  });

  test('Exchange: no header at all', () => {
    const read = readAll('2021-03-03T06:40:12.130Z,/a,,200\n', {
      kind: 'exchange-log',
      name: 'HttpProxy\\Owa\\HttpProxy_2021030306-1.LOG',
    });
    expect(read.records[0]?.shape).toMatchObject({
      family: 'httpproxy',
      recorder: 'httpproxy-owa',
      fields: ['text'],
    });
    expect(read.summary).toMatchObject({ records: 1, damaged: 1 });
    expect(codes(read)).toEqual(['NO_FIELDS']);
    expect(read.summary.hours.size).toBe(1);
  });
});

describe('lines that do not fit', () => {
  test('are text, with few issues however many they are', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${row('/x')} surplus ${i}`);
    const read = readAll(iis(...rows, row('/b')));
    expect(read.summary).toMatchObject({ records: 1001, damaged: 1000 });
    expect(read.records.filter(({ fields }) => fields.get('malformed') === 'true').length).toBe(1000);
    expect(read.issues.map(({ count }) => count)).toEqual([undefined, undefined, undefined, 997]);
    expect(read.issues[0]).toMatchObject({ at: { line: 5 }, expected: '14 values', found: '16 values' });
  });

  test('but a default layout are read by it and count as recovered', () => {
    const fifteen = '2021-03-03 06:40:12 192.0.2.10 GET /r - 443 - 198.51.100.7 curl/7.74.0 - 200 0 0 5';
    const read = readAll(iis(row('/a'), fifteen, row('/b')), { name: 'W3SVC2\\x.log' });
    expect(stems(read)).toEqual(['/a', '/r', '/b']);
    expect(read.summary).toMatchObject({ damaged: 0, recovered: 1 });
    expect(read.records[1]?.shape.recorder).toBe('iis-back');
    expect(codes(read)).toEqual(['LINE_RECOVERED']);
  });

  test('and those of another header keep what it says', () => {
    const fifteen = '2021-03-03 06:40:12 192.0.2.10 GET /r - 443 - 198.51.100.7 curl/7.74.0 - 200 0 0 5';
    const back = iis(row('/b').replace(' 443 ', ' 444 '), fifteen).replace('Services 10.0', 'Services 8.5');
    const read = readAll(iis(row('/a'), fifteen) + back, { name: 'x.log' });
    expect(
      read.records.map(({ shape }) => [shape.recorder, shape.constants.get('#Software')?.slice(-3)]),
    ).toEqual([
      ['iis-front', '0.0'],
      ['iis-front', '0.0'],
      ['iis-back', '8.5'],
      ['iis-back', '8.5'],
    ]);
  });

  test('their hours count', () => {
    const read = readAll(iis(`${row('/a', '09:00:00')} surplus`));
    expect(formatTime(read.summary.first ?? 0n)).toBe('2021-03-03T09:00:00Z');
    expect([...read.summary.hours.values()]).toEqual([1]);
  });

  test('blanks doubled and values in quotes fit all the same', () => {
    const read = readAll(
      iis(row('/a').replace('443 -', '443  -'), row('/b').replace('curl/7.74.0', '"my ""own"" agent"')),
    );
    expect(stems(read)).toEqual(['/a', '/b']);
    expect(read.records[1]?.fields.get('cs(User-Agent)')).toBe('my "own" agent');
    expect(read.summary.damaged).toBe(0);
  });
});

describe('odd bytes', () => {
  test('Latin-1 is shown as such, UTF-8 as UTF-8', () => {
    const latin = Uint8Array.from(iis(row('/caf\u00e9')), (character) => character.charCodeAt(0));
    expect(stems(readAll(latin))).toEqual(['/café']);
    expect(stems(readAll(iis(row('/café'))))).toEqual(['/café']);
    expect(decodeLatin1(latin, 0, latin.length)).toContain('/café');
  });

  test('addresses with zones, a dash for nothing, plus signs for blanks', () => {
    const read = readAll(
      iis(row('/a+b').replace('198.51.100.7', 'fe80::1%25').replace('curl/7.74.0', 'A+B')),
    );
    const [record] = read.records;
    expect(record?.fields.get('c-ip')).toBe('fe80::1%25');
    expect(record?.fields.get('cs(User-Agent)')).toBe('A B');
    expect(record?.fields.get('cs-uri-stem')).toBe('/a+b');
    expect(record?.fields.has('cs-username')).toBe(false);
  });

  const utf16 = (text: string, swap: boolean): Uint8Array => {
    const bytes = Buffer.from(text, 'utf16le');
    return swap ? bytes.swap16() : bytes;
  };

  test.each([
    ['little-endian, marked', `\uFEFF${iis(row('/ä\u{1F600}'), row('/b'))}`, false],
    ['big-endian, marked', `\uFEFF${iis(row('/ä\u{1F600}'), row('/b'))}`, true],
    ['little-endian, unmarked', iis(row('/ä\u{1F600}'), row('/b')), false],
  ])('UTF-16, %s', (_, text, swap) => {
    const read = readAll(utf16(text, swap));
    expect(stems(read)).toEqual(['/ä\u{1F600}', '/b']);
    expect(codes(read)).toEqual(['UTF16']);
    const second = text.indexOf(row('/b'));
    expect(read.records[1]?.offset).toBe(second * 2);
  });

  test('UTF-16 over many blocks keeps every line and its place', () => {
    const one = `${row('/ü')}\n`;
    const text = iis() + one.repeat(60_000);
    const read = readAll(utf16(text, false), {
      scannerFor: () => quickScanner('nothing'),
      sampleEvery: 7_000,
    });
    expect(read.summary).toMatchObject({ records: 60_000, damaged: 0 });
    expect(read.progress).toBe(text.length * 2);
    for (const { offset, line } of read.records)
      expect(offset).toBe((iis().length + one.length * (line - 5)) * 2);
  });
});

describe('CSV', () => {
  test('quoted values, doubled quotes, commas and newlines inside', () => {
    const read = readAll(
      proxy('2021-03-03T06:40:12.130Z,/a,"one, ""two""\r\nthree",200', '2021-03-03T06:40:13.130Z,/b,,200'),
    );
    expect(read.records[0]?.fields.get('UserAgent')).toBe('one, "two"\r\nthree');
    expect(read.records.map(({ line }) => line)).toEqual([5, 7]);
    expect(read.records[1]?.fields.has('UserAgent')).toBe(false);
    expect(read.issues).toEqual([]);
  });

  test('Latin-1 in the second line of a value', () => {
    const text = proxy('2021-03-03T06:40:12.130Z,/a,"one\ntwo",caf\u00e9');
    const latin = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(readAll(latin).records[0]?.fields.get('HttpStatus')).toBe('caf\u00e9');
  });

  test('a quote that never closes does not eat the file', () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) => `2021-03-03T06:41:${String(i).padStart(2, '0')}.000Z,/b${i},x,200`,
    );
    const read = readAll(proxy('2021-03-03T06:40:12.130Z,/a,"open,200', ...rows));
    expect(read.summary).toMatchObject({ records: 51, damaged: 1 });
    expect(codes(read)).toEqual(['QUOTE_OPEN', 'LINE_MISFIT']);
    expect(stems(read).slice(0, 2)).toEqual(['2021-03-03T06:40:12.130Z,/a,"open,200', '/b0']);
  });

  test('a hole inside a quoted value ends the record', () => {
    const read = readAll(`${proxy('2021-03-03T06:40:12.130Z,/a,"open')}more${'\0'.repeat(20)}",200\n`);
    expect(codes(read)).toContain('ZEROS');
    expect(read.records.length).toBe(3);
  });

  test('a quoted value with more newlines than a line may be long', () => {
    const value = 'x'.repeat(99).concat('\n').repeat(12_000);
    const read = readAll(
      proxy(`2021-03-03T06:40:12.130Z,/a,"${value}",200`, '2021-03-03T06:40:13.130Z,/b,x,200'),
    );
    expect(codes(read)[0]).toBe('QUOTE_OPEN');
    expect(stems(read).at(-1)).toBe('/b');
    expect(read.summary).toMatchObject({ records: 12_002, damaged: 12_001 });
  });

  test('a time before all logs is none', () => {
    const read = readAll(proxy('0001-01-01T00:00:00.000Z,/a,x,200'));
    expect(read.summary.first).toBeUndefined();
    expect(read.summary.hours.size).toBe(0);
    expect(codes(read)).toEqual(['TIME_UNREADABLE']);
  });

  test('quotes opened in every line do not take for ever', () => {
    const log = proxy(Array.from({ length: 200_000 }, () => 'a,"b" c').join('\n'));
    const read = readAll(log, { scannerFor: () => quickScanner('nothing') });
    expect(read.summary).toMatchObject({ records: 200_000, damaged: 200_000 });
    expect(read.issues.length).toBeLessThan(10);
  });

  test('a header row that recurs is no record', () => {
    const log = `DateTime,UrlStem,UserAgent,HttpStatus\n${proxy('2021-03-03T06:40:12.130Z,/a,x,200')}`;
    const read = readAll(log + log);
    expect(stems(read)).toEqual(['/a', '/a']);
    expect(read.issues).toEqual([]);
  });

  test('times with an offset are brought to UTC', () => {
    const read = readAll(
      proxy('2021-03-03T06:40:12.130+05:00,/a,x,200', '2021-03-03T01:50:12.1304567Z,/b,x,200'),
    );
    expect(formatTime(read.summary.first ?? 0n)).toBe('2021-03-03T01:40:12.130Z');
    expect(formatTime(read.summary.last ?? 0n)).toBe('2021-03-03T01:50:12.130Z');
    expect([...read.summary.hours.values()]).toEqual([2]);
  });

  test('a time that cannot be read is told, and the record stays', () => {
    const read = readAll(proxy('3/3/2021 6:40:12 AM,/a,x,200'));
    expect(stems(read)).toEqual(['/a']);
    expect(codes(read)).toEqual(['TIME_UNREADABLE']);
  });
});

test('a log is known again by how one began, and only by all of it', () => {
  const head = (software: string): Uint8Array =>
    bytesOf(
      `#Software: ${software}\r\n#Version: 1.0\r\n#Date: 2021-03-03 00:00:00\r\n#Fields: date time\r\n`,
    );
  const kinds = [
    'Microsoft Internet Information Services 10.0',
    'Microsoft HTTP API 2.0',
    'Microsoft Elsewhere',
  ];
  for (let i = 0; i < 2; i++)
    expect(kinds.map((software) => weblogReader.recognise(head(software), 'unknown.bin'))).toEqual([
      'iis',
      'httperr',
      undefined,
    ]);
});

describe('copies made by Export-Csv', () => {
  const exported = '"DateTime","AnchorMailbox","UrlStem"\r\n"2021-03-03T06:40:12.130Z","a, ""b""","/a"\r\n';

  test.each([
    ['with #TYPE', `#TYPE Selected.System.Management.Automation.PSCustomObject\r\n${exported}`],
    ['without', exported],
    [
      'without quotes',
      `#TYPE System.Object\n${exported.replaceAll(/"(DateTime|AnchorMailbox|UrlStem)"/g, '$1')}`,
    ],
  ])('%s', (_, text) => {
    expect(weblogReader.recognise(bytesOf(text), 'copy.csv')).toBe('exchange-log');
    const read = readAll(text);
    expect(read.records[0]?.shape).toMatchObject({ family: 'httpproxy', excerpt: true });
    expect(read.records[0]?.fields.get('AnchorMailbox')).toBe('a, "b"');
    expect(formatTime(read.summary.first ?? 0n)).toBe('2021-03-03T06:40:12.130Z');
    expect(read.issues).toEqual([]);
  });

  test('header lines that became rows tell the family', () => {
    const columns = '"TimeStamp","ServerName","EventId","EventData"';
    const text = `${columns}\n"#Software: Microsoft Exchange Server",,,\n"#Log-type: ECP Activity Context Log",,,\n"#Fields: TimeStamp","ServerName","EventId","EventData"\n"2021-03-03T06:40:12.130Z","MX01","Request","S:URL=/ecp/;S:ActID=1"\n`;
    const read = readAll(text);
    expect(read.records.map(({ shape }) => [shape.family, shape.excerpt])).toEqual([['ecp-activity', true]]);
    expect(read.records[0]?.fields.get('URL')).toBe('/ecp/');
  });

  test('of IIS rows', () => {
    const text =
      '"date","time","c-ip","cs-uri-stem","cs(User-Agent)"\n"2021-03-03","06:40:12","192.0.2.1","/a","A+B"\n';
    expect(weblogReader.recognise(bytesOf(text), 'copy.csv')).toBe('iis');
    const read = readAll(text);
    expect(read.records[0]?.shape).toMatchObject({ family: 'iis', excerpt: true });
    expect(read.records[0]?.fields.get('cs(User-Agent)')).toBe('A B');
    expect(formatTime(read.summary.first ?? 0n)).toBe('2021-03-03T06:40:12Z');
  });
});

describe('recorders', () => {
  const recorder = (text: string, name: string): string | undefined =>
    readAll(text, { name }).records[0]?.shape.recorder;

  test.each([
    ['LogFiles\\W3SVC1\\u_ex.log', '444', 'iis-front'],
    ['LogFiles/W3SVC2/u_ex.log', '443', 'iis-back'],
    ['LogFiles\\W3SVC7\\u_ex.log', '443', 'iis'],
    ['LogFiles\\W3SVC7\\u_ex.log', '444', 'iis-back'],
    ['u_ex.log', '443', 'iis-front'],
    ['u_ex.log', '80', 'iis-front'],
    ['u_ex.log', '444', 'iis-back'],
    ['u_ex.log', '8080', 'iis'],
  ])('%s with port %s is %s', (name, port, expected) => {
    expect(recorder(iis(row('/a').replace(' 443 ', ` ${port} `)), name)).toBe(expected);
  });

  test('a first row that does not fit tells nothing: the next one is asked', () => {
    const read = readAll(iis('torn', row('/a').replace(' 443 ', ' 444 ')), { name: 'x.log' });
    expect(read.records.at(-1)?.shape.recorder).toBe('iis-back');
  });

  const proxyLog = (protocol: string): string =>
    `#Log-type: HttpProxy Logs\n#Fields: DateTime,Protocol,UrlStem\n2021-03-03T06:40:12.130Z,${protocol},/a\n`;

  test.each([
    ['Logging\\HttpProxy\\Ecp\\x.log', 'Owa', 'httpproxy-ecp'],
    ['Owa\\HttpProxy_2021030306-1.LOG', 'Ecp', 'httpproxy-owa'],
    ['x.log', 'OwaCalendar', 'httpproxy-owacalendar'],
    ['x.log', 'somethingelse', 'httpproxy'],
  ])('%s with protocol %s is %s', (name, protocol, expected) => {
    expect(recorder(proxyLog(protocol), name)).toBe(expected);
  });
});

describe('families', () => {
  const family = (text: string, name: string): string | undefined =>
    readAll(text, { name, kind: 'exchange-log' }).records[0]?.shape.family;

  test('#Log-type before columns before path', () => {
    const rows = '#Fields: DateTime,AnchorMailbox\n2021-03-03T06:40:12.130Z,a\n';
    expect(family(`#Log-type: EWS Logs\n${rows}`, 'HttpProxy\\Ecp\\HttpProxy_2021030306-1.LOG')).toBe('ews');
    expect(family(rows, 'Ews\\Ews_2021030306-1.LOG')).toBe('httpproxy');
    expect(
      family(
        '#Fields: DateTime,Message\n2021-03-03T06:40:12.130Z,a\n',
        'V15\\Logging\\OABGeneratorLog\\x.LOG',
      ),
    ).toBe('oab-generator');
    expect(
      family(
        '#Log-type: Message Tracking Log\n#Fields: date-time,source\n2021-03-03T06:40:12.130Z,a\n',
        'x.LOG',
      ),
    ).toBe('exchange-other');
  });

  test("ECP's two logs without #Log-type are told apart by EventId", () => {
    const ecp = (event: string): string =>
      `#Fields: TimeStamp,ServerName,EventId,EventData\n2021-03-03T06:40:12.130Z,MX01,${event},S:URL=/ecp/\n`;
    expect(family(ecp('ECP.Request'), 'ECP\\Activity\\x.log')).toBe('ecp-server');
    expect(family(ecp('Request'), 'x.log')).toBe('ecp-activity');
  });

  test('a log of Exchange behind one of IIS', () => {
    const read = readAll(iis(row('/a')) + (madeUpLogs['ews']?.text ?? '') + iis(row('/b')));
    expect(read.records.map(({ shape }) => shape.family)).toEqual(['iis', 'ews', 'iis']);
    expect(read.issues).toEqual([]);
  });
});

describe('hours, first and last', () => {
  test('over unordered rows', () => {
    const times = ['06:40:12', '06:39:00', '08:00:00', '06:10:00', '06:59:59', '07:30:00', '08:59:59'];
    const { summary } = readAll(iis(...times.map((time) => row('/a', time))), {
      scannerFor: () => naiveScanner([]),
    });
    expect(formatTime(summary.first ?? 0n)).toBe('2021-03-03T06:10:00Z');
    expect(formatTime(summary.last ?? 0n)).toBe('2021-03-03T08:59:59Z');
    expect([...summary.hours.values()].toSorted((a, b) => a - b)).toEqual([1, 2, 4]);
  });
});

describe('candidates and samples', () => {
  const rows = Array.from({ length: 100 }, (_, i) =>
    row(i % 10 === 3 ? '/Hit' : '/miss', `06:${String(Math.floor(i / 2)).padStart(2, '0')}:00`),
  );

  test('only lines with a hit, and every one of them', () => {
    const read = readAll(iis(...rows), { scannerFor: () => naiveScanner(['/hit']) });
    expect(stems(read)).toEqual(Array.from({ length: 10 }, () => '/Hit'));
    expect(read.summary.records).toBe(100);
    expect(read.records.every(({ sampled }) => !sampled)).toBe(true);
  });

  test('each n-th record and the first after each header, marked', () => {
    const read = readAll(iis(...rows) + iis(...rows), {
      scannerFor: () => naiveScanner([]),
      sampleEvery: 40,
    });
    expect(read.records.map(({ line }) => line)).toEqual([5, 44, 84, 109, 128, 168, 208]);
    expect(read.records.every(({ sampled }) => sampled)).toBe(true);
  });

  test('the scanner is asked for once for each shape, text among them', () => {
    const asked: string[] = [];
    const read = readAll(iis(...rows, 'nonsense', ...rows) + iis('nonsense', ...rows), {
      scannerFor: (shape) => {
        asked.push(shape.fields[0] ?? '');
        return naiveScanner(['nonsense']);
      },
    });
    expect(asked.toSorted()).toEqual(['date', 'text']);
    expect(stems(read)).toEqual(['nonsense', 'nonsense']);
  });

  test('stops where it is told to', () => {
    const read = readAll(iis(...Array.from({ length: 100_000 }, () => row('/a'))), {
      scannerFor: () => quickScanner('nothing'),
      stopped: () => true,
    });
    expect(read.summary.stopped).toBe(true);
    expect(read.summary.records).toBeLessThan(100_000);
    expect(read.progress).toBeLessThan(100_000 * row('/a').length);
  });
});
