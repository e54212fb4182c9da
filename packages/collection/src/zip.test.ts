import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents, logText, open, skippedNames, writeEvidence } from './testing/evidence.ts';
import { writeZip } from './testing/zip-writer.ts';

const log = logText(200);

describe('a zip archive', () => {
  it('gives its entries, stored and deflated, with data descriptors and zip64 fields', async () => {
    const parts = [
      { name: 'a/deflated.log', data: log },
      { name: 'a/stored.log', data: log, isStored: true },
      { name: 'a/streamed.log', data: log, hasDescriptor: true },
      { name: 'a/wide.log', data: log, isZip64: true },
      { name: 'a/empty.log', data: '' },
      { name: 'a/', data: '' },
    ];
    for (const isZip64 of [false, true]) {
      const collection = await open(writeEvidence('x.zip', writeZip(parts, { isZip64 })));
      expect(collection.issues).toEqual([]);
      expect(collection.skipped).toEqual([]);
      expect(contents(collection)).toEqual(
        new Map([
          ['a/deflated.log', log],
          ['a/empty.log', ''],
          ['a/stored.log', log],
          ['a/streamed.log', log],
          ['a/wide.log', log],
        ]),
      );
    }
  });

  it('leaves stored entries where they are', async () => {
    const file = writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log, isStored: true }]));
    const collection = await open(file);
    expect(collection.entries).toMatchObject([{ file, offset: 35, size: log.length, container: 'x.zip' }]);
    expect(collection.spooled()).toEqual([]);
  });

  it('puts all entries of one archive into one spool file', async () => {
    const parts = Array.from({ length: 50 }, (_, i) => ({ name: `${i}.log`, data: `${i} ${log}` }));
    const collection = await open(writeEvidence('x.zip', writeZip(parts)));
    expect(new Set(collection.entries.map(({ file }) => file)).size).toBe(1);
    expect(contents(collection).get('17.log')).toBe(`17 ${log}`);
  });

  it('inflates large entries as a stream', async () => {
    const large = logText(150_000);
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'large.log', data: large }])));
    expect(contents(collection).get('large.log') === large).toBe(true);
  });

  it('may be empty, or have a comment', async () => {
    expect((await open(writeEvidence('x.zip', writeZip([])))).entries).toEqual([]);
    const collection = await open(
      writeEvidence('y.zip', writeZip([{ name: 'a' }], { comment: 'made by hand' })),
    );
    expect(collection.entries).toHaveLength(1);
    expect(collection.issues).toEqual([]);
  });

  it('reports its own hash, and progress in its own bytes', async () => {
    const zip = writeZip([{ name: 'a.log', data: log }]);
    const seen: (readonly [number, string])[] = [];
    const collection = await open(writeEvidence('x.zip', zip), {
      onProgress: (bytes, path) => seen.push([bytes, path]),
    });
    expect(collection.inputs).toEqual([
      { path: 'x.zip', bytes: zip.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    ]);
    expect(seen).toEqual([[deflateRawSync(log).length, 'a.log']]);
  });
});

describe('names in a zip archive', () => {
  it('take backslashes for separators', async () => {
    const collection = await open(
      writeEvidence('x.zip', writeZip([{ name: 'C\\inetpub\\wwwroot\\web.config', data: 'x' }])),
    );
    expect(collection.entries).toMatchObject([
      { path: 'C/inetpub/wwwroot/web.config', originalPath: 'C:\\inetpub\\wwwroot\\web.config' },
    ]);
  });

  it.each([
    ['UTF-8 with its flag', 'Übung/日本.log', undefined, 'Übung/日本.log'],
    ['UTF-8 without it', Buffer.from('Übung.log'), 0, 'Übung.log'],
    ['code page 437', Buffer.from([0x9a, 0x62, 0x75, 0x6e, 0x67, 0x81]), 0, 'Übungü'],
  ])('are read as %s', async (_, name, flags, expected) => {
    const part = { name, data: 'x', ...(flags === undefined ? {} : { flags }) };
    const collection = await open(writeEvidence('x.zip', writeZip([part])));
    expect(collection.entries.map(({ path }) => path)).toEqual([expected]);
  });

  it.each(['../../etc/passwd', 'a/../../b', '..\\b', '/../x', 'c:x', 'a\0b'])(
    'like %j are refused, and listed',
    async (name) => {
      const collection = await open(
        writeEvidence(
          'x.zip',
          writeZip([
            { name, data: 'x' },
            { name: 'good', data: 'y' },
          ]),
        ),
      );
      expect(collection.entries.map(({ path }) => path)).toEqual(['good']);
      expect(collection.skipped).toMatchObject([{ reason: 'unsafe-name', bytes: 1 }]);
    },
  );

  it.each([
    ['/mnt/c/x.log', 'mnt/c/x.log'],
    ['\\\\server\\share\\x', 'server/share/x'],
    ['C:\\Windows\\x', 'C/Windows/x'],
    ['d:/logs/x', 'd/logs/x'],
  ])('that are absolute are read: %j as %s', async (name, expected) => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ name, data: 'x' }])));
    expect(collection.entries.map(({ path }) => path)).toEqual([expected]);
    expect(collection.skipped).toEqual([]);
  });

  it('may be there twice', async () => {
    const parts = [
      { name: 'a.log', data: 'first' },
      { name: 'a.log', data: 'second' },
    ];
    const collection = await open(writeEvidence('x.zip', writeZip(parts)));
    expect(collection.entries.map(({ size }) => size)).toEqual([5, 6]);
  });
});

describe('entries that cannot be read', () => {
  it.each([
    ['encrypted', { name: 'secret', data: 'x', flags: 1 }],
    ['no-reader', { name: 'large', data: 'x', method: 98 }],
    ['link', { name: 'link', data: '/etc/passwd', madeBy: (3 << 8) | 20, attributes: 0o120777 * 65_536 }],
  ])('are listed as %s', async (reason, part) => {
    const collection = await open(writeEvidence('x.zip', writeZip([part, { name: 'good', data: 'y' }])));
    expect(skippedNames(collection)).toEqual([`${reason} ${part.name}`]);
    expect(collection.skipped[0]?.detail).toBeTruthy();
    expect(collection.entries.map(({ path }) => path)).toEqual(['good']);
  });
});

describe('an entry with the name of a folder', () => {
  it('is read all the same if it has data', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'hidden/', data: 'x' }])));
    expect([...contents(collection)]).toEqual([['hidden', 'x']]);
  });
});

describe('damaged entries', () => {
  it('whose checksum does not fit are read, and it is said', async () => {
    for (const isStored of [false, true]) {
      const parts = [
        { name: 'a.log', data: log, crc: 1, isStored },
        { name: 'good', data: 'y' },
      ];
      const collection = await open(writeEvidence('x.zip', writeZip(parts)));
      expect(contents(collection).get('a.log')).toBe(log);
      expect(collection.issues).toMatchObject([
        {
          code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
          source: 'a.log',
          at: { offset: expect.any(Number) as unknown },
        },
      ]);
    }
  });

  it('give what could be inflated, up to a few bytes before the fault', async () => {
    const large = logText(20_000);
    const packed = deflateRawSync(large);
    const faultAt = Math.floor(packed.length * 0.6);
    // No stream goes on for long with nothing but ones.
    packed.fill(0xff, faultAt);
    const collection = await open(
      writeEvidence(
        'x.zip',
        writeZip([
          { name: 'a.log', data: large, packed },
          { name: 'good', data: 'y' },
        ]),
      ),
    );
    const text = contents(collection).get('a.log') ?? '';
    const sure = Math.floor(large.length * 0.5);
    expect(text.length).toBeGreaterThan(sure);
    expect(text.slice(0, sure) === large.slice(0, sure)).toBe(true);
    expect(collection.issues).toMatchObject([
      { code: 'POSTERN_COLLECTION_ENTRY_DAMAGED', severity: 'warning' },
    ]);
    expect(collection.issues[0]?.message).toMatch(
      /a\.log: .* at byte [\d,]+ of the archive; [\d,]+ of its [\d,]+ bytes/,
    );
    expect(contents(collection).get('good')).toBe('y');
  });

  it('of which nothing could be had are listed', async () => {
    const packed = new Uint8Array(50).fill(0xff);
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log, packed }])));
    expect(skippedNames(collection)).toEqual(['damaged a.log']);
  });

  it('that hold more than their header says are read whole, and it is said', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log, size: 10 }])));
    expect(contents(collection).get('a.log')).toBe(log);
    expect(collection.issues).toHaveLength(1);
  });

  it('in great number are told one by one up to a point, then counted', async () => {
    const parts = Array.from({ length: 100 }, (_, i) => ({ name: `${i}.log`, data: log, crc: 1 }));
    const { issues } = await open(writeEvidence('x.zip', writeZip(parts)));
    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toMatchObject({
      code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
      count: 80,
      source: 'x.zip',
    });
  });

  it('that share their bytes are read once', async () => {
    const zip = writeZip([
      { name: 'a.log', data: log },
      { name: 'b.log', data: log, headerAt: 0 },
    ]);
    const collection = await open(writeEvidence('x.zip', zip));
    expect(collection.entries).toHaveLength(1);
    expect(collection.skipped).toMatchObject([
      { reason: 'damaged', detail: expect.stringContaining('shares its bytes') as unknown },
    ]);
  });
});

describe('bombs', () => {
  const zeros = new Uint8Array(200_000);
  const limits = { archiveRatio: 20, archiveRatioFrom: 50_000 };

  it('are refused by what their header says', async () => {
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'zeros', data: zeros }])), {
      limits,
    });
    expect(skippedNames(collection)).toEqual(['limit zeros']);
    expect(collection.skipped[0]?.detail).toMatch(
      /^limit archiveRatio: 20 times its packed size.*; if it is genuine, unpack it/,
    );
  });

  it('are stopped on the way where the header lies, and give their room back', async () => {
    const data = new Uint8Array(20_000_000);
    const zip = writeZip([
      { name: 'zeros', data, size: 100 },
      { name: 'good', data: 'y' },
    ]);
    const collection = await open(writeEvidence('x.zip', zip), { limits });
    expect(skippedNames(collection)).toEqual(['limit zeros']);
    expect(contents(collection)).toEqual(new Map([['good', 'y']]));
    expect(collection.entries[0]?.offset).toBe(0);
  });

  it('of many entries stop at the limit of all bytes, the number of entries, and the number of files', async () => {
    const parts = Array.from({ length: 10 }, (_, i) => ({ name: `${i}`, data: `${i}${log}` }));
    const file = writeEvidence('x.zip', writeZip(parts));
    const byBytes = await open(file, { limits: { archiveBytes: log.length * 3 + 100 } });
    expect(byBytes.entries).toHaveLength(3);
    expect(byBytes.skipped.map(({ detail }) => detail)).toContain(
      `limit archiveBytes: ${(log.length * 3 + 100).toLocaleString('en-US')} bytes unpacked from one collection; scan its parts one by one`,
    );
    const byEntries = await open(file, { limits: { archiveEntries: 4 } });
    expect(byEntries.entries).toHaveLength(4);
    expect(byEntries.skipped).toMatchObject([
      {
        path: 'x.zip',
        reason: 'limit',
        detail:
          'limit archiveEntries: 4 entries of one archive; unpack it and scan the folder; 6 entries more',
      },
    ]);
    const byFiles = await open(file, { limits: { filesPerCollection: 5 } });
    expect(byFiles.entries).toHaveLength(5);
    expect(byFiles.skipped).toHaveLength(5);
  });

  it('never fill the disk', async () => {
    const file = writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log }]));
    const collection = await open(file, { limits: { freeBytes: Number.MAX_SAFE_INTEGER } });
    expect(collection.skipped).toMatchObject([
      { reason: 'limit', detail: expect.stringContaining('freeBytes') as unknown },
    ]);
  });

  it('of a hundred archives in one another stop at the depth', async () => {
    let zip = writeZip([{ name: 'bottom.log', data: 'x' }]);
    for (let i = 0; i < 100; i++)
      zip = writeZip([
        { name: 'inner.zip', data: zip },
        { name: `${i}.log`, data: 'y' },
      ]);
    const collection = await open(writeEvidence('x.zip', zip));
    expect(collection.entries).toHaveLength(5);
    expect(collection.skipped).toMatchObject([
      {
        reason: 'limit',
        detail: expect.stringContaining('limit archiveDepth: 4 archives inside') as unknown,
      },
    ]);
  });
});
