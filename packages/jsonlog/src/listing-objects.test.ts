// Made-up lists of files as Velociraptor writes them, and what the reader makes of damage in them.

import { formatTime, inputOf, limits, type Batch, type Ticks } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { jsonlogReader } from './event-reader.ts';
import { listedFileOf, type ListedEntry } from './listed-file.ts';
import { fileListingReader } from './listing-reader.ts';
import { bytesOf, counted, fieldsOf, readAll, utf16Of } from './testing/read-all.ts';

const collected = {
  Created: '2031-05-06T07:08:09.1234567Z',
  Changed: '2031-05-08T00:00:00Z',
  LastAccessed: '2031-05-09T00:00:00Z',
  Modified: '2031-05-07T02:00:00+02:00',
  Size: 345,
  SourceFile: '\\\\.\\C:\\inetpub\\wwwroot\\x.aspx',
  _Source: 'Generic.Collectors.File/All Matches Metadata',
};

const found = {
  OSPath: 'D:\\web\\x.aspx',
  Inode: '812-128-1',
  Mode: '-rwxr-xr-x',
  Size: 345,
  MTime: '2031-05-07T00:00:00Z',
  ATime: '2031-05-09T00:00:00Z',
  CTime: '2031-05-08T00:00:00Z',
  BTime: '2031-05-06T07:08:09Z',
  Keywords: '',
  IsDir: false,
  Upload: null,
  Hash: { MD5: 'd41d8cd98f00b204e9800998ecf8427e' },
  Data: { mft: '812-128-1', name_type: 'DOS+Win32', fn_btimes: ['2031-05-06T07:08:09Z'] },
};

const globbed = {
  FullPath: '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy3\\web\\x.aspx',
  Mtime: '2031-05-07T00:00:00Z',
  Btime: '2031-05-06T07:08:09Z',
  Size: 345,
};

const linesOf = (...rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** What {@link listedFileOf} says of every record. */
function listed(content: string | Uint8Array): (ListedEntry | undefined)[] {
  const entries: (ListedEntry | undefined)[] = [];
  const onBatch = (batch: Batch): void => {
    for (let record = 0; record < batch.count; record++) entries.push(listedFileOf(batch, record, 'src-1'));
  };
  const input = inputOf(typeof content === 'string' ? bytesOf(content) : content);
  fileListingReader.read(input, { kind: 'file-listing', name: 'x' }, { onBatch, onIssue: () => undefined });
  return entries;
}

const shown = (time: Ticks | undefined): string | undefined =>
  time === undefined ? undefined : formatTime(time);
const kindOf = (content: string | Uint8Array): unknown =>
  fileListingReader.recognise(typeof content === 'string' ? bytesOf(content) : content, 'x');

describe('what Velociraptor collected', () => {
  test('has the times of the files on the server', () => {
    const text = linesOf(collected);
    expect(kindOf(text)).toBe('file-listing');
    const { records, issues, summary } = readAll(fileListingReader, text);
    expect(fieldsOf(records[0])).toEqual({
      '#Listing': 'listing',
      TargetFilename: 'C:\\inetpub\\wwwroot\\x.aspx',
      CreationUtcTime: collected.Created,
      ModifiedUtcTime: collected.Modified,
      ...collected,
      Size: '345',
    });
    expect(records[0]).toMatchObject({ line: 1, offset: 0, text: text.trim() });
    expect(shown(records[0]?.time)).toBe('2031-05-06T07:08:09.1234567Z');
    expect(counted(issues)).toEqual({});
    expect(summary).toMatchObject({ records: 1, damaged: 0, first: records[0]?.time });
    const [entry] = listed(text);
    expect(entry).toMatchObject({
      path: 'C:\\inetpub\\wwwroot\\x.aspx',
      inUse: undefined,
      listed: { basis: 'listing', bytes: 345, source: 'src-1', line: 1 },
    });
    expect(shown(entry?.listed.modified)).toBe('2031-05-07T00:00:00Z');
  });

  test('as CSV, behind another listing and with its header again', () => {
    const header = 'Created,Changed,LastAccessed,Modified,Size,SourceFile,_Source';
    const row = `${collected.Created},,,${collected.Modified},345,"C:\\a,b\\ü.aspx",x`;
    expect(kindOf(`${header}\n`)).toBe('file-listing');
    const [plain, again] = listed([header, row, header, row, ''].join('\r\n'));
    expect(plain).toMatchObject({ path: 'C:\\a,b\\ü.aspx', listed: { basis: 'listing', bytes: 345 } });
    expect(shown(plain?.listed.created)).toBe('2031-05-06T07:08:09.1234567Z');
    expect(again?.listed.line).toBe(4);
    const behind = listed(['FullName,Length', 'C:\\y,1', header, row].join('\n'));
    expect(behind.map((entry) => entry?.path)).toEqual(['C:\\y', 'C:\\a,b\\ü.aspx']);
  });

  test('a list over many lines, and UTF-16', () => {
    const list = JSON.stringify([collected, collected], undefined, 2);
    for (const content of [bytesOf(list), utf16Of(linesOf(collected, collected))]) {
      expect(kindOf(content)).toBe('file-listing');
      expect(listed(content).map((entry) => entry?.path)).toEqual(
        Array.from({ length: 2 }, () => 'C:\\inetpub\\wwwroot\\x.aspx'),
      );
    }
  });

  test.each(['0001-01-01T00:00:00Z', '1601-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '', null])(
    '%j is no time',
    (zero) => {
      const text = linesOf({ ...collected, Created: zero, Modified: zero });
      expect(listed(text)[0]?.listed).toEqual({ basis: 'listing', bytes: 345, source: 'src-1', line: 1 });
      const { records, issues } = readAll(fileListingReader, text);
      expect(records[0]?.time).toBeUndefined();
      expect(counted(issues)).toEqual({ NO_TIME: 1 });
    },
  );

  test('a time that cannot be read is said', () => {
    const { records, issues } = readAll(fileListingReader, linesOf({ ...collected, Created: 'yesterday' }));
    expect(records[0]?.time).toBeUndefined();
    expect(counted(issues)).toEqual({ TIME_UNREADABLE: 1 });
  });

  test('what lies on no Windows volume has no path, and that is said', () => {
    const rows = ['HKEY_LOCAL_MACHINE\\SOFTWARE\\x', '/var/www/x.aspx'].map((SourceFile) => ({
      ...collected,
      SourceFile,
    }));
    const text = linesOf(collected, ...rows);
    expect(listed(text).map((entry) => entry?.path)).toEqual([
      'C:\\inetpub\\wwwroot\\x.aspx',
      undefined,
      undefined,
    ]);
    expect(counted(readAll(fileListingReader, text).issues)).toEqual({ NO_PATH: 2 });
  });

  test('of a name that comes twice the last value is taken', () => {
    const twice = JSON.stringify(collected).replace('{', '{"SourceFile":"C:\\\\other","Size":1,');
    expect(listed(twice)).toMatchObject([{ path: 'C:\\inetpub\\wwwroot\\x.aspx', listed: { bytes: 345 } }]);
  });

  test('names in any order, paths with anything in them', () => {
    const names = fc.shuffledSubarray(Object.keys(collected), { minLength: 7 });
    const tail = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('/', ''));
    fc.assert(
      fc.property(names, tail, fc.boolean(), (order, text, escaped) => {
        const path = `C:\\web\\${text}`;
        const row = new Map(Object.entries({ ...collected, SourceFile: path }));
        const line = JSON.stringify(Object.fromEntries(order.map((name) => [name, row.get(name)])));
        const written = escaped ? line.replace(/[^\x20-\x7e]/g, unicodeEscape) : line;
        expect(kindOf(written)).toBe('file-listing');
        const [entry] = listed(`${written}\n`);
        expect(entry).toMatchObject({ path, listed: { bytes: 345 } });
        expect(shown(entry?.listed.created)).toBe('2031-05-06T07:08:09.1234567Z');
      }),
      propertyRuns(2),
    );
  });
});

const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

describe('what Velociraptor found', () => {
  test('files by their names, folders and shadow copies', () => {
    const text = linesOf(found, { ...found, IsDir: true }, globbed);
    expect(kindOf(text)).toBe('file-listing');
    const [file, folder, copy] = listed(text);
    expect(file).toMatchObject({ path: 'D:\\web\\x.aspx', listed: { basis: 'listing', bytes: 345 } });
    expect(shown(file?.listed.created)).toBe('2031-05-06T07:08:09Z');
    expect(shown(file?.listed.modified)).toBe('2031-05-07T00:00:00Z');
    expect(folder).toBeUndefined();
    expect(copy?.path).toBe(globbed.FullPath);
    expect(counted(readAll(fileListingReader, text).issues)).toEqual({});
  });

  test('as CSV', () => {
    const [entry] = listed(
      'OSPath,Size,MTime,BTime,IsDir\nD:\\web\\x.aspx,9,2031-05-07T00:00:00Z,2031-05-06T07:08:09Z,false\n',
    );
    expect(entry).toMatchObject({ path: 'D:\\web\\x.aspx', listed: { bytes: 9 } });
  });

  test('$MFT', () => {
    const text = linesOf({
      EntryNumber: 812,
      InUse: false,
      OSPath: '\\\\.\\D:\\web\\x.aspx',
      FileName: 'x.aspx',
      FileSize: 345,
      IsDir: false,
      SI_Lt_FN: true,
      Created0x10: '2011-01-01T00:00:00Z',
      Created0x30: '2031-05-06T07:08:09Z',
      LastModified0x10: '2031-05-07T00:00:00Z',
    });
    expect(kindOf(text)).toBe('file-listing');
    const [entry] = listed(text);
    expect(entry).toMatchObject({
      path: 'D:\\web\\x.aspx',
      inUse: false,
      listed: { basis: 'mft', bytes: 345 },
    });
    expect(shown(entry?.listed.created)).toBe('2031-05-06T07:08:09Z');
  });
});

describe('damage', () => {
  test('lines that are no object, and objects that are no file, are kept', () => {
    const bad = ['{"SourceFile":"C:\\\\x', 'x', '{"Size":1,}', '}{', '"', '[[[', '{"a":{"b":1}}', '\\'];
    for (const one of bad) {
      const { records, issues, summary } = readAll(
        fileListingReader,
        linesOf(collected) + `${one}\n` + linesOf(collected, collected),
      );
      expect(records.filter(({ fields }) => fields.has('TargetFilename'))).toHaveLength(3);
      const kept = one === '[[[' ? 0 : 1;
      expect(summary.damaged).toBeGreaterThanOrEqual(kept);
      expect(issues.length).toBeGreaterThanOrEqual(kept);
    }
    expect(counted(readAll(fileListingReader, `${linesOf(collected)}{"a":1}\n{"b"\n{`).issues)).toMatchObject(
      { NOT_FILE: 1, MALFORMED: 1, TORN_END: 1 },
    );
  });

  test('zeros, no UTF-8, long lines', () => {
    const long = 'x'.repeat(3_000_000);
    const marked = { ...collected, SourceFile: 'C:\\?.aspx' };
    const bytes = bytesOf(
      [collected, marked, { ...collected, x: long }, collected].map((row) => linesOf(row)).join('\0\0\0'),
    );
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const { records, issues } = readAll(fileListingReader, bytes);
    expect(records.map(({ fields }) => fields.get('TargetFilename'))).toEqual([
      'C:\\inetpub\\wwwroot\\x.aspx',
      'C:\\\ufffd.aspx',
      undefined,
      'C:\\inetpub\\wwwroot\\x.aspx',
    ]);
    expect(counted(issues)).toMatchObject({ NULS: 9, NOT_UTF8: 1, LINE_TOO_LONG: 1 });
  });

  test('more layouts than a source may have', () => {
    const rows = Array.from({ length: limits.shapesPerSource + 5 }, (_, i) => ({
      ...collected,
      [`x${i}`]: 1,
    }));
    const { records, issues, summary } = readAll(fileListingReader, linesOf(...rows));
    expect(records).toHaveLength(rows.length);
    expect(summary.damaged).toBe(5);
    expect(counted(issues)).toEqual({ LAYOUTS_LIMIT: 5 });
  });

  test('layouts of no file do not take more than their share either', () => {
    const rows = Array.from({ length: limits.shapesPerSource + 5 }, (_, i) => ({ [`x${i}`]: 1 }));
    const { issues, summary } = readAll(fileListingReader, linesOf(...rows));
    expect(summary.damaged).toBe(rows.length);
    expect(counted(issues)).toEqual({ NOT_FILE: limits.shapesPerSource, LAYOUTS_LIMIT: 5 });
  });

  test('more than one window', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ ...collected, SourceFile: `C:\\ü${i}.aspx` }));
    const { records, summary } = readAll(fileListingReader, linesOf(...rows));
    expect(summary.damaged).toBe(0);
    expect(records.map(({ fields }) => fields.get('TargetFilename'))).toEqual(
      rows.map(({ SourceFile }) => SourceFile),
    );
    expect(records.at(-1)?.line).toBe(20_000);
  });

  test('cut anywhere, all rows before the cut are read', () => {
    const bytes = bytesOf(linesOf({ ...collected, SourceFile: 'C:\\ü\\x.aspx' }, found));
    const first = bytes.indexOf(0x0a);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { records, summary } = readAll(fileListingReader, bytes.subarray(0, cut));
      const whole = records.filter(({ fields }) => fields.has('TargetFilename')).length;
      expect(whole).toBeGreaterThanOrEqual(cut >= first ? 1 : 0);
      expect(summary).toMatchObject({ records: records.length, damaged: records.length - whole });
      expect(['file-listing', undefined]).toContain(kindOf(bytes.subarray(0, cut)));
    }
  });

  test('whatever comes: no error, all records counted, in rising order', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '"',
      ':',
      ',',
      '\n',
      '\0',
      '[',
      '\\',
      linesOf(collected),
      linesOf(found),
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 30 })
      .map((parts) => bytesOf(`{${parts.join('')}`));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        fileListingReader.recognise(bytes, 'x');
        const { records, summary } = readAll(fileListingReader, bytes);
        expect(summary.records).toBe(records.length);
        const offsets = records.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
      }),
      propertyRuns(4),
    );
  });
});

describe('nothing else is taken for a list of files', () => {
  const uploads = {
    CopiedOnTimestamp: 1_935_990_489,
    SourceFile: 'C:\\x',
    DestinationFile: 'uploads/auto/C%3A/x',
    FileSize: 345,
    SourceFileSha256: 'e3b0',
    Created: collected.Created,
    Changed: collected.Changed,
    Modified: collected.Modified,
    LastAccessed: collected.LastAccessed,
  };
  const winlogbeat = {
    '@timestamp': collected.Created,
    winlog: { channel: 'Security', event_id: 4624, provider_name: 'x', event_data: { SourceFile: 'C:\\x' } },
  };
  test.each<[string, object]>([
    ['what Velociraptor uploaded', uploads],
    [
      'its own list of uploads',
      { Timestamp: collected.Created, started: 'x', vfs_path: 'C:\\x', file_size: 1 },
    ],
    ['winlogbeat', winlogbeat],
    ['files of another system', { ...found, OSPath: '/var/www/x' }],
    ['keys of the registry', { ...found, OSPath: 'HKEY_LOCAL_MACHINE\\x' }],
    ['processes', { Pid: 4, Name: 'x', CommandLine: 'x', CreateTime: collected.Created }],
    ['names inside of another object', { File: collected }],
  ])('%s', (_, row) => {
    expect(kindOf(linesOf(row, row))).toBeUndefined();
  });

  test('and a list of files is none of events', () => {
    for (const row of [collected, found, globbed])
      expect(jsonlogReader.recognise(bytesOf(linesOf(row)), 'x')).toBeUndefined();
  });
});
