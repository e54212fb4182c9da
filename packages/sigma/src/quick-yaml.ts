import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

/**
 * Reads the plain part of YAML that nearly all rules are written in, ten times as fast as a reader of all of it: one
 * document of block maps and lists, with texts that are plain or quoted on one line, or literal blocks. Undefined where
 * anything else stands, or anything that is wrong: then the other reader has the word. What it gives is the same.
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

/** Thrown and caught here alone. */
const notPlain = Symbol('not plain');

function giveUp(): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- goes no further than readQuickYaml
  throw notPlain;
}

/** A line with something on it that is no comment. */
interface Line {
  readonly indent: number;
  /** Of its first character that is no space, and behind its last. */
  readonly from: number;
  readonly to: number;
}

interface Reading {
  readonly text: string;
  readonly lines: readonly Line[];
  /** The line at hand. */
  at: number;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let from = start;
    while (from < end && text.charCodeAt(from) === 0x20) from++;
    if (from < end && text[from] !== '#') lines.push({ indent: from - start, from, to: end });
    start = end + 1;
  }
  return lines;
}

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

const plainKey = /[A-Za-z_][\w|.()*/$@+-]*(?=:(?: |$))/my;
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

interface ValuePlace {
  readonly start: number;
  readonly to: number;
  /** Of the map or list that it is in. */
  readonly indent: number;
}

/** A scalar that begins on the line at hand; goes on to the next line. */
function readValue(reading: Reading, place: ValuePlace): YamlScalar {
  switch (reading.text[place.start]) {
    case "'":
      return readQuoted(reading, place, singleQuoted);
    case '"':
      return readQuoted(reading, place, doubleQuoted);
    case '|':
      return readLiteral(reading, place);
    default:
      return readPlain(reading, place);
  }
}

const singleQuoted = /'((?:[^'\n]|'')*)' *(?: #.*)?$/my;
const doubleQuoted = /"((?:[^"\\\n]|\\[\\"])*)" *(?: #.*)?$/my;

function readQuoted(reading: Reading, { start, indent }: ValuePlace, pattern: RegExp): YamlScalar {
  pattern.lastIndex = start;
  const inner = pattern.exec(reading.text)?.[1] ?? giveUp();
  endLine(reading, indent);
  const value = pattern === singleQuoted ? inner.replaceAll("''", "'") : inner.replaceAll(/\\([\\"])/g, '$1');
  return { kind: 'scalar', value, text: value, at: start };
}

/** What may begin no plain text, or means something else. */
const indicators = /[?:,[\]{}#&*!|>'"%@`]/;

function readPlain(reading: Reading, { start, to, indent }: ValuePlace): YamlScalar {
  const comment = reading.text.indexOf(' #', start);
  const end = comment >= 0 && comment < to ? comment : to;
  const written = reading.text.slice(start, end).trimEnd();
  if (indicators.test(written[0] ?? '') || written.includes(': ') || written.endsWith(':')) giveUp();
  if (written === '-' || written.startsWith('- ') || written.includes('\t')) giveUp();
  endLine(reading, indent);
  return { kind: 'scalar', value: plainValue(written), text: written, at: start };
}

/** The texts that stand for something else. */
const words = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;
const decimal = /^(?:0|-?[1-9]\d{0,14})$/;
/** May be a number in a form that is not read here. */
const numeric =
  /^[-+]?(?:\.?\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

function plainValue(written: string): YamlScalar['value'] {
  if (words.test(written)) {
    const lower = written.toLowerCase();
    return lower === 'true' ? true : lower === 'false' ? false : null;
  }
  if (decimal.test(written)) return Number(written);
  return numeric.test(written) ? giveUp() : written;
}

/** Nothing of a scalar goes on behind its line. */
function endLine(reading: Reading, indent: number): void {
  reading.at++;
  const next = reading.lines[reading.at];
  if (next !== undefined && next.indent > indent) giveUp();
}

/** `|` and `|-`: the lines that are further in than what they are in. */
function readLiteral(reading: Reading, { start, to, indent }: ValuePlace): YamlScalar {
  const head = reading.text.slice(start, to).trimEnd();
  if (head !== '|' && head !== '|-') giveUp();
  const lines: string[] = [];
  let inner = -1;
  let at = to + 1;
  for (; at < reading.text.length;) {
    const newline = reading.text.indexOf('\n', at);
    const end = newline < 0 ? reading.text.length : newline;
    const from = skipSpaces(reading.text, at, end);
    if (from < end && from - at <= indent) break;
    if (from < end) {
      if (inner < 0) inner = from - at;
      if (from - at < inner) giveUp();
    } else if (end - at > Math.max(inner, 0)) giveUp();
    lines.push(reading.text.slice(Math.min(at + Math.max(inner, 0), end), end));
    at = end + 1;
  }
  if (inner < 0) giveUp();
  const value = lines.join('\n').replace(/\n+$/, '') + (head === '|' ? '\n' : '');
  while ((reading.lines[reading.at]?.from ?? Infinity) < at) reading.at++;
  return { kind: 'scalar', value, text: value, at: start };
}

function skipSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at++;
  return at;
}
