import fc from 'fast-check';
import { parseTime, type CorrelationLine, type HuntLine } from '@postern/core';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { huntFormats, huntWriter } from './hunt-lines.ts';
import { readCsv } from './testing/csv.ts';
import { hostile, hostileTexts } from './testing/hostile.ts';

const rule = { id: 'r1', title: 'shell asked', level: 'high', tags: ['attack.t1505.003'] } as const;

function match(value: string, title: string = rule.title): HuntLine {
  return {
    kind: 'match',
    rule: { ...rule, title },
    record: {
      time: parseTime('2021-03-03T10:00:00.5Z'),
      file: 'u_ex.log',
      originalPath: 'C:\\u_ex.log',
      at: { offset: 12, line: 3 },
      host: 'ex1',
      family: 'iis',
      fields: [
        ['cs-uri-stem', value],
        ['Data', ['a', 'b']],
      ],
    },
  };
}

const correlation: CorrelationLine = {
  kind: 'correlation',
  rule,
  first: parseTime('2021-03-03T10:00:00Z') ?? 0n,
  last: parseTime('2021-03-03T10:05:00Z') ?? 0n,
  group: [['User', 'eve']],
  value: 3,
  events: [
    { rule: 'x', time: parseTime('2021-03-03T10:00:00Z') ?? 0n, file: 'f', at: { offset: 1, record: '7' } },
  ],
  total: 3,
};

describe('huntWriter', () => {
  it('jsonl has rule, place and fields', () => {
    expect(JSON.parse(huntWriter('jsonl').line(match('/x.aspx')))).toEqual({
      time: '2021-03-03T10:00:00.500Z',
      rule,
      file: 'u_ex.log',
      originalPath: 'C:\\u_ex.log',
      offset: 12,
      line: 3,
      host: 'ex1',
      family: 'iis',
      fields: { 'cs-uri-stem': '/x.aspx', Data: ['a', 'b'] },
    });
    expect(JSON.parse(huntWriter('jsonl').line(correlation))).toEqual({
      time: '2021-03-03T10:00:00Z',
      until: '2021-03-03T10:05:00Z',
      rule,
      kind: 'correlation',
      group: { User: 'eve' },
      value: 3,
      count: 3,
      events: [{ time: '2021-03-03T10:00:00Z', rule: 'x', file: 'f', offset: 1, record: '7' }],
    });
  });

  it('timesketch has the columns it asks for', () => {
    const { head, line } = huntWriter('timesketch');
    const [header = [], row = [], burst = []] = readCsv(head + line(match('/x.aspx')) + line(correlation));
    expect(header.slice(0, 3)).toEqual(['message', 'datetime', 'timestamp_desc']);
    expect(row.slice(0, 3)).toEqual([
      'shell asked: cs-uri-stem=/x.aspx ¦ Data=a, b',
      '2021-03-03T10:00:00.500Z',
      'Event Recorded',
    ]);
    expect(burst[0]).toBe('shell asked: User=eve ¦ 3 events until 2021-03-03T10:05:00Z, value 3');
  });

  it.each(['csv', 'timesketch'] as const)('%s: rows stay rows, and no cell is a formula', (format) => {
    const { head, line } = huntWriter(format);
    const width = readCsv(head)[0]?.length;
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileTexts), hostile), (text) => {
        const rows = readCsv(line(match(text, text)) + line({ ...correlation, group: [[text, text]] }));
        expect(rows.map((row) => row.length)).toEqual([width, width]);
        for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
      propertyRuns(),
    );
  });

  it('every format but CSV is one line, whatever is in it', () => {
    for (const format of huntFormats.filter((each) => each === 'jsonl' || each === 'table'))
      for (const text of hostileTexts)
        expect(
          huntWriter(format)
            .line(match(text, text))
            .trimEnd()
            .split(/[\r\n\u2028]/),
        ).toHaveLength(1);
  });

  it('a table is for people: time, level, rule, place', () => {
    expect(huntWriter('table').line(match('/x.aspx'))).toBe(
      '2021-03-03T10:00:00Z  high  shell asked  ·  ex1 u_ex.log:3  ·  cs-uri-stem=/x.aspx ¦ Data=a, b\n',
    );
  });

  it('a table leaves out what the line says anyway, and what people do not read, and fits', () => {
    const line = match('/x.aspx');
    const fields = [
      ['Channel', 'Security'],
      ['ProcessGuid', '{6004D249}'],
      ['s-ip', '10.0.0.5'],
      ['cs-uri-query', '-'],
      ['Image', 'C:\\x.exe'],
    ] as const;
    const given = { ...line, record: { ...line.record, fields } };
    const text = huntWriter('table').line(given);
    expect(text).toContain('  ·  Image=C:\\x.exe\n');
    expect(text).not.toMatch(/Security|6004D249/);
    expect(huntWriter('table', 40).line(given)).toHaveLength(41);
    expect(huntWriter('table', 40).line(given)).toMatch(/…\n$/);
    expect(JSON.parse(huntWriter('jsonl').line(given))).toMatchObject({ fields: { Channel: 'Security' } });
  });
});
