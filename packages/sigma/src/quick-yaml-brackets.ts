import { giveUp, skipSpaces } from './quick-yaml-lines.ts';
import { plainValue, words } from './quick-yaml-plain.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';

/** A value inside of brackets, and the offset behind it. */
interface Read {
  readonly node: YamlNode;
  readonly end: number;
}

const mostDepth = 8;

/** `[a, 'b']`, `{ a: b, c: [d] }`: all on one line, for the texts in them hold no line end. */
export function readInBrackets(text: string, start: number, depth = 0): Read {
  if (depth > mostDepth) giveUp();
  switch (text[start]) {
    case '[':
      return readList(text, start, depth);
    case '{':
      return readMap(text, start, depth);
    default:
      return readScalar(text, start);
  }
}

function readList(text: string, start: number, depth: number): Read {
  const items: YamlNode[] = [];
  let at = skipSpaces(text, start + 1, text.length);
  while (items.length > 0 || text[at] !== ']') {
    const { node, end } = readInBrackets(text, at, depth + 1);
    items.push(node);
    const next = nextItem(text, end, ']');
    if (next === undefined) return { node: { kind: 'list', items, at: start }, end: endOf(text, end) };
    at = next;
  }
  return { node: { kind: 'list', items, at: start }, end: at + 1 };
}

const key = /([A-Za-z_][\w.-]*): +/y;

function readMap(text: string, start: number, depth: number): Read {
  const entries: YamlEntry[] = [];
  let at = skipSpaces(text, start + 1, text.length);
  for (;;) {
    const [whole = '', name = ''] = matchAt(key, text, at) ?? giveUp();
    // What may be no text, and a key that is there twice, is for those who know.
    if (words.test(name) || entries.some((entry) => entry.key === name)) giveUp();
    const { node, end } = readInBrackets(text, at + whole.length, depth + 1);
    entries.push({ key: name, at, value: node });
    const next = nextItem(text, end, '}');
    if (next === undefined) return { node: { kind: 'map', entries, at: start }, end: endOf(text, end) };
    at = next;
  }
}

/** Where the next item begins; undefined where the bracket closes. */
function nextItem(text: string, end: number, bracket: ']' | '}'): number | undefined {
  const at = skipSpaces(text, end, text.length);
  if (text[at] === bracket) return undefined;
  return text[at] === ',' ? skipSpaces(text, at + 1, text.length) : giveUp();
}

/** Behind the bracket that closes. */
function endOf(text: string, end: number): number {
  return skipSpaces(text, end, text.length) + 1;
}

const scalar =
  /'(?<single>(?:[^'\n]|'')*)'|"(?<double>(?:[^"\\\n]|\\[\\"])*)"|(?<plain>[A-Za-z0-9_./](?:[\w./*$+()=^~;@-]| (?! ))*)/y;

function readScalar(text: string, at: number): Read {
  const found = matchAt(scalar, text, at) ?? giveUp();
  return { node: scalarOf(found, at), end: at + found[0].length };
}

function scalarOf({ groups = {} }: RegExpExecArray, at: number): YamlScalar {
  const { single, double, plain } = groups;
  if (plain !== undefined) {
    const written = plain.trimEnd();
    return { kind: 'scalar', value: plainValue(written), text: written, at };
  }
  const value = single?.replaceAll("''", "'") ?? (double ?? '').replaceAll(/\\([\\"])/g, '$1');
  return { kind: 'scalar', value, text: value, at };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
