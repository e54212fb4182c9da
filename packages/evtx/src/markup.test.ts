import { formatTime } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { firstTime, logOf, onlyRecord, readWhole, systemElement } from './testing/logs.ts';
import { writeEvtx, type EvtxElement } from './writer/index.ts';

const named = (name: string, ...children: NonNullable<EvtxElement['children']>): EvtxElement => ({
  name: 'Data',
  attributes: [['Name', name]],
  children,
});
const eventData = (...children: readonly EvtxElement[]): EvtxElement => ({ name: 'EventData', children });
const text = (slot: number, isOptional = false) => ({ slot, type: 'string', isOptional }) as const;

describe('contents of an element', () => {
  test.each([
    ['text', ['plain'], 'plain'],
    ['CDATA', [{ cdata: '<a> & ]]' }], '<a> & ]]'],
    ['a character reference', ['A', { character: 0x20ac }, 'B'], 'A€B'],
    [
      'entities',
      [{ entity: 'lt' }, 'x', { entity: 'amp' }, { entity: 'quot' }, { entity: 'gt' }, { entity: 'apos' }],
      '<x&">\'',
    ],
    ['an unknown entity', [{ entity: 'nbsp' }], '&nbsp;'],
  ] as const)('%s', (_, children, value) => {
    const { fields, json } = onlyRecord(logOf([eventData(named('V', ...children))]));
    expect(fields.get('V')).toBe(value);
    expect(json).toMatchObject({ Event: { EventData: { V: value } } });
  });

  test('a text of pieces and values is one text', () => {
    const { fields, json } = onlyRecord(
      logOf([eventData(named('V', 'from ', text(0), ' to ', text(1)))], ['a', 'b']),
    );
    expect(fields.get('V')).toBe('from a to b');
    expect(json).toMatchObject({ Event: { EventData: { V: 'from a to b' } } });
  });

  test('an instruction is no field, and is kept in XML', () => {
    const instruction: EvtxElement = {
      name: 'X',
      children: [{ target: 'hint', data: 'some data' }, named('V', 'v')],
    };
    const { fields, xml } = onlyRecord(logOf([{ name: 'UserData', children: [instruction] }]));
    expect([...fields.values()]).not.toContain('some data');
    expect(xml).toContain('<?hint some data?>');
  });

  test('what XML cannot hold is replaced, what JSON cannot is escaped', () => {
    const { xml, fields } = onlyRecord(logOf([eventData(named('V', text(0)))], ['a\u0001<b>&"\n']));
    expect(fields.get('V')).toBe('a\u0001<b>&"\n');
    expect(xml).toContain('>a\uFFFD&lt;b&gt;&amp;&quot;&#10;</Data>');
  });
});

describe('what is left out', () => {
  test('an element whose value is optional and null, not one whose value may be', () => {
    const { json, xml } = onlyRecord(
      logOf([eventData(named('O', text(0, true)), named('N', text(1)))], [null, null]),
    );
    expect(json).toMatchObject({ Event: { EventData: { N: null } } });
    expect(xml).toContain('<EventData><Data Name="N"/></EventData>');
  });

  test('an element that depends on a null value', () => {
    const depending = { ...named('V', 'always ', text(0)), dependsOn: 1 };
    const other = named('W', text(1));
    const withIt = onlyRecord(logOf([eventData(depending, other)], ['a', 'b']));
    const without = onlyRecord(logOf([eventData(depending, other)], ['a', null]));
    expect(withIt.json).toMatchObject({ Event: { EventData: { V: 'always a', W: 'b' } } });
    expect(without.xml).not.toContain('always');
    expect(JSON.stringify(without.json)).not.toContain('always');
  });

  test('a null attribute', () => {
    const element: EvtxElement = {
      name: 'X',
      attributes: [
        ['a', text(0)],
        ['b', text(1)],
      ],
    };
    const { json, xml, fields } = onlyRecord(
      logOf([{ name: 'UserData', children: [element] }], [null, 'there']),
    );
    expect(json).toMatchObject({ Event: { UserData: { X: { '#attributes': { b: 'there' } } } } });
    expect(xml).toContain('<X b="there"/>');
    expect([fields.has('X_a'), fields.get('X_b')]).toEqual([false, 'there']);
  });
});

describe('names of fields', () => {
  const unused: EvtxElement = { name: 'Unused', children: [text(0), text(1)] };
  const field = (elements: readonly EvtxElement[], name: string) =>
    onlyRecord(logOf([...elements, unused], ['v', 'w'])).texts.get(name);

  test('unnamed data are one list', () => {
    const data: EvtxElement = { name: 'Data', children: [text(0)] };
    const more: EvtxElement = { name: 'Data', children: [text(1)] };
    expect(field([eventData(data, more)], 'Data')).toEqual(['v', 'w']);
    expect(field([eventData(data)], 'Data')).toEqual(['v']);
  });

  test('so are data of one name, and JSON keeps both', () => {
    const elements = [eventData(named('Twice', text(0)), named('Twice', text(1)))];
    expect(field(elements, 'Twice')).toEqual(['v', 'w']);
    const { json, flat } = onlyRecord(logOf(elements, ['v', 'w']));
    expect(json).toMatchObject({ Event: { EventData: { Twice: ['v', 'w'] } } });
    expect(flat).toMatchObject({ Twice: ['v', 'w'] });
  });

  test('leaves of UserData have their own names, attributes those of their element before them', () => {
    const leaf: EvtxElement = { name: 'Leaf', attributes: [['kind', text(1)]], children: [text(0)] };
    const user: EvtxElement = {
      name: 'UserData',
      children: [{ name: 'Outer', attributes: [['xmlns', 'urn:x']], children: [leaf] }],
    };
    expect(field([user], 'Leaf')).toEqual(['v']);
    expect(field([user], 'Leaf_kind')).toEqual(['w']);
    expect(onlyRecord(logOf([user], ['v', 'w'])).shape.fields).not.toContain('Outer_xmlns');
  });

  test('ComplexData, ProcessingErrorData and RenderingInfo', () => {
    const complex: EvtxElement = { name: 'ComplexData', attributes: [['Name', 'Mask']], children: [text(0)] };
    const failed: EvtxElement = {
      name: 'ProcessingErrorData',
      children: [{ name: 'ErrorCode', children: [text(0)] }],
    };
    const rendered: EvtxElement = {
      name: 'RenderingInfo',
      children: [
        { name: 'Message', children: [text(0)] },
        { name: 'Level', children: [text(1)] },
      ],
    };
    expect(field([eventData(complex)], 'Mask')).toEqual(['v']);
    expect(field([failed], 'ProcessingErrorData.ErrorCode')).toEqual(['v']);
    expect(field([rendered], 'Message')).toEqual(['v']);
    expect(field([rendered], 'RenderingInfo.Level')).toEqual(['w']);
  });

  test('a value cannot pass for the channel, nor for a value of the system', () => {
    const record = onlyRecord(
      logOf([eventData(named('Channel', text(0)), named('Computer', text(1)))], ['v', 'w']),
    );
    expect(record.shape.recorder).toBe('windows:Test/Operational');
    expect(record.fields.get('Channel')).toBe('Test/Operational');
    expect(record.fields.get('Event.EventData.Channel')).toBe('v');
    // As with JSON, the event's own data go first.
    expect(record.fields.get('Computer')).toBe('w');
    expect(record.fields.get('Event.System.Computer')).toBe('test.example');
  });
});

describe('elements without a template', () => {
  const body = (image: string): EvtxElement => ({
    name: 'Event',
    attributes: [['xmlns', 'urn:x']],
    children: [
      {
        ...systemElement,
        children: [
          ...(systemElement.children ?? []),
          { name: 'TimeCreated', attributes: [['SystemTime', '2021-03-03T04:05:06.1234567Z']] },
        ],
      },
      eventData(named('Image', image), named('Empty')),
    ],
  });

  test('give the same fields', () => {
    const record = onlyRecord(writeEvtx([{ time: firstTime, body: body('a.exe') }]));
    expect(record.fields.get('Image')).toBe('a.exe');
    expect(record.shape.recorder).toBe('windows:Test/Operational');
    expect(record.shape.time?.kind).toBe('iso');
    expect(formatTime(record.time ?? 0n)).toBe('2021-03-03T04:05:06.1234567Z');
    expect(record.json).toMatchObject({
      Event: { EventData: { Image: 'a.exe', Empty: null }, System: { EventID: '7' } },
    });
  });

  test('share a shape where their names are the same', () => {
    const log = writeEvtx(['a', 'b', 'c'].map((image) => ({ time: firstTime, body: body(image) })));
    const { records, summary } = readWhole(log);
    expect(records.map(({ fields }) => fields.get('Image'))).toEqual(['a', 'b', 'c']);
    expect(summary.shapes).toHaveLength(1);
  });
});
