import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  contents,
  logText,
  open,
  skippedNames,
  testFolder,
  writeEvidence,
  writeTree,
} from './testing/evidence.ts';
import { writeTar } from './testing/tar-writer.ts';
import { writeZip } from './testing/zip-writer.ts';

const log = logText(300);
const long = `${'a-long-folder-name/'.repeat(12)}u_ex210303.log`;

describe('a tar archive', () => {
  it('gives its files where they are, with long names of either kind', async () => {
    const tar = writeTar([
      { name: 'logs/', type: '5' },
      { name: './logs/a.log', data: log },
      { name: `gnu/${long}`, data: 'g', longName: 'gnu' },
      { name: `pax/${long}`, data: 'p', longName: 'pax' },
      { name: 'empty', data: '' },
    ]);
    const file = writeEvidence('x.tar', tar);
    const collection = await open(file);
    expect(contents(collection)).toEqual(
      new Map([
        ['empty', ''],
        [`gnu/${long}`, 'g'],
        ['logs/a.log', log],
        [`pax/${long}`, 'p'],
      ]),
    );
    expect(new Set(collection.entries.map((entry) => entry.file))).toEqual(new Set([file]));
    expect(collection.spooled()).toEqual([]);
    expect(collection.issues).toEqual([]);
  });

  it('may be older than the magic number, if its name says so', async () => {
    const tar = writeTar([{ name: 'a.log', data: log, format: 'v7' }]);
    expect([...contents(await open(writeEvidence('x.tar', tar))).keys()]).toEqual(['a.log']);
    expect([...contents(await open(writeEvidence('x.bin', tar))).keys()]).toEqual(['x.bin']);
  });

  it('has links, devices, sparse files and unsafe names listed', async () => {
    const tar = writeTar([
      { name: 'soft', type: '2', target: '/etc/passwd' },
      { name: 'hard', type: '1', target: 'a.log' },
      { name: 'pipe', type: '6' },
      { name: 'tty', type: '3' },
      { name: 'sparse-gnu', type: 'S', data: 'x' },
      { name: 'sparse-pax', data: 'x', pax: new Map([['GNU.sparse.major', '1']]) },
      { name: '../up', data: 'x' },
      { name: '/abs', data: 'x' },
      { name: 'a.log', data: log },
    ]);
    const collection = await open(writeEvidence('x.tar', tar));
    expect(skippedNames(collection)).toEqual([
      'unsafe-name ../up',
      'link hard',
      'not-a-file pipe',
      'link soft',
      'no-reader sparse-gnu',
      'no-reader sparse-pax',
      'not-a-file tty',
    ]);
    expect([...contents(collection)]).toEqual([
      ['a.log', log],
      ['abs', 'x'],
    ]);
  });

  it('that is cut keeps what was there', async () => {
    const tar = writeTar([
      { name: 'whole.log', data: log },
      { name: 'cut.log', data: log },
    ]);
    const collection = await open(writeEvidence('x.tar', tar.subarray(0, tar.length - 6000)));
    const texts = contents(collection);
    expect(texts.get('whole.log')).toBe(log);
    expect(log.startsWith(texts.get('cut.log') ?? '-')).toBe(true);
    expect(collection.issues.map(({ code }) => code)).toEqual([
      'POSTERN_COLLECTION_TRUNCATED',
      'POSTERN_COLLECTION_ENTRY_DAMAGED',
    ]);
  });

  it('that is damaged is read on at the next header', async () => {
    const tar = writeTar([
      { name: 'a.log', data: log },
      { name: 'b.log', data: log },
      { name: 'c.log', data: log },
    ]);
    const second = 512 + Math.ceil(log.length / 512) * 512;
    tar.fill(0x41, second, second + 512);
    const collection = await open(writeEvidence('x.tar', tar));
    expect([...contents(collection).keys()]).toEqual(['a.log', 'c.log']);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_DAMAGED', at: { offset: second } }]);
  });

  it('cut at any byte never ends in an error', async () => {
    const tar = writeTar([
      { name: 'a.log', data: 'first' },
      { name: `gnu/${long}`, data: 'second', longName: 'gnu' },
    ]);
    const folder = testFolder();
    for (let length = 0; length < tar.length; length += 61) {
      const collection = await open(writeTree(folder, new Map([['x.tar', tar.subarray(0, length)]])));
      expect(collection.entries.length + collection.issues.length).toBeGreaterThan(0);
    }
  });

  it('stops at the limit of entries', async () => {
    const tar = writeTar(Array.from({ length: 10 }, (_, i) => ({ name: `${i}`, data: 'x' })));
    const collection = await open(writeEvidence('x.tar', tar), { limits: { archiveEntries: 3 } });
    expect(collection.entries).toHaveLength(3);
    expect(collection.skipped).toMatchObject([{ path: 'x.tar', reason: 'limit' }]);
  });
});

describe('a gzip file', () => {
  it('gives the file it was made of', async () => {
    const collection = await open(writeEvidence('u_ex210303.log.gz', gzipSync(log)));
    expect([...contents(collection)]).toEqual([['u_ex210303.log', log]]);
    expect(collection.inputs).toHaveLength(1);
  });

  it('gives the files of the tar archive inside', async () => {
    const tar = writeTar([{ name: 'C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', data: log }]);
    for (const name of ['x.tar.gz', 'x.tgz', 'x.bin']) {
      const collection = await open(writeEvidence(name, gzipSync(tar)));
      expect([...contents(collection).values()]).toEqual([log]);
      expect(collection.entries[0]?.originalPath).toBe('C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log');
    }
  });

  it('may have several members, and zeros behind them', async () => {
    const bytes = Buffer.concat([gzipSync('first '), gzipSync('second'), Buffer.alloc(1000)]);
    const collection = await open(writeEvidence('a.gz', bytes));
    expect([...contents(collection)]).toEqual([['a', 'first second']]);
    expect(collection.issues).toEqual([]);
  });

  it('may have a name, a comment and a checksum in its header', async () => {
    const plain = gzipSync(log);
    const fields = Buffer.concat([
      Buffer.from([2, 0, 1, 2]),
      Buffer.from('other.log\0remark\0'),
      Buffer.from([0, 0]),
    ]);
    const header = Buffer.from(plain.subarray(0, 10));
    header[3] = 0x4 | 0x8 | 0x10 | 0x2;
    const collection = await open(
      writeEvidence('a.log.gz', Buffer.concat([header, fields, plain.subarray(10)])),
    );
    expect([...contents(collection)]).toEqual([['a.log', log]]);
  });

  it.each([
    ['cut', (gz: Buffer) => gz.subarray(0, gz.length - 300), 'POSTERN_COLLECTION_TRUNCATED', 'error'],
    [
      'cut in the trailer',
      (gz: Buffer) => gz.subarray(0, gz.length - 3),
      'POSTERN_COLLECTION_TRUNCATED',
      'error',
    ],
    [
      'followed by rubbish',
      (gz: Buffer) => Buffer.concat([gz, Buffer.from('rubbish')]),
      'POSTERN_COLLECTION_DAMAGED',
      'info',
    ],
    [
      'of another checksum',
      (gz: Buffer) => withByte(gz, gz.length - 8),
      'POSTERN_COLLECTION_DAMAGED',
      'error',
    ],
  ])('that is %s gives what it can, and it is said', async (_, damage, code, severity) => {
    const collection = await open(writeEvidence('a.log.gz', damage(gzipSync(log))));
    const text = contents(collection).get('a.log') ?? '';
    expect(text.length).toBeGreaterThan(log.length / 2);
    expect(log.startsWith(text)).toBe(true);
    expect(collection.issues).toMatchObject([{ code, severity, source: 'a.log.gz' }]);
  });

  it('that is none stays a file', async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 0x08, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const collection = await open(writeEvidence('a.log', bytes));
    expect(collection.entries).toMatchObject([{ path: 'a.log', size: bytes.length }]);
    expect(collection.issues).toHaveLength(1);
  });

  it('that is a bomb is refused', async () => {
    const bytes = gzipSync(new Uint8Array(10_000_000));
    const limits = { archiveRatio: 20, archiveRatioFrom: 50_000 };
    const collection = await open(writeEvidence('a.gz', bytes), { limits });
    expect(collection.entries).toEqual([]);
    expect(collection.skipped).toMatchObject([{ path: 'a.gz', reason: 'limit', bytes: bytes.length }]);
  });
});

describe('archives by content, not by name', () => {
  const inner = writeZip([{ name: 'a.log', data: log }]);

  it('are opened whatever they are called, but for files that are zip inside', async () => {
    const files = new Map([
      ['u_ex210303.log', inner],
      ['mail.docx', inner],
      ['App.JAR', inner],
      ['zip.zip', Buffer.from('not a zip')],
      ['u_ex210304.log', Buffer.alloc(1000)],
    ]);
    const collection = await open(writeTree(testFolder(), files));
    expect([...contents(collection).keys()].toSorted()).toEqual([
      'App.JAR',
      'mail.docx',
      'u_ex210303.log!/a.log',
      'u_ex210304.log',
      'zip.zip',
    ]);
    const asked = await open(writeEvidence('mail.docx', inner));
    expect([...contents(asked).keys()]).toEqual(['a.log']);
  });

  it('are opened inside one another and inside folders, to be hashed each', async () => {
    const tgz = gzipSync(writeTar([{ name: 'b.zip', data: inner }]));
    const zip = writeZip([{ name: 'dir/c.tar.gz', data: tgz }]);
    const collection = await open(writeTree(testFolder(), new Map([['d/e.zip', zip]])));
    expect([...contents(collection)]).toEqual([['d/e.zip!/dir/c.tar.gz!/b.zip!/a.log', log]]);
    expect(collection.entries[0]?.container).toBe('d/e.zip!/dir/c.tar.gz!/b.zip');
    expect(collection.inputs).toEqual([]);
    expect(collection.containers.map(({ path }) => path)).toEqual([
      'd/e.zip',
      'd/e.zip!/dir/c.tar.gz',
      'd/e.zip!/dir/c.tar.gz!/b.zip',
    ]);
  });

  it('of kinds that are not opened are files, and it is said', async () => {
    const collection = await open(
      writeEvidence('x.rar', Buffer.from([0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 1, 0])),
    );
    expect(collection.entries).toHaveLength(1);
    expect(collection.issues).toMatchObject([{ code: 'POSTERN_COLLECTION_UNSUPPORTED' }]);
  });
});

function withByte(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0xff;
  return changed;
}
