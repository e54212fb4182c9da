import { readInBrackets } from './quick-yaml-brackets.ts';
import { giveUp, skipSpaces, type Reading } from './quick-yaml-lines.ts';
import { plainValue } from './quick-yaml-plain.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';

export interface ValuePlace {
  readonly start: number;
  readonly to: number;
  /** Of the map or list that it is in. */
  readonly indent: number;
}

/** A scalar, or a list or map in brackets, that begins on the line at hand; goes on to the next line. */
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
    case '{':
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

const restOfLine = / *(?: #.*)?$/my;

/** A list or map in brackets that ends on its line. */
function readBrackets(reading: Reading, { start, indent }: ValuePlace): YamlNode {
  const { text } = reading;
  const { node, end } = readInBrackets(text, start);
  restOfLine.lastIndex = end;
  if (!restOfLine.test(text)) giveUp();
  endLine(reading, indent);
  return node;
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
