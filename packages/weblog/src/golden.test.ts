import { formatTime, ticksOfHour } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { weblogReader } from './reader.ts';
import { madeUpLogs } from './testing/logs.ts';
import { bytesOf, describeRecord, describeShape, readAll } from './testing/read-all.ts';

/** Everything that reading a log gives, in a form that people can check line by line. */
function describeReading(name: string, text: string): string {
  const { records, issues, summary } = readAll(text, { name, sampleEvery: 2 });
  const shapes = summary.shapes.map(({ shape, records }) => ({ ...describeShape(shape), records }));
  const hours = [...summary.hours].map(([hour, count]) => [formatTime(ticksOfHour(hour)), count]);
  return `${JSON.stringify({ shapes, hours, issues, records: records.map(describeRecord) }, null, 2)}\n`;
}

describe.each(Object.entries(madeUpLogs))('%s', (family, { name, kind, text }) => {
  test('is recognised by its content alone', () => {
    expect(weblogReader.recognise(bytesOf(text), 'unknown.bin')).toBe(kind);
  });

  test('reads as its golden file says', async () => {
    await expect(describeReading(name, text)).toMatchFileSnapshot(`testing/golden/${family}.json`);
  });

  test('is whole', () => {
    const { summary, issues } = readAll(text, { name });
    expect(summary.damaged).toBe(0);
    expect(issues).toEqual([]);
    expect(summary.shapes.every(({ shape }) => shape.recorder === family)).toBe(true);
  });
});
