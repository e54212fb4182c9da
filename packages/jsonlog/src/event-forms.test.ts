// One made-up event of each form in which tools write Windows events as JSON, and the fields that rules see of it.

import { formatTime } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { jsonlogReader } from './event-reader.ts';
import { counted, fieldsOf, readAll } from './testing/read-all.ts';

const when = '2031-05-06T07:08:09.123Z';

/** Reads one event and gives its fields, time and recorder. */
function only(event: unknown) {
  const { records, issues, summary } = readAll(jsonlogReader, `${JSON.stringify(event)}\n`);
  expect(records).toHaveLength(1);
  expect(summary.records).toBe(1);
  const [record] = records;
  const time = record?.time === undefined ? undefined : formatTime(record.time);
  const timeField = record?.shape.time;
  const timeName =
    timeField !== undefined && 'slot' in timeField ? record?.shape.fields[timeField.slot] : undefined;
  return {
    fields: fieldsOf(record),
    time,
    timeName,
    recorder: record?.shape.recorder,
    issues: counted(issues),
  };
}

const common = { Channel: 'Security', EventID: '4688', Provider_Name: 'P', Computer: 'mail.example' };

describe('the forms', () => {
  test('winlogbeat 7 and later', () => {
    const read = only({
      '@timestamp': when,
      event: { code: '4688', created: '2031-05-06T07:08:11Z', provider: 'P' },
      host: { name: 'shipper' },
      message: 'A process\nwas made',
      winlog: {
        channel: 'Security',
        computer_name: 'mail.example',
        event_data: { CommandLine: 'cmd /c "x"', ProcessId: '0x1' },
        event_id: 4688,
        process: { pid: 4, thread: { id: 8 } },
        provider_name: 'P',
        record_id: 17,
      },
    });
    expect(read).toMatchObject({
      time: when,
      timeName: '@timestamp',
      recorder: 'windows:Security',
      issues: {},
    });
    expect(read.fields).toMatchObject({
      ...common,
      CommandLine: 'cmd /c "x"',
      ProcessId: '0x1',
      Message: 'A process\nwas made',
      Execution_ProcessID: '4',
      Execution_ThreadID: '8',
      EventRecordID: '17',
      'winlog.channel': 'Security',
      'winlog.event_id': '4688',
      'host.name': 'shipper',
      'event.created': '2031-05-06T07:08:11Z',
    });
  });

  test('winlogbeat with dotted names, and inside an Elasticsearch hit', () => {
    const dotted = only({
      '@timestamp': when,
      'winlog.channel': 'Security',
      'winlog.computer_name': 'mail.example',
      'winlog.event_id': 4688,
      'winlog.provider_name': 'P',
      'winlog.event_data.CommandLine': 'cmd',
    });
    expect(dotted.fields).toMatchObject({ ...common, CommandLine: 'cmd' });
    const hit = only({
      _index: 'i',
      _source: {
        '@timestamp': when,
        winlog: { channel: 'Security', event_id: 4688, event_data: { A: 'b' } },
      },
    });
    expect(hit.fields).toMatchObject({ Channel: 'Security', EventID: '4688', A: 'b', _index: 'i' });
    expect(hit.time).toBe(when);
  });

  test('winlogbeat 6', () => {
    const read = only({
      '@timestamp': when,
      computer_name: 'mail.example',
      event_data: { CommandLine: 'cmd' },
      event_id: 4688,
      log_name: 'Security',
      record_number: '17',
      source_name: 'P',
    });
    expect(read.fields).toMatchObject({ ...common, CommandLine: 'cmd', EventRecordID: '17' });
  });

  test('NXLog and other flat ones', () => {
    const read = only({
      EventTime: '2031-05-06 07:08:09',
      Hostname: 'mail.example',
      Channel: 'Security',
      EventID: 4688,
      SourceName: 'P',
      ProviderGuid: '{g}',
      ExecutionProcessID: 4,
      CommandLine: 'cmd',
      UtcTime: '2031-05-06 12:08:09.000',
      EventReceivedTime: '2031-05-06 07:08:10',
    });
    expect(read.fields).toMatchObject({
      ...common,
      Hostname: 'mail.example',
      SourceName: 'P',
      Provider_Guid: '{g}',
      Execution_ProcessID: '4',
      CommandLine: 'cmd',
      EventReceivedTime: '2031-05-06 07:08:10',
      UtcTime: '2031-05-06 12:08:09.000',
    });
    expect(read).toMatchObject({
      time: '2031-05-06T07:08:09Z',
      timeName: 'EventTime',
      issues: { LOCAL_TIME: 1 },
    });
  });

  test('local time with its zone is exact', () => {
    const read = only({ EventTime: '2031-05-06T07:08:09+02:00', Channel: 'Security', EventID: 1 });
    expect(read).toMatchObject({ time: '2031-05-06T05:08:09Z', issues: {} });
  });

  test('evtx_dump, attributes inside', () => {
    const read = only({
      Event: {
        '#attributes': { xmlns: 'urn:x' },
        System: {
          Provider: { '#attributes': { Name: 'P', Guid: '{g}' } },
          EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 4688 },
          TimeCreated: { '#attributes': { SystemTime: '2031-05-06T07:08:09.1234567Z' } },
          EventRecordID: 17,
          Correlation: null,
          Execution: { '#attributes': { ProcessID: 4, ThreadID: 8 } },
          Channel: 'Security',
          Computer: 'mail.example',
          Security: { '#attributes': { UserID: 'S-1-5-18' } },
        },
        EventData: { CommandLine: 'cmd', ProcessId: '0x1' },
      },
    });
    expect(read).toMatchObject({
      time: '2031-05-06T07:08:09.1234567Z',
      timeName: 'TimeCreated_SystemTime',
      issues: {},
    });
    expect(read.fields).toMatchObject({
      ...common,
      Provider_Guid: '{g}',
      EventID_Qualifiers: '16384',
      EventRecordID: '17',
      Execution_ProcessID: '4',
      Security_UserID: 'S-1-5-18',
      CommandLine: 'cmd',
      ProcessId: '0x1',
    });
    expect(read.fields).not.toHaveProperty('Correlation');
  });

  test('evtx_dump and Chainsaw, attributes apart', () => {
    const read = only({
      Event: {
        System: {
          Provider_attributes: { Name: 'P', Guid: '{g}' },
          EventID: 4688,
          EventID_attributes: { Qualifiers: 0 },
          TimeCreated_attributes: { SystemTime: when },
          Channel: 'Security',
          Computer: 'mail.example',
        },
        EventData: { CommandLine: 'cmd' },
        EventData_attributes: { Name: 'n' },
      },
    });
    expect(read).toMatchObject({ time: when, timeName: 'TimeCreated_SystemTime' });
    expect(read.fields).toMatchObject({
      ...common,
      EventID_Qualifiers: '0',
      CommandLine: 'cmd',
      EventData_Name: 'n',
    });
  });

  test.each([
    ['@Name', [{ '@Name': 'User', '#text': 'a' }, { '@Name': 'Empty' }, { '#text': 'c', '@Name': 'Image' }]],
    [
      'attributes',
      ['User', 'Empty', 'Image'].map((Name, i) => ({
        '#attributes': { Name },
        '#text': ['a', null, 'c'][i],
      })),
    ],
    [
      'Name',
      [
        { Name: 'User', Value: 'a' },
        { Name: 'Empty', Value: null },
        { Name: 'Image', Value: 'c' },
      ],
    ],
  ])('XML turned into JSON, data named by %s', (_, Data) => {
    const System = {
      Provider: { '@Name': 'P' },
      EventID: { '@Qualifiers': '1', '#text': '4688' },
      TimeCreated: { '@SystemTime': when },
      Channel: 'Security',
      Computer: 'mail.example',
    };
    const read = only({ Event: { '@xmlns': 'urn:x', System, EventData: { Data } } });
    expect(read.fields).toMatchObject({ ...common, EventID_Qualifiers: '1', User: 'a', Image: 'c' });
    expect(read.fields).not.toHaveProperty('Empty');
    expect(read.fields).not.toHaveProperty('Data');
    expect(read.time).toBe(when);
  });

  test('one named datum alone', () => {
    const System = { EventID: 1, Channel: 'Security' };
    const read = only({
      Event: { System, EventData: { Data: { '@Name': 'User', '#text': 'a' }, More: 'b' } },
    });
    expect(read.fields).toMatchObject({ User: 'a', More: 'b' });
  });

  test('Velociraptor, with its time as seconds', () => {
    const read = only({
      System: {
        Provider: { Name: 'P', Guid: '{g}' },
        EventID: { Value: 4688 },
        TimeCreated: { SystemTime: 1935990489.5 },
        Channel: 'Security',
        Computer: 'mail.example',
        Execution: { ProcessID: 4, ThreadID: 8 },
      },
      EventData: { CommandLine: 'cmd' },
      Message: 'm',
    });
    expect(read.fields).toMatchObject({
      ...common,
      Execution_ProcessID: '4',
      CommandLine: 'cmd',
      Message: 'm',
    });
    expect(read).toMatchObject({ time: '2031-05-08T07:08:09.500Z', timeName: 'TimeCreated_SystemTime' });
  });

  test('the flat Sigma form', () => {
    const read = only({ ...common, EventID: 4688, TimeCreated: when, CommandLine: 'cmd' });
    expect(read.fields).toMatchObject({ ...common, CommandLine: 'cmd' });
    expect(read.timeName).toBe('TimeCreated');
  });

  test('user data keep the names of their leaves', () => {
    const UserData = { EventXML: { '#attributes': { xmlns: 'u' }, Param1: 'a', Inner: { Deep: 'b' } } };
    const read = only({ Event: { System: { EventID: 1, Channel: 'C' }, UserData } });
    expect(read.fields).toMatchObject({ EventXML_xmlns: 'u', Param1: 'a', Deep: 'b' });
  });
});

describe('names and times', () => {
  test('nothing is lost where two values want one name', () => {
    const UserData = { A: { x: '1' }, B: { x: '2' }, Channel: 'other' };
    const read = only({ Event: { System: { EventID: 1, Channel: 'C' }, UserData } });
    expect(read.fields).toMatchObject({ x: '1', 'Event.UserData.B.x': '2', Channel: 'C' });
    expect(read.fields['Event.UserData.Channel']).toBe('other');
  });

  test('of a repeated name the last counts and the first stays reachable', () => {
    const { records } = readAll(jsonlogReader, '{"Channel":"C","EventID":1,"a":"first","a":"last"}');
    expect(fieldsOf(records[0])).toMatchObject({ a: 'last', 'a#2': 'first' });
  });

  test('keys that could harm an object are fields like others', () => {
    const { records } = readAll(
      jsonlogReader,
      '{"Channel":"C","EventID":1,"__proto__":"x","constructor":"y"}',
    );
    expect(records[0]?.fields.get('__proto__')).toBe('x');
    expect(records[0]?.fields.get('constructor')).toBe('y');
  });

  test('TimeCreated comes before @timestamp, and null does not count', () => {
    const base = { Channel: 'C', EventID: 1, '@timestamp': when };
    expect(only({ ...base, TimeCreated: '2031-01-01T00:00:00Z' }).timeName).toBe('TimeCreated');
    expect(only({ ...base, TimeCreated: null }).timeName).toBe('@timestamp');
  });

  test('no time, and a time that is none', () => {
    expect(only({ Channel: 'C', EventID: 1 })).toMatchObject({ time: undefined, issues: { NO_TIME: 1 } });
    const read = only({ Channel: 'C', EventID: 1, TimeCreated: 'yesterday' });
    expect(read).toMatchObject({ time: undefined, issues: { TIME_UNREADABLE: 1 } });
  });

  test('an object that is no event is said', () => {
    const read = only({ hello: 'world', nested: { a: 1 } });
    expect(read).toMatchObject({ recorder: 'windows:unknown', issues: { NOT_EVENT: 1, NO_TIME: 1 } });
    expect(read.fields).toEqual({ hello: 'world', 'nested.a': '1' });
  });
});

describe('unnamed data', () => {
  const System = { EventID: 1, Channel: 'MSExchange Management' };

  test.each([
    ['a list', { Data: ['Set-X', '-a "b"', null] }, '["Set-X","-a \\"b\\"",null]'],
    ['a list as an element', { Data: { '#text': ['Set-X', 'y'] } }, '["Set-X","y"]'],
    ['one text', { Data: 'Set-X' }, 'Set-X'],
    ['objects without names', { Data: [{ '#text': 'Set-X' }] }, '[{"#text":"Set-X"}]'],
    ['params in any order', { param1: 'a"', param10: 'j', param2: 2 }, '["a\\"",2,"j"]'],
  ])('%s', (_, EventData, expected) => {
    expect(only({ Event: { System, EventData } }).fields).toHaveProperty('Data', expected);
  });

  test('params of many records keep apart', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => ({
      Channel: 'C',
      EventID: 1,
      param1: `a${i}`,
      param2: `${i}`,
    }));
    const { records } = readAll(jsonlogReader, lines.map((line) => JSON.stringify(line)).join('\n'));
    const read = records.map(({ fields }) => fields.get('Data'));
    expect(read).toEqual(lines.map(({ param1, param2 }) => JSON.stringify([param1, param2])));
  });
});
