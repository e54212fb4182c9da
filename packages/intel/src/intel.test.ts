import { BatchBuilder, slotTypes, type Batch, type Shape, type SlotType } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { compileIndicators, indicatorRule, parseCsv, parseIndicators, type Indicator } from './index.ts';
import { parseCsvRows } from './csv.ts';
import { parseSeen } from './seen.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(...rows: string[]): { indicators: readonly Indicator[]; refused: readonly string[] } {
  const { indicators, issues } = parseIndicators(bytes(rows.join('\r\n')), 'list.csv');
  return { indicators, refused: issues.map(({ message }) => message) };
}

const HEAD = 'type,value,cluster,first_seen,source,method,path';

interface Field {
  readonly name: string;
  readonly text: string | undefined;
  readonly type?: SlotType;
}

function recordOf(fields: readonly Field[], family = 'iis'): { batch: Batch; shape: Shape; raw: string } {
  const raw = fields.map(({ text }) => text ?? '').join(' ');
  const buffer = bytes(raw);
  const time = fields.findIndex(({ name }) => name === 'time');
  const shape: Shape = {
    family,
    recorder: family,
    fields: fields.map(({ name }) => name),
    constants: new Map(),
    time: time < 0 ? undefined : { kind: 'iso', slot: time },
  };
  const builder = new BatchBuilder(buffer);
  builder.record({ shape, at: 0, line: 1, start: 0, end: buffer.length });
  let at = 0;
  for (const { text, type } of fields) {
    const length = bytes(text ?? '').length;
    builder.slot(at, length, text === undefined ? slotTypes.null : (type ?? slotTypes.utf8));
    at += length + 1;
  }
  return { batch: builder.batch(), shape, raw };
}

/** Values met in a record; checks on the way that a hit is never ruled out by the literals. */
function met(indicators: readonly Indicator[], fields: readonly Field[]): string[] {
  const { batch, shape, raw } = recordOf(fields);
  const matcher = compileIndicators(indicators).forShape(shape);
  const values: string[] = [];
  matcher?.match(batch, 0, (indicator) => values.push(indicator.value));
  const literals = matcher?.literals;
  const isRuledOut =
    literals !== undefined && !literals.some((literal) => raw.toLowerCase().includes(literal));
  expect(isRuledOut ? values : []).toEqual([]);
  return values;
}

describe('CSV', () => {
  test('quotes, doubled quotes, commas and line breaks inside, comments and blank lines', () => {
    const table = parseCsv(
      '\ufeffA,B\r\n# a "note, with a lone quote\r\n\r\n"x,1","say ""hi""\nthere"\r\ny,2\r\n',
    );
    expect(table.rows.map((row) => [row.line, row.get('a'), row.get('b')])).toEqual([
      [4, 'x,1', 'say "hi"\nthere'],
      [6, 'y', '2'],
    ]);
  });

  test('a quote that is never closed costs one line', () => {
    const rows = parseCsvRows('a,b\n"x,1\ny,2\n');
    expect(rows.map(({ line, broken }) => [line, broken])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  test('never fails and never loses its place', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '#', ' ') });
    fc.assert(
      fc.property(text, (source) => {
        const lines = parseCsvRows(source).map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b));
        const breaks = source.split(/\r\n|\n|\r/).length;
        expect(lines.every((line) => line >= 1 && line <= breaks)).toBe(true);
      }),
      propertyRuns(4),
    );
  });

  test('what is written is read', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é', ' '), minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const source = rows.map((row) => row.map(quote).join(',')).join('\r\n');
        const expected = rows.filter((row) => row.some((text) => text.trim() !== ''));
        expect(parseCsvRows(source).map(({ fields }) => fields)).toEqual(expected);
      }),
      propertyRuns(),
    );
  });
});

test.each([
  ['', {}],
  ['2021-03-05', { from: '2021-03-05' }],
  ['2021-02', { from: '2021-02-01', to: '2021-02-28' }],
  ['2021-12', { from: '2021-12-01', to: '2021-12-31' }],
  ['2021-01..2021-03', { from: '2021-01-01', to: '2021-03-31' }],
  ['2021-02-28..2021-03-10', { from: '2021-02-28', to: '2021-03-10' }],
  ['<=2021-03-09', {}],
  ['2021-03-10..2021-02-28', undefined],
  ['2021-02-30', undefined],
  ['soon', undefined],
])('first_seen %j', (text, expected) => {
  expect(parseSeen(text)).toEqual(expected);
});

describe('lists', () => {
  test('rows that cannot be used are said with their line, the others are read', () => {
    const { indicators, refused } = read(
      HEAD,
      'sha256,abc,x,,s,,',
      'colour,red,x,,s,,',
      'ip,10.0.0.1,x,,s,,',
      'ip,192.0.2.0/24,x,,s,,',
      'file_path_regex,(?=a)b,x,,s,,',
      'domain,Evil[.]Example,who,2021-03,s,,',
      'domain,bad,x,,s,,,,',
      'ip,hxxp,x,never,s,,',
    );
    expect(indicators.map(({ type, value, line }) => [type, value, line])).toEqual([
      ['domain', 'evil.example', 7],
    ]);
    expect(refused.map((text) => /^line (\d+)/.exec(text)?.[1])).toEqual(['2', '3', '4', '5', '6', '8', '9']);
  });

  test('the same value from two lists has one id; another method makes another', () => {
    const a = read(HEAD, 'ip,198.51.100.7,a,,one,,').indicators[0];
    const b = read(HEAD, 'ip,198.51.100.7,b,2021,two,,').indicators[0];
    const c = read(HEAD, 'ip,198.51.100.7,b,2021,two,POST,').indicators[0];
    expect(a?.rule).toBe(b?.rule);
    expect(c?.rule).not.toBe(a?.rule);
    expect(read(HEAD, 'ip,198.51.100.7,a,,one,,', 'ip,198.51.100.7,b,,two,,').indicators).toHaveLength(1);
  });

  test('columns in other words, wide tables and bare lists', () => {
    expect(read('value,type,notes', '198.51.100.7,ipaddress,seen').indicators).toMatchObject([
      { type: 'ip', value: '198.51.100.7', cluster: 'seen', source: 'list.csv' },
    ]);
    const wide = read('FQDN,IP,Target', 'bad[.]example,198.51.100.7,x');
    expect(wide.indicators.map(({ type }) => type)).toEqual(['domain', 'ip']);
    expect(wide.refused.join()).toContain('target');
    const bare = read('# hosts', 'bad.example', 'f'.repeat(64), 'what is this');
    expect(bare.indicators.map(({ type }) => type)).toEqual(['domain', 'sha256']);
    expect(bare.refused).toHaveLength(1);
  });

  test.each(['{"type":"bundle"}', '[1]', 'a,b\n1,2', ''])('%j is no list, and that is said', (text) => {
    const { indicators, issues } = parseIndicators(bytes(text), 'x.json');
    expect(indicators).toEqual([]);
    expect(issues.map(({ code }) => code)).toContain('POSTERN_INTEL_FORMAT');
  });

  test('any bytes are read without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        parseIndicators(noise, 'noise');
      }),
      propertyRuns(),
    );
  });
});

describe('addresses', () => {
  const { indicators } = read(HEAD, 'ip,192.0.2.7,c,2021-01..2021-03,s,,', 'ip,2001:DB8::1,c,,s,,');

  test.each([
    ['c-ip', '192.0.2.7', ['192.0.2.7']],
    ['c-ip', '192.0.2.77', []],
    ['c-ip', '1192.0.2.7', []],
    ['ClientIpAddress', '::ffff:192.0.2.7', ['192.0.2.7']],
    ['X-Forwarded-For', '203.0.113.9, 192.0.2.7:50123', ['192.0.2.7']],
    ['DestinationIp', '2001:db8:0:0:0:0:0:1%3', ['2001:db8:0:0:0:0:0:1']],
    ['s-ip', '192.0.2.7', []],
    ['cs-uri-query', 'a=192.0.2.7', []],
  ])('%s %s', (name, text, expected) => {
    expect(met(indicators, [{ name, text }])).toEqual(expected);
  });

  test('count only near the time they were seen in', () => {
    const at = (time: string): string[] =>
      met(indicators, [
        { name: 'time', text: time },
        { name: 'c-ip', text: '192.0.2.7' },
      ]);
    expect(at('2021-02-03T00:00:00Z')).toHaveLength(1);
    expect(at('2020-12-20T00:00:00Z')).toHaveLength(1);
    expect(at('2021-05-20T00:00:00Z')).toHaveLength(0);
    expect(at('2020-11-20T00:00:00Z')).toHaveLength(0);
  });
});

describe('paths and commands', () => {
  const { indicators } = read(
    HEAD,
    'file_path,\\aspnet_client\\q7.aspx,c,,s,,',
    'file_path,C:\\Users\\All Users\\COM1\\,c,,s,,',
    'file_name,q8.aspx,c,,s,,',
    'file_name,loader.dll,c,,s,,',
    'file_path_regex,":\\\\ProgramData\\\\[\\w]{1,6}\\.zip$",c,,s,,',
    'command_or_path,Windows\\Temp\\xx.bat,c,,s,,',
  );

  test.each([
    ['TargetFilename', 'C:\\inetpub\\wwwroot\\aspnet_client\\Q7.aspx', 1],
    ['TargetFilename', 'C:\\inetpub\\wwwroot\\aspnet_client\\xq7.aspx', 0],
    ['TargetFilename', 'C:\\other\\q7.aspx', 0],
    ['TargetFilename', 'C:\\Users\\All Users\\COM1\\deep\\x', 1],
    ['TargetFilename', 'C:\\inetpub\\wwwroot\\q8.aspx', 1],
    ['TargetFilename', 'C:\\Users\\me\\q8.aspx', 0],
    ['ImageLoaded', 'D:\\anywhere\\LOADER.DLL', 1],
    ['TargetFilename', 'C:\\ProgramData\\ab.zip', 1],
    ['TargetFilename', 'C:\\ProgramData\\x\\ab.zip', 0],
    ['CommandLine', 'cmd /c c:\\windows\\temp\\XX.bat & dir', 1],
    ['CommandLine', 'c:\\windows\\temp\\xx.batch', 0],
  ])('%s %s', (name, text, count) => {
    expect(met(indicators, [{ name, text }])).toHaveLength(count);
  });

  test('literals hold in JSON, where every backslash is two', () => {
    const text = 'C:\\\\inetpub\\\\wwwroot\\\\aspnet_client\\\\q7.aspx';
    const [only] = read(HEAD, 'file_path,\\aspnet_client\\q7.aspx,c,,s,,').indicators;
    expect(
      met(only === undefined ? [] : [only], [{ name: 'TargetFilename', text, type: slotTypes.jsonString }]),
    ).toHaveLength(1);
  });
});

describe('requests', () => {
  const { indicators } = read(
    HEAD,
    '"user_agent","Mozilla/5.0+(X11;+Linux)+(KHTML,+like+Gecko)",c,,s,POST,/owa/auth/current/;/ecp/',
    'request_path_post,/ecp/Y.js,c,,s,,',
    'request_path_regex,"/ecp/[0-9a-z]{1,3}\\.js",c,,s,,',
    'webshell_param,klk12345,c,,s,,',
    'domain,bad.example,c,,s,,',
    'service_name,msupdate,c,,s,,',
  );
  const request = (method: string, path: string, agent: string): Field[] => [
    { name: 'cs-method', text: method },
    { name: 'cs-uri-stem', text: path },
    { name: 'cs(User-Agent)', text: agent, type: slotTypes.plusText },
  ];

  test('an agent counts with its method and path only, however it is spaced', () => {
    const agent = 'Mozilla/5.0+(X11;+Linux)+(KHTML,+like+Gecko)';
    expect(met(indicators, request('POST', '/owa/auth/Current/x.css', agent))).toHaveLength(1);
    expect(
      met(
        indicators,
        request('POST', '/owa/auth/Current/x.css', 'Mozilla/5.0 (X11; Linux) (KHTML  like Gecko)'),
      ),
    ).toHaveLength(1);
    expect(met(indicators, request('GET', '/owa/auth/Current/x.css', agent))).toHaveLength(0);
    expect(met(indicators, request('POST', '/owa/', agent))).toHaveLength(0);
  });

  test('paths count with POST, patterns for the whole path', () => {
    expect(met(indicators, request('POST', '/ECP/y.js', 'x'))).toHaveLength(2);
    expect(met(indicators, request('GET', '/ecp/y.js', 'x'))).toEqual(['/ecp/[0-9a-z]{1,3}\\.js']);
    expect(met(indicators, request('POST', '/ecp/main.js', 'x'))).toHaveLength(0);
  });

  test.each([
    ['cs-uri-query', 'klk12345=Response.Write', 1],
    ['cs-uri-query', 'xklk12345=1', 0],
    ['QueryName', 'mail.bad.example', 1],
    ['QueryName', 'notbad.example', 0],
    ['QueryName', 'bad.example.org', 0],
    ['CommandLine', 'curl http://bad.example/x', 1],
    ['ServiceName', 'MSUpdate', 1],
    ['ServiceName', 'msupdater', 0],
  ])('%s %s', (name, text, count) => {
    expect(met(indicators, [{ name, text }])).toHaveLength(count);
  });
});

test('a record tells an indicator once, and gives what it is about', () => {
  const { indicators } = read(HEAD, 'ip,192.0.2.7,c,,s,,');
  const fields = [
    { name: 'c-ip', text: '192.0.2.7' },
    { name: 'X-Forwarded-For', text: '192.0.2.7' },
    { name: 'cs(User-Agent)', text: 'curl/7' },
  ];
  expect(met(indicators, fields)).toHaveLength(1);
  const { batch, shape } = recordOf(fields);
  const captured: ReadonlyMap<string, string>[] = [];
  compileIndicators(indicators)
    .forShape(shape)
    ?.match(batch, 0, (_, captures) => captured.push(captures));
  expect(Object.fromEntries(captured[0] ?? [])).toEqual({
    'c-ip': '192.0.2.7',
    'X-Forwarded-For': '192.0.2.7',
    'cs(User-Agent)': 'curl/7',
  });
});

test('a shape without a field of interest has no matcher', () => {
  const { indicators } = read(HEAD, 'ip,192.0.2.7,c,,s,,');
  expect(
    compileIndicators(indicators).forShape(recordOf([{ name: 'sc-status', text: '200' }]).shape),
  ).toBeUndefined();
});

test('one indicator without a sure piece takes the literals away', () => {
  const { indicators } = read(
    HEAD,
    'file_path_regex,^.+\\.(a|b)$,c,,s,,',
    'file_path,C:\\long\\name.exe,c,,s,,',
  );
  const { shape } = recordOf([{ name: 'TargetFilename', text: 'x' }]);
  expect(compileIndicators(indicators).forShape(shape)?.literals).toBeUndefined();
});

describe('files', () => {
  const { indicators } = read(
    HEAD,
    `sha1,${'A'.repeat(40)},c,,s,,`,
    'file_path,\\owa\\auth\\q9.aspx,c,,s,,',
    'file_marker,MARK!,c,,s,,',
    'webshell_param,klk12345,c,,s,,',
  );
  const set = compileIndicators(indicators);

  test('by hash, path, first bytes and parameter', () => {
    const types = (file: Parameters<typeof set.matchFile>[0]): string[] =>
      set.matchFile(file).map(({ type }) => type);
    expect(types({ sha1: 'a'.repeat(40) })).toEqual(['sha1']);
    expect(types({ path: 'C:\\x\\owa\\auth\\Q9.aspx', sha1: 'b'.repeat(40) })).toEqual(['file_path']);
    expect(types({ head: bytes('MARK!....') })).toEqual(['file_marker']);
    expect(types({ parameters: ['KLK12345'] })).toEqual(['webshell_param']);
    expect(types({ path: 'C:\\x', head: bytes('..MARK!'), parameters: ['k'] })).toEqual([]);
  });
});

test('every indicator is a lead of stage probe and names no cluster', () => {
  const { indicators } = read(HEAD, 'domain,bad.example,Some Group of Somewhere,,a report,,');
  const rule = indicators[0] === undefined ? undefined : indicatorRule({ ...indicators[0], pack: 'p' });
  expect(rule).toMatchObject({
    witness: 'lead',
    stage: 'probe',
    kind: 'indicator',
    pack: 'p',
    references: ['a report'],
  });
  expect(JSON.stringify(rule)).not.toContain('Some Group');
});
