// Rows of EvtxECmd: the forms of its payload, what they give, and what is broken about them.

import { formatTime, limits } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { eventCsvReader } from './event-csv-reader.ts';
import { jsonlogReader } from './event-reader.ts';
import {
  evtxecmdFile,
  evtxecmdHeader,
  evtxecmdRow,
  payloadOf,
  plainCells,
  type Cells,
} from './testing/evtxecmd.ts';
import { bytesOf, counted, fieldsOf, readAll, utf16Of } from './testing/read-all.ts';

const system = {
  Channel: 'Security',
  EventID: '4688',
  Provider_Name: 'P',
  Level: '0',
  Keywords: '0x8020000000000000',
  TimeCreated_SystemTime: '2031-05-06T07:08:09.1234567Z',
  EventRecordID: '17',
  Execution_ProcessID: '4',
  Execution_ThreadID: '8',
  Computer: 'mail.example',
};

/** The fields of one row, after the issues are found to be as they should. */
function only(cells: Cells, issues: Record<string, number> = {}) {
  const read = readAll(eventCsvReader, evtxecmdFile([evtxecmdRow({ ...plainCells, ...cells })]));
  expect(counted(read.issues)).toEqual(issues);
  expect(read.summary).toMatchObject({ records: 1, damaged: 0 });
  return fieldsOf(read.records[0]);
}

/** A row in the tool's own letters, so that a mistake in what writes the other rows is seen. */
const golden = [
  '\uFEFFRecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,UserId,MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,PayloadData6,ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload',
  String.raw`4287,4291,2031-05-06 07:08:09.9551972,4688,LogAlways,Microsoft-Windows-Security-Auditing,Security,4,7036,MAIL01.corp.example,12,,A new process has been created,WORKGROUP\MAIL01$,,"PID: 0xF34, Parent",,,,,,"C:\Windows\System32\cmd.exe cmd.exe /Q /c ""echo 1"" 1&gt; \\127.0.0.1\ADMIN$\__1",False,C:\logs\Security.evtx,Audit success,0,"{""EventData"":{""Data"":[{""@Name"":""SubjectUserSid"",""#text"":""S-1-5-20""},{""@Name"":""NewProcessName"",""#text"":""C:\\Windows\\System32\\cmd.exe""},{""@Name"":""CommandLine"",""#text"":""cmd.exe /Q /c \""echo 1\"" 1&gt; \\\\127.0.0.1\\ADMIN$\\__1 2&gt;&amp;1""},{""@Name"":""TargetDomainName""}]}}"`,
  '',
].join('\r\n');

test('a whole file in the form of the tool', () => {
  const { records, issues } = readAll(eventCsvReader, golden);
  expect(issues).toEqual([]);
  expect(records.map(fieldsOf)).toEqual([
    {
      Channel: 'Security',
      CommandLine: String.raw`cmd.exe /Q /c "echo 1" 1> \\127.0.0.1\ADMIN$\__1 2>&1`,
      Computer: 'MAIL01.corp.example',
      EventID: '4688',
      EventRecordID: '4291',
      Execution_ProcessID: '4',
      Execution_ThreadID: '7036',
      Keywords: '0x8020000000000000',
      Level: '0',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      Provider_Name: 'Microsoft-Windows-Security-Auditing',
      SubjectUserSid: 'S-1-5-20',
      TimeCreated_SystemTime: '2031-05-06T07:08:09.9551972Z',
    },
  ]);
});

const payload = (value: unknown): Cells => ({ Payload: JSON.stringify(value) });

describe('an event', () => {
  test('with named data has the fields of its XML, and none of what a map made of it', () => {
    const data = payloadOf([
      ['NewProcessName', 'C:\\Windows\\System32\\cmd.exe'],
      ['CommandLine', 'cmd /c "whoami" 1> \\\\127.0.0.1\\x 2>&1 &lt; "'],
      ['Empty', ''],
    ]);
    expect(only({ Payload: data })).toEqual({
      ...system,
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      CommandLine: 'cmd /c "whoami" 1> \\\\127.0.0.1\\x 2>&1 &lt; "',
    });
  });

  test('has its place, time and recorder', () => {
    const text = evtxecmdFile([evtxecmdRow({ ...plainCells, Payload: payloadOf([['A', 'b']]) })]);
    const { records, summary } = readAll(eventCsvReader, text);
    const offset = bytesOf(`\uFEFF${evtxecmdHeader}\r\n`).length;
    expect(records).toMatchObject([
      { offset, line: 2, shape: { family: 'windows-event', recorder: 'windows:Security' } },
    ]);
    expect(records[0]?.text).toBe(text.slice(evtxecmdHeader.length + 3, -2));
    expect(records[0]?.time === undefined ? '' : formatTime(records[0].time)).toMatch(/^2031-05-06T07:08:09/);
    expect(summary.hours.size).toBe(1);
    expect(summary.first).toBe(summary.last);
  });

  test.each([
    ['one named value', { EventData: { Data: { '@Name': 'User', '#text': 'x' } } }, { User: 'x' }],
    ['unnamed data in one text', { EventData: { Data: 'a, b', Binary: '' } }, { Data: 'a, b', Binary: '' }],
    ['unnamed data', { EventData: { Data: ['a', 'b &amp; c'] } }, { Data: '["a","b & c"]' }],
    [
      'numbered data',
      {
        EventData: {
          Data: [
            { '@Name': 'param1', '#text': 'a' },
            { '@Name': 'param2' },
            { '@Name': 'param3', '#text': 'b' },
          ],
        },
      },
      { param1: 'a', param3: 'b', Data: '["a",null,"b"]' },
    ],
    [
      "the user's data",
      { UserData: { Outer: { '@kind': 'k', Leaf: { Inner: 'v' } } } },
      { Inner: 'v', Outer_kind: 'k' },
    ],
    ['no data', { EventData: null }, {}],
    ['an empty object', {}, {}],
    [
      'something else',
      { ProcessingErrorData: { ErrorCode: '15005' } },
      { 'ProcessingErrorData.ErrorCode': '15005' },
    ],
  ] as const)('with %s', (_, value, fields) => {
    expect(only(payload(value))).toEqual({ ...system, ...fields });
  });

  test('without a payload', () => {
    expect(only({})).toEqual(system);
  });

  test('whose data are no JSON keeps them as text', () => {
    const fields = only({ Payload: 'a "torn" {' }, { PAYLOAD: 1 });
    expect(fields).toEqual({ ...system, Payload: 'a "torn" {' });
    expect(only({ Payload: '{"EventData":{"Data":"a' }, { PAYLOAD: 1 })).toMatchObject({
      Payload: '{"EventData":{"Data":"a',
    });
  });

  test('whose data try to close the event early keeps them as text', () => {
    const sly = '{"A":"b"},"System":{"Channel":"Other"}';
    expect(only({ Payload: sly }, { PAYLOAD: 1 })).toEqual({ ...system, Payload: sly });
  });

  test('with levels and keywords that have no word', () => {
    const cells = { Level: '7', Keywords: '0x80000000000000', UserId: 'S-1-5-18' };
    expect(only(cells)).toEqual({
      ...system,
      Level: '7',
      Keywords: '0x80000000000000',
      Security_UserID: 'S-1-5-18',
    });
    expect(only({ Level: 'Info', Keywords: 'Classic' })).toMatchObject({
      Level: '4',
      Keywords: '0x8000000000000000',
    });
  });

  test('that was hidden in another one says so', () => {
    expect(only({ HiddenRecord: 'True' }, { HIDDEN_RECORD: 1 })).toEqual({ ...system, Recovered: 'hidden' });
  });

  test('with a time in a form of the user: what cannot be read is said, and stays a field', () => {
    const time = 'Tuesday';
    const fields = only({ TimeCreated: time }, { TIME_UNREADABLE: 1 });
    expect(fields['TimeCreated_SystemTime']).toBe(time);
    for (const zoned of ['2031-05-06T07:08:09+02:00', '2031-05-06 07:08:09 +02:00'])
      expect(only({ TimeCreated: zoned })['TimeCreated_SystemTime']).toBe(zoned);
    expect(only({ TimeCreated: '2031-05-06 07:08:09' })['TimeCreated_SystemTime']).toBe(
      '2031-05-06T07:08:09Z',
    );
  });
});

describe('a file', () => {
  const row = evtxecmdRow({ ...plainCells, Payload: payloadOf([['A', 'b']]) });

  test('of an older version has fewer columns in another order', () => {
    const header = 'Payload,Channel,RecordNumber,TimeCreated,EventId,Provider,Computer';
    const text = evtxecmdFile(
      [evtxecmdRow({ ...plainCells, Payload: payloadOf([['A', 'b']]) }, header)],
      header,
    );
    expect(eventCsvReader.recognise(bytesOf(text), 'x')).toBe('windows-events-csv');
    expect(fieldsOf(readAll(eventCsvReader, text).records[0])).toEqual({
      A: 'b',
      Channel: 'Security',
      Computer: 'mail.example',
      EventID: '4688',
      EventRecordID: '17',
      Provider_Name: 'P',
      TimeCreated_SystemTime: system.TimeCreated_SystemTime,
    });
  });

  test('put together of several', () => {
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([row]) + evtxecmdFile([row, row]));
    expect(issues).toEqual([]);
    expect(records.map(({ line }) => line)).toEqual([2, 4, 5]);
  });

  test('with line breaks in a cell keeps its lines', () => {
    const broken = evtxecmdRow({
      ...plainCells,
      PayloadData1: 'two\r\nlines',
      Payload: payloadOf([['A', 'b']]),
    });
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([broken, row]));
    expect(issues).toEqual([]);
    expect(records.map(({ line, fields }) => [line, fields.get('A')])).toEqual([
      [2, 'b'],
      [4, 'b'],
    ]);
  });

  test('in UTF-16', () => {
    const { records } = readAll(eventCsvReader, utf16Of(evtxecmdFile([row]).slice(1)));
    expect(records.map(({ fields }) => fields.get('A'))).toEqual(['b']);
  });

  test('with rows that do not fit keeps them as text', () => {
    const other = evtxecmdRow({ ...plainCells, EventId: 'x' });
    const { records, issues, summary } = readAll(eventCsvReader, evtxecmdFile(['a,b', row, other]));
    expect(counted(issues)).toEqual({ ROW_FIELDS: 2 });
    expect(records.map(({ text, shape }) => (shape.recorder === 'windows:unknown' ? text : 'event'))).toEqual(
      ['a,b', 'event', other],
    );
    expect(issues[0]).toMatchObject({ at: { line: 2 }, severity: 'warning' });
    expect(summary).toMatchObject({ records: 3, damaged: 2 });
  });

  test.each([
    ['inside its payload', (row: string) => row.slice(0, -5)],
    ['between two cells', (row: string) => row.slice(0, 60)],
  ])('torn in its last row %s', (_, tear) => {
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([row]) + tear(row));
    expect(counted(issues)).toEqual({ TORN_END: 1 });
    expect(records.map(({ text }) => text)).toEqual([row, tear(row)]);
  });

  test('without a line break at its end', () => {
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([row]).slice(0, -2));
    expect(issues).toEqual([]);
    expect(records.map(({ fields }) => fields.get('A'))).toEqual(['b']);
  });

  test('with bytes that are no UTF-8', () => {
    const bytes = bytesOf(
      evtxecmdFile([evtxecmdRow({ ...plainCells, Payload: payloadOf([['A', '\u00e9']]) })]),
    );
    bytes[bytes.indexOf(0xc3)] = 0xff;
    expect(counted(readAll(eventCsvReader, bytes).issues)).toEqual({ NOT_UTF8: 1 });
  });

  test('with a row longer than the limit', () => {
    const long = evtxecmdRow({ ...plainCells, Payload: payloadOf([['A', 'x'.repeat(limits.lineBytes)]]) });
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([long, row]));
    expect(counted(issues)).toMatchObject({ LINE_TOO_LONG: 1 });
    expect(records.at(-1)?.fields.get('A')).toBe('b');
  });

  test('with the longest row that is read, its unnamed data twice', () => {
    const texts = [1, 2].map(
      (number) => [`param${number}`, `${number}`.repeat(limits.lineBytes / 2 - 512)] as const,
    );
    const long = evtxecmdRow({ ...plainCells, Payload: payloadOf(texts) });
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile([row, long, row]));
    expect(issues).toEqual([]);
    expect(records[1]?.fields.get('Data')).toBe(JSON.stringify(texts.map(([, text]) => text)));
    expect(records.map(({ fields }) => fields.get('A'))).toEqual(['b', undefined, 'b']);
  });

  test('with a cell that would not fit as JSON keeps the row as text', () => {
    const { issues } = readAll(
      eventCsvReader,
      evtxecmdFile([evtxecmdRow({ ...plainCells, Computer: '\u0001'.repeat(500_000) }), row]),
    );
    expect(counted(issues)).toEqual({ ROW_FIELDS: 1 });
  });

  test('with a quote that opens in each line and closes in the next takes no more than linear time', () => {
    const count = 400_000;
    const { records, summary } = readAll(eventCsvReader, `${evtxecmdFile([row])}${'a"b,"\n'.repeat(count)}`);
    // Past what may be looked at in vain, all that was looked at is one text.
    expect(records.length).toBeLessThan(1000);
    expect(records[0]?.fields.get('A')).toBe('b');
    expect(summary.damaged).toBe(records.length - 1);
    expect(records.at(-1)?.offset).toBeGreaterThan(5 * count);
  });

  test('of many rows: none is lost or mixed with another where batches end', () => {
    const count = 20_000;
    const rows = Array.from({ length: count }, (_, index) =>
      evtxecmdRow({
        ...plainCells,
        RecordNumber: '1',
        EventRecordId: `${index}`,
        Payload: payloadOf([['A', `v${index}`]]),
      }),
    );
    const { records, issues } = readAll(eventCsvReader, evtxecmdFile(rows));
    expect(issues).toEqual([]);
    expect(records).toHaveLength(count);
    expect(records.every(({ fields }, index) => fields.get('A') === `v${index}`)).toBe(true);
    expect(records.every(({ fields }, index) => fields.get('EventRecordID') === `${index}`)).toBe(true);
  });

  test.each([
    ['EntryNumber,SequenceNumber,InUse'],
    [evtxecmdHeader.replace(/,Payload$/, ',Other')],
    ['RecordNumber,TimeCreated'],
    [''],
  ])('of another header is none: %s', (header) => {
    expect(eventCsvReader.recognise(bytesOf(`${header}\r\n`), 'x_EvtxECmd_Output.csv')).toBeUndefined();
  });
});

const name = fc
  .stringMatching(/^[A-Z][A-Za-z]{0,8}$/)
  .filter((text) => !/^(?:Param|UtcTime|Data|Channel)$/i.test(text));
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a "b"', '&lt;', '&amp;gt;', 'C:\\x\\', 'a,b', '\n'),
);
const event = fc.record({
  data: fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 6 }),
  computer: fc.oneof(fc.constant('mail.example'), text),
  id: fc.integer({ min: 0, max: 65_535 }),
});

test('a made-up event has the same fields as a row and as JSON', () => {
  fc.assert(
    fc.property(event, ({ data, computer, id }) => {
      const cells = { ...plainCells, Computer: computer, EventId: `${id}`, Payload: payloadOf(data) };
      const fromCsv = readAll(eventCsvReader, evtxecmdFile([evtxecmdRow(cells)]));
      const System = {
        Provider: { '@Name': 'P' },
        EventID: id,
        Level: 0,
        Keywords: '0x8020000000000000',
        TimeCreated: { '@SystemTime': system.TimeCreated_SystemTime },
        EventRecordID: 17,
        Execution: { '@ProcessID': 4, '@ThreadID': 8 },
        Channel: 'Security',
        Computer: computer === '' ? null : computer,
      };
      const EventData =
        data.length === 0
          ? { Data: [] }
          : Object.fromEntries(data.map(([key, value]) => [key, value === '' ? null : value]));
      const fromJson = readAll(jsonlogReader, `${JSON.stringify({ Event: { System, EventData } })}\n`);
      expect(fieldsOf(fromCsv.records[0])).toEqual(fieldsOf(fromJson.records[0]));
      expect(fromCsv.records[0]?.time).toBe(fromJson.records[0]?.time);
      expect(fromCsv.records[0]?.shape.recorder).toBe(fromJson.records[0]?.shape.recorder);
      expect(fromCsv.summary).toMatchObject({ first: fromJson.summary.first, hours: fromJson.summary.hours });
    }),
    propertyRuns(2),
  );
});

test('truncation at every byte keeps what is there and says what is torn', () => {
  const rows = ['<b>', 'a "b"'].map((value) =>
    evtxecmdRow({ ...plainCells, PayloadData2: 'two\nlines', Payload: payloadOf([['A', value]]) }),
  );
  const bytes = bytesOf(evtxecmdFile(rows));
  const first = bytesOf(evtxecmdFile([])).length;
  const ends = [first, first + (rows[0]?.length ?? 0) + 2, bytes.length];
  for (let size = first; size <= bytes.length; size++) {
    const { records, summary, issues } = readAll(eventCsvReader, bytes.subarray(0, size));
    const whole = ends.filter((end) => end > first && size >= end - 2).length;
    const isTorn = !ends.some((end) => size <= end && size >= end - 2) && size > first;
    expect(records.filter(({ fields }) => fields.has('A'))).toHaveLength(whole);
    expect(summary.damaged > 0).toBe(isTorn);
    expect(issues.some(({ code }) => /TORN_END|ROW_FIELDS/.test(code))).toBe(isTorn);
    const kept = records.slice(whole).map(({ text }) => text);
    const rest = new TextDecoder().decode(bytes.subarray(ends[whole], size));
    expect(kept.join('\n')).toBe(rest.replace(/\r?\n$/, ''));
  }
});

test('any bytes behind the header are read without an error', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.constantFrom(...[',', '"', '\r\n', '{', '&lt;'].map(bytesOf)),
        ),
      ),
      (parts) => {
        const bytes = Uint8Array.from([...bytesOf(evtxecmdFile([])), ...parts.flatMap((part) => [...part])]);
        const { summary, records } = readAll(eventCsvReader, bytes);
        expect(records).toHaveLength(summary.records);
      },
    ),
    propertyRuns(4),
  );
});
