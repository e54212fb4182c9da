// Made-up listings of each form, and what the reader makes of damage in them.

import { formatTime, inputOf, limits, type Batch } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { listedFileOf, type ListedEntry } from './listed-file.ts';
import { fileListingReader } from './listing-reader.ts';
import { bytesOf, counted, fieldsOf, readAll, utf16Of } from './testing/read-all.ts';

/** The columns of MFTECmd 1.2 for `$MFT`. */
const mftHeader =
  'EntryNumber,SequenceNumber,InUse,ParentEntryNumber,ParentSequenceNumber,ParentPath,FileName,Extension,FileSize,' +
  'ReferenceCount,ReparseTarget,IsDirectory,HasAds,IsAds,SI<FN,uSecZeros,Copied,SiFlags,NameType,Created0x10,Created0x30,' +
  'LastModified0x10,LastModified0x30,LastRecordChange0x10,LastRecordChange0x30,LastAccess0x10,LastAccess0x30,' +
  'UpdateSequenceNumber,LogfileSequenceNumber,SecurityId,ObjectIdFileDroid,LoggedUtilStream,ZoneIdContents';

interface MftRow {
  readonly folder?: string;
  readonly name?: string;
  readonly inUse?: string;
  readonly isFolder?: string;
  readonly setBack?: string;
  readonly created?: string;
  readonly named?: string;
}

function mftRow(row: MftRow = {}): string {
  const { folder = '.\\inetpub\\wwwroot', name = 'x.aspx', inUse = 'True', isFolder = 'False' } = row;
  const { setBack = 'False', created = '2031-05-06 07:08:09.1234567', named = '' } = row;
  const before = [
    '812',
    '3',
    inUse,
    '5',
    '5',
    folder,
    name,
    '.aspx',
    '345',
    '1',
    '',
    isFolder,
    'False',
    'False',
    setBack,
  ];
  const flags = ['False', 'False', 'Archive', 'Windows'];
  const after = ['2031-05-07 00:00:00.0000000', '', '', '', '', '', '1', '2', '3', '', '', ''];
  return [before, flags, created, named, after].flat().join(',');
}

const usnHeader =
  'Name,Extension,EntryNumber,SequenceNumber,ParentEntryNumber,ParentSequenceNumber,ParentPath,UpdateSequenceNumber,' +
  'UpdateTimestamp,UpdateReasons,FileAttributes,OffsetToData,SourceFile';

const usnRow = (reasons: string, folder = '.\\inetpub\\wwwroot'): string =>
  `x.aspx,.aspx,812,3,5,5,${folder},4711,2031-05-06 07:08:09.1234567,${reasons},Archive,0,E:\\$J`;

/** What {@link listedFileOf} says of every record. */
function listed(text: string, name = 'x.csv'): (ListedEntry | undefined)[] {
  const entries: (ListedEntry | undefined)[] = [];
  const onBatch = (batch: Batch): void => {
    for (let record = 0; record < batch.count; record++) entries.push(listedFileOf(batch, record, 'src-1'));
  };
  fileListingReader.read(
    inputOf(bytesOf(text)),
    { kind: 'file-listing', name },
    { onBatch, onIssue: () => undefined },
  );
  return entries;
}

const created = (entry: ListedEntry | undefined): string | undefined =>
  entry?.listed.created === undefined ? undefined : formatTime(entry.listed.created);

describe('$MFT', () => {
  test('a row becomes a record with the common names beside the columns', () => {
    const { records, issues, summary } = readAll(fileListingReader, `\ufeff${mftHeader}\r\n${mftRow()}\r\n`);
    expect(fieldsOf(records[0])).toMatchObject({
      TargetFilename: 'C:\\inetpub\\wwwroot\\x.aspx',
      CreationUtcTime: '2031-05-06 07:08:09.1234567',
      ModifiedUtcTime: '2031-05-07 00:00:00.0000000',
      Size: '345',
      InUse: 'True',
      EntryNumber: '812',
      ParentPath: '.\\inetpub\\wwwroot',
      FileName: 'x.aspx',
      Created0x10: '2031-05-06 07:08:09.1234567',
    });
    expect(records[0]).toMatchObject({
      line: 2,
      text: mftRow(),
      shape: { family: 'file-listing', recorder: 'file-listing' },
    });
    expect(formatTime(records[0]?.time ?? 0n)).toBe('2031-05-06T07:08:09.1234567Z');
    expect(records[0]?.offset).toBe(3 + mftHeader.length + 2);
    expect(counted(issues)).toEqual({ DRIVE_ASSUMED: 1 });
    expect(summary).toMatchObject({
      records: 1,
      damaged: 0,
      first: records[0]?.time,
      last: records[0]?.time,
    });
    expect([...summary.hours.values()]).toEqual([1]);
  });

  test.each([
    ['$MFT_E.csv', 'E:\\inetpub\\wwwroot\\x.aspx', 0],
    ['c:\\case\\20310506_MFTECmd_$MFT_Output.csv', 'C:\\inetpub\\wwwroot\\x.aspx', 1],
  ])('the drive of %s', (name, path, assumed) => {
    const { records, issues } = readAll(fileListingReader, `${mftHeader}\n${mftRow()}\n`, { name });
    expect(records[0]?.fields.get('TargetFilename')).toBe(path);
    expect(counted(issues)['DRIVE_ASSUMED'] ?? 0).toBe(assumed);
  });

  test('the entry for a judgement', () => {
    const [used, gone, folder, back, other] = listed(
      [
        mftHeader,
        mftRow(),
        mftRow({ inUse: 'False' }),
        mftRow({ isFolder: 'True' }),
        mftRow({
          setBack: 'True',
          created: '2011-01-01 00:00:00.0000000',
          named: '2031-05-06 07:08:09.0000001',
        }),
        mftRow({ folder: '.', name: '"a,b.txt"' }),
      ].join('\n'),
    );
    expect(used).toMatchObject({ path: 'C:\\inetpub\\wwwroot\\x.aspx', inUse: true });
    expect(used?.listed).toMatchObject({ basis: 'mft', bytes: 345, source: 'src-1', line: 2 });
    expect(created(used)).toBe('2031-05-06T07:08:09.1234567Z');
    expect(gone?.inUse).toBe(false);
    expect(folder).toBeUndefined();
    expect(created(back)).toBe('2031-05-06T07:08:09.0000001Z');
    expect(other?.path).toBe('C:\\a,b.txt');
  });

  test('Velociraptor names the whole path', () => {
    const text =
      'EntryNumber,InUse,OSPath,FileName,FileSize,IsDir,Created0x10,LastModified0x10\n1,true,\\\\.\\D:\\web\\x.aspx,x.aspx,9,false,2031-05-06T07:08:09Z,2031-05-06T07:08:09Z\n';
    const [entry] = listed(text);
    expect(entry).toMatchObject({ path: 'D:\\web\\x.aspx', inUse: true, listed: { basis: 'mft', bytes: 9 } });
    expect(counted(readAll(fileListingReader, text).issues)).toEqual({});
  });
});

describe('$J', () => {
  test('the reasons say what the time is of', () => {
    const text = [
      usnHeader,
      usnRow('FileCreate'),
      usnRow('DataExtend|Close'),
      usnRow('FileDelete|Close'),
      usnRow('RenameNewName'),
    ];
    const [made, written, deleted, renamed] = listed(text.join('\n'));
    const time = 'created' in (made?.listed ?? {}) ? made?.listed.created : undefined;
    expect(formatTime(time ?? 0n)).toBe('2031-05-06T07:08:09.1234567Z');
    expect(made?.listed).toEqual({ basis: 'usn', created: time, source: 'src-1', line: 2 });
    expect(written?.listed).toEqual({ basis: 'usn', modified: time, source: 'src-1', line: 3 });
    expect(deleted?.listed).toEqual({ basis: 'usn', deleted: time, source: 'src-1', line: 4 });
    expect(renamed?.listed).toEqual({ basis: 'usn', source: 'src-1', line: 5 });
    const { records } = readAll(fileListingReader, text.join('\n'));
    expect(records.map(({ time }) => time)).toEqual([time, time, time, time]);
    expect(records.map(({ fields }) => fields.get('Reason'))).toEqual([
      'FileCreate',
      'DataExtend|Close',
      'FileDelete|Close',
      'RenameNewName',
    ]);
    expect(records.map(({ fields }) => fields.has('CreationUtcTime'))).toEqual([true, false, false, false]);
  });

  test('without folders there is no path, and that is said', () => {
    const text = `${usnHeader}\n${usnRow('FileCreate', '')}\n`;
    const { records, issues } = readAll(fileListingReader, text);
    expect(records[0]?.fields.has('TargetFilename')).toBe(false);
    expect(records[0]?.fields.get('Name')).toBe('x.aspx');
    expect(counted(issues)).toEqual({ NO_PARENT: 1 });
    expect(listed(text)).toEqual([undefined]);
  });
});

describe('bodyfiles', () => {
  const row = (name: string, mode = 'r/rrwxrwxrwx'): string =>
    `0|${name}|812-128-1|${mode}|0|0|345|1|1935990490|3|1935990489.25`;

  test('names with bars, marks of deleted files, folders', () => {
    const text = [
      row('/inetpub/x.aspx'),
      row('D:/a|b.txt (deleted)'),
      row('/inetpub ($FILE_NAME)', 'd/drwx'),
      row('c:/y (deleted-realloc)'),
    ].join('\r\n');
    const { records, issues, summary } = readAll(fileListingReader, text);
    expect(summary).toMatchObject({ records: 4, damaged: 0 });
    expect(counted(issues)).toEqual({ DRIVE_ASSUMED: 1 });
    expect(records.map(({ fields }) => fields.get('TargetFilename'))).toEqual([
      'C:\\inetpub\\x.aspx',
      'D:\\a|b.txt',
      'C:\\inetpub',
      'c:\\y',
    ]);
    expect(fieldsOf(records[0])).toMatchObject({
      CreationUtcTime: '2031-05-08T07:08:09.250Z',
      ModifiedUtcTime: '2031-05-08T07:08:10Z',
      Size: '345',
      MD5: '0',
      crtime: '1935990489.25',
    });
    expect(formatTime(records[0]?.time ?? 0n)).toBe('2031-05-08T07:08:09.250Z');
    expect(listed(text).map((entry) => entry?.inUse)).toEqual([undefined, false, undefined, false]);
    expect(listed(text)[0]?.listed).toMatchObject({ basis: 'bodyfile', bytes: 345, line: 1 });
    expect(listed(text)[2]).toBeUndefined();
  });

  test('zero is no time', () => {
    const { records, issues } = readAll(fileListingReader, '0|c:/x|1|r/r|0|0|1|0|0|0|0\n');
    expect(records[0]?.time).toBeUndefined();
    expect(records[0]?.fields.has('CreationUtcTime')).toBe(false);
    expect(counted(issues)).toEqual({ NO_TIME: 1 });
  });
});

describe('KAPE’s list of what it copied', () => {
  const header =
    'CopiedTimestamp,SourceFile,DestinationFile,FileSize,SourceFileSha1,DeferredCopy,CreatedOnUtc,ModifiedOnUtc,LastAccessedOnUtc,CopyDuration';
  const row =
    '2031-06-01 09:00:00.0000000,C:\\inetpub\\wwwroot\\x.aspx,E:\\out\\C\\inetpub\\wwwroot\\x.aspx,345,' +
    'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709,False,2031-05-06 07:08:09.1234567,2031-05-07 00:00:00.0000000,2031-05-08 00:00:00.0000000,00:00:00.1';

  test('has the times of the files on the server, not of the copies', () => {
    const [entry] = listed(`${header}\r\n${row}\r\n`, '2031-06-01T09_CopyLog.csv');
    expect(entry).toMatchObject({
      path: 'C:\\inetpub\\wwwroot\\x.aspx',
      listed: { basis: 'listing', bytes: 345, line: 2 },
    });
    expect(created(entry)).toBe('2031-05-06T07:08:09.1234567Z');
  });

  test('is told by its columns, behind another listing too', () => {
    const entries = listed(`${mftHeader}\r\n${mftRow()}\r\n${header}\r\n${row}\r\n`);
    expect(entries.map((entry) => entry?.listed.basis)).toEqual(['mft', 'listing']);
  });
});

describe('Export-Csv', () => {
  const header = '"Mode","FullName","Length","CreationTime","CreationTimeUtc","LastWriteTimeUtc"';
  const row = (time: string, name = 'x.aspx', mode = '-a----'): string =>
    `"${mode}","C:\\inetpub\\${name}","345","${time}","${time}","${time}"`;
  const times = (rows: readonly string[]) => {
    const { records, issues } = readAll(fileListingReader, [header, ...rows].join('\r\n'));
    const read = records.map(({ time }) => (time === undefined ? undefined : formatTime(time)));
    return { read, issues: counted(issues), fields: records.map(fieldsOf) };
  };

  test('with its type line, in UTF-16, with line breaks in a value', () => {
    const text = `#TYPE System.IO.FileInfo\r\n"VersionInfo",${header}\r\n"File: x\r\n""y""\r\n",${row('2031-05-06 07:08:09')}\r\n"",${row('2031-05-06 07:08:10', 'y', 'd-----')}\r\n`;
    for (const content of [bytesOf(text), utf16Of(text)]) {
      const { records, issues } = readAll(fileListingReader, content);
      expect(fileListingReader.recognise(content, 'x')).toBe('file-listing');
      expect(counted(issues)).toEqual({});
      expect(records.map(({ line }) => line)).toEqual([3, 6]);
      expect(fieldsOf(records[0])).toMatchObject({
        TargetFilename: 'C:\\inetpub\\x.aspx',
        Size: '345',
        VersionInfo: 'File: x\r\n"y"\r\n',
      });
      expect(formatTime(records[0]?.time ?? 0n)).toBe('2031-05-06T07:08:09Z');
    }
    const at = text.indexOf('"File');
    expect(readAll(fileListingReader, utf16Of(text)).records[0]?.offset).toBe(2 + 2 * at);
    expect(listed(text)).toMatchObject(
      [{ path: 'C:\\inetpub\\x.aspx', listed: { basis: 'listing', bytes: 345 } }, undefined].map(
        (e) => e ?? undefined,
      ),
    );
  });

  test('the time of each culture whose order is known', () => {
    expect(times([row('06.05.2031 07:08:09')]).read).toEqual(['2031-05-06T07:08:09Z']);
    expect(times([row('2031/05/06 7:08:09')]).read).toEqual(['2031-05-06T07:08:09Z']);
    const american = times([row('5/6/2031 7:08:09 PM'), row('12/31/2030 12:00:00 AM')]);
    expect(american).toMatchObject({ read: ['2031-05-06T19:08:09Z', '2030-12-31T00:00:00Z'], issues: {} });
    expect(american.fields[0]).toMatchObject({
      CreationUtcTime: '2031-05-06T19:08:09Z',
      CreationTimeUtc: '5/6/2031 7:08:09 PM',
    });
    expect(times([row('06/05/2031 07:08:09'), row('31/12/2030 00:00:00')]).read[0]).toBe(
      '2031-05-06T07:08:09Z',
    );
  });

  test('an order that cannot be told, or contradicts itself, leaves the times unknown', () => {
    expect(times([row('5/6/2031 7:08:09 AM')])).toMatchObject({
      read: [undefined],
      issues: { DATE_ORDER: 1 },
    });
    expect(times([row('5/16/2031 7:08:09'), row('16/5/2031 7:08:09')])).toMatchObject({
      read: [undefined, undefined],
      issues: { DATE_ORDER: 2 },
    });
  });

  test('local times alone are not used', () => {
    const { records, issues } = readAll(
      fileListingReader,
      'FullName;Length;CreationTime\nC:\\x;1;2031-05-06 07:08:09\n',
    );
    expect(records[0]?.time).toBeUndefined();
    expect(fieldsOf(records[0])).toMatchObject({
      TargetFilename: 'C:\\x',
      CreationTime: '2031-05-06 07:08:09',
    });
    expect(fieldsOf(records[0])).not.toHaveProperty('CreationUtcTime');
    expect(counted(issues)).toEqual({ UNKNOWN_ZONE: 1, NO_TIME: 1 });
  });
});

describe('damage', () => {
  const rows = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => mftRow({ name: `f${i}.aspx` }));

  test('rows that do not fit are kept, a stray quote takes no more than its own line', () => {
    const bad = ['1,2,3', `"${mftRow()}`, 'x"y', '"a""'];
    for (const one of bad) {
      const { records, issues, summary } = readAll(
        fileListingReader,
        [mftHeader, mftRow(), one, ...rows(3)].join('\r\n'),
      );
      expect(records.map(({ fields }) => fields.get('FileName') ?? fields.get('text'))).toEqual([
        'x.aspx',
        one,
        'f0.aspx',
        'f1.aspx',
        'f2.aspx',
      ]);
      expect(summary).toMatchObject({ records: 5, damaged: 1 });
      expect(counted(issues)).toMatchObject({ ROW_FIELDS: 1 });
    }
  });

  test('a header again, or that of another listing', () => {
    const text = [mftHeader, mftRow(), mftHeader, mftRow(), usnHeader, usnRow('FileCreate')].join('\n');
    const { records, summary } = readAll(fileListingReader, text);
    expect(summary).toMatchObject({ records: 3, damaged: 0 });
    expect(records.map(({ shape }) => shape.constants.get('#Listing'))).toEqual(['mft', 'mft', 'usn']);
  });

  test('a torn end', () => {
    const { records, issues } = readAll(
      fileListingReader,
      `${mftHeader}\n${mftRow()}\n${mftRow().slice(0, 40)}`,
    );
    expect(records[1]?.fields.get('text')).toBe(mftRow().slice(0, 40));
    expect(counted(issues)).toMatchObject({ TORN_END: 1 });
  });

  test('zeros, no UTF-8, long rows', () => {
    const bytes = bytesOf(
      [mftHeader, '\0'.repeat(3_000_000) + mftRow({ name: '?.aspx' }), 'x'.repeat(3_000_000), mftRow()].join(
        '\n',
      ),
    );
    bytes[bytes.lastIndexOf(0x3f)] = 0xff;
    const { records, issues } = readAll(fileListingReader, bytes);
    expect(records.map(({ fields }) => fields.get('FileName') ?? 'text')).toEqual([
      '\ufffd.aspx',
      'text',
      'x.aspx',
    ]);
    expect(records[0]?.fields.get('TargetFilename')).toBe('C:\\inetpub\\wwwroot\\\ufffd.aspx');
    expect(counted(issues)).toEqual({
      NULS: 3_000_000,
      NOT_UTF8: 1,
      DRIVE_ASSUMED: 1,
      LINE_TOO_LONG: 1,
      SKIPPED_BYTES: 3_000_000 - limits.lineBytes,
    });
  });

  test('a quote that opens in each line and closes in the next takes no more than linear time', () => {
    const count = 400_000;
    const text = `${mftHeader}\r\n${mftRow()}\r\n${'a"b,"\n'.repeat(count)}`;
    const { records } = readAll(fileListingReader, text);
    // Past what may be looked at in vain, all that was looked at is one text.
    expect(records.length).toBeLessThan(1000);
    expect(records.at(-1)?.offset).toBeGreaterThan(5 * count);
  });

  test('more than one window', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `f${i}.aspx`);
    const { records } = readAll(
      fileListingReader,
      [mftHeader, ...names.map((name) => mftRow({ name }))].join('\r\n'),
    );
    expect(records.map(({ fields }) => fields.get('TargetFilename')?.slice(19))).toEqual(
      names.map((name) => `\\${name}`.slice(1)),
    );
    expect(records.at(-1)?.line).toBe(20_001);
  });

  test('cut anywhere, all rows before the cut are read', () => {
    const head = `${mftHeader}\r\n`;
    const text = head + rows(2).join('\r\n');
    for (let cut = head.length; cut <= text.length; cut++) {
      const { records, summary } = readAll(fileListingReader, text.slice(0, cut));
      const whole = records.filter(({ fields }) => fields.has('TargetFilename')).length;
      const first = head.length + mftRow({ name: 'f0.aspx' }).length;
      expect(whole).toBeGreaterThanOrEqual(cut >= first ? 1 : 0);
      expect(summary).toMatchObject({ records: records.length, damaged: records.length - whole });
    }
  });

  test('whatever comes: no error, all records counted, in rising order', () => {
    const pieces = fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\0',
      '|',
      mftHeader,
      usnHeader,
      mftRow(),
      '\n0|/x|1|r/r|0|0|1|1|1|1|1\n',
      'FullName,Length\n',
      '#TYPE x\n',
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 30 })
      .map((parts) => bytesOf(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const { records, summary } = readAll(fileListingReader, bytes);
        expect(summary.records).toBe(records.length);
        const offsets = records.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
      }),
      propertyRuns(4),
    );
  });

  test('any cell comes back, quoted or not', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = rows.map(([a, b]) => `${quoted(`C:\\${a}`)},1,${quoted(b)}`);
        const { records, summary } = readAll(
          fileListingReader,
          ['FullName,Length,Owner', ...lines].join('\n'),
        );
        expect(summary.damaged).toBe(0);
        expect(records.map(({ fields }) => [fields.get('FullName'), fields.get('Owner') ?? ''])).toEqual(
          rows.map(([a, b]) => [`C:\\${a}`, b]),
        );
      }),
      propertyRuns(2),
    );
  });
});

describe('recognising', () => {
  const kind = (text: string): unknown => fileListingReader.recognise(bytesOf(text), 'x');
  test.each([
    ['$MFT', mftHeader + '\n'],
    ['$J', `\ufeff${usnHeader}\r\n`],
    ['bodyfile', '0|/x|1|r/r|0|0|1|1|1|1|1\n'],
    ['bodyfile with hashes', 'd41d8cd98f00b204e9800998ecf8427e|c:/x|1-128-4|r/rrwx|48|0|0|1|1|1|1\n'],
    ['Export-Csv', '#TYPE Selected.System.IO.FileInfo\r\n"FullName","Length"\r\n'],
    ['semicolons', '"FullName";"LastWriteTimeUtc"\r\n'],
    ['tabs', 'FullName\tCreationTime\r\n'],
  ])('%s', (_, text) => {
    expect(kind(text)).toBe('file-listing');
  });

  test('nothing else', () => {
    for (const text of [
      '',
      'a,b\n1,2\n',
      'Name,Length\n',
      'FullName\n',
      '1|2|3|4|5|6|7|8|9|10|11\n',
      '{"FullName":1,"Length":2}\n',
      '\0'.repeat(99),
      'DateTime,RequestId\n',
    ]) {
      expect(kind(text)).toBeUndefined();
    }
  });
});
