import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { openCollection } from './collection.ts';
import {
  contents,
  logText,
  open,
  skippedNames,
  testFolder,
  writeEvidence,
  writeTree,
} from './testing/evidence.ts';
import { samples } from './testing/samples.ts';
import { writeTar } from './testing/tar-writer.ts';

const text = logText(300);
const tar = writeTar([{ name: 'C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', data: text }]);

interface Format {
  readonly ending: string;
  readonly tarEndings: readonly string[];
  /** `logText(300)`, packed. */
  readonly packed: Buffer;
  readonly packedTar: Buffer;
}

function fromBase64(name: keyof typeof samples): Buffer {
  return Buffer.from(samples[name], 'base64');
}

const formats: readonly (readonly [name: string, format: Format])[] = [
  [
    'Zstandard',
    {
      ending: 'zst',
      tarEndings: ['tar.zst', 'tzst'],
      packed: zstdCompressSync(text),
      packedTar: zstdCompressSync(tar),
    },
  ],
  [
    'bzip2',
    {
      ending: 'bz2',
      tarEndings: ['tar.bz2', 'tbz', 'tbz2', 'tb2'],
      packed: fromBase64('bzip2'),
      packedTar: fromBase64('bzip2Tar'),
    },
  ],
  [
    'xz',
    {
      ending: 'xz',
      tarEndings: ['tar.xz', 'txz'],
      packed: fromBase64('xz'),
      packedTar: fromBase64('xzTar'),
    },
  ],
];

describe.each(formats)('a file packed with %s', (_, { ending, tarEndings, packed, packedTar }) => {
  const name = `a.log.${ending}`;

  it('gives the file it was made of', async () => {
    const collection = await open(writeEvidence(name, packed));
    expect([...contents(collection)]).toEqual([['a.log', text]]);
    expect(collection.inputs).toHaveLength(1);
    expect(collection.issues).toEqual([]);
  });

  it('gives the files of the tar archive inside', async () => {
    for (const tarEnding of [...tarEndings, 'bin']) {
      const collection = await open(writeEvidence(`x.${tarEnding}`, packedTar));
      expect([...contents(collection).values()]).toEqual([text]);
      expect(collection.entries[0]?.originalPath).toBe('C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log');
      expect(collection.issues).toEqual([]);
    }
  });

  it('may have several members, and zeros behind them', async () => {
    const collection = await open(writeEvidence(name, Buffer.concat([packed, packed, Buffer.alloc(1000)])));
    expect(contents(collection).get('a.log')).toBe(text + text);
    expect(collection.issues).toEqual([]);
  });

  it('followed by rubbish gives what it can, and it is said', async () => {
    const collection = await open(writeEvidence(name, Buffer.concat([packed, Buffer.from('rubbish')])));
    expect(contents(collection).get('a.log')).toBe(text);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_DAMAGED', severity: 'info' }]);
  });

  it('cut at any byte is read as far as it goes, and it is said', async () => {
    const folder = testFolder();
    for (let length = 20; length < packed.length; length += 7) {
      writeTree(folder, new Map([[name, packed.subarray(0, length)]]));
      const collection = await openCollection([folder]);
      const [found = ''] = contents(collection).values();
      expect(text.startsWith(found) || Buffer.from(found, 'latin1').equals(packed.subarray(0, length))).toBe(
        true,
      );
      expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_TRUNCATED', severity: 'error' }]);
      collection.close();
    }
  });

  it('with any bytes changed never ends in an error', async () => {
    const folder = testFolder();
    const change = fc.tuple(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(packed);
        for (const [at, value] of changes) bytes[at] = (bytes[at] ?? 0) ^ value;
        writeTree(folder, new Map([[name, bytes]]));
        const collection = await openCollection([folder]);
        contents(collection);
        collection.close();
        return collection.entries.length + collection.skipped.length + collection.issues.length > 0;
      }),
      propertyRuns(2),
    );
  });

  it('is not unpacked once the user has stopped', async () => {
    let asked = 0;
    const collection = await open(writeEvidence(name, packed), { isStopped: () => ++asked > 1 });
    expect(skippedNames(collection)).toEqual([`stopped ${name}`]);
  });
});

describe('a file packed with Zstandard', () => {
  /** A frame that is to be passed over (RFC 8878, 3.1.2). */
  const passed = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

  it('may have frames that are to be passed over', async () => {
    const bytes = Buffer.concat([
      passed,
      zstdCompressSync('first '),
      passed,
      zstdCompressSync('second'),
      passed,
    ]);
    const collection = await open(writeEvidence('a.zst', bytes));
    expect([...contents(collection)]).toEqual([['a', 'first second']]);
    expect(collection.issues).toEqual([]);
  });

  it('damaged in the middle gives the blocks before', async () => {
    const large = logText(40_000);
    const bytes = zstdCompressSync(large);
    bytes.fill(0xff, Math.floor(bytes.length * 0.7));
    const collection = await open(writeEvidence('a.log.zst', bytes));
    const found = contents(collection).get('a.log') ?? '';
    expect(found.length).toBeGreaterThan(large.length / 3);
    expect(large.startsWith(found)).toBe(true);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_DAMAGED', severity: 'error' }]);
  });

  it('that is a bomb is refused, in one frame or in many', async () => {
    const limits = { archiveRatio: 20, archiveRatioFrom: 50_000 };
    const frame = zstdCompressSync(new Uint8Array(40_000));
    const many = Buffer.alloc(frame.length * 5000, frame);
    for (const bytes of [zstdCompressSync(new Uint8Array(10_000_000)), many]) {
      const collection = await open(writeEvidence('a.zst', bytes), { limits });
      expect(collection.entries).toEqual([]);
      expect(collection.skipped).toMatchObject([{ path: 'a.zst', reason: 'limit', bytes: bytes.length }]);
    }
  });

  it('that needs more memory than it is given is listed', async () => {
    // A frame that says its window has 1 GiB, then one block of one byte.
    const bytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x09, 0, 0, 0x41]);
    const collection = await open(writeEvidence('a.zst', bytes));
    expect(collection.skipped).toMatchObject([
      {
        reason: 'limit',
        detail: expect.stringContaining('limit archiveWindowBytes: 536,870,912') as unknown,
      },
    ]);
  });
});
