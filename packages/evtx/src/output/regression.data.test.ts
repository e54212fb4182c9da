// SigmaHQ's regression logs with the JSON that evtx_dump made of them, compared field by field. Every difference is in
// DIFFERENCES.md: no other is there, and none too many.

import { describe, expect, test } from 'vitest';
import { nameIn, readFile, readLog, realFiles } from '../testing/real-logs.ts';
import { eventToJson } from './json.ts';

const folder = 'sigmahq/regression_data';
const files = realFiles(folder, '.evtx');
const listed = new TextDecoder().decode(readFile(new URL('../../DIFFERENCES.md', import.meta.url).pathname));

/** Log → fields whose white space was cut, and what else differs. */
const expected = new Map(
  Array.from(listed.matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm), ([, name = '', what = '']) => [
    name,
    what.trim(),
  ]),
);

/** The files hold one pretty-printed object behind the other. */
function objectsIn(text: string): readonly unknown[] {
  const parts = text.replace(/^\uFEFF/, '').split(/^(?=\{)/m);
  return parts.filter((part) => part.trim() !== '').map((part): unknown => JSON.parse(part));
}

/** Names of fields that differ, apart from the digits of times. */
function differences(ours: unknown, theirs: unknown, name: string): readonly string[] {
  if (ours === theirs) return [];
  if (isObject(ours) && isObject(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) => differences(ours[key], theirs[key], key));
  }
  if (typeof ours !== 'string' || typeof theirs !== 'string') return [`${name} differs`];
  if (isCutTime(ours, theirs)) return [];
  return ours.trim() === theirs ? [name] : [`${name} differs`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Ours has the seven digits that are stored, the tool wrote six of them. */
function isCutTime(ours: string, theirs: string): boolean {
  return /^[-\d]{10}T[\d:]{8}\.\d{7}Z$/.test(ours) && `${ours.slice(0, -2)}Z` === theirs;
}

describe.skipIf(files === undefined)('SigmaHQ regression logs', () => {
  test('there are 202', () => {
    expect(files).toHaveLength(202);
  });

  test.each((files ?? []).map((path) => [nameIn(folder, path), path] as const))('%s', (_, path) => {
    const events: unknown[] = [];
    const { summary } = readLog(readFile(path), (batch) => {
      for (let record = 0; record < batch.count; record++)
        events.push(JSON.parse(eventToJson(batch, record)));
    });
    const theirs = objectsIn(new TextDecoder().decode(readFile(path.replace(/\.evtx$/, '.json'))));
    const found = new Set(events.flatMap((event, index) => differences(event, theirs[index], '')));
    expect([summary.damaged, events.length]).toEqual([0, theirs.length]);
    const rule = path.split('/').at(-2) ?? '';
    expect([...found].toSorted().join(', ')).toBe(expected.get(rule) ?? '');
  });

  test('all that is listed is there', () => {
    const rules = (files ?? []).map((path) => path.split('/').at(-2));
    expect([...expected.keys()].filter((name) => !rules.includes(name))).toEqual([]);
  });
});
