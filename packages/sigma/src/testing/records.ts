import {
  arrayOf,
  BatchBuilder,
  slotTypes,
  type Batch,
  type Shape,
  type SlotType,
  type SlotTypeName,
} from '@postern/core';
import { compileRules } from '../compile-rules.ts';
import type { Matcher } from '../matcher.ts';
import { openRuleSet } from '../open-rule-set.ts';
import type { RuleSet } from '../rule-set.ts';
import { parseRules, type SigmaRule } from '../parse-rules.ts';

/**
 * One value of a record made for a test: text as it stands in the log, with its type; null is absent. `utf16-array`:
 * texts that end with NUL.
 */
export type MadeValue = string | null | { readonly raw: string; readonly type: SlotTypeName | 'utf16-array' };

/** A shape of one family with these fields. */
export function shapeOf(
  family: string,
  fields: readonly string[],
  constants: Readonly<Record<string, string>> = {},
): Shape {
  return { family, recorder: family, fields, constants: new Map(Object.entries(constants)), time: undefined };
}

/** A batch of one record, its values joined by spaces as its raw line. */
export function batchOf(shape: Shape, values: readonly MadeValue[], separator = ' '): Batch {
  const encoder = new TextEncoder();
  const pieces = values.map((value) => (value === null ? encoder.encode('-') : bytesOf(value)));
  const gap = encoder.encode(separator);
  const buffer = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length + gap.length, 0));
  const builder = new BatchBuilder(buffer);
  builder.record({ shape, at: 0, line: 1, start: 0, end: buffer.length });
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    buffer.set(piece, at);
    const value = values[i] ?? null;
    builder.slot(at, value === null ? 0 : piece.length, slotTypeOf(value));
    buffer.set(gap, at + piece.length);
    at += piece.length + gap.length;
  }
  return builder.batch();
}

function slotTypeOf(value: MadeValue): SlotType {
  if (value === null) return slotTypes.null;
  if (typeof value === 'string') return slotTypes.utf8;
  // As readers write arrays.
  if (value.type === 'utf16-array') return (arrayOf | slotTypes.utf16) as SlotType;
  return slotTypes[value.type];
}

function bytesOf(value: Exclude<MadeValue, null>): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value.type === 'utf16' || value.type === 'utf16-array') return Buffer.from(value.raw, 'utf16le');
  return value.type === 'latin1' || value.type === 'ansi'
    ? Buffer.from(value.raw, 'latin1')
    : new TextEncoder().encode(value.raw);
}

/** The rules of a text that must be without errors. */
export function rulesOf(text: string): readonly SigmaRule[] {
  const { rules, diagnostics } = parseRules(text, 'test.yml');
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return rules;
}

/** The matcher of rules for a shape, by way of JSON, as a worker gets them. */
export function matcherOf(rules: readonly SigmaRule[], shape: Shape): Matcher | undefined {
  const ruleSet = JSON.parse(JSON.stringify(compileRules(rules))) as RuleSet;
  return openRuleSet(ruleSet).forShape(shape);
}

/** Indexes of the rules that match a record. */
export function hitsOf(matcher: Matcher | undefined, batch: Batch, record = 0): number[] {
  const hits: number[] = [];
  matcher?.match(batch, record, (rule) => hits.push(rule));
  return hits;
}

/** A rule around a detection section, given as YAML without indentation. */
export function ruleText(detection: string, logsource = 'product: windows'): string {
  const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
  return `title: made for a test\nlogsource:\n${indented(logsource)}\ndetection:\n${indented(detection)}\n`;
}

/** Whether a detection of a Windows event holds for one with these fields. */
export function holds(
  detection: string,
  fields: Readonly<Record<string, MadeValue>>,
  constants: Readonly<Record<string, string>> = {},
): boolean {
  const shape = shapeOf('windows-event', Object.keys(fields), constants);
  const matcher = matcherOf(rulesOf(ruleText(detection)), shape);
  return hitsOf(matcher, batchOf(shape, Object.values(fields))).length > 0;
}

/** Whether one selection of field items holds. */
export function selects(items: string, fields: Readonly<Record<string, MadeValue>>): boolean {
  const selection = items.replaceAll(/^(?=.)/gm, '  ');
  return holds(`selection:\n${selection}\ncondition: selection`, fields);
}
