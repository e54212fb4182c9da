import { giveUp, skipSpaces, type Reading } from './quick-yaml-lines.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';

export interface ValuePlace {
  readonly start: number;
  readonly to: number;
  /** Of the map or list that it is in. */
  readonly indent: number;
}

/** A scalar or a list in brackets that begins on the line at hand; goes on to the next line. */
export function readValue(reading: Reading, place: ValuePlace): YamlNode {
  switch (reading.text[place.start]) {
    case "'":
      return readQuoted(reading, place, singleQuoted);
    case '"':
      return readQuoted(reading, place, doubleQuoted);
    case '|':
      return readLiteral(reading, place);
    case '>':
      return readFolded(reading, place);
    case '[':
      return readBrackets(reading, place);
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
export const words: RegExp = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;
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

/** `>` and `>-`: lines further in, all as far, of one paragraph. */
function readFolded(reading: Reading, { start, to, indent }: ValuePlace): YamlScalar {
  const { text, lines } = reading;
  const head = text.slice(start, to).trimEnd();
  if (head !== '>' && head !== '>-') giveUp();
  const parts: string[] = [];
  let end = to;
  const inner = lines[reading.at + 1]?.indent ?? giveUp();
  if (inner <= indent) giveUp();
  for (reading.at++; reading.at < lines.length; reading.at++) {
    const line = lines[reading.at];
    if (line === undefined || line.indent <= indent) break;
    // Blank lines, lines that look like comments, and others further in mean more than a space.
    if (line.indent !== inner || line.from - line.indent !== end + 1 || text[line.to - 1] === ' ') giveUp();
    parts.push(text.slice(line.from, line.to));
    end = line.to;
  }
  const behind = text.slice(end, lines[reading.at]?.from ?? text.length);
  if (behind.replaceAll(/[\n ]/g, '') !== '' || (lines[reading.at] === undefined && !text.endsWith('\n')))
    giveUp();
  const value = parts.join(' ') + (head === '>' ? '\n' : '');
  return { kind: 'scalar', value, text: value, at: start };
}

const bracketItem =
  /'(?<single>(?:[^'\n]|'')*)'|"(?<double>(?:[^"\\\n]|\\[\\"])*)"|(?<plain>[A-Za-z0-9_.](?:[\w./*$+()=^~;@-]| (?! ))*)/y;
const betweenItems = / *, */y;
const endOfBrackets = / *\] *(?: #.*)?$/my;

/** `[a, 'b']` on one line. */
function readBrackets(reading: Reading, { start, indent }: ValuePlace): YamlNode {
  const { text } = reading;
  const items: YamlNode[] = [];
  let at = skipSpaces(text, start + 1, text.length);
  for (;;) {
    const end = matchAt(endOfBrackets, text, at);
    if (end !== undefined && (items.length > 0 || text[at] === ']')) break;
    if (items.length > 0) at += (matchAt(betweenItems, text, at) ?? giveUp())[0].length;
    const item = matchAt(bracketItem, text, at) ?? giveUp();
    items.push(bracketScalar(item, at));
    at += item[0].length;
  }
  endLine(reading, indent);
  return { kind: 'list', items, at: start };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function bracketScalar({ groups = {} }: RegExpExecArray, at: number): YamlScalar {
  const { single, double, plain } = groups;
  if (plain !== undefined) {
    const written = plain.trimEnd();
    return { kind: 'scalar', value: plainValue(written), text: written, at };
  }
  const value = single?.replaceAll("''", "'") ?? (double ?? '').replaceAll(/\\([\\"])/g, '$1');
  return { kind: 'scalar', value, text: value, at };
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
