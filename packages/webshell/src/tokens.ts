import type { Dialect } from './dialect.ts';

/**
 * A token of code. Words are in lower case (sources and sinks are compared so in every language); `text` is the
 * value of a string literal; signs are one of the few that matter, statements end with `;` in every dialect.
 */
export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign';
  readonly text: string;
  /** Index in the page. */
  readonly at: number;
}

/** Code to be read. `base`: where it stands in the page. `most`: at how many tokens in all to stop. */
interface CodeText {
  readonly text: string;
  readonly base: number;
  readonly dialect: Dialect;
  readonly most: number;
}

/** Reads code into `into`, and ends it as a statement. */
export function tokenise({ text, base, dialect, most }: CodeText, into: Token[]): void {
  const reader = new TokenReader(text, base, dialect, into);
  while (reader.at < text.length && into.length < most) reader.step();
  into.push({ kind: 'sign', text: ';', at: base + text.length });
}

const joiners = new Set(['->', '::', '?.']);
const pairs = new Set([
  '==',
  '!=',
  '<=',
  '>=',
  '=>',
  '->',
  '::',
  '?.',
  '<>',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '&=',
  '.=',
  '-=',
]);
// What compilers take for blanks and ends of lines, beside those of ASCII: pages were written with them to be misread.
const blank = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]/;
const lineEnd = /[\n\r\u0085\u2028\u2029]/;
const nextLineEnd = /[\n\r\u0085\u2028\u2029]/g;
const word = /[\w$\u0080-\uffff]/;
const wordRun =
  /[\w$\u0080-\u0084\u0086-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff]+/y;
// Characters that compilers of .NET drop from names, and so people put there to break up words.
const dropped = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const escapeSequence =
  /\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,4}|[0-7]{1,3}|[\s\S])/g;
const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['v', '\v'],
  ['f', '\f'],
]);

/** A string literal's escapes as characters, for all dialects that use the backslash. */
export function unescapeCode(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escapeSequence, (escape) => {
    const kind = escape.charAt(1);
    if (escape.length > 2 && /[uUx]/.test(kind))
      return codePoint(Number.parseInt(escape.slice(2).replace('{', ''), 16));
    if (kind >= '0' && kind <= '7') return codePoint(Number.parseInt(escape.slice(1), 8));
    return simpleEscapes.get(kind) ?? kind;
  });
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** One forward walk over the code of a segment. Every step moves on by at least one character. */
class TokenReader {
  at = 0;
  readonly #text: string;
  readonly #base: number;
  readonly #dialect: Dialect;
  readonly #into: Token[];

  constructor(text: string, base: number, dialect: Dialect, into: Token[]) {
    this.#text = text;
    this.#base = base;
    this.#dialect = dialect;
    this.#into = into;
  }

  step(): void {
    const c = this.#text.charAt(this.at);
    // Plain blanks are a third of all characters: they cost no regular expression.
    if (c === ' ' || c === '\t') return void this.at++;
    const isPlain = c < '\u0080';
    if (c === '\n' || c === '\r' || (!isPlain && lineEnd.test(c))) return this.#newline();
    if (c < ' ' || (!isPlain && blank.test(c))) return void this.at++;
    if (this.#comment(c) || this.#literal(c)) return;
    if (c === '\\' && this.#nameEscape() > 0) return this.#word();
    if (c >= '0' && c <= '9') return this.#number();
    if (word.test(c)) return this.#word();
    this.#sign(c);
  }

  #push(kind: Token['kind'], text: string, at: number): void {
    this.#into.push({ kind, text, at: this.#base + at });
  }

  #newline(): void {
    if (this.#dialect === 'vb' && !this.#continues()) this.#push('sign', ';', this.at);
    this.at++;
  }

  /** VB goes on in the next line after an operator, a comma or an open parenthesis. */
  #continues(): boolean {
    const last = this.#into.at(-1);
    return last?.kind === 'sign' && ['(', ',', '&', '+', '=', '.'].includes(last.text);
  }

  #comment(c: string): boolean {
    const next = this.#text.charAt(this.at + 1);
    if (this.#dialect === 'vb') {
      if (c === "'" || c === '\u2018' || c === '\u2019') return this.#skipLine();
      const goesOn = c === '_' ? /^_[ \t]*(?:\r?\n|\r)/.exec(this.#text.slice(this.at, this.at + 80)) : null;
      if (goesOn !== null) return this.#skip(goesOn[0].length);
      return c === '#' ? this.#skip(1) : false;
    }
    if (c === '/' && next === '/') return this.#skipLine();
    if (c === '#' && (this.#dialect === 'php' || this.#dialect === 'csharp')) return this.#skipLine();
    if (c !== '/' || next !== '*') return false;
    const end = this.#text.indexOf('*/', this.at + 2);
    this.at = end < 0 ? this.#text.length : end + 2;
    return true;
  }

  #skip(count: number): true {
    this.at += count;
    return true;
  }

  #skipLine(): true {
    nextLineEnd.lastIndex = this.at;
    this.at = nextLineEnd.exec(this.#text)?.index ?? this.#text.length;
    return true;
  }

  #literal(c: string): boolean {
    if (this.#dialect === 'vb') return this.#vbLiteral(c);
    if (c === '"' || c === "'" || (c === '`' && this.#dialect === 'php')) return this.#quoted(c);
    if (this.#dialect === 'csharp' && (c === '@' || c === '$')) return this.#prefixed();
    if (this.#dialect === 'jscript' && c === '/' && this.#beforeOperand()) return this.#regex();
    return false;
  }

  #vbLiteral(c: string): boolean {
    if (c === '"' || c === '\u201c' || c === '\u201d') return this.#doubled(this.at);
    const number = c === '&' ? /^&h([0-9a-f]{1,8})/i.exec(this.#text.slice(this.at, this.at + 10)) : null;
    if (number === null) return false;
    this.#push('number', String(Number.parseInt(number[1] ?? '0', 16)), this.at);
    return this.#skip(number[0].length);
  }

  /** `"…""…"`, as VB and C#'s `@"…"` write it. */
  #doubled(open: number): true {
    let text = '';
    let from = open + 1;
    for (;;) {
      const end = nextQuote(this.#text, from, this.#dialect === 'vb');
      text += this.#text.slice(from, end);
      const closed =
        end < this.#text.length && this.#text.charAt(end) !== '\n' && this.#text.charAt(end) !== '\r';
      if (!closed || this.#text.charAt(end + 1) !== '"') {
        this.at = closed ? end + 1 : end;
        break;
      }
      text += '"';
      from = end + 2;
    }
    this.#push('text', text, open);
    return true;
  }

  #prefixed(): boolean {
    const prefix = /^(?:@\$|\$@|@|\$)"/.exec(this.#text.slice(this.at, this.at + 3))?.[0];
    if (prefix === undefined) return this.#text.charAt(this.at) === '@' ? this.#skip(1) : false;
    const start = this.at;
    this.at += prefix.length - 1;
    if (prefix.includes('@')) this.#doubled(this.at);
    else this.#quoted('"');
    if (prefix.includes('$')) this.#holes(start, /\{([^{}]*)\}/g, 'csharp');
    return true;
  }

  #quoted(quote: string): true {
    const start = this.at;
    let end = start + 1;
    for (; end < this.#text.length; end++) {
      const c = this.#text.charAt(end);
      if (c === '\\') end++;
      else if (c === quote || ((c === '\n' || c === '\r') && this.#dialect !== 'php')) break;
    }
    const raw = this.#text.slice(start + 1, end);
    this.at = end + 1;
    if (quote === '`') return this.#backtick(raw, start);
    this.#push('text', unescapeCode(raw), start);
    if (this.#dialect === 'php' && quote === '"')
      this.#holes(start, /\{?(\$\w+(?:->\w+|\[[^\]\n]{0,60}\])?)\}?/g, 'php');
    return true;
  }

  /** PHP runs what stands between backticks. */
  #backtick(raw: string, start: number): true {
    this.#push('word', 'shell_exec', start);
    this.#push('sign', '(', start);
    this.#push('text', raw, start);
    this.#holes(start, /\{?(\$\w+(?:\[[^\]\n]{0,60}\])?)\}?/g, 'php');
    this.#push('sign', ')', start);
    return true;
  }

  /** Expressions inside the string that was read last: `$"{x}"`, `"$x"`; they follow it as `+ x`. */
  #holes(start: number, pattern: RegExp, dialect: Dialect): void {
    const string = this.#into.at(-1)?.text ?? '';
    if (string.length > 100_000) return;
    for (const m of string.matchAll(pattern)) {
      this.#push('sign', '+', start);
      this.#push('sign', '(', start);
      const inner: Token[] = [];
      tokenise({ text: m[1] ?? '', base: 0, dialect, most: 200 }, inner);
      for (const token of inner.slice(0, -1)) this.#push(token.kind, token.text, start);
      this.#push('sign', ')', start);
    }
  }

  #beforeOperand(): boolean {
    const last = this.#into.at(-1);
    if (last === undefined) return true;
    return last.kind === 'sign' ? last.text !== ')' && last.text !== ']' : last.text === 'return';
  }

  #regex(): boolean {
    const m = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[gimsuy]*/.exec(
      this.#text.slice(this.at, this.at + 2000),
    );
    if (m === null) return false;
    this.#push('text', m[0], this.at);
    return this.#skip(m[0].length);
  }

  #number(): void {
    const start = this.at;
    while (/[\w.]/.test(this.#text.charAt(this.at)) && this.at - start < 64) this.at++;
    this.#push('number', this.#text.slice(start, this.at).replace(/[ulfdm]+$/i, ''), start);
  }

  #word(): void {
    const start = this.at;
    while (this.at < this.#text.length) {
      const c = this.#text.charAt(this.at);
      const escaped = c === '\\' ? this.#nameEscape() : 0;
      if (escaped > 0) this.at += escaped;
      else {
        wordRun.lastIndex = this.at;
        if (!wordRun.test(this.#text)) break;
        this.at = wordRun.lastIndex;
      }
    }
    const raw = this.#text.slice(start, this.at);
    const isPlain = !/[^\w$]/.test(raw);
    const name = (isPlain ? raw : unescapeCode(raw).replace(dropped, '')).toLowerCase();
    if (this.#dialect === 'vb') this.#vbWord(name, start);
    else this.#push('word', name, start);
  }

  /** Length of an escape that stands for a character of a name: `\u0041`, `\U00000041`. */
  #nameEscape(): number {
    return (
      /^\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.exec(this.#text.slice(this.at, this.at + 10))?.[0].length ?? 0
    );
  }

  #vbWord(name: string, start: number): void {
    if (name === 'rem') {
      this.#skipLine();
      return;
    }
    this.#push('word', name, start);
    // One-line If: what follows is a statement of its own.
    if (name === 'then' || name === 'else') this.#push('sign', ';', start);
  }

  #sign(c: string): void {
    const two = c + this.#text.charAt(this.at + 1);
    const sign = pairs.has(two) ? two : c;
    this.#push('sign', this.#plainSign(sign), this.at);
    this.at += sign.length;
  }

  #plainSign(sign: string): string {
    if (joiners.has(sign)) return '.';
    if (this.#dialect === 'php') return sign === '.' ? '+' : sign === '.=' ? '+=' : sign;
    if (this.#dialect === 'vb') return sign === '&' ? '+' : sign === '&=' ? '+=' : sign === ':' ? ';' : sign;
    return sign;
  }
}

function nextQuote(text: string, from: number, smart: boolean): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22 || (smart && (c === 0x201c || c === 0x201d))) return i;
    // A VB string ends with its line: one missing quote must not swallow the page.
    if (smart && (c === 10 || c === 13)) return i;
  }
  return text.length;
}
