import { describe, expect, test } from 'vitest';
import { chunkBytes, fileHeaderBytes } from './format.ts';
import { plainChecksum } from './checksum.ts';
import { readWhole, someLog, type WholeLog } from './testing/logs.ts';

const good = someLog(400);
const chunks = (good.length - fileHeaderBytes) / chunkBytes;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer);

/** Places of the records of one chunk, from the whole log. */
const places = readWhole(good).records.map(({ offset }) => offset);
const inChunk = (chunk: number): number[] =>
  places.filter((at) => Math.floor((at - fileHeaderBytes) / chunkBytes) === chunk);

/** The log with some bytes changed and, unless said otherwise, good checksums. */
function changed(change: (view: DataView) => void, mend = true): Uint8Array {
  const bytes = good.slice();
  change(viewOf(bytes));
  if (mend)
    for (let chunk = 0; chunk < chunks; chunk++) mendChunk(bytes, fileHeaderBytes + chunk * chunkBytes);
  if (mend) viewOf(bytes).setUint32(124, plainChecksum(bytes.subarray(0, 120), 0), true);
  return bytes;
}

function mendChunk(bytes: Uint8Array, at: number): void {
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== 0x43_66_6c_45) return;
  const free = Math.min(chunkBytes, Math.max(512, view.getUint32(at + 48, true)));
  view.setUint32(at + 52, plainChecksum(bytes.subarray(at + 512, at + free), 0), true);
  const head = plainChecksum(bytes.subarray(at, at + 120), 0);
  view.setUint32(at + 124, plainChecksum(bytes.subarray(at + 128, at + 512), head), true);
}

const ids = ({ records }: WholeLog): number[] =>
  records.map(({ fields }) => Number(fields.get('EventRecordID')));
const second = fileHeaderBytes + chunkBytes;

describe('headers', () => {
  test('a log that was in use: its count of chunks is old, all of them are read', () => {
    const { records, codes } = readWhole(someLog(400, { isDirty: true }));
    expect(records).toHaveLength(400);
    expect([...codes.keys()]).toEqual(['DIRTY', 'CHUNK_COUNT']);
  });

  test('a checksum of the file header that is wrong', () => {
    const log = readWhole(changed((view) => view.setUint8(8, 1), false));
    expect([log.records.length, ...log.codes]).toEqual([400, ['HEADER_CHECKSUM', 1]]);
  });

  test('checksums of chunks that are wrong, and none where the log says it has none', () => {
    const spoil = (view: DataView): void => view.setUint8((places[3] ?? 0) + 17, 0x5a);
    expect([...readWhole(changed(spoil, false)).codes]).toEqual([['CHUNK_CHECKSUM', 1]]);
    const header = (view: DataView): void => view.setUint8(second + 130, 1);
    expect([...readWhole(changed(header, false)).codes]).toEqual([['CHUNK_HEADER_CHECKSUM', 1]]);
    const bytes = someLog(400, { hasChecksums: false });
    spoil(viewOf(bytes));
    expect([...readWhole(bytes).codes]).toEqual([]);
  });

  test('oldest and newest chunk in the wrong order', () => {
    const log = readWhole(changed((view) => view.setUint32(8, 206, true)));
    expect([log.records.length, log.codes.size]).toEqual([400, 0]);
  });
});

describe('chunks', () => {
  test('of zeros: those behind are read', () => {
    const bytes = changed(() => undefined);
    bytes.fill(0, second, second + chunkBytes);
    const log = readWhole(bytes);
    expect(log.records).toHaveLength(400 - inChunk(1).length);
    expect(log.codes.get('EMPTY_CHUNK')).toBe(1);
    expect(log.codes.get('MISSING_RECORDS')).toBe(inChunk(1).length);
  });

  test('without their mark: said, and carved if asked', () => {
    const bytes = changed((view) => view.setUint8(second, 0));
    const plain = readWhole(bytes);
    expect([plain.records.length, plain.codes.get('CHUNK_MAGIC')]).toEqual([400 - inChunk(1).length, 1]);
    const { records, summary } = readWhole(bytes, { recover: true });
    expect(summary).toMatchObject({ records: plain.records.length, recovered: inChunk(1).length });
    const carved = records.filter(({ shape }) => shape.constants.get('Recovered') === 'carved');
    expect(carved).toHaveLength(inChunk(1).length);
    expect(carved.every(({ shape }) => shape.excerpt === true)).toBe(true);
  });

  test('set up anew and not used yet: their records are older ones', () => {
    const bytes = changed((view) => {
      view.setBigUint64(second + 8, 1n, true);
      for (let at = second + 16; at < second + 40; at += 8) view.setBigUint64(at, 2n ** 64n - 1n, true);
    });
    expect(readWhole(bytes).codes.get('UNUSED_CHUNK')).toBe(1);
    const { summary } = readWhole(bytes, { recover: true });
    expect([summary.records, summary.recovered]).toEqual([400 - inChunk(1).length, inChunk(1).length]);
  });

  test('in the order of a log that has gone round', () => {
    const bytes = good.slice();
    bytes.set(good.subarray(second, second + chunkBytes), fileHeaderBytes);
    bytes.set(good.subarray(fileHeaderBytes, second), second);
    const { summary, records } = readWhole(bytes);
    expect([records.length, summary.continuity?.missingTotal]).toEqual([400, 0]);
    expect([summary.continuity?.first, summary.continuity?.last]).toEqual([1, 400]);
  });

  test('cut short', () => {
    const log = readWhole(good.subarray(0, (places[150] ?? 0) + 40));
    expect(ids(log)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(log.codes.get('TRUNCATED')).toBe(1);
  });
});

describe('records', () => {
  const [, , third = 0] = inChunk(0);
  const behind = inChunk(0).length - 3;

  test.each([
    ['a size of zero', 'RECORD_SIZE', 4, 0],
    ['a size below the smallest', 'RECORD_SIZE', 4, 27],
    ['a size past the chunk', 'RECORD_SIZE', 4, 0x7fff_ffff],
    ['no mark', 'RECORD_MARK', 0, 0x2b2b],
  ] as const)('%s ends the walk of the chunk; recovery finds the rest', (_, code, at, value) => {
    const bytes = changed((view) => view.setUint32(third + at, value, true));
    const plain = readWhole(bytes);
    expect([plain.codes.get(code), plain.records.length]).toEqual([1, 400 - behind - 1]);
    expect(plain.issues.find((issue) => issue.code.endsWith(code))?.at).toEqual({ offset: third });
    expect(readWhole(bytes, { recover: true }).summary.recovered).toBe(behind);
  });

  test('two sizes that differ: said, and read as far as it goes', () => {
    const [, , , fourth = 0] = inChunk(0);
    const log = readWhole(changed((view) => view.setUint32(fourth - 4, 1, true)));
    expect([log.records.length, log.codes.get('RECORD_TORN')]).toEqual([400, 1]);
  });

  test('a free-space offset that is too large or too small', () => {
    const large = readWhole(changed((view) => view.setUint32(fileHeaderBytes + 48, 65_000, true)));
    expect(large.records).toHaveLength(400);
    const small = (bytes: Uint8Array): Uint8Array => {
      viewOf(bytes).setUint32(fileHeaderBytes + 48, third - fileHeaderBytes, true);
      mendChunk(bytes, fileHeaderBytes);
      return bytes;
    };
    // In a log that was closed what is behind is left of older records, in one that was in use it is new.
    expect(readWhole(small(good.slice())).records).toHaveLength(400 - behind - 1);
    const used = readWhole(small(someLog(400, { isDirty: true })));
    expect([used.records.length, used.codes.get('PAST_CHECKSUM')]).toEqual([400, behind + 1]);
  });

  test('content that is none: its texts are kept for rules and people', () => {
    const log = readWhole(changed((view) => view.setUint8(third + 24, 0x77)));
    const damaged = log.records.filter(({ shape }) => shape.fields[0] === 'text');
    expect([log.codes.get('TOKEN'), log.summary.damaged, damaged.length]).toEqual([1, 1, 1]);
    expect(damaged[0]?.texts.get('text')?.join(' ')).toContain('w3wp.exe');
    expect(damaged[0]?.json).toMatchObject({ malformed: 'true' });
  });

  test('a template that is missing: one of the same id from another chunk is taken', () => {
    const [, , , , fifth = 0] = inChunk(1);
    const log = readWhole(changed((view) => view.setUint32(fifth + 34, 60_000, true)));
    expect([log.codes.get('TEMPLATE_BORROWED'), log.summary.damaged]).toEqual([1, 0]);
    expect(ids(log)).toEqual(ids(readWhole(good)));
  });

  test('a template that is nowhere: the values alone', () => {
    const log = readWhole(
      changed((view) => {
        view.setUint32(third + 30, 0x1234_5678, true);
        view.setUint32(third + 34, 60_000, true);
      }),
    );
    expect([log.codes.get('TEMPLATE'), log.summary.damaged, log.records.length]).toEqual([1, 1, 400]);
    const damaged = log.records[2];
    expect(damaged?.texts.get('Data')).toContain('3');
    expect(damaged?.fields.get('TargetFilename')).toBe('C:\\inetpub\\file2.aspx');
  });

  test('no content at all', () => {
    const log = readWhole(changed((view) => view.setUint8(third + 24, 0)));
    expect([log.codes.get('NO_CONTENT'), log.summary.damaged, log.records.length]).toEqual([1, 1, 400]);
  });

  test('more values than the record has room for', () => {
    const log = readWhole(changed((view) => view.setUint32(third + 38, 0x7fff_ffff, true)));
    expect([log.codes.get('VALUES'), log.summary.damaged, log.records.length]).toEqual([1, 1, 400]);
  });

  test('a time that is none', () => {
    const bytes = changed((view) => view.setBigUint64(third + 16, 0n, true));
    const log = readWhole(bytes);
    // The event's own time counts, which is still there.
    expect([log.codes.has('TIME'), log.summary.continuity?.setBackTotal]).toEqual([false, 1]);
  });
});

test('an issue per kind stands for all of it', () => {
  const log = readWhole(
    changed((view) => {
      for (const at of inChunk(0)) view.setUint8(at + 24, 0x77);
    }),
  );
  expect(log.codes.get('TOKEN')).toBe(inChunk(0).length);
  expect(log.issues.filter(({ code }) => code === 'POSTERN_EVTX_TOKEN')).toHaveLength(1);
});
