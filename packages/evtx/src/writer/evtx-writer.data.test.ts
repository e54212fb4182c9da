// Debian's evtxexport (libevtx) reads what the writer wrote; skipped with a message where it is not installed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defineEvent, eventBody, writeEvtx, type EvtxValue, type SlotType } from './index.ts';

const hasTool = spawnSync('evtxexport', ['-V']).error === undefined;
if (!hasTool) console.warn('evtxexport (libevtx-utils) is not installed: the writer is not held against it');

const FIELDS: readonly (readonly [name: string, type: SlotType, value: EvtxValue, text: string])[] = [
  ['Text', 'string', 'C:\\a & b <ü>', 'C:\\a &amp; b &lt;ü&gt;'],
  ['Small', 'uint8', 200, '200'],
  // Not a negative one: this libevtx takes the sign bit alone and prints -2 as -32766.
  ['Signed', 'int16', 300, '300'],
  ['Number', 'uint32', 4_000_000_000, '4000000000'],
  ['Wide', 'uint64', 2n ** 63n, '9223372036854775808'],
  ['Access', 'hex32', 0x1410, '0x00001410'],
  ['LogonId', 'hex64', 0x3e7, '0x00000000000003e7'],
  ['Guid', 'guid', '94f748d5-4a45-5a42-0000-0010d265f20f', '{94F748D5-4A45-5A42-0000-0010D265F20F}'],
  ['Sid', 'sid', 'S-1-5-21-1-2-3-500', 'S-1-5-21-1-2-3-500'],
  ['Time', 'filetime', Date.UTC(2021, 2, 3, 4, 5, 6, 789), '2021-03-03T04:05:06.789000000Z'],
  ['Yes', 'bool', true, 'true'],
  ['Bytes', 'binary', Uint8Array.of(1, 0xab), '01AB'],
];

const named = defineEvent({
  provider: 'Example-Provider',
  guid: '01234567-89ab-cdef-0123-456789abcdef',
  channel: 'Example/Operational',
  id: 77,
  data: { form: 'named', fields: FIELDS.map(([name, type]) => [name, type]) },
});
const old = defineEvent({
  provider: 'Old Provider',
  channel: 'Application',
  id: 5,
  qualifiers: 16_384,
  data: { form: 'unnamed' },
});
const user = defineEvent({
  provider: 'Example-Provider',
  guid: '01234567-89ab-cdef-0123-456789abcdef',
  channel: 'Security',
  id: 1102,
  data: {
    form: 'user',
    element: 'LogFileCleared',
    namespace: 'urn:x',
    fields: [['SubjectUserName', 'string']],
  },
});

function exported(file: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-evtx-'));
  try {
    const path = join(folder, 'log.evtx');
    writeFileSync(path, file);
    const { stdout, stderr } = spawnSync('evtxexport', ['-f', 'xml', path], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(stderr).toBe('');
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.runIf(hasTool)('libevtx reads every record and every value', () => {
  const time = Date.UTC(2021, 2, 3);
  const kinds = [
    { kind: named, values: FIELDS.map(([, , value]) => value) },
    { kind: old, values: [['one', '', 'three'], Uint8Array.of(0xff)] },
    { kind: user, values: ['somebody'] },
  ];
  const log = Array.from({ length: 999 }, (_, index) => {
    const { kind, values } = kinds[index % 3]!;
    const body = eventBody(kind, {
      time: time + index,
      record: index + 1,
      computer: 'ex1.corp.example',
      values,
    });
    return { time: time + index, body };
  });
  const text = exported(writeEvtx(log));
  const ids = [...text.matchAll(/<EventRecordID>(\d+)</g)].map(([, id]) => Number(id));
  expect(ids).toEqual(Array.from({ length: 999 }, (_, index) => index + 1));
  const data = [...text.matchAll(/<Data Name="(\w+)">(.*)<\/Data>/g)].slice(0, FIELDS.length);
  expect(data.map(([, name, value]) => [name, value])).toEqual(
    FIELDS.map(([name, , , value]) => [name, value]),
  );
  expect(text).toContain('<Data>one</Data>\n    <Data/>\n    <Data>three</Data>\n    <Binary>FF</Binary>');
  expect(text).toContain('<SubjectUserName>somebody</SubjectUserName>');
  expect(text).not.toContain('Unable to export');
});
