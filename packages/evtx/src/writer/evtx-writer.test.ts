import { crc32 as zlibCrc } from 'node:zlib';
import { isPosternError } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { nameHash } from './chunk-names.ts';
import {
  createEvtxWriter,
  defineEvent,
  defineTemplate,
  eventBody,
  writeEvtx,
  type EvtxRecord,
} from './index.ts';

const CHUNK = 65_536;
const FIRST_CHUNK = 4096;

const dropped = defineEvent({
  provider: 'Microsoft-Windows-Sysmon',
  guid: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  id: 11,
  data: {
    form: 'named',
    fields: [
      ['ProcessId', 'uint32'],
      ['TargetFilename', 'string'],
    ],
  },
});
const cmdlet = defineEvent({
  provider: 'MSExchange CmdletLogs',
  channel: 'MSExchange Management',
  id: 1,
  qualifiers: 16_384,
  data: { form: 'unnamed' },
});

const TIME = Date.UTC(2021, 2, 3, 4, 5, 6, 789);

function records(count: number): EvtxRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const base = { time: TIME + index, record: index + 1, computer: 'ex1.corp.example' };
    const body =
      index % 2 === 0
        ? eventBody(dropped, { ...base, values: [4, `C:\\folder\\file${index}.txt`] })
        : eventBody(cmdlet, { ...base, values: [['Get-Mailbox', '-Identity "x"']] });
    return { time: base.time, body };
  });
}

interface Chunk {
  readonly bytes: Buffer;
  readonly ids: readonly bigint[];
  readonly end: number;
}

/** Walks the records of each chunk by their sizes. */
function chunksOf(file: Uint8Array): Chunk[] {
  const whole = Buffer.from(file);
  expect((whole.length - FIRST_CHUNK) % CHUNK).toBe(0);
  return Array.from({ length: (whole.length - FIRST_CHUNK) / CHUNK }, (_, index) => {
    const bytes = whole.subarray(FIRST_CHUNK + index * CHUNK, FIRST_CHUNK + (index + 1) * CHUNK);
    const end = bytes.readUInt32LE(48);
    const ids: bigint[] = [];
    for (let at = 512; at < end;) {
      const size = bytes.readUInt32LE(at + 4);
      expect([bytes.readUInt32LE(at), bytes.readUInt32LE(at + size - 4), size % 8]).toEqual([
        0x2a2a,
        size,
        0,
      ]);
      ids.push(bytes.readBigUInt64LE(at + 8));
      at += size;
    }
    return { bytes, ids, end };
  });
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isPosternError(error) ? error.code : String(error);
  }
  return 'nothing was thrown';
}

describe('a log of several chunks', () => {
  const file = Buffer.from(writeEvtx(records(1000)));
  const chunks = chunksOf(file);

  test('says in its header what it holds', () => {
    expect(file.subarray(0, 8).toString('latin1')).toBe('ElfFile\0');
    expect([file.readBigUInt64LE(16), file.readBigUInt64LE(24), file.readUInt16LE(42)]).toEqual([
      BigInt(chunks.length - 1),
      1001n,
      chunks.length,
    ]);
    expect(chunks.length).toBeGreaterThan(2);
    expect([file.readUInt16LE(36), file.readUInt16LE(38), file.readUInt32LE(120)]).toEqual([1, 3, 0]);
  });

  test('has the sums that zlib has', () => {
    expect(file.readUInt32LE(124)).toBe(zlibCrc(file.subarray(0, 120)));
    for (const { bytes, end } of chunks) {
      expect(bytes.readUInt32LE(52)).toBe(zlibCrc(bytes.subarray(512, end)));
      const head = zlibCrc(bytes.subarray(0, 120));
      expect(bytes.readUInt32LE(124)).toBe(zlibCrc(bytes.subarray(128, 512), head));
    }
  });

  test('numbers all records, and each chunk says which are its', () => {
    expect(chunks.flatMap(({ ids }) => ids)).toEqual(
      Array.from({ length: 1000 }, (_, index) => BigInt(index + 1)),
    );
    for (const { bytes, ids } of chunks) {
      const said = [8, 16, 24, 32].map((at) => bytes.readBigUInt64LE(at));
      expect(said).toEqual([ids[0], ids.at(-1), ids[0], ids.at(-1)]);
    }
  });

  test('ends no chunk at its last byte, and leaves nothing behind the last record', () => {
    for (const { bytes, end } of chunks) {
      expect(end).toBeLessThan(CHUNK);
      expect(bytes.subarray(end).every((byte) => byte === 0)).toBe(true);
    }
  });

  test('holds each name and each template once a chunk, in the chain of its hash', () => {
    for (const { bytes } of chunks) {
      const names = chainsOf(bytes, 128, 64).map(({ at, bucket }) => {
        const length = bytes.readUInt16LE(at + 6);
        const name = bytes.subarray(at + 8, at + 8 + length * 2).toString('utf16le');
        expect([bytes.readUInt16LE(at + 4), bucket]).toEqual([
          nameHash(name) & 0xffff,
          (nameHash(name) & 0xffff) % 64,
        ]);
        return name;
      });
      expect(names).toHaveLength(new Set(names).size);
      expect(names).toEqual(expect.arrayContaining(['Event', 'EventData', 'Data', 'Name', 'Binary']));
      expect(chainsOf(bytes, 384, 32)).toHaveLength(4);
    }
  });

  test('is the same each time, whole or in pieces', () => {
    const pieces: Uint8Array[] = [];
    const writer = createEvtxWriter({ onChunk: (chunk) => pieces.push(chunk.slice()) });
    for (const record of records(1000)) writer.add(record);
    expect(Buffer.concat([writer.finish(), ...pieces]).equals(file)).toBe(true);
  });
});

function chainsOf(bytes: Buffer, from: number, count: number): { at: number; bucket: number }[] {
  return Array.from({ length: count }, (_, bucket) => {
    const found: { at: number; bucket: number }[] = [];
    for (let at = bytes.readUInt32LE(from + bucket * 4); at !== 0; at = bytes.readUInt32LE(at))
      found.push({ at, bucket });
    return found;
  }).flat();
}

test('the hash of a name is the one that real logs hold', () => {
  expect(['Event', 'xmlns', 'System', 'EventData'].map((name) => nameHash(name) & 0xffff)).toEqual([
    0x0cba, 0x0fbc, 0x546f, 0x8244,
  ]);
});

test('a record holds values as the format has them', () => {
  const template = defineTemplate({
    name: 'a',
    children: [
      { slot: 0, type: 'filetime' },
      { slot: 1, type: 'guid' },
      { slot: 2, type: 'sid' },
      { slot: 3, type: 'string[]' },
      { slot: 4, type: 'bool' },
      { slot: 5, type: 'hex64' },
    ],
  });
  const guid = '{01234567-89AB-CDEF-0123-456789ABCDEF}';
  const values = [TIME, guid, 'S-1-5-21-1-500', ['a', ''], true, 0x1_0000_0002];
  const [chunk] = chunksOf(writeEvtx([{ time: 116_444_736_000_000_001n, body: { template, values } }]));
  const ticks = Buffer.alloc(8);
  ticks.writeBigUInt64LE((BigInt(TIME) + 11_644_473_600_000n) * 10_000n);
  const packed = [
    ticks.toString('hex'),
    '67452301ab89efcd0123456789abcdef',
    '01030000000000051500000001000000f4010000',
    '610000000000',
    '01000000',
    '0200000001000000',
  ];
  expect(chunk?.bytes.subarray(0, chunk.end).toString('hex')).toContain(packed.join(''));
  expect(chunk?.bytes.readBigUInt64LE(512 + 16)).toBe(116_444_736_000_000_001n);
});

test('options reach the headers', () => {
  const file = Buffer.from(
    writeEvtx(records(3), {
      firstRecord: 2n ** 40n,
      minorVersion: 2,
      isDirty: true,
      isFull: true,
      hasChecksums: false,
    }),
  );
  const [chunk] = chunksOf(file);
  expect(chunk?.ids).toEqual([2n ** 40n, 2n ** 40n + 1n, 2n ** 40n + 2n]);
  expect([file.readUInt16LE(36), file.readUInt32LE(120), chunk?.bytes.readUInt32LE(120)]).toEqual([2, 7, 4]);
  expect([chunk?.bytes.readUInt32LE(52), chunk?.bytes.readUInt32LE(124)]).toEqual([0, 0]);
});

test('mistakes have codes', () => {
  const template = defineTemplate({ name: 'a', children: [{ slot: 0, type: 'uint32' }] });
  const long = defineTemplate({ name: 'a', children: [{ slot: 0, type: 'string' }] });
  const write = (values: readonly string[], body = template) =>
    writeEvtx([{ time: 0, body: { template: body, values } }]);
  expect(codeOf(() => write(['text']))).toBe('POSTERN_EVTX_UNFIT_VALUE');
  expect(codeOf(() => write(['x'.repeat(40_000)], long))).toBe('POSTERN_EVTX_RECORD_TOO_LARGE');
});

test('a record that does not fit is written to the next chunk with all its names', () => {
  const long = defineTemplate({ name: 'a', children: [{ slot: 0, type: 'string' }] });
  const other = defineTemplate({ name: 'b', children: [{ slot: 0, type: 'string' }] });
  const file = writeEvtx([
    { time: 0, body: { template: long, values: ['x'.repeat(30_000)] } },
    { time: 0, body: { template: other, values: ['y'.repeat(10_000)] } },
  ]);
  const [first, second] = chunksOf(file);
  expect([first?.ids, second?.ids]).toEqual([[1n], [2n]]);
  expect(chainsOf(first!.bytes, 128, 64)).toHaveLength(1);
  expect(chainsOf(second!.bytes, 128, 64)).toHaveLength(1);
});
