import { appendFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
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
import { writeZip } from './testing/zip-writer.ts';

const log = logText(300);
const parts = [
  { name: 'a/known.log', data: log },
  { name: 'a/streamed.log', data: log, hasDescriptor: true },
  { name: 'a/wide.log', data: log, isZip64: true },
  { name: 'a/stored.log', data: log, isStored: true },
  { name: 'a/stored-streamed.log', data: log, isStored: true, hasDescriptor: true },
  { name: 'a/stored-wide.log', data: log, isStored: true, hasDescriptor: true, isZip64: true },
  { name: 'a/last.log', data: log, hasDescriptor: true, isZip64: true },
];

/** What all parts give; the order of a map does not matter to a comparison. */
const whole = new Map(parts.map(({ name }) => [name, log] as const));

describe('a zip archive without its directory', () => {
  it('is read by the headers of its entries', async () => {
    const zip = writeZip(parts, { withoutDirectory: true });
    const collection = await open(writeEvidence('evidence.zip', zip));
    expect(contents(collection)).toEqual(whole);
    expect(collection.issues).toEqual([
      {
        code: 'POSTERN_COLLECTION_TRUNCATED',
        severity: 'error',
        message:
          `evidence.zip: the archive ends at byte ${zip.length.toLocaleString('en-US')} without its directory\n` +
          '7 of its entries could be recovered from their own headers and are read; what came after is lost.\n' +
          'Copy the archive again if you can; the verdict will say what is missing.',
        source: 'evidence.zip',
        at: { offset: zip.length },
        count: 7,
      },
    ]);
  });

  it.each([
    ['deflated', false, false],
    ['streamed', false, true],
    ['stored', true, false],
    ['stored and streamed', true, true],
  ])('keeps what there is of the %s entry on which it was cut', async (_, isStored, hasDescriptor) => {
    const zip = writeZip(
      [
        { name: 'whole.log', data: log },
        { name: 'cut.log', data: log, isStored, hasDescriptor },
      ],
      { withoutDirectory: true },
    );
    const packed = isStored ? log.length : deflateRawSync(log).length;
    const collection = await open(
      writeEvidence('x.zip', zip.subarray(0, zip.length - Math.floor(packed / 2) - 16)),
    );
    const cut = contents(collection).get('cut.log') ?? '';
    expect(cut.length).toBeGreaterThan(log.length / 4);
    expect(log.startsWith(cut)).toBe(true);
    expect(contents(collection).get('whole.log')).toBe(log);
    const codes = collection.issues.map(({ code }) => code);
    expect(codes).toContain('POSTERN_COLLECTION_TRUNCATED');
  });

  it('does not take the entries of an archive inside it for its own', async () => {
    const inner = writeZip([{ name: 'inside.log', data: log, hasDescriptor: true }]);
    const zip = writeZip(
      [
        { name: 'inner.zip', data: inner, isStored: true, hasDescriptor: true },
        { name: 'after.log', data: log },
      ],
      { withoutDirectory: true },
    );
    const collection = await open(writeEvidence('x.zip', zip));
    expect([...contents(collection).keys()].toSorted()).toEqual(['after.log', 'inner.zip!/inside.log']);
  });

  it('goes on behind damage and lists what cannot be read', async () => {
    const zip = writeZip(
      [
        { name: 'broken.log', data: log, packed: new Uint8Array(200).fill(0xff), hasDescriptor: true },
        { name: '../evil', data: log },
        { name: 'secret', data: log, flags: 1 },
        { name: 'good.log', data: log },
      ],
      { withoutDirectory: true },
    );
    const collection = await open(
      writeEvidence('x.zip', Buffer.concat([Buffer.from('PK\x03\x04junk'), zip])),
    );
    expect([...contents(collection)]).toEqual([['good.log', log]]);
    expect(skippedNames(collection).toSorted()).toEqual([
      'damaged broken.log',
      'encrypted secret',
      'unsafe-name ../evil',
    ]);
  });
});

it('counts only files as recovered', async () => {
  const zip = writeZip([{ name: 'a/' }, { name: 'a/b.log', data: log }, { name: 'c', data: 'x', flags: 1 }], {
    withoutDirectory: true,
  });
  expect((await open(writeEvidence('x.zip', zip))).issues).toMatchObject([
    { code: 'POSTERN_COLLECTION_TRUNCATED', count: 1 },
  ]);
});

describe('a damaged directory', () => {
  it('gives what it still says; the rest comes from the headers', async () => {
    const zip = writeZip(parts);
    const second = zip.indexOf(Buffer.from('PK\x01\x02'), zip.indexOf(Buffer.from('PK\x01\x02')) + 4);
    zip.fill(0, second, second + 4);
    const collection = await open(writeEvidence('x.zip', zip));
    expect(contents(collection)).toEqual(whole);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_DIRECTORY', count: 7 }]);
  });

  it('that counts fewer entries than it has loses none', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip(parts, { count: 2 })));
    expect(collection.entries).toHaveLength(7);
    expect(collection.issues[0]?.message).toContain('more entries than it counts');
  });

  it('with bytes before or behind the archive loses none', async () => {
    const before = await open(
      writeEvidence('x.zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(99), writeZip(parts)])),
    );
    expect(before.entries).toHaveLength(7);
    expect(before.skipped).toEqual([]);
    const behind = writeEvidence('y.zip', writeZip(parts));
    appendFileSync(behind, 'junk');
    expect((await open(behind)).entries).toHaveLength(7);
  });

  it('that points to places without headers lists those entries', async () => {
    const zip = writeZip([
      { name: 'good.log', data: log },
      { name: 'lost.log', data: log, headerAt: 7 },
    ]);
    const collection = await open(writeEvidence('x.zip', zip));
    expect(skippedNames(collection)).toEqual(['damaged lost.log']);
    expect(collection.entries).toHaveLength(1);
  });
});

it('a file that only begins like a zip stays a file', async () => {
  const text = 'PK\x03\x04 is how zip archives begin';
  const collection = await open(writeEvidence('notes.log', text));
  expect([...contents(collection)]).toEqual([['notes.log', text]]);
  expect(collection.issues).toHaveLength(1);
});

/** Everything of a zip is either read, listed or said to be missing. */
async function accountsFor(folder: string, bytes: Uint8Array): Promise<boolean> {
  writeTree(folder, new Map([['x.zip', bytes]]));
  const collection = await openCollection([folder], { limits: { archiveEntries: 1000 } });
  contents(collection);
  collection.close();
  return collection.entries.length + collection.skipped.length + collection.issues.length > 0;
}

describe('hostile zip archives', () => {
  const small = writeZip([
    { name: 'a.log', data: 'first line\n'.repeat(5) },
    { name: 'b.log', data: 'second', hasDescriptor: true },
    { name: 'inner.zip', data: writeZip([{ name: 'c.log', data: 'third' }]), isStored: true, isZip64: true },
  ]);

  it('cut at every byte end in entries, skips and issues, never in an error', async () => {
    const folder = testFolder();
    for (let length = 0; length < small.length; length++) {
      expect(await accountsFor(folder, small.subarray(0, length))).toBe(true);
    }
  });

  it('with any bytes changed do so too', async () => {
    const folder = testFolder();
    const change = fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Buffer.from(small);
        for (const [at, value] of changes) bytes[at] = value;
        // An end record without entries is a valid, empty archive.
        return (await accountsFor(folder, bytes)) || bytes.readUInt16LE(bytes.length - 12) === 0;
      }),
      propertyRuns(2),
    );
  });
});
