import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { Problem } from './diagnostic.ts';
import { readQuickYaml } from './quick-yaml.ts';
import { ruleLimits } from './rule-limits.ts';

/** A YAML value with its place (`at`: character offset in the file) and, for scalars, the text it was written as. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly at: number;
}

export interface YamlEntry {
  readonly key: string;
  readonly at: number;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: number;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it stands in the file, without quotes: `0x17` and `007` keep their form. */
  readonly text: string;
  readonly at: number;
}

/** One document of a file. With an error among the problems `root` is what could be read of it. */
export interface YamlDocument {
  readonly root: YamlNode | undefined;
  readonly problems: readonly Problem[];
  readonly at: number;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  /** 1-based line and column of an offset. */
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
}

/** Reads all documents of a file by YAML 1.2's core schema (so `yes` is a text and dates stay texts). Never throws. */
export function readYaml(text: string): YamlFile {
  const quick = readQuickYaml(text);
  if (quick === undefined) return readWholeYaml(text);
  return { documents: [{ root: quick, problems: [], at: quick.at }], placeOf: placesIn(text) };
}

/** Where offsets stand, found out when it is first asked. */
function placesIn(text: string): YamlFile['placeOf'] {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    const line = Math.max(1, starts.findLastIndex((start) => start <= offset) + 1);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

/** The same of any YAML. */
export function readWholeYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const placeOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (text.length > ruleLimits.fileCharacters) return { documents: [tooLarge(text.length)], placeOf };
  try {
    return { documents: readDocuments(text, lines), placeOf };
  } catch (error) {
    // The parser recurses: a file of ten thousand brackets exhausts its stack.
    if (!(error instanceof RangeError)) throw error;
    return { documents: [failed('the values are nested too deeply')], placeOf };
  }
}

function readDocuments(text: string, lines: LineCounter): YamlDocument[] {
  const parsed = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
  });
  const budget = { left: ruleLimits.yamlValues };
  return [...parsed].map((document) => readDocument(document, budget));
}

function tooLarge(characters: number): YamlDocument {
  return failed(`the file has ${characters} characters, more than ${ruleLimits.fileCharacters}`);
}

function failed(message: string): YamlDocument {
  return {
    root: undefined,
    problems: [{ code: 'POSTERN_SIGMA_LIMIT', severity: 'error', message, at: 0 }],
    at: 0,
  };
}

function readDocument(document: Document.Parsed, budget: { left: number }): YamlDocument {
  const problems: Problem[] = document.errors.map((error) => ({
    code: 'POSTERN_SIGMA_YAML',
    severity: 'error',
    message: error.message,
    at: error.pos[0],
  }));
  const walk: Walk = { document, budget, failed: undefined };
  const root = document.contents === null ? undefined : toNode(document.contents, walk, 0, 0);
  if (walk.failed !== undefined)
    problems.push({ code: 'POSTERN_SIGMA_LIMIT', severity: 'error', ...walk.failed });
  return { root, problems, at: document.contents?.range[0] ?? document.range[0] };
}

interface Walk {
  readonly document: Document.Parsed;
  readonly budget: { left: number };
  failed: { readonly message: string; readonly at: number } | undefined;
}

function toNode(value: unknown, walk: Walk, depth: number, near: number): YamlNode {
  const at = placeIn(value) ?? near;
  const missing: YamlScalar = { kind: 'scalar', value: null, text: '', at };
  if (depth > ruleLimits.depth) walk.failed ??= { message: 'the values are nested too deeply', at };
  if (--walk.budget.left < 0)
    walk.failed ??= { message: `more than ${ruleLimits.yamlValues} values in one file`, at };
  if (walk.failed !== undefined) return missing;
  if (isAlias(value)) return toNode(value.resolve(walk.document), walk, depth + 1, at);
  if (isSeq(value))
    return { kind: 'list', items: value.items.map((item) => toNode(item, walk, depth + 1, at)), at };
  if (isMap(value))
    return { kind: 'map', entries: value.items.map((pair) => toEntry(pair, walk, depth + 1, at)), at };
  return isScalar(value) ? { kind: 'scalar', ...scalarOf(value), at } : missing;
}

function toEntry(
  pair: { readonly key: unknown; readonly value: unknown },
  walk: Walk,
  depth: number,
  near: number,
): YamlEntry {
  const key = toNode(pair.key, walk, depth, near);
  const value = toNode(pair.value, walk, depth, key.at);
  return { key: key.kind === 'scalar' ? key.text : '', at: key.at, value };
}

function placeIn(value: unknown): number | undefined {
  const hasRange = isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
  return hasRange ? value.range?.[0] : undefined;
}

function scalarOf(scalar: { readonly value: unknown; readonly source?: string }): {
  value: YamlScalar['value'];
  text: string;
} {
  const { value } = scalar;
  const text = scalar.source ?? '';
  if (typeof value === 'string') return { value, text: value };
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { value, text };
  return { value: text, text };
}

/** The value behind a key, or undefined. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The text of a scalar behind a key; undefined if it is absent, null, or no scalar. */
export function textOf(node: YamlNode | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
}

/** Deep merge of two maps; where both have a value that is no map, that of `winner` counts. */
export function mergeMaps(loser: YamlMap, winner: YamlMap): YamlMap {
  const entries = new Map(loser.entries.map((entry) => [entry.key, entry]));
  for (const entry of winner.entries) {
    const known = entries.get(entry.key);
    const bothMaps = known?.value.kind === 'map' && entry.value.kind === 'map';
    entries.set(entry.key, bothMaps ? { ...entry, value: mergeMaps(known.value, entry.value) } : entry);
  }
  return { kind: 'map', entries: [...entries.values()], at: loser.at };
}
