import type { Assessment, FullFinding, Tlp } from '@postern/core';
import { harmlessJson } from './harmless.ts';

/**
 * `assessment.json` in pieces: one part or array element at a time, so that no text ever holds all of it. Readable
 * (one line per element), harmless ({@link harmlessJson}) and byte-identical for the same assessment.
 */
export function* assessmentJson(assessment: Assessment): Generator<string> {
  let before = '{\n';
  for (const [name, value] of Object.entries(assessment)) {
    if (value === undefined) continue;
    yield `${before}${harmlessJson(name)}: `;
    yield* valueJson(value);
    before = ',\n';
  }
  yield '\n}\n';
}

function* valueJson(value: unknown): Generator<string> {
  if (Array.isArray(value)) yield* arrayJson(value);
  else if (isRecord(value)) yield* recordJson(value);
  else yield harmlessJson(value);
}

/** Objects of the top level are opened one level deep: `coverage` holds the longest arrays of all. */
function* recordJson(value: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{';
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    yield `${before}${harmlessJson(name)}: `;
    if (Array.isArray(part)) yield* arrayJson(part);
    else yield harmlessJson(part);
    before = ', ';
  }
  yield before === '{' ? '{}' : '}';
}

function* arrayJson(values: readonly unknown[]): Generator<string> {
  let before = '[\n  ';
  for (const value of values) {
    yield before + harmlessJson(value);
    before = ',\n  ';
  }
  yield values.length === 0 ? '[]' : '\n]';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * `findings.jsonl`: a line per finding, a piece per record (a finding may have many thousands). Each line carries the
 * TLP where it is given, because lines are cut out and passed on alone.
 */
export function* findingsJsonl(findings: Iterable<FullFinding>, tlp?: Tlp): Generator<string> {
  for (const { finding, evidence } of findings) {
    const { evidence: _, ...rest } = finding;
    const line = tlp === undefined ? rest : { tlp, ...rest };
    yield `${harmlessJson(line).slice(0, -1)},"evidence":[`;
    let before = '';
    for (const each of evidence) {
      yield before + harmlessJson(each);
      before = ',';
    }
    yield ']}\n';
  }
}
