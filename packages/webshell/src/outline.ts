import type { Token } from './tokens.ts';
import { words } from './words.ts';

/** A function or method of the page's code. `from` and `to` are token indices of its body. */
export interface Method {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Called from outside by name with values of the request: `[WebMethod]`. */
  readonly exposed: boolean;
  /** `string Name { get { … } }`: called without parentheses. */
  readonly property: boolean;
  /** Names declared in it, parameters included: they are not the page's own. */
  readonly locals: Set<string>;
}

/** What the rules of flow need to know of the order of tokens. */
export interface Outline {
  readonly tokens: readonly Token[];
  /** Index of the parenthesis or bracket that closes the one at this index; its own index elsewhere. */
  readonly close: Int32Array;
  /** The way back: index of what the parenthesis or bracket at this index closes. */
  readonly open: Int32Array;
  /** Where the argument, element or statement that this token is part of ends (exclusive). */
  readonly end: Int32Array;
  readonly methods: readonly Method[];
  /** Index into `methods` for each token; -1 outside. */
  readonly methodOf: Int32Array;
  /** All words of the code. */
  readonly words: ReadonlySet<string>;
}

export function outlineOf(tokens: readonly Token[]): Outline {
  const close = closers(tokens);
  const methods = methodsOf(tokens, close);
  const methodOf = new Int32Array(tokens.length).fill(-1);
  methods.forEach((method, m) => methodOf.fill(m, method.from, method.to));
  collectLocals(tokens, methods, methodOf);
  const words = new Set<string>();
  for (const token of tokens) if (token.kind === 'word') words.add(token.text);
  return { tokens, close, open: openers(close), end: ends(tokens), methods, methodOf, words };
}

function closers(tokens: readonly Token[]): Int32Array {
  const close = new Int32Array(tokens.length);
  for (let i = 0; i < close.length; i++) close[i] = i;
  const open: number[] = [];
  const braces: number[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== 'sign') return;
    if (token.text === '(' || token.text === '[') open.push(i);
    else if (token.text === ')' || token.text === ']') close[open.pop() ?? i] = i;
    else if (token.text === '{') braces.push(i);
    else if (token.text === '}') close[braces.pop() ?? i] = i;
  });
  return withUnclosed(tokens, close, open);
}

/** What was never closed ends with its statement: code that is cut off or broken must not hide what it is given. */
function withUnclosed(tokens: readonly Token[], close: Int32Array, open: readonly number[]): Int32Array {
  let end = tokens.length - 1;
  let from = open.length - 1;
  for (let i = tokens.length - 1; i >= 0 && from >= 0; i--) {
    const token = tokens[i];
    if (token?.kind === 'sign' && token.text === ';') end = i;
    if (i !== open[from]) continue;
    if (end > i) close[i] = end;
    from--;
  }
  return close;
}

function openers(close: Int32Array): Int32Array {
  const open = new Int32Array(close.length);
  for (let i = 0; i < open.length; i++) open[i] = i;
  close.forEach((to, from) => {
    if (to !== from) open[to] = from;
  });
  return open;
}

/** Braces that hold values and not statements: `new object[] { data }`, arguments that are functions. */
function nestedBraces(tokens: readonly Token[]): Uint8Array {
  const nested = new Uint8Array(tokens.length);
  const open: number[] = [];
  let depth = 0;
  tokens.forEach((token, i) => {
    if (token.kind !== 'sign') return;
    if (token.text === '(' || token.text === '[') depth++;
    else if (token.text === ')' || token.text === ']') depth = Math.max(0, depth - 1);
    else if (token.text === '{') {
      const before = tokens[i - 1];
      const valued = before?.kind === 'sign' && [']', '=', ',', '('].includes(before.text);
      open.push(valued || depth > 0 ? i : -1);
    } else if (token.text === '}') {
      const start = open.pop() ?? -1;
      if (start >= 0) nested[start] = nested[i] = 1;
    }
  });
  return nested;
}

function ends(tokens: readonly Token[]): Int32Array {
  const end = new Int32Array(tokens.length);
  const nested = nestedBraces(tokens);
  const outer: number[] = [];
  let current = tokens.length;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i];
    const sign = token?.kind === 'sign' ? token.text : '';
    if (sign === '(' || sign === '[' || (sign === '{' && nested[i] === 1)) current = outer.pop() ?? current;
    else if (sign === ')' || sign === ']' || (sign === '}' && nested[i] === 1)) {
      end[i] = current;
      outer.push(current);
      current = i;
      continue;
    } else if (sign === ',' || sign === ';' || sign === '{' || sign === '}') current = i;
    end[i] = current;
  }
  return end;
}

/** Token ranges of the arguments of a call whose parenthesis (or, in VB, first argument) is at `open`. */
export function argumentsAt(
  outline: Outline,
  open: number,
): readonly (readonly [from: number, to: number])[] {
  const { tokens, end, close } = outline;
  const bracketed = tokens[open]?.text === '(' || tokens[open]?.text === '[';
  const last = bracketed ? (close[open] ?? open) : tokens.length;
  const found: (readonly [number, number])[] = [];
  for (let from = bracketed ? open + 1 : open; from < last && found.length < 16;) {
    const to = Math.min(end[from] ?? last, last);
    if (to > from) found.push([from, to]);
    if (tokens[to]?.text !== ',') break;
    from = to + 1;
  }
  return found;
}

const noMethodNames = words(`
  if while for foreach switch catch using lock fixed return new synchronized with and or not elseif
  until array function sub base this try echo isset
`);
const exposing = words(`
  webmethod operationcontract webget webinvoke scriptmethod httppost httpget
`);
const vbStarts = words('sub function property');

/** More methods than this in one page are not told apart: nesting them would cost too much. */
const mostMethods = 2000;

function methodsOf(tokens: readonly Token[], close: Int32Array): readonly Method[] {
  const methods: Method[] = [];
  const ends = vbEnds(tokens);
  for (let i = 0; i < tokens.length && methods.length < mostMethods; i++) {
    const token = tokens[i];
    if (token?.kind !== 'word') continue;
    const found = vbStarts.has(token.text) ? vbMethod(tokens, close, ends, i) : undefined;
    const method = found ?? braceMethod(tokens, close, i) ?? braceProperty(tokens, close, i);
    if (method !== undefined) methods.push(method);
  }
  return methods;
}

/** `name(…) {`, `name(…) : base(…) {`, `name(…) => …;` */
function braceMethod(tokens: readonly Token[], close: Int32Array, i: number): Method | undefined {
  const name = tokens[i];
  if (name === undefined || tokens[i + 1]?.text !== '(' || noMethodNames.has(name.text)) return undefined;
  if (tokens[i - 1]?.text === '.' || tokens[i - 1]?.text === 'new') return undefined;
  const after = (close[i + 1] ?? i) + 1;
  let body = after;
  // Between the parameters and the body: exceptions thrown, return types, base calls.
  while (body < after + 24 && /^(?:[\w.:$,<>()]+)$/.test(tokens[body]?.text ?? '')) body++;
  const sign = tokens[body]?.text;
  if (sign === '=>' && body === after)
    return method(tokens, i, [i + 2, after - 1], [body, nextSemicolon(tokens, body)]);
  if (sign !== '{' || tokens[body]?.kind !== 'sign') return undefined;
  if (body !== after && !declares(tokens, i)) return undefined;
  const to = close[body] ?? body;
  return method(tokens, i, [i + 2, after - 1], [body, to > body ? to : tokens.length]);
}

const accessors = words('get set private protected internal init');

/** `Type Name { get { … } }`, `Type Name => …;` */
function braceProperty(tokens: readonly Token[], close: Int32Array, i: number): Method | undefined {
  const sign = tokens[i + 1];
  if (sign?.kind !== 'sign' || !declares(tokens, i)) return undefined;
  if (sign.text === '=>') return property(tokens, i, [i + 1, nextSemicolon(tokens, i + 1)]);
  if (sign.text !== '{' || !accessors.has(tokens[i + 2]?.text ?? '')) return undefined;
  const to = close[i + 1] ?? i;
  return property(tokens, i, [i + 1, to > i + 1 ? to : tokens.length]);
}

function property(tokens: readonly Token[], name: number, body: readonly [number, number]): Method {
  return { ...method(tokens, name, [name + 1, name + 1], body), exposed: false, property: true };
}

/** A word, a type or `function` stands before the name, as in declarations and not in calls. */
function declares(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  return before?.kind === 'word' || before?.text === ']' || before?.text === '>';
}

function nextSemicolon(tokens: readonly Token[], from: number): number {
  const to = Math.min(tokens.length, from + 2000);
  for (let i = from; i < to; i++) if (tokens[i]?.text === ';') return i;
  return to;
}

/** For each token the next `end sub`, `end function` or `end property`. */
function vbEnds(tokens: readonly Token[]): Int32Array {
  const ends = new Int32Array(tokens.length + 1).fill(tokens.length);
  for (let i = tokens.length - 1; i >= 0; i--) {
    const ended = tokens[i]?.text === 'end' && vbStarts.has(tokens[i + 1]?.text ?? '');
    ends[i] = ended ? i : (ends[i + 1] ?? tokens.length);
  }
  return ends;
}

function vbMethod(
  tokens: readonly Token[],
  close: Int32Array,
  ends: Int32Array,
  i: number,
): Method | undefined {
  const before = tokens[i - 1]?.text;
  const name = tokens[i + 1];
  if (name?.kind !== 'word' || before === 'end' || before === 'exit' || before === '.') return undefined;
  const bracket = tokens[i + 2]?.text === '(';
  const after = bracket ? (close[i + 2] ?? i) + 1 : i + 2;
  const to = ends[Math.min(after, tokens.length)] ?? tokens.length;
  if (to >= tokens.length || (bracket && tokens[after]?.text === '{')) return undefined;
  return method(tokens, i + 1, [i + 3, bracket ? after - 1 : i + 3], [after, to]);
}

function method(
  tokens: readonly Token[],
  name: number,
  [first, last]: readonly [number, number],
  [from, to]: readonly [number, number],
): Method {
  const parameters = parameterNames(tokens, first, last);
  const exposed = isExposed(tokens, name);
  const locals = new Set(parameters);
  return { name: tokens[name]?.text ?? '', parameters, from, to, exposed, property: false, locals };
}

const vbTypes = new Set(['as']);

function parameterNames(tokens: readonly Token[], first: number, last: number): readonly string[] {
  const names: string[] = [];
  let name = '';
  let done = false;
  for (let i = first; i < last && names.length < 32; i++) {
    const token = tokens[i];
    if (token?.kind === 'sign' && token.text === ',') {
      names.push(name);
      [name, done] = ['', false];
    } else if (token?.kind === 'sign' && (token.text === '=' || token.text === ':')) done = true;
    else if (token?.kind === 'word' && vbTypes.has(token.text)) done = true;
    else if (token?.kind === 'word' && !done) name = token.text;
  }
  if (name !== '') names.push(name);
  return names;
}

function isExposed(tokens: readonly Token[], name: number): boolean {
  for (let i = name - 1; i > name - 40 && i >= 0; i--) {
    const { text } = tokens[i] ?? { text: ';' };
    // JScript names the class of the attribute: `WebMethodAttribute function …`.
    if (exposing.has(text.replace(/attribute$/, ''))) return true;
    if (text === '}' || text === '{') return false;
  }
  return false;
}

const noTypes = words(`
  return new in else throw await yield then and or not is as set case do end call goto typeof delete
  global echo if public private protected internal
`);

/** `Type name =`, `var name;`, `Dim name As`: the names that a method has for itself. */
function collectLocals(tokens: readonly Token[], methods: readonly Method[], methodOf: Int32Array): void {
  tokens.forEach((token, i) => {
    const owner = methods[methodOf[i] ?? -1];
    if (owner === undefined || token.kind !== 'word') return;
    const before = tokens[i - 1];
    const next = tokens[i + 1]?.text;
    const typed =
      before?.kind === 'word' ? !noTypes.has(before.text) : before?.text === ']' || before?.text === '>';
    if (typed && (next === '=' || next === ';' || next === ',' || next === 'in' || next === 'as'))
      owner.locals.add(token.text);
  });
}
