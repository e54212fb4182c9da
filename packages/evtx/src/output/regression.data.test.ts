// SigmaHQ's regression logs with the JSON that evtx_dump made of them, compared field by field.

import { describe, expect, test } from 'vitest';
import { nameIn, readFile, readLog, realFiles } from '../testing/real-logs.ts';
import { eventToJson } from './json.ts';

const folder = 'sigmahq/regression_data';
const files = realFiles(folder, '.evtx');

/**
 * The tool that made the JSON cut times to six digits and white space around texts; ours has both as they are in the
 * log, which is what rules for spaces at the end of a command line need.
 */
function asTheyCut(value: unknown): unknown {
  if (typeof value === 'string') return value.trim().replace(/^([-\d]{10}T[\d:]{8}\.\d{6})\d+Z$/, '$1Z');
  if (Array.isArray(value)) return value.map(asTheyCut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asTheyCut(inner)]));
}

/** In one file the JSON was changed by hand afterwards: the log has `Explorer.EXE`, as the bytes show. */
const editedByHand = new Map([
  [
    'ad691d92-15f2-4181-9aa4-723c74f9ddc3',
    ['C:\\\\Windows\\\\Explorer.exe', 'C:\\\\Windows\\\\Explorer.EXE'],
  ],
]);

function expectedText(path: string): string {
  const text = new TextDecoder().decode(readFile(path.replace(/\.evtx$/, '.json')));
  const [from = '', to = ''] = editedByHand.get(path.split('/').at(-1)?.slice(0, -5) ?? '') ?? [];
  return from === '' ? text : text.replace(`"ParentCommandLine": "${from}"`, `"ParentCommandLine": "${to}"`);
}

/** The files hold one pretty-printed object behind the other. */
function objectsIn(text: string): unknown[] {
  const parts = text.replace(/^\uFEFF/, '').split(/^(?=\{)/m);
  return parts.filter((part) => part.trim() !== '').map((part): unknown => JSON.parse(part));
}

describe.skipIf(files === undefined)('SigmaHQ regression logs', () => {
  test('there are 202', () => {
    expect(files).toHaveLength(202);
  });

  test.each((files ?? []).map((path) => [nameIn(folder, path), path] as const))('%s', (_, path) => {
    const events: unknown[] = [];
    const { summary } = readLog(readFile(path), (batch) => {
      for (let record = 0; record < batch.count; record++) {
        events.push(asTheyCut(JSON.parse(eventToJson(batch, record))));
      }
    });
    const expected = objectsIn(expectedText(path)).map(asTheyCut);
    expect(summary.damaged).toBe(0);
    expect(events).toEqual(expected);
  });
});
