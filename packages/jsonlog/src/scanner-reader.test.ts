// Made-up logs in the form that Microsoft's Safety Scanner and Malicious Software Removal Tool write.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { scannerLogReader } from './scanner-reader.ts';
import { bytesOf, counted, fieldsOf, readAll, utf16Of } from './testing/read-all.ts';

const dashes = '-'.repeat(87);
const heading = 'Microsoft Safety Scanner v1.333, (build 1.333.999.0)';

function run(...body: readonly string[]): string {
  return [
    dashes,
    heading,
    'Started On Fri Mar 12 09:08:07 2021',
    '',
    'Engine: 1.1.17900.7',
    'Signatures: 1.333.999.0',
    'MpGear: 1.1.16330.1',
    'Run Mode: Scan Run in Quiet Mode',
    '',
    ...body,
    'Microsoft Safety Scanner Finished On Fri Mar 12 09:58:07 2021',
    '',
    '',
    'Return code: 6 (0x6)',
    '',
  ].join('\r\n');
}

const detailed = run(
  'Quick Scan Results:',
  '-------------------',
  'Threat Detected: Backdoor:ASP/Chopper.F!dha and Removed!',
  '  Action: Remove, Result: 0x00000000',
  '    containerfile://C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx',
  '    file://\\\\?\\C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx->(SCRIPT0000)',
  '        SigSeq: 0x00000555DC2DDDB0',
  'Threat detected: Virus:DOS/EICAR_Test_File, not removed.',
  '    Action: NoAction, Result: 0x00000000',
  '        file://C:\\t\\eicar.zip->eicar.com',
  '',
  'Results Summary:',
  '----------------',
  'Found Backdoor:ASP/Chopper.F!dha and Removed!',
  'Found Virus:DOS/EICAR_Test_File, not removed.',
  'Successfully Submitted MAPS Report',
);
const nothing = run('Results Summary:', '----------------', 'No infection found.');

describe('a run', () => {
  test('each file of a threat is a record, and the summary does not say it twice', () => {
    const { records, issues, summary } = readAll(scannerLogReader, detailed);
    const common = {
      Started: '2021-03-12 09:08:07',
      Tool: heading,
      'Threat Name': 'Backdoor:ASP/Chopper.F!dha',
      Outcome: 'and Removed!',
      Action: 'Remove',
      Result: '0x00000000',
    };
    const path = 'C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx';
    expect(records.map((record) => fieldsOf(record))).toEqual([
      { ...common, Type: 'containerfile', Path: path },
      { ...common, Type: 'file', Path: `${path}->(SCRIPT0000)` },
      {
        ...common,
        'Threat Name': 'Virus:DOS/EICAR_Test_File',
        Outcome: 'not removed.',
        Action: 'NoAction',
        Type: 'file',
        Path: 'C:\\t\\eicar.zip->eicar.com',
      },
    ]);
    expect(records.map(({ line }) => line)).toEqual([14, 15, 19]);
    expect(issues).toEqual([]);
    expect(summary).toMatchObject({ records: 3, damaged: 0 });
  });

  test('of a summary alone there is the threat without a path', () => {
    const { records } = readAll(
      scannerLogReader,
      run('Results Summary:', 'Found Backdoor:ASP/Chopper.G!dha and Removed!'),
    );
    expect(records.map((record) => fieldsOf(record))).toMatchObject([
      { 'Threat Name': 'Backdoor:ASP/Chopper.G!dha', Outcome: 'and Removed!' },
    ]);
  });

  test('files whose outcome only the summary knows are told, and so is the summary', () => {
    const { records } = readAll(
      scannerLogReader,
      run(
        'Threat detected: Backdoor:ASP/X',
        'file://C:\\a.aspx',
        'file://C:\\b.aspx',
        'Found Backdoor:ASP/X and Removed!',
      ),
    );
    expect(
      records.map((record) => [fieldsOf(record)['Path'] ?? '', fieldsOf(record)['Outcome'] ?? '']),
    ).toEqual([
      ['C:\\a.aspx', ''],
      ['C:\\b.aspx', ''],
      ['', 'and Removed!'],
    ]);
  });

  test('several runs, UTF-16 and the removal tool', () => {
    const other = nothing.replace(
      heading,
      'Microsoft Windows Malicious Software Removal Tool v5.87, (build 5.87.1.2)',
    );
    const text = detailed + other.replace('Mar 12 09:08', 'Apr  3 19:08');
    for (const content of [text, utf16Of(text), utf16Of(text, false)]) {
      const { records, issues } = readAll(scannerLogReader, content);
      expect(issues).toEqual([]);
      expect(records).toHaveLength(4);
      expect(fieldsOf(records[3])).toMatchObject({
        Started: '2021-04-03 19:08:07',
        Outcome: 'No infection found.',
      });
      expect(records[3]?.line).toBeGreaterThan(30);
    }
  });
});

describe('damage', () => {
  test('lines that are not known are kept as text', () => {
    const { records, issues } = readAll(scannerLogReader, run('->Scan ERROR: something', 'C:\\x.aspx'));
    expect(records.map(({ fields }) => fields.get('text'))).toEqual([
      '->Scan ERROR: something',
      'C:\\x.aspx',
    ]);
    expect(counted(issues)).toEqual({ UNKNOWN_LINE: 2 });
  });

  test('a run without a readable beginning has no time, and that is said', () => {
    const { records, issues, summary } = readAll(
      scannerLogReader,
      detailed.replace('Started On', 'Gestartet am'),
    );
    expect(records).toHaveLength(4);
    expect(summary.first).toBeUndefined();
    expect(counted(issues)).toEqual({ UNKNOWN_LINE: 1, NO_TIME: 3 });
  });

  test('a threat does not reach into the next run', () => {
    const { records } = readAll(
      scannerLogReader,
      [heading, 'Threat Detected: Backdoor:ASP/X and Removed!', heading, 'file://C:\\a.aspx'].join('\n'),
    );
    expect(records.map(({ fields }) => fields.get('text'))).toEqual(['file://C:\\a.aspx']);
  });

  test('cut at every byte, what was whole is read', () => {
    for (const bytes of [bytesOf(detailed), utf16Of(detailed)]) {
      for (let cut = 0; cut <= bytes.length; cut++) {
        const { records, summary } = readAll(scannerLogReader, bytes.subarray(0, cut));
        expect(summary.records).toBe(records.length);
        expect(records.length).toBeLessThanOrEqual(4);
      }
    }
    const end = detailed.indexOf('        SigSeq');
    expect(readAll(scannerLogReader, detailed.slice(0, end)).records).toHaveLength(2);
  });

  test('a line beyond the limit is cut and passed over', () => {
    const long = `file://C:\\${'x'.repeat(3_000_000)}`;
    const { issues } = readAll(scannerLogReader, run(long));
    expect(counted(issues)).toMatchObject({ LINE_TOO_LONG: 1 });
  });

  test('whatever comes: no error, all records counted, in rising order', () => {
    const pieces = fc.constantFrom(
      '\n',
      '\r',
      '\0',
      heading,
      'Started On Fri Mar 12 09:08:07 2021\n',
      'Threat Detected: a\n',
      'Found a and Removed!\n',
      'file://',
      detailed,
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 30 })
      .map((parts) => bytesOf(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const { records, summary } = readAll(scannerLogReader, bytes);
        expect(summary.records).toBe(records.length);
        const offsets = records.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
      }),
      propertyRuns(4),
    );
  });
});

describe('recognising', () => {
  const kind = (bytes: Uint8Array): unknown => scannerLogReader.recognise(bytes, 'C:\\x.txt');
  test('by its content', () => {
    for (const text of [detailed, `\ufeff${nothing}`, `reboot-mode: 0, quiet-mode: 1\n${nothing}`]) {
      expect(kind(bytesOf(text))).toBe('msert');
    }
    expect(kind(utf16Of(detailed))).toBe('msert');
  });

  test('nothing else', () => {
    for (const text of [
      '',
      heading,
      `see below\n${detailed}`,
      detailed.replace('Started', 'Begun'),
      '\0'.repeat(99),
    ])
      expect(kind(bytesOf(text))).toBeUndefined();
  });
});
