// Random rules and records: the compiled matcher says what the naive reading says, and what a record that matches
// holds in its bytes is among the literals.

import type { Batch, Shape } from '@postern/core';
import { compileScanner } from '@postern/match';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { compileRules } from './compile-rules.ts';
import { openRuleSet } from './open-rule-set.ts';
import { parseRules, type SigmaRule } from './parse-rules.ts';
import type { RuleSet } from './rule-set.ts';
import { meantText, ruleArbitrary } from './testing/arbitrary.ts';
import {
  naiveHolds,
  naiveScannedFold,
  naiveText,
  plainWorld,
  type NaiveRecord,
  type NaiveRule,
  type NaiveWorld,
} from './testing/naive.ts';
import { batchOf, hitsOf, shapeOf, type MadeValue } from './testing/records.ts';

/** A value as it is meant and as the log writes it. */
interface Written {
  readonly meant: readonly string[] | null;
  readonly value: MadeValue;
}

interface World extends NaiveWorld {
  readonly shape: Shape;
  readonly logsource: Readonly<Record<string, string>>;
  /** For each field. */
  readonly values: readonly Arbitrary<Written>[];
  readonly isOwn?: boolean;
  /** Literals are of no use to readers of binary logs. */
  readonly isBinary?: boolean;
}

const absent = fc.constant<Written>({ meant: null, value: null });

function sometimesAbsent(written: Arbitrary<Written>): Arbitrary<Written> {
  return fc.oneof({ weight: 1, arbitrary: absent }, { weight: 7, arbitrary: written });
}

/** Letters here and there as `\u0061`, as a hostile or a careful writer has them. */
function jsonEscaped(text: string, every: number): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charAt(i));
  return units
    .map((unit, i) =>
      every > 0 && i % every === 0
        ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
        : JSON.stringify(unit).slice(1, -1),
    )
    .join('');
}

const jsonText = fc.tuple(meantText(true), fc.constantFrom(0, 0, 0, 2, 3)).map(([text, every]): Written => ({
  meant: [text],
  value: { raw: jsonEscaped(text, every), type: 'jsonString' },
}));
const jsonList = fc
  .array(meantText(true), { maxLength: 3 })
  .map((texts): Written => ({ meant: texts, value: { raw: JSON.stringify(texts), type: 'jsonValue' } }));
const jsonNumber = fc
  .constantFrom(7, 12, -1)
  .map((value): Written => ({ meant: [String(value)], value: { raw: String(value), type: 'jsonValue' } }));

const events: World = {
  ...plainWorld,
  shape: shapeOf('windows-event', ['F', 'G', 'H']),
  logsource: { product: 'windows' },
  values: Array.from({ length: 3 }, () =>
    sometimesAbsent(fc.oneof({ weight: 6, arbitrary: jsonText }, jsonList, jsonNumber)),
  ),
};

const utf16Text = meantText(true).map((text): Written => ({
  meant: [text],
  value: { raw: text, type: 'utf16' },
}));
const latin1Text = meantText(true).map((text): Written => {
  const raw = Array.from(text, (char) => (char > '\u00ff' ? '?' : char)).join('');
  return { meant: [raw], value: { raw, type: 'latin1' } };
});

/** Windows-1252 where it is Latin-1, with NULs here and there, which count as nothing. */
const ansiText = fc
  .tuple(latin1Text, fc.constantFrom('', '\0', '\0\0'), fc.boolean())
  .map(([{ meant }, nuls, isInside]): Written => {
    const text = meant?.[0] ?? '';
    return {
      meant: [text],
      value: { raw: isInside ? Array.from(text).join(nuls) : text + nuls, type: 'ansi' },
    };
  });
const utf16Array = fc
  .tuple(fc.array(meantText(true), { minLength: 1, maxLength: 3 }), fc.boolean())
  .filter(([texts, isEnded]) => isEnded || texts.at(-1) !== '')
  .map(([texts, isEnded]): Written => ({
    meant: texts,
    value: { raw: texts.join('\0') + (isEnded ? '\0' : ''), type: 'utf16-array' },
  }));

const binaryEvents: World = {
  ...events,
  isBinary: true,
  values: Array.from({ length: 3 }, () =>
    sometimesAbsent(
      fc.oneof({ weight: 5, arbitrary: utf16Text }, latin1Text, ansiText, utf16Array, jsonNumber),
    ),
  ),
};

const csvText = meantText(true).map((text): Written => ({
  meant: [text],
  value: { raw: text.replaceAll('"', '""'), type: 'csvQuoted' },
}));
const ecpText = meantText(true).map((text): Written => ({
  meant: [text.replaceAll('""', '"')],
  value: { raw: text.replaceAll("'", "''").replaceAll('"', '""'), type: 'ecpText' },
}));

const ecp: World = {
  ...plainWorld,
  fold: naiveScannedFold,
  shape: shapeOf('ecp-server', ['CMD', 'EX', 'EventData']),
  logsource: { product: 'exchange', service: 'ecp-server' },
  values: [sometimesAbsent(ecpText), sometimesAbsent(ecpText), sometimesAbsent(csvText)],
};

function percentEncoded(text: string, every: number): string {
  return Array.from(text, (char, i) =>
    every > 0 && i % every === 0
      ? Array.from(Buffer.from(char), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
      : char,
  ).join('');
}

/** Percent signs that are meant stay as they are: what follows them decides whether they are escapes. */
function naiveDecode(text: string): string {
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

const part = fc.tuple(meantText(false), fc.constantFrom(0, 0, 2, 3)).map(([text, every]): Written => {
  const raw = percentEncoded(text, every);
  return { meant: [raw], value: raw };
});
const agent = meantText(true).map((text): Written => ({
  meant: [text.replaceAll('+', ' ')],
  value: { raw: text.replaceAll(' ', '+'), type: 'plusText' },
}));
const word = meantText(false).map((text): Written => ({ meant: [text], value: text }));

const iisFields = ['cs-uri-stem', 'cs-uri-query', 'cs(User-Agent)', 'cs-username'];

function iis(isOwn: boolean): World {
  const both = (texts: readonly string[]): string[] => texts.flatMap((text) => [text, naiveDecode(text)]);
  const url = (record: NaiveRecord): string[] => {
    const [stem] = record.get('cs-uri-stem') ?? [];
    const [query] = record.get('cs-uri-query') ?? [];
    return stem === undefined
      ? []
      : both([query === undefined ? stem : query.startsWith('?') ? stem + query : `${stem}?${query}`]);
  };
  const own = (record: NaiveRecord, field: string): readonly string[] | null => {
    const texts = record.get(field) ?? null;
    return texts !== null && field.startsWith('cs-uri') ? both(texts) : texts;
  };
  const views = (record: NaiveRecord, field: string): readonly string[] | null => {
    if (field !== 'cs-uri-query') return own(record, field);
    const all = [...(isOwn ? [] : url(record)), ...(own(record, field) ?? [])];
    return all.length === 0 ? null : all;
  };
  const leaves = (record: NaiveRecord): string[] => [
    ...url(record),
    ...iisFields.flatMap((field) =>
      field.startsWith('cs-uri') ? both(record.get(field) ?? []) : (record.get(field) ?? []),
    ),
  ];
  return {
    fold: naiveScannedFold,
    isAgent: (field) => field === 'cs(User-Agent)',
    views,
    own,
    leaves,
    shape: shapeOf('iis', iisFields),
    logsource: { category: 'webserver' },
    values: [sometimesAbsent(part), sometimesAbsent(part), sometimesAbsent(agent), sometimesAbsent(word)],
    isOwn,
  };
}

const block = { stage: 'probe', witness: 'lead', act: 'look', meaning: 'Someone looked.' };

/** Counters, so that a test that compares nothing does not pass. */
interface Seen {
  matches: number;
  misses: number;
  guarded: number;
}

function compare(world: World, seen: Seen): void {
  const { fields } = world.shape;
  // The same rules meet records whose fields stand in another order: shapes that are alike share what rules look at.
  const shapes = [world.shape, { ...world.shape, fields: fields.toReversed() }];
  const records = fc.array(fc.tuple(fc.boolean(), ...world.values), { minLength: 1, maxLength: 12 });
  const rule = ruleArbitrary(fields);
  const rulesArbitrary = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(rule) },
    { weight: 1, arbitrary: fc.array(rule, { minLength: 2, maxLength: 4 }) },
  );
  fc.assert(
    fc.property(rulesArbitrary, records, (made, samples) => {
      const open = openRuleSet(roundTrip(compileRules(rulesIn(made, world))), { choosingAfter: [2, 5] });
      for (const [isReversed, ...sample] of samples) {
        const shape = shapes[isReversed ? 1 : 0] ?? world.shape;
        const matcher = open.forShape(shape);
        const values = sample.map(({ value }) => value);
        const batch = batchOf(shape, isReversed ? values.toReversed() : values);
        const meant = new Map(fields.map((field, i) => [field, sample[i]?.meant ?? null]));
        const expected = made.flatMap((one, i) => (naiveHolds(one, meant, world) ? [i] : []));
        expect({ sample, hits: hitsOf(matcher, batch) }).toEqual({ sample, hits: expected });
        seen[expected.length > 0 ? 'matches' : 'misses']++;
        if (world.isBinary === true || expected.length === 0 || matcher?.literals === undefined) continue;
        seen.guarded++;
        expect({ sample, found: standsIn(batch, matcher.literals) }).toEqual({ sample, found: true });
      }
    }),
    propertyRuns(6),
  );
}

function rulesIn(made: readonly NaiveRule[], world: World): readonly SigmaRule[] {
  const texts = made.map((rule) =>
    naiveText(rule, world.logsource, world.isOwn === true ? block : undefined),
  );
  const { rules, refused } = parseRules(texts.join('---\n'), 'made.yml');
  expect(refused).toEqual([]);
  return rules;
}

/** As a worker or a cache gets it. */
function roundTrip(ruleSet: RuleSet): RuleSet {
  return JSON.parse(JSON.stringify(ruleSet)) as RuleSet;
}

/** Whether one of the literals stands in the bytes; a scanner says the same. */
function standsIn(batch: Batch, literals: readonly string[]): boolean {
  const line = Buffer.from(batch.buffer)
    .toString('latin1')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const found = literals.some((literal) => line.includes(literal));
  let scanned = literals.length === 0 ? found : false;
  if (literals.length > 0) {
    compileScanner(literals).scan(batch.buffer, 0, batch.buffer.length, (at) => {
      scanned = true;
      return at + 1;
    });
  }
  expect(scanned).toBe(found);
  return found;
}

describe('the compiled matcher is the naive reading', () => {
  test.each<[string, World]>([
    ['of Windows events', events],
    ['of Windows events in binary logs', binaryEvents],
    ['of ECP logs', ecp],
    ["of IIS logs by strangers' rules", iis(false)],
    ['of IIS logs by our own rules', iis(true)],
  ])('%s', (_, world) => {
    const seen: Seen = { matches: 0, misses: 0, guarded: 0 };
    compare(world, seen);
    const counted = world.isBinary === true ? [] : [seen.guarded];
    expect(Math.min(seen.matches, seen.misses, ...counted)).toBeGreaterThan(10);
  });
});
