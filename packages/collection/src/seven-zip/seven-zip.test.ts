import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { archiveLimits } from '../archive-limits.ts';
import { endOf } from '../codec/decoder.ts';
import { openCollection } from '../collection.ts';
import {
  contents,
  logText,
  open,
  programBytes,
  skippedNames,
  testFolder,
  writeEvidence,
  writeTree,
} from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { writeSevenZip } from '../testing/seven-zip-writer.ts';
import { writeZip } from '../testing/zip-writer.ts';
import { ByteReader } from './byte-reader.ts';
import { readNames } from './names.ts';
import { readStreams } from './streams.ts';

const text = logText(300);
const program = programBytes().toString('latin1');

function sample(name: keyof typeof samples): Buffer {
  return Buffer.from(samples[name], 'base64');
}

const many = sample('manySevenZip');
const manyFiles = new Map([
  ['a.log', text],
  ['dir/b.log', text.slice(0, 5000)],
  ['empty.log', ''],
  ['z.log', text.slice(0, 300)],
]);

/** Changes bytes of the directory, which stands unpacked at the end of this archive, and makes its checksums fit. */
function withDirectory(change: (directory: Buffer) => void): Buffer {
  const bytes = Buffer.from(many);
  const directory = bytes.subarray(32 + Number(bytes.readBigUInt64LE(12)));
  change(directory);
  bytes.writeUInt32LE(crc32(directory), 28);
  bytes.writeUInt32LE(crc32(bytes.subarray(12, 32)), 8);
  return bytes;
}

describe('a 7z archive', () => {
  it.each([
    ['LZMA', 'lzmaSevenZip', 'sample.log', text],
    ['LZMA2', 'lzma2SevenZip', 'sample.log', text],
    ['a filter of differences', 'deltaSevenZip', 'sample.log', text],
    ['bzip2', 'bzip2SevenZip', 'sample.log', text],
    ['Deflate64', 'deflate64SevenZip', 'sample.log', text],
    ['a filter for programs', 'x86SevenZip', 'program.exe', program],
    ['a filter for programs with streams of its own', 'x86MergedSevenZip', 'program.exe', program],
  ] as const)('is read that was packed with %s', async (_, name, file, expected) => {
    const collection = await open(writeEvidence('x.7z', sample(name)));
    expect([...contents(collection)]).toEqual([[file, expected]]);
    expect(collection.issues).toEqual([]);
    expect(collection.skipped).toEqual([]);
    expect(collection.inputs).toMatchObject([{ path: 'x.7z', bytes: sample(name).length }]);
  });

  it('gives all its files, whether they are packed together or empty', async () => {
    const collection = await open(writeEvidence('x.7z', many));
    expect(contents(collection)).toEqual(manyFiles);
    expect(collection.issues).toEqual([]);
    expect(collection.skipped).toEqual([]);
  });

  it('of any number of files is read', async () => {
    const parts = Array.from({ length: 300 }, (_, i) => ({
      name: `${i % 7}/${i}.log`,
      data: Buffer.from(i % 5 === 0 ? '' : logText(i)),
    }));
    const collection = await open(writeEvidence('x.7z', writeSevenZip(parts)));
    expect(contents(collection)).toEqual(new Map(parts.map(({ name, data }) => [name, data.toString()])));
    expect(collection.issues).toEqual([]);
  });

  it('is opened inside others, whatever it is called', async () => {
    const zip = writeZip([{ name: 'inner.bin', data: many }]);
    const collection = await open(writeTree(testFolder(), new Map([['outer.zip', zip]])));
    expect(contents(collection).get('outer.zip!/inner.bin!/dir/b.log')).toBe(text.slice(0, 5000));
    expect(collection.containers.map(({ path }) => path)).toEqual(['outer.zip', 'outer.zip!/inner.bin']);
  });

  it('tells its progress in its own bytes', async () => {
    let bytes = 0;
    await open(writeEvidence('x.7z', many), { onProgress: (more) => (bytes += more) });
    expect(bytes).toBeGreaterThan(500);
    expect(bytes).toBeLessThanOrEqual(many.length);
  });

  it.each([
    ['encrypted', 'encryptedSevenZip', 'sample.log', /password/],
    ['encrypted', 'hiddenSevenZip', 'x.7z', /password/],
    ['no-reader', 'ppmdSevenZip', 'sample.log', /^packed with PPMd; unpack it and scan the result/],
  ] as const)('that cannot be unpacked is listed: %s', async (reason, name, path, detail) => {
    const collection = await open(writeEvidence('x.7z', sample(name)));
    expect(collection.entries).toEqual([]);
    expect(collection.skipped).toMatchObject([
      { reason, path, detail: expect.stringMatching(detail) as unknown },
    ]);
  });
});

describe('the names of a 7z archive', () => {
  it('that are unsafe are listed, and the files behind them are read', async () => {
    const unsafe = withDirectory((directory) => {
      directory.write('../z', directory.indexOf(Buffer.from('dir/', 'utf16le')), 'utf16le');
    });
    const collection = await open(writeEvidence('x.7z', unsafe));
    expect(skippedNames(collection)).toEqual(['unsafe-name ../zb.log']);
    expect([...contents(collection).keys()].toSorted()).toEqual(['a.log', 'empty.log', 'z.log']);
    expect(contents(collection).get('z.log')).toBe(text.slice(0, 300));
  });
});

describe('limits of a 7z archive', () => {
  it.each([
    ['archiveRatio', { archiveRatio: 20, archiveRatioFrom: 10_000 }, ['a.log', 'dir/b.log', 'z.log']],
    ['archiveBytes', { archiveBytes: 12_000 }, ['dir/b.log', 'z.log']],
    ['archiveWindowBytes', { archiveWindowBytes: 32_768 }, []],
    ['archiveListBytes', { archiveListBytes: 100 }, ['x.7z']],
    ['archiveEntries', { archiveEntries: 3 }, ['x.7z']],
    ['filesPerCollection', { filesPerCollection: 3 }, ['z.log']],
  ] as const)('%s', async (name, limits, paths) => {
    const collection = await open(writeEvidence('x.7z', many), { limits });
    expect(collection.skipped.map(({ path }) => path)).toEqual(paths);
    for (const { reason, detail } of collection.skipped)
      expect(`${reason}: ${detail ?? ''}`).toContain(`limit: limit ${name}: `);
  });

  it('are kept where a large file asks for more memory than there may be', async () => {
    const large = sample('largeSevenZip');
    const collection = await open(writeEvidence('x.7z', large), { limits: { archiveWindowBytes: 131_072 } });
    expect(collection.skipped).toMatchObject([
      { reason: 'limit', detail: expect.stringContaining('limit archiveWindowBytes: 131,072') as unknown },
    ]);
    const whole = await open(writeEvidence('x.7z', large));
    expect(contents(whole).get('large.log') === logText(15_000)).toBe(true);
  });

  it('a stop is heard, and what is left is listed', async () => {
    for (const calls of [1, 2, 4]) {
      let asked = 0;
      const collection = await open(writeEvidence('x.7z', many), { isStopped: () => ++asked > calls });
      expect(collection.entries.length).toBeLessThan(4);
      expect(collection.skipped.map(({ reason }) => reason)).toContain('stopped');
    }
  });
});

describe('a damaged 7z archive', () => {
  it('cut at any byte stays a file, and it is said', async () => {
    const folder = testFolder();
    for (let length = 6; length < many.length; length += 13) {
      writeTree(folder, new Map([['x.7z', many.subarray(0, length)]]));
      const collection = await openCollection([folder]);
      expect(collection.entries.map(({ path }) => path)).toEqual(['x.7z']);
      expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_TRUNCATED', severity: 'error' }]);
      collection.close();
    }
  });

  it('whose directory is damaged stays a file, and it is said', async () => {
    const bytes = Buffer.from(many);
    bytes[bytes.length - 20] = 0xff;
    const collection = await open(writeEvidence('x.7z', bytes));
    expect(collection.entries.map(({ path }) => path)).toEqual(['x.7z']);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_DIRECTORY' }]);
  });

  it('gives the files before the damage and what there is of the one in it, and lists the others', async () => {
    const bytes = Buffer.from(many);
    bytes.fill(0xff, 32 + 300, 32 + 330);
    const collection = await open(writeEvidence('x.7z', bytes));
    const [found = ''] = [contents(collection).get('a.log')];
    expect(found.length).toBeGreaterThan(100);
    const all = [
      ...collection.entries.map(({ path }) => path),
      ...collection.skipped.map(({ path }) => path),
    ];
    expect(all.toSorted()).toEqual([...manyFiles.keys()].toSorted());
    expect(collection.issues.length).toBeGreaterThan(0);
  });

  it('has the checksum of each file compared', async () => {
    const bytes = withDirectory((directory) => {
      const crc = Buffer.alloc(4);
      crc.writeUInt32LE(crc32(text));
      directory.fill(0, directory.indexOf(crc), directory.indexOf(crc) + 4);
    });
    const collection = await open(writeEvidence('x.7z', bytes));
    expect(contents(collection)).toEqual(manyFiles);
    expect(collection.issues).toMatchObject([
      { code: 'POSTERN_COLLECTION_ENTRY_DAMAGED', source: 'a.log', severity: 'warning' },
    ]);
  });

  it('with any bytes changed ends in entries, skips and issues, never in an error', async () => {
    const folder = testFolder();
    const change = fc.tuple(fc.nat(many.length - 1), fc.integer({ min: 1, max: 255 }));
    const hostile = fc.tuple(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(hostile, async ([changes, inDirectory]) => {
        const flip = (bytes: Buffer): void => {
          for (const [at, value] of changes)
            bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ value;
        };
        const bytes = inDirectory ? withDirectory(flip) : Buffer.from(many);
        if (!inDirectory) flip(bytes);
        writeTree(folder, new Map([['x.7z', bytes]]));
        const collection = await openCollection([folder], { limits: { archiveEntries: 1000 } });
        contents(collection);
        collection.close();
        return collection.entries.length + collection.skipped.length + collection.issues.length > 0;
      }),
      propertyRuns(4),
    );
  });
});

describe('the list of files of a 7z archive', () => {
  const limits = { ...archiveLimits, archiveEntries: 1000 };

  /** What is thrown for these bytes. */
  function faultOf(read: (reader: ByteReader) => unknown, ...bytes: readonly Uint8Array[]): unknown {
    try {
      return read(new ByteReader(Buffer.concat(bytes)));
    } catch (error) {
      return endOf(error);
    }
  }

  it('sets no memory aside for more than there may be', () => {
    const manyZeros = Buffer.alloc(100_000);
    const tooMany = Buffer.from([0xc0, 0x00, 0x40]);
    const refused = {
      reason: 'limit',
      detail: expect.stringContaining('limit archiveEntries: 1,000') as unknown,
    };
    const streams = (reader: ByteReader): unknown => readStreams(reader, limits);
    expect(faultOf(streams, Buffer.from([0x06, 0x00]), tooMany, manyZeros)).toMatchObject(refused);
    expect(faultOf(streams, Buffer.from([0x07, 0x0b]), tooMany, manyZeros)).toMatchObject(refused);
    expect(faultOf((reader) => readNames(reader, limits), tooMany, manyZeros)).toMatchObject(refused);
  });

  it('ends where it claims more than it has', () => {
    const all = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(faultOf((reader) => reader.number(), all)).toBe('corrupt');
    expect(faultOf((reader) => reader.count(), Buffer.from([0x05, 0, 0]))).toBe('corrupt');
    expect(faultOf((reader) => reader.bytes(2), Buffer.from([0]))).toBe('corrupt');
  });

  it('has numbers of one to nine bytes', () => {
    const numbers = [
      [[0x7f], 0x7f],
      [[0x80, 0x80], 0x80],
      [[0xbf, 0xff], 0x3fff],
      [[0xc1, 0x02, 0x03], 0x1_0302],
      [[0xff, 1, 0, 0, 0, 0, 1, 0, 0], 2 ** 40 + 1],
    ] as const;
    for (const [bytes, value] of numbers) expect(new ByteReader(Uint8Array.from(bytes)).number()).toBe(value);
  });
});
