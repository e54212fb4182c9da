import { giveUp, linesOf, notPlain, skipSpaces, type Line, type Reading } from './quick-yaml-lines.ts';
import { words } from './quick-yaml-plain.ts';
import { readValue } from './quick-yaml-values.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';

/**
 * Reads the plain part of YAML that nearly all rules are written in, ten times as fast as a reader of all of it: one
 * document of block maps and lists, with texts that are plain or quoted on one line, literal or folded blocks, and lists
 * and maps in brackets on one line. Undefined where anything else stands, or anything that is wrong: then the other
 * reader has the word. What it gives is the same.
 */
export function readQuickYaml(text: string): YamlMap | undefined {
  if (text.length > mostCharacters || strange.test(text)) return undefined;
  const reading: Reading = { lines: linesOf(text), text, at: 0 };
  try {
    const first = reading.lines[0];
    if (first === undefined || first.indent !== 0) return undefined;
    const root = readBlock(reading, 0, 0);
    return root.kind === 'map' && reading.at === reading.lines.length ? root : undefined;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** Of no rule; what is longer may take its time. */
const mostCharacters = 65_536;
const mostDepth = 16;

/** Documents and directives, tabs, line ends of other systems, byte order marks. */
// oxlint-disable-next-line no-control-regex -- NUL is one of them
const strange = /^(?:---|\.\.\.|%)|[\t\r\u2028\u2029\u0085\ufeff\u0000]/m;

function readBlock(reading: Reading, indent: number, depth: number): YamlNode {
  if (depth > mostDepth) giveUp();
  const line = reading.lines[reading.at] ?? giveUp();
  return isItem(reading.text, line.from, line.to)
    ? readList(reading, indent, depth)
    : readMap(reading, { indent, from: line.from, depth });
}

function isItem(text: string, from: number, to: number): boolean {
  return text[from] === '-' && (from + 1 === to || text[from + 1] === ' ');
}

function readList(reading: Reading, indent: number, depth: number): YamlNode {
  const items: YamlNode[] = [];
  const at = reading.lines[reading.at]?.from ?? 0;
  for (;;) {
    const line = reading.lines[reading.at];
    if (line === undefined || line.indent < indent) break;
    if (line.indent > indent) giveUp();
    if (!isItem(reading.text, line.from, line.to)) break;
    items.push(readItem(reading, line, depth));
  }
  return { kind: 'list', items, at };
}

function readItem(reading: Reading, { indent, from, to }: Line, depth: number): YamlNode {
  const start = skipSpaces(reading.text, from + 1, to);
  // The value on lines of its own is rare, and so are lists directly in lists.
  if (start === to || isItem(reading.text, start, to)) giveUp();
  if (keyAt(reading.text, start, to) === undefined) return readValue(reading, { start, to, indent });
  return readMap(reading, { indent: indent + start - from, from: start, depth: depth + 1 });
}

/** @param from where the first key begins, which may stand behind the dash of a list */
function readMap(
  reading: Reading,
  { indent, from, depth }: { readonly indent: number; readonly from: number; readonly depth: number },
): YamlMap {
  const entries: YamlEntry[] = [];
  const keys = new Set<string>();
  for (let isFirst = true; ; isFirst = false) {
    const line = reading.lines[reading.at];
    if (line === undefined || (!isFirst && line.indent < indent)) break;
    if (!isFirst && line.indent > indent) giveUp();
    const start = isFirst ? from : line.from;
    if (!isFirst && isItem(reading.text, start, line.to)) giveUp();
    const entry = readEntry(reading, { start, to: line.to, indent, depth });
    if (keys.has(entry.key)) giveUp();
    keys.add(entry.key);
    entries.push(entry);
  }
  return { kind: 'map', entries, at: from };
}

interface EntryPlace {
  readonly start: number;
  readonly to: number;
  readonly indent: number;
  readonly depth: number;
}

function readEntry(reading: Reading, { start, to, indent, depth }: EntryPlace): YamlEntry {
  const { key, end } = keyAt(reading.text, start, to) ?? giveUp();
  const from = skipSpaces(reading.text, end + 1, to);
  if (from < to && reading.text[from] !== '#')
    return { key, at: start, value: readValue(reading, { start: from, to, indent }) };
  reading.at++;
  const next = reading.lines[reading.at] ?? giveUp();
  const isList = isItem(reading.text, next.from, next.to);
  if (next.indent < indent || (next.indent === indent && !isList)) giveUp();
  return { key, at: start, value: readBlock(reading, next.indent, depth + 1) };
}

const plainKey = /[A-Za-z_](?: ?[\w|.()*/$@+-])*(?=:(?: |$))/my;
const quotedKey = /'([^'\n\\]*)'(?=:(?: |$))/my;

/** A key that begins here, and where its colon stands. */
function keyAt(
  text: string,
  from: number,
  to: number,
): { readonly key: string; readonly end: number } | undefined {
  const pattern = text[from] === "'" ? quotedKey : plainKey;
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  if (found === null || pattern.lastIndex > to) return undefined;
  // What may be no text but a number or nothing is for those who know.
  const key = found[1] ?? found[0];
  if (found[1] === undefined && words.test(key)) giveUp();
  return { key, end: pattern.lastIndex };
}
