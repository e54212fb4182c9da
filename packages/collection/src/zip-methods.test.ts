import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeDeflate64 } from './testing/deflate64-writer.ts';
import { contents, logText, open, skippedNames, writeEvidence } from './testing/evidence.ts';
import { samples } from './testing/samples.ts';
import { writeZip } from './testing/zip-writer.ts';

const text = logText(300);
const sampleZips = Object.entries(samples).filter(
  ([name]) => name.endsWith('Zip') && !name.endsWith('SevenZip'),
);

/** The only entry of a zip as another program wrote it, to be put into zips of our own. */
function packedEntry(zip: Buffer): { readonly method: number; readonly packed: Buffer } {
  const dataAt = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return { method: zip.readUInt16LE(8), packed: zip.subarray(dataAt, dataAt + zip.readUInt32LE(18)) };
}

describe.each(sampleZips)('a zip archive of other methods: %s', (_, base64) => {
  const zip = Buffer.from(base64, 'base64');
  const { method, packed } = packedEntry(zip);
  const part = { name: 'sample.log', data: text, method, packed };

  it('is read as if it were deflated', async () => {
    const collection = await open(writeEvidence('x.zip', zip));
    expect([...contents(collection)]).toEqual([['sample.log', text]]);
    expect(collection.issues).toEqual([]);
    expect(collection.skipped).toEqual([]);
  });

  it('is read by its own headers where there is no directory', async () => {
    const parts = [part, { name: 'next.log', data: 'y' }];
    const file = writeEvidence('x.zip', writeZip(parts, { withoutDirectory: true }));
    expect(contents(await open(file))).toEqual(
      new Map([
        ['sample.log', text],
        ['next.log', 'y'],
      ]),
    );
  });

  it('has its checksums compared', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ ...part, crc: 1 }])));
    expect(contents(collection).get('sample.log')).toBe(text);
    expect(collection.issues).toMatchObject([
      { code: 'POSTERN_COLLECTION_ENTRY_DAMAGED', message: expect.stringContaining('checksum') as unknown },
    ]);
  });

  it('cut in its data gives what there was', async () => {
    const cut = { ...part, packed: packed.subarray(0, packed.length - 8) };
    const collection = await open(writeEvidence('x.zip', writeZip([cut, { name: 'good', data: 'y' }])));
    expect(text.startsWith(contents(collection).get('sample.log') ?? '')).toBe(true);
    expect(collection.issues.length + collection.skipped.length).toBe(1);
    expect(contents(collection).get('good')).toBe('y');
  });

  it('that is encrypted is listed', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ ...part, flags: 1 }])));
    expect(skippedNames(collection)).toEqual(['encrypted sample.log']);
  });

  it('is not unpacked once the user has stopped', async () => {
    let asked = 0;
    const collection = await open(writeEvidence('x.zip', writeZip([part])), { isStopped: () => ++asked > 3 });
    expect(skippedNames(collection)).toEqual(['stopped sample.log']);
  });
});

describe('an entry packed with Zstandard', () => {
  const frames = Buffer.concat([zstdCompressSync(text.slice(0, 1000)), zstdCompressSync(text.slice(1000))]);

  it.each([20, 93])('is read, of one frame or of several: method %i', async (method) => {
    const parts = [
      { name: 'one.log', data: text, method, packed: zstdCompressSync(text) },
      { name: 'two.log', data: text, method, packed: frames },
    ];
    for (const withoutDirectory of [false, true]) {
      const collection = await open(writeEvidence('x.zip', writeZip(parts, { withoutDirectory })));
      expect(contents(collection)).toEqual(
        new Map([
          ['one.log', text],
          ['two.log', text],
        ]),
      );
      expect(collection.issues).toHaveLength(withoutDirectory ? 1 : 0);
    }
  });

  it('that is cut or of another checksum is read, and it is said', async () => {
    const cut = { name: 'cut.log', data: text, method: 93, packed: frames.subarray(0, frames.length - 20) };
    const other = { name: 'other.log', data: text, method: 93, packed: frames, crc: 1 };
    const collection = await open(writeEvidence('x.zip', writeZip([cut, other])));
    expect(contents(collection).get('cut.log')).toBe(text.slice(0, 1000));
    expect(contents(collection).get('other.log')).toBe(text);
    expect(collection.issues.map(({ source }) => source)).toEqual(['cut.log', 'other.log']);
  });
});

describe('bombs of other methods', () => {
  const limits = { archiveRatio: 20, archiveRatioFrom: 50_000 };

  it('are stopped on the way where the header lies, and give their room back', async () => {
    const copies = Array.from({ length: 100 }, () => ({ distance: 1, length: 65_538 }));
    const packed = writeDeflate64([Buffer.from('0'), ...copies]);
    const zip = writeZip([
      { name: 'zeros', data: 'x', method: 9, packed },
      { name: 'good', data: 'y' },
    ]);
    const collection = await open(writeEvidence('x.zip', zip), { limits });
    expect(skippedNames(collection)).toEqual(['limit zeros']);
    expect(contents(collection)).toEqual(new Map([['good', 'y']]));
    expect(collection.entries[0]?.offset).toBe(0);
  });
});
