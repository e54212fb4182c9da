import { describe, expect, test } from 'vitest';
import { chunkBytes, fileHeaderBytes } from './format.ts';
import { readWhole, someLog } from './testing/logs.ts';

/** A log whose first chunk was full of older records before the newer ones were written over its beginning. */
function reused(): Uint8Array {
  const old = someLog(60, { firstRecord: 5000, hasChecksums: false });
  const newer = someLog(20, { firstRecord: 6000, hasChecksums: false });
  const free = new DataView(newer.buffer).getUint32(fileHeaderBytes + 48, true);
  const bytes = newer.slice();
  bytes.set(old.subarray(fileHeaderBytes + free, fileHeaderBytes + chunkBytes), fileHeaderBytes + free);
  return bytes;
}

describe('older records behind the newest one of a chunk', () => {
  const log = reused();
  const plain = readWhole(log);
  const asked = readWhole(log, { recover: true });

  test('are not read if nobody asks for them', () => {
    expect([plain.records.length, plain.summary.recovered]).toEqual([20, 0]);
    expect([...plain.codes]).toEqual([]);
  });

  test('are found, labelled and counted apart', () => {
    const found = asked.records.slice(20);
    expect(found.length).toBeGreaterThan(30);
    expect(asked.summary.recovered).toBe(found.length);
    expect(asked.codes.get('RECOVERED')).toBe(found.length);
    expect(
      found.every(
        ({ shape }) => shape.constants.get('Recovered') === 'chunk-slack' && shape.excerpt === true,
      ),
    ).toBe(true);
    expect(asked.records.slice(0, 20).every(({ shape }) => !shape.constants.has('Recovered'))).toBe(true);
  });

  test('do not count in any hour, shape or recorder', () => {
    const { recovered, shapes, ...rest } = asked.summary;
    const { recovered: none, shapes: same, ...other } = plain.summary;
    expect([recovered > none, shapes.length]).toEqual([true, same.length]);
    expect(rest).toEqual(other);
  });

  test('are read with the templates of the chunk, as far as these are theirs', () => {
    const named = asked.records.slice(20).filter(({ fields }) => fields.has('TargetFilename'));
    expect(named.length).toBeGreaterThan(10);
    expect(named[0]?.fields.get('TargetFilename')).toMatch(/^C:\\inetpub\\file\d+\.aspx$/);
  });
});

test('a record that the log has as well is not told twice', () => {
  const log = someLog(20, { hasChecksums: false });
  const view = new DataView(log.buffer);
  const free = view.getUint32(fileHeaderBytes + 48, true);
  const copied = log.slice();
  const { offset } = readWhole(log).records[4] ?? { offset: 0 };
  const size = view.getUint32(offset + 4, true);
  copied.set(log.subarray(offset, offset + size), fileHeaderBytes + free + 64);
  expect(readWhole(copied, { recover: true }).summary.recovered).toBe(0);
  // Another text in it: an older version, which is told.
  copied[fileHeaderBytes + free + 64 + size - 20] = 0x41;
  expect(readWhole(copied, { recover: true }).summary.recovered).toBe(1);
});

test('records lie about in bytes that are no log', () => {
  const log = someLog(30, { hasChecksums: false });
  const blob = new Uint8Array(200_000).fill(0x2a);
  blob.set(log.subarray(fileHeaderBytes + 512, fileHeaderBytes + 20_000), 70_001);
  const { summary, records } = readWhole(blob, { recover: true });
  expect(summary.records).toBe(0);
  expect(summary.recovered).toBeGreaterThan(10);
  expect(records.every(({ shape }) => shape.constants.get('Recovered') === 'carved')).toBe(true);
});
