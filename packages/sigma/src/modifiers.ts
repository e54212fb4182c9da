import { foldScanned, parseCidr } from '@postern/match';
import { base64, base64Offsets, bytesAsText, utf16Bytes, utf8Bytes } from './encodings.ts';
import type { Comparison, DatePart, FieldRelation, ValueTest } from './field-test.ts';
import {
  literalOf,
  literalPattern,
  mapLiterals,
  openBoth,
  openEnd,
  openStart,
  parsePattern,
  withAnyDash,
  type Pattern,
} from './pattern.ts';
import type { YamlScalar } from './yaml-node.ts';

/** A value on its way through the modifiers of its field, from left to right. */
export type Draft =
  | { readonly kind: 'scalar'; readonly scalar: YamlScalar }
  | { readonly kind: 'text'; readonly pattern: Pattern }
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number; readonly part?: DatePart }
  | { readonly kind: 'field'; readonly other: string; readonly how: FieldRelation }
  | { readonly kind: 'exists'; readonly wanted: boolean };

/** Why a value cannot go through a modifier. */
export interface Refusal {
  readonly code: 'POSTERN_SIGMA_MODIFIER' | 'POSTERN_SIGMA_PLACEHOLDER' | 'POSTERN_SIGMA_CIDR';
  readonly reason: string;
}

/** The values that a placeholder stands for, by its name. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/** What a modifier makes of one value: the values of which one must fit. */
type Step = (draft: Draft, placeholders: Placeholders) => readonly Draft[] | Refusal;

/** Modifiers that concern the whole item, not its values one by one. */
export const itemModifiers: ReadonlySet<string> = new Set(['all', 'neq', 'cased']);

const notHere = (reason: string): Refusal => ({ code: 'POSTERN_SIGMA_MODIFIER', reason });

/** The text of a value that had no modifier before, or has become text already. */
function patternOf(draft: Draft): Pattern | undefined {
  if (draft.kind === 'text') return draft.pattern;
  if (draft.kind === 'bytes') return literalPattern(bytesAsText(draft.bytes));
  return draft.kind === 'scalar' && draft.scalar.value !== null ? parsePattern(draft.scalar.text) : undefined;
}

function place(
  relation: FieldRelation,
  open: (pattern: Pattern) => Pattern,
  anchor: (regex: string) => string,
): Step {
  return (draft) => {
    if (draft.kind === 'regex') return [{ ...draft, pattern: anchor(draft.pattern) }];
    if (draft.kind === 'field') return [{ ...draft, how: relation }];
    const pattern = patternOf(draft);
    return pattern === undefined ? notHere('it takes a text') : [{ kind: 'text', pattern: open(pattern) }];
  };
}

function reencode(encode: (text: string) => readonly number[]): Step {
  return (draft) => {
    const pattern = draft.kind === 'bytes' ? undefined : patternOf(draft);
    const text = pattern === undefined ? undefined : literalOf(pattern);
    return text === undefined
      ? notHere('it takes a text without wildcards')
      : [{ kind: 'bytes', bytes: encode(text) }];
  };
}

function inBase64(encode: (bytes: readonly number[]) => readonly string[]): Step {
  return (draft) => {
    const pattern = patternOf(draft);
    const text = pattern === undefined ? undefined : literalOf(pattern);
    if (text === undefined) return notHere('it takes a text without wildcards');
    const bytes = draft.kind === 'bytes' ? draft.bytes : utf8Bytes(text);
    return encode(bytes).map((encoded) => ({ kind: 'text', pattern: literalPattern(encoded) }));
  };
}

function flag(letter: 'i' | 'm' | 's'): Step {
  return (draft) =>
    draft.kind === 'regex'
      ? [{ ...draft, flags: draft.flags + letter }]
      : notHere('it follows "re" and nothing else');
}

function comparison(op: Comparison): Step {
  return (draft) => {
    if (draft.kind === 'compare' && draft.op === 'eq') return [{ ...draft, op }];
    const value = numberOf(draft);
    return value === undefined ? notHere('it takes a number') : [{ kind: 'compare', op, value }];
  };
}

function datePart(part: DatePart): Step {
  return (draft) => {
    if (draft.kind === 'compare' && draft.part === undefined) return [{ ...draft, part }];
    const value = numberOf(draft);
    return value === undefined ? notHere('it takes a number') : [{ kind: 'compare', op: 'eq', value, part }];
  };
}

function numberOf(draft: Draft): number | undefined {
  return draft.kind === 'scalar' && typeof draft.scalar.value === 'number' ? draft.scalar.value : undefined;
}

const regex: Step = (draft) => {
  if (draft.kind !== 'scalar') return notHere('it must be the first modifier');
  if (draft.scalar.value === null) return notHere('it takes a text');
  return [{ kind: 'regex', pattern: draft.scalar.text, flags: '' }];
};

const cidr: Step = (draft) => {
  if (draft.kind !== 'scalar') return notHere('it takes a value that no other modifier has changed');
  try {
    parseCidr(draft.scalar.text);
    return [{ kind: 'cidr', network: draft.scalar.text }];
  } catch (error) {
    return { code: 'POSTERN_SIGMA_CIDR', reason: error instanceof Error ? error.message : 'not a network' };
  }
};

const exists: Step = (draft) => {
  if (draft.kind !== 'scalar' || typeof draft.scalar.value !== 'boolean')
    return notHere('it takes true or false');
  return [{ kind: 'exists', wanted: draft.scalar.value }];
};

const fieldref: Step = (draft) => {
  if (draft.kind !== 'scalar' || typeof draft.scalar.value !== 'string')
    return notHere('it takes the name of a field');
  return [{ kind: 'field', other: draft.scalar.value, how: 'equals' }];
};

const windash: Step = (draft) => {
  const pattern = draft.kind === 'bytes' ? undefined : patternOf(draft);
  return pattern === undefined
    ? notHere('it takes a text')
    : [{ kind: 'text', pattern: withAnyDash(pattern) }];
};

const placeholder = /(?<!\\)%([^%\s\\]+)%/;

/** Puts the values of placeholders in; `\%` is a percent sign. It always goes first. */
const expand: Step = (draft, placeholders) => {
  if (draft.kind !== 'scalar' || typeof draft.scalar.value !== 'string') return notHere('it takes a text');
  const texts = expandAll(draft.scalar.text, placeholders);
  if (!Array.isArray(texts))
    return { code: 'POSTERN_SIGMA_PLACEHOLDER', reason: `nothing is known of %${texts.missing}%` };
  return texts.map((text) => ({ kind: 'scalar', scalar: { ...draft.scalar, value: text, text } }));
};

function expandAll(text: string, placeholders: Placeholders): string[] | { readonly missing: string } {
  const found = placeholder.exec(text);
  if (found === null) return [text.replaceAll('\\%', '%')];
  const [whole, name = ''] = found;
  const values = placeholders.get(name);
  if (values === undefined) return { missing: name };
  const rest = expandAll(text.slice(found.index + whole.length), placeholders);
  if (!Array.isArray(rest)) return rest;
  const before = text.slice(0, found.index).replaceAll('\\%', '%');
  return values.flatMap((value) => rest.map((tail) => before + value + tail));
}

const wide = reencode((text) => utf16Bytes(text));

/** All modifiers that change values, by name. */
export const valueModifiers: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['contains', place('contains', openBoth, (pattern) => pattern)],
  ['startswith', place('startswith', openEnd, (pattern) => `\\A(?:${pattern})`)],
  ['endswith', place('endswith', openStart, (pattern) => `(?:${pattern})\\z`)],
  ['exists', exists],
  ['re', regex],
  ['i', flag('i')],
  ['ignorecase', flag('i')],
  ['m', flag('m')],
  ['multiline', flag('m')],
  ['s', flag('s')],
  ['dotall', flag('s')],
  ['windash', windash],
  ['base64', inBase64((bytes) => [base64(bytes)])],
  ['base64offset', inBase64(base64Offsets)],
  ['wide', wide],
  ['utf16le', wide],
  ['utf16be', reencode((text) => utf16Bytes(text, { bigEndian: true }))],
  ['utf16', reencode((text) => utf16Bytes(text, { mark: true }))],
  ['cidr', cidr],
  ['gt', comparison('gt')],
  ['gte', comparison('gte')],
  ['lt', comparison('lt')],
  ['lte', comparison('lte')],
  ['minute', datePart('minute')],
  ['hour', datePart('hour')],
  ['day', datePart('day')],
  ['week', datePart('week')],
  ['month', datePart('month')],
  ['year', datePart('year')],
  ['expand', expand],
  ['fieldref', fieldref],
]);

/** The test that a value has become; `exists` with `false` is negated by the caller. */
export function testOf(draft: Draft, cased: boolean): ValueTest {
  switch (draft.kind) {
    case 'scalar':
      return plainTest(draft.scalar, cased);
    case 'text':
      return textTest(draft.pattern, cased);
    case 'bytes':
      return textTest(literalPattern(bytesAsText(draft.bytes)), cased);
    case 'regex':
      return regexTest(draft.pattern, draft.flags);
    case 'cidr':
    case 'compare':
      return draft;
    case 'field':
      return { ...draft, cased };
    case 'exists':
      return { kind: 'exists' };
  }
}

/** A value without modifiers: it must be the whole value, and its type counts. */
function plainTest(scalar: YamlScalar, cased: boolean): ValueTest {
  const { value, text } = scalar;
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value, text };
  return textTest(parsePattern(value), cased);
}

function textTest(pattern: Pattern, cased: boolean): ValueTest {
  return { kind: 'text', pattern: cased ? pattern : mapLiterals(pattern, foldScanned), cased };
}

function regexTest(pattern: string, flags: string): ValueTest {
  return {
    kind: 'regex',
    pattern,
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
  };
}
