import type { Token } from './tokens.ts';
import { words } from './words.ts';

/** Strings longer than this are not put together further: folding must stay linear. */
const foldedCharacters = 1_048_576;

/**
 * Puts strings back together that were taken apart to hide them: `"un" + "safe"`, `Chr(101) & Chr(118)`,
 * `String.fromCharCode(…)`, `Convert.FromBase64String("…")`, `"exal".Replace("x", "v")`, `StrReverse("lave")`, and
 * names that were assigned one string once. `members` are names that may be called by string: `this["eval"](…)`.
 */
export function foldStrings(tokens: readonly Token[], members: ReadonlySet<string>): readonly Token[] {
  const once = new Folder(members);
  for (const token of tokens) once.push(token);
  const constants = constantsOf(once.out);
  if (constants.size === 0) return once.out;
  const twice = new Folder(members);
  once.out.forEach((token, i) => twice.push(replaced(once.out, i, constants) ?? token));
  return twice.out;
}

function replaced(
  tokens: readonly Token[],
  i: number,
  constants: ReadonlyMap<string, string>,
): Token | undefined {
  const token = tokens[i];
  if (token?.kind !== 'word') return undefined;
  const value = constants.get(token.text);
  const next = tokens[i + 1]?.text;
  if (value === undefined || next === '=' || next === '(' || next === '.' || next === '[' || next === '+=')
    return undefined;
  return isSign(tokens[i - 1], '.') ? undefined : { kind: 'text', text: value, at: token.at };
}

/** Names assigned exactly once in all of the code, and that a plain string. */
function constantsOf(tokens: readonly Token[]): ReadonlyMap<string, string> {
  const values = new Map<string, string | undefined>();
  tokens.forEach((token, i) => {
    if (token.kind !== 'sign' || (token.text !== '=' && token.text !== '+=')) return;
    const name = tokens[i - 1];
    if (name?.kind !== 'word' || isSign(tokens[i - 2], '.')) return;
    const value = tokens[i + 1];
    const plain = token.text === '=' && value?.kind === 'text' && isSign(tokens[i + 2], ';', ',');
    values.set(name.text, plain && !values.has(name.text) ? value.text : undefined);
  });
  const constants = new Map<string, string>();
  for (const [name, value] of values)
    if (value !== undefined && value.length <= 4096) constants.set(name, value);
  return constants;
}

function isSign(token: Token | undefined, ...signs: readonly string[]): boolean {
  return token?.kind === 'sign' && signs.includes(token.text);
}

type Call = (values: readonly Token[]) => string | undefined;

const textOf = (token: Token | undefined): string | undefined =>
  token?.kind === 'text' ? token.text : undefined;

/** Calls whose result is known when their arguments are literals. */
const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['chr', characters],
  ['chrw', characters],
  ['chrb', characters],
  ['chr$', characters],
  ['fromcharcode', characters],
  ['tochar', characters],
  ['char', characters],
  ['strreverse', ([a]) => reversed(textOf(a))],
  ['strrev', ([a]) => reversed(textOf(a))],
  ['unescape', ([a]) => percentDecoded(textOf(a))],
  ['urldecode', ([a]) => percentDecoded(textOf(a))],
  ['decodeuricomponent', ([a]) => percentDecoded(textOf(a))],
  ['frombase64string', ([a]) => base64Decoded(textOf(a))],
  ['base64_decode', ([a]) => base64Decoded(textOf(a))],
  ['str_rot13', ([a]) => rot13(textOf(a))],
  ['getstring', ([a, ...more]) => (more.length === 0 ? textOf(a) : undefined)],
  [
    'concat',
    (values) => (values.every((v) => v.kind === 'text') ? values.map((v) => v.text).join('') : undefined),
  ],
]);

function characters(values: readonly Token[]): string | undefined {
  if (values.length === 0 || values.length > 65_536) return undefined;
  const codes = values.map((v) => (v.kind === 'number' ? Number(v.text) : Number.NaN));
  return codes.every((code) => code >= 0 && code <= 0xffff)
    ? codes.map((c) => String.fromCharCode(c)).join('')
    : undefined;
}

function reversed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Array.from(text).toReversed().join('');
}

function percentDecoded(text: string | undefined): string | undefined {
  return text?.replace(/%u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, wide, narrow) =>
    String.fromCharCode(Number.parseInt(typeof wide === 'string' ? wide : String(narrow), 16)),
  );
}

function rot13(text: string | undefined): string | undefined {
  return text?.replace(/[a-z]/gi, (c) => {
    const base = c <= 'Z' ? 65 : 97;
    return String.fromCharCode(((c.charCodeAt(0) - base + 13) % 26) + base);
  });
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 as text of single bytes; undefined if it is none. */
export function base64Decoded(text: string | undefined): string | undefined {
  const digits = text?.replace(/\s+/g, '').replace(/=+$/, '');
  if (digits === undefined || digits.length < 2 || digits.length > foldedCharacters) return undefined;
  const parts: string[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    const value = base64Digits.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    parts.push(String.fromCharCode((bits >> count) & 0xff));
  }
  return parts.join('');
}

/** A stack of tokens that shrinks wherever literals can be put together. Amortised linear. */
class Folder {
  readonly out: Token[] = [];
  /** Places of the open parentheses in `out`. */
  readonly #open: number[] = [];
  readonly #members: ReadonlySet<string>;

  constructor(members: ReadonlySet<string>) {
    this.#members = members;
  }

  push(token: Token): void {
    if (token.kind === 'text') return this.#text(token);
    if (token.kind === 'number' && this.#castToChar(token)) return;
    if (isSign(token, ')')) return this.#close(token);
    if (isSign(token, '(')) this.#memberByName();
    if (isSign(token, '(')) this.#open.push(this.out.length);
    // An unclosed parenthesis ends with its block, or it would hold back all that follows.
    if (isSign(token, '}')) this.#open.length = 0;
    this.out.push(token);
  }

  #text(token: Token): void {
    const before = this.out.at(-2);
    const joined =
      isSign(this.out.at(-1), '+') &&
      before?.kind === 'text' &&
      before.text.length + token.text.length < foldedCharacters;
    if (!joined) {
      this.out.push(token);
      return;
    }
    this.out.length -= 2;
    this.out.push({ kind: 'text', text: before.text + token.text, at: before.at });
  }

  /** `(char)101`. */
  #castToChar(token: Token): boolean {
    const { out } = this;
    if (!isSign(out.at(-1), ')') || out.at(-2)?.text !== 'char' || !isSign(out.at(-3), '(')) return false;
    const text = characters([token]);
    if (text === undefined) return false;
    out.length -= 3;
    this.#text({ kind: 'text', text, at: token.at });
    return true;
  }

  /** `this["eval"](` as `this.eval(`. */
  #memberByName(): void {
    const { out } = this;
    const name = out.at(-2);
    if (!isSign(out.at(-1), ']') || name?.kind !== 'text' || !isSign(out.at(-3), '[')) return;
    const member = name.text.toLowerCase();
    if (!this.#members.has(member)) return;
    out.length -= 3;
    out.push({ kind: 'sign', text: '.', at: name.at }, { kind: 'word', text: member, at: name.at });
  }

  #close(token: Token): void {
    const open = this.#open.pop();
    const values = open === undefined ? undefined : literalsAfter(this.out, open);
    const result = open === undefined || values === undefined ? undefined : this.#result(open, values);
    if (result === undefined) {
      this.out.push(token);
      return;
    }
    this.out.length = result.from;
    this.#text({ kind: 'text', text: result.text, at: result.at });
  }

  #result(open: number, values: readonly Token[]): { text: string; from: number; at: number } | undefined {
    const { out } = this;
    const name = out[open - 1];
    const [only, other] = values;
    if (name?.kind !== 'word' || plainBefore.has(name.text)) {
      const text = values.length === 1 ? textOf(only) : undefined;
      const castOrIndex = isSign(name, ']', ')');
      return text === undefined || castOrIndex ? undefined : { text, from: open, at: out[open]?.at ?? 0 };
    }
    const subject = out[open - 3];
    if (name.text === 'replace' && isSign(out[open - 2], '.') && subject?.kind === 'text') {
      const [what, by] = [textOf(only), textOf(other)];
      if (what === undefined || by === undefined || what === '') return undefined;
      return {
        text: subject.text.replaceAll(what, by).slice(0, foldedCharacters),
        from: open - 3,
        at: subject.at,
      };
    }
    const text = calls.get(name.text)?.(values);
    if (text === undefined) return undefined;
    const from = chainStart(out, open - 1);
    return { text, from, at: out[from]?.at ?? name.at };
  }
}

const plainBefore = words('return in and or not then else echo print case is new');

/** Literals separated by commas from an open parenthesis to the end; undefined if anything else is there. */
function literalsAfter(out: readonly Token[], open: number): readonly Token[] | undefined {
  const values: Token[] = [];
  for (let i = open + 1; i < out.length; i++) {
    const token = out[i];
    if (token === undefined || token.kind === 'word') return undefined;
    if (token.kind === 'sign') {
      if (token.text !== ',') return undefined;
    } else values.push(token);
  }
  return values;
}

/** Where the chain `a.b.c` that ends at `end` begins. */
function chainStart(out: readonly Token[], end: number): number {
  let from = end;
  while (isSign(out[from - 1], '.') && out[from - 2]?.kind === 'word') from -= 2;
  return from;
}
