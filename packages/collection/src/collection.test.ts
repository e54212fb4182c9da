import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs, { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inputOf, readBytes } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { openCollection } from './collection.ts';
import { openEntry } from './entry-input.ts';
import { hashInput, hashWhileRead } from './hash.ts';
import {
  contents,
  hashesByOriginalPath,
  logText,
  open,
  skippedNames,
  testFolder,
  writeEvidence,
  writeTree,
} from './testing/evidence.ts';
import { writeTar } from './testing/tar-writer.ts';
import { writeZip } from './testing/zip-writer.ts';

const log = logText(100);

describe('paths', () => {
  it('must be given, and be there', async () => {
    await expect(openCollection([])).rejects.toMatchObject({
      code: 'POSTERN_COLLECTION_NO_PATH',
      hint: expect.any(String) as unknown,
    });
    await expect(openCollection([join(testFolder(), 'nothing')])).rejects.toMatchObject({
      code: 'POSTERN_COLLECTION_NOT_FOUND',
      at: expect.stringContaining('nothing') as unknown,
      hint: expect.any(String) as unknown,
    });
  });

  it('of empty folders give no entries', async () => {
    const collection = await open(testFolder());
    expect(collection).toMatchObject({ entries: [], skipped: [], issues: [], inputs: [] });
  });

  it('of single files give one entry by its name', async () => {
    const collection = await open(writeEvidence('u_ex210303.log', log));
    expect(collection.entries).toMatchObject([
      { path: 'u_ex210303.log', size: log.length, offset: 0, collection: 'evidence' },
    ]);
  });

  it('given twice, as a link or inside one another count once', async () => {
    const folder = writeTree(testFolder(), new Map<string, string | Uint8Array>([['a/b.log', log]]));
    const link = join(testFolder(), 'link');
    symlinkSync(folder, link);
    const collection = await open([folder, link, join(folder, 'a'), join(folder, 'a/b.log')]);
    expect(collection.entries.map(({ path }) => path)).toEqual(['a/b.log']);
  });

  it('in another order give the same', async () => {
    const [one, two] = [
      writeEvidence('one.zip', writeZip([{ name: 'x.log', data: '1' }])),
      writeEvidence('x.log', '2'),
    ];
    const [there, back] = [await open([one, two]), await open([two, one])];
    const plain = ({ entries }: typeof there): unknown =>
      entries.map(({ path, originalPath, collection, size }) => [path, originalPath, collection, size]);
    expect(plain(back)).toEqual(plain(there));
  });
});

describe('output of our own', () => {
  it.each(['output', 'temp'] as const)(
    '(%s) is refused inside an evidence folder, through links too',
    async (option) => {
      const folder = writeTree(testFolder(), new Map<string, string | Uint8Array>([['a.log', log]]));
      const link = join(testFolder(), 'link');
      symlinkSync(folder, link);
      for (const inside of [folder, join(folder, 'out'), join(folder, 'not/yet/there'), join(link, 'out')]) {
        await expect(openCollection([folder], { [option]: inside })).rejects.toMatchObject({
          code: 'POSTERN_COLLECTION_OUTPUT_INSIDE',
          at: option === 'output' ? '--out' : '--temp',
        });
      }
    },
  );

  it('may lie beside or around the evidence', async () => {
    const folder = writeTree(testFolder(), new Map<string, string | Uint8Array>([['evidence/a.log', log]]));
    const evidence = join(folder, 'evidence');
    for (const output of [folder, join(folder, 'evidence-out'), testFolder()]) {
      expect((await open(evidence, { output })).entries).toHaveLength(1);
    }
  });
});

describe('folders', () => {
  it('have links listed, and not followed', async () => {
    const outside = writeEvidence('outside.log', 'secret');
    const folder = writeTree(testFolder(), new Map<string, string | Uint8Array>([['a.log', log]]));
    symlinkSync(outside, join(folder, 'out.log'));
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('nowhere', join(folder, 'broken'));
    const collection = await open(folder);
    expect([...contents(collection).keys()]).toEqual(['a.log']);
    expect(skippedNames(collection)).toEqual(['link broken', 'link loop', 'link out.log']);
    expect(collection.skipped.at(-1)?.detail).toBe(`a link to ${outside}`);
  });

  it('have files and folders read that Windows keeps elsewhere and therefore calls links', async () => {
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['deduplicated.log', log],
        ['in-the-cloud/b.log', '2'],
      ]),
    );
    vi.spyOn(fs.Dirent.prototype, 'isSymbolicLink').mockReturnValue(true);
    onTestFinished(() => void vi.restoreAllMocks());
    const collection = await open(folder);
    expect([...contents(collection).keys()]).toEqual(['deduplicated.log', 'in-the-cloud/b.log']);
    expect(skippedNames(collection)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('have sockets and the like listed', async () => {
    const folder = testFolder();
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(skippedNames(await open(folder))).toEqual(['not-a-file socket']);
    expect(skippedNames(await open(join(folder, 'socket')))).toEqual(['not-a-file socket']);
  });

  it('that cannot be read are listed, as are files, and the rest is read', async () => {
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['closed/a.log', log],
        ['locked.log', log],
        ['open.log', log],
      ]),
    );
    refuse('readdirSync', join(folder, 'closed'));
    refuse('openSync', join(folder, 'locked.log'));
    const collection = await open(folder);
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    expect(skippedNames(collection)).toEqual(['unreadable closed', 'unreadable locked.log']);
    expect(collection.skipped.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^folder: permission denied \(EACCES\); scan it as somebody who may/),
      expect.stringMatching(/^permission denied/),
    ]);
    expect([...contents(collection).keys()]).toEqual(['open.log']);
  });

  it('that hold our temporary folder are read without it', async () => {
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['a.zip', writeZip([{ name: 'a.log', data: log }])],
        ['z.log', log],
      ]),
    );
    // The system's temporary folder may well lie in the evidence, where a whole disk is scanned.
    vi.stubEnv('TMPDIR', join(folder, 'tmp'));
    mkdirSync(join(folder, 'tmp'));
    const collection = await openCollection([folder]);
    vi.unstubAllEnvs();
    expect(collection.entries.map(({ path }) => path)).toEqual(['a.zip!/a.log', 'z.log']);
    expect(skippedNames(collection)).toEqual([expect.stringMatching(/^own-output tmp\/postern-/)]);
    collection.close();
    expect(fs.readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('of great depth are walked', async () => {
    const deep = 'd/'.repeat(150);
    const collection = await open(
      writeTree(testFolder(), new Map<string, string | Uint8Array>([[`${deep}a.log`, log]])),
    );
    expect(collection.entries).toHaveLength(1);
  });
});

describe('the spool', () => {
  it('is gone after close, and entries of archives with it', async () => {
    const temp = testFolder();
    const collection = await open(writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log }])), { temp });
    expect(collection.spooled()).toHaveLength(1);
    collection.close();
    collection.close();
    expect(collection.spooled()).toEqual([]);
    const [entry] = collection.entries;
    expect(() => openEntry(entry!)).toThrow(expect.objectContaining({ code: 'POSTERN_COLLECTION_READ' }));
  });

  it('is not made for folders', async () => {
    expect(
      (await open(writeTree(testFolder(), new Map<string, string | Uint8Array>([['a.log', log]])))).spooled(),
    ).toEqual([]);
  });

  it('cannot be made where there is no folder to make it in', async () => {
    const temp = writeEvidence('file', 'x');
    const zip = writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log }]));
    await expect(openCollection([zip], { temp })).rejects.toMatchObject({
      code: 'POSTERN_COLLECTION_TEMP',
      at: temp,
    });
  });

  it('is removed when the process ends without closing, by itself or by a signal', () => {
    const zip = writeEvidence('x.zip', writeZip([{ name: 'a.log', data: log }]));
    for (const end of [
      '',
      'process.kill(process.pid, "SIGINT"); await new Promise((r) => setTimeout(r, 5000));',
    ]) {
      const temp = testFolder();
      const script = `
        import { readdirSync } from 'node:fs';
        import { openCollection } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
        await openCollection([${JSON.stringify(zip)}], { temp: ${JSON.stringify(temp)} });
        if (readdirSync(${JSON.stringify(temp)}).length !== 1) throw new Error('no spool');
        process.stdout.write('opened');
        ${end}`;
      const output = runScript(script);
      expect(output).toBe('opened');
      expect(fs.readdirSync(temp)).toEqual([]);
    }
  });
});

describe('a stop', () => {
  it('lists what was left', async () => {
    let asked = 0;
    const parts = Array.from({ length: 10 }, (_, i) => ({ name: `${i}.log`, data: log }));
    const collection = await open(writeEvidence('x.zip', writeZip(parts)), { isStopped: () => ++asked > 8 });
    expect(collection.entries.length).toBeGreaterThan(0);
    expect(collection.entries.length + collection.skipped.length).toBe(10);
    expect(new Set(collection.skipped.map(({ reason }) => reason))).toEqual(new Set(['stopped']));
  });

  it('is heard while small files are unpacked, stored ones checked, and folders walked', async () => {
    const parts = Array.from({ length: 600 }, (_, i) => ({
      name: `${i}.log`,
      data: `${i}`,
      isStored: i % 2 === 0,
    }));
    const folder = writeTree(testFolder(), new Map(parts.map(({ name, data }) => [name, data])));
    for (const evidence of [
      folder,
      writeEvidence('x.zip', writeZip(parts)),
      writeEvidence('x.tar', writeTar(parts)),
    ]) {
      let isStopped = false;
      setImmediate(() => (isStopped = true));
      const collection = await open(evidence, { isStopped: () => isStopped });
      expect(collection.skipped.length).toBeGreaterThan(0);
      expect(collection.entries.length + collection.skipped.length).toBe(600);
    }
  });

  it('ends within a large entry', async () => {
    let asked = 0;
    const zip = writeZip([{ name: 'large.log', data: logText(300_000) }]);
    const collection = await open(writeEvidence('x.zip', zip), { isStopped: () => ++asked > 5 });
    expect(skippedNames(collection)).toEqual(['stopped large.log']);
  });
});

describe('one evidence in five wrappings', () => {
  const files = new Map([
    ['C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', logText(50)],
    ['C/inetpub/wwwroot/aspnet_client/system_web/x.aspx', 'page'],
    ['C/Program Files/Microsoft/Exchange Server/V15/Logging/ECP/Server/ECPServer20210303-1.LOG', logText(30)],
    ['C/Windows/System32/winevt/Logs/MSExchange Management.evtx', 'events'],
    ['C/$Extend/$J', 'journal'],
    ['D/Exchange/Übung.log', 'umlaut'],
    ['listing.csv', 'a,b'],
  ]);
  const parts = [...files].map(([name, data]) => ({ name, data }));

  function velociraptorName(path: string): string {
    if (!/^[CD]\//.test(path)) return path;
    const [drive = '', ...rest] = path.split('/');
    const [accessor, volume] = drive === 'C' ? ['auto', 'C:'] : ['ntfs', '\\\\.\\D:'];
    return [
      'uploads',
      accessor,
      ...[volume, ...rest].map((part) =>
        encodeURIComponent(part).replaceAll('%24', '$').replaceAll('%20', ' '),
      ),
    ].join('/');
  }

  it('has the same original paths, contents and collection', async () => {
    const zip = writeZip(parts);
    const wrapped = writeZip(parts.map(({ name, data }) => ({ name: `server/${name}`, data })));
    const wrappings = [
      writeTree(testFolder(), files),
      writeEvidence('server.zip', zip),
      writeEvidence('server.zip', wrapped),
      writeEvidence('server.tar.gz', gzipSync(writeTar(parts))),
      writeEvidence('outer.zip', writeZip([{ name: 'server.zip', data: zip }])),
      writeEvidence('outer.zip', writeZip([{ name: 'server.zip', data: wrapped }])),
      writeEvidence(
        'Collection-EX01-2021-03-14T06_40_12Z.zip',
        writeZip(parts.map(({ name, data }) => ({ name: velociraptorName(name), data }))),
      ),
      writeTree(
        testFolder(),
        new Map<string, string | Uint8Array>(
          [...files].map(([name, data]) => [velociraptorName(name), data]),
        ),
      ),
    ];
    const expected = [...files].map(([name, data]) => `${originalName(name)} ${sha256(data)}`).toSorted();
    for (const wrapping of wrappings) {
      const collection = await open(wrapping);
      expect(hashesByOriginalPath(collection)).toEqual(expected);
      expect(new Set(collection.entries.map(({ collection }) => collection))).toEqual(new Set(['evidence']));
      expect([...collection.issues, ...collection.skipped]).toEqual([]);
    }
  });

  function originalName(path: string): string {
    const windows = path.replace(/^([CD])\//, '$1:/').replaceAll('/', '\\');
    return windows.replace('\\$Extend\\$J', '\\$Extend\\$UsnJrnl:$J');
  }
});

describe('names of collections', () => {
  const c = 'C/Windows/System32/x';

  it('are hosts where one path holds several', async () => {
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        [`EX01/${c}`, '1'],
        ['EX01/D/logs/y.log', '1'],
        ['EX01/notes.txt', '1'],
        ['loose.txt', '0'],
        ['EX02.zip', writeZip([{ name: c, data: '2' }])],
        ['EX03/IIS_W3SVC1_Logs.zip', writeZip([{ name: 'u_ex210303.log', data: '3' }])],
      ]),
    );
    const collection = await open(folder);
    expect(collection.entries.map(({ path, collection }) => `${collection}: ${path}`).toSorted()).toEqual(
      [
        `${basename(folder)}: loose.txt`,
        `EX01: EX01/${c}`,
        'EX01: EX01/D/logs/y.log',
        'EX01: EX01/notes.txt',
        `EX02: EX02.zip!/${c}`,
        'EX03: EX03/IIS_W3SVC1_Logs.zip!/u_ex210303.log',
      ].toSorted(),
    );
  });

  it('are the same where the hosts lie in an archive', async () => {
    const parts = [
      { name: `EX01/${c}`, data: '1' },
      { name: `EX02/${c}`, data: '2' },
    ];
    const zip = await open(writeEvidence('any.zip', writeZip(parts)));
    const folder = await open(writeTree(testFolder(), new Map(parts.map(({ name, data }) => [name, data]))));
    const names = [zip, folder].map(({ entries }) => entries.map(({ collection }) => collection));
    expect(names).toEqual([
      ['EX01', 'EX02'],
      ['EX01', 'EX02'],
    ]);
  });

  it('are not split by drives that lie apart, or by folders of one server', async () => {
    for (const paths of [
      ['one/C/x.log', 'two/D/y.log'],
      ['iis/W3SVC1/u_ex210303.log', 'ex/HttpProxy/Ecp/HttpProxy_2021030306-1.LOG'],
    ]) {
      const collection = await open(writeTree(testFolder(), new Map(paths.map((path) => [path, 'x']))));
      expect(new Set(collection.entries.map(({ collection }) => collection))).toEqual(new Set(['evidence']));
    }
  });

  it('tell several paths apart by as little as it takes', async () => {
    const root = testFolder();
    const zip = writeZip([{ name: c, data: 'x' }]);
    writeTree(
      root,
      new Map<string, string | Uint8Array>([
        ['a/EX01.zip', zip],
        ['b/EX01.zip', zip],
        ['b/EX02.tar.gz', gzipSync(writeTar([{ name: c, data: 'y' }]))],
      ]),
    );
    const names = async (...paths: string[]): Promise<unknown> =>
      (await open(paths.map((path) => join(root, path)))).entries.map(({ collection }) => collection);
    expect(await names('b/EX02.tar.gz', 'a/EX01.zip')).toEqual(['EX01', 'EX02']);
    expect(await names('a/EX01.zip', 'b/EX01.zip')).toEqual(['a/EX01', 'b/EX01']);
    mkdirSync(join(root, 'a/EX01'));
    writeFileSync(join(root, 'a/EX01/x'), 'x');
    expect(
      (await open([join(root, 'a/EX01'), join(root, 'a/EX01.zip')])).entries
        .map(({ collection }) => collection)
        .toSorted(),
    ).toEqual(['EX01', 'EX01.zip']);
  });

  it('stand in front of the paths where there are several, so that no two files have one path', async () => {
    const bad = { name: '../x', data: 'x' };
    const root = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['a/EX01.zip', writeZip([{ name: c, data: 'x' }, bad])],
        ['b/EX01.zip', writeZip([{ name: c, data: 'x' }, bad])],
        ['b/more/one.log', 'z'],
        ['c/one.log', 'z'],
      ]),
    );
    const opened = async (...paths: string[]): ReturnType<typeof open> =>
      await open(paths.map((path) => join(root, path)));
    const both = await opened('a/EX01.zip', 'b/EX01.zip', 'c/one.log');
    expect(both.entries.map(({ path }) => path)).toEqual([`a/EX01/${c}`, `b/EX01/${c}`, 'c/one.log']);
    expect(both.entries.map(({ container }) => container)).toEqual(['a/EX01.zip', 'b/EX01.zip', undefined]);
    expect(both.skipped.map(({ path }) => path)).toEqual(['a/EX01/../x', 'b/EX01/../x']);
    expect(both.inputs.map(({ path }) => path)).toEqual(['a/EX01.zip', 'b/EX01.zip']);
    const [only] = (await opened('a/EX01.zip')).entries;
    expect([only?.path, only?.originalPath]).toEqual([c, both.entries[0]?.originalPath]);
    expect((await opened('b/more', 'c/one.log')).entries.map(({ path }) => path)).toEqual([
      'more/one.log',
      'one.log',
    ]);
  });

  it('come with original paths that the argument itself tells', async () => {
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['W3SVC1/u_ex210303.log', 'x'],
        ['D/Logs/y.log', 'y'],
        ['IIS_W3SVC2_Logs.zip', writeZip([{ name: 'u_ex210304.log', data: 'z' }])],
      ]),
    );
    const original = async (path: string): Promise<unknown> =>
      (await open(join(folder, path))).entries[0]?.originalPath;
    expect(await original('W3SVC1')).toBe('C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log');
    expect(await original('W3SVC1/u_ex210303.log')).toBe(
      'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log',
    );
    expect(await original('D')).toBe('D:\\Logs\\y.log');
    expect(await original('IIS_W3SVC2_Logs.zip')).toBe('C:\\inetpub\\logs\\LogFiles\\W3SVC2\\u_ex210304.log');
  });
});

describe('the bytes of an entry', () => {
  it('are its range and no more', async () => {
    const collection = await open(
      writeEvidence(
        'x.zip',
        writeZip([
          { name: 'a', data: 'aaa' },
          { name: 'b', data: 'bbbb' },
        ]),
      ),
    );
    const { input, close } = openEntry(collection.entries[1]!);
    expect(input.size).toBe(4);
    expect(Buffer.from(readBytes(input, 2, 100)).toString()).toBe('bb');
    expect(input.readAt(new Uint8Array(10), 4)).toBe(0);
    expect(input.readAt(new Uint8Array(10), 400)).toBe(0);
    close();
    close();
  });

  it('end early where the file was cut since', async () => {
    const file = writeEvidence('a.log', log);
    const [entry] = (await open(file)).entries;
    writeFileSync(file, 'short');
    const { input, close } = openEntry(entry!);
    expect(input.readAt(new Uint8Array(log.length), 0)).toBe(5);
    close();
  });
});

describe('hashes', () => {
  it('are made in one pass, of pieces, as asked', () => {
    const bytes = Buffer.alloc(2_500_000, 'postern');
    const of = (name: string): string => createHash(name).update(bytes).digest('hex');
    expect(hashInput(inputOf(bytes), { all: false })).toEqual({ sha256: of('sha256') });
    expect(hashInput(inputOf(bytes), { all: true })).toEqual({
      sha256: of('sha256'),
      sha1: of('sha1'),
      md5: of('md5'),
    });
    expect(hashInput(inputOf(new Uint8Array(0)), { all: false }).sha256).toMatch(/^e3b0c442/);
  });

  it('are made while a log is read, whatever of it is read in which order', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) % 251);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const reads = fc.array(fc.tuple(fc.nat(6000), fc.nat(2000)), { maxLength: 8 });
    fc.assert(
      fc.property(reads, fc.boolean(), (asked, isWhole) => {
        const { input, digest } = hashWhileRead(inputOf(bytes));
        for (const [offset, length] of isWhole
          ? [
              [0, 3000],
              [3000, 3000],
            ]
          : asked) {
          const target = new Uint8Array(length ?? 0);
          const got = input.readAt(target, offset ?? 0);
          expect(target.subarray(0, got)).toEqual(bytes.subarray(offset, (offset ?? 0) + got));
          target.fill(0);
        }
        expect(digest(new Uint8Array(700))).toEqual({ sha256 });
      }),
      propertyRuns(),
    );
  });
});

/** Makes the system refuse one path. The superuser may read everything, so rights alone would not do. */
function refuse(call: 'readdirSync' | 'openSync', path: string): void {
  const real = fs[call] as (...args: unknown[]) => unknown;
  const error = Object.assign(new Error(`EACCES: permission denied, ${path}`), {
    code: 'EACCES',
    syscall: call,
  });
  vi.spyOn(fs, call).mockImplementation((...args: unknown[]): never => {
    if (args[0] === path) throw error;
    return real(...args) as never;
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
}

/** Runs a module in a process of its own and returns what it printed. */
function runScript(script: string): string {
  const flags = ['--conditions=@postern/source', '--input-type=module-typescript', '--eval', script];
  const { stdout, stderr, signal } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  return signal === null || signal === 'SIGINT' ? stdout : stderr;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
