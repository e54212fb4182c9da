/** What a YARA rule says of itself before its strings: enough to list and describe it without an engine. */
export interface YaraRuleHead {
  readonly name: string;
  readonly tags: readonly string[];
  readonly meta: ReadonlyMap<string, string>;
  /** 1-based. */
  readonly line: number;
  readonly private: boolean;
  /** Characters of the rule in its file, from its first modifier to its closing brace. */
  readonly from: number;
  readonly to: number;
}

/** `include "x.yar"` as it stands in a file. */
export interface YaraInclude {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

export interface YaraOutline {
  readonly rules: readonly YaraRuleHead[];
  readonly includes: readonly YaraInclude[];
}

const head =
  /(?:\b(?:private|global)\s+)*\brule\s+([A-Za-z_]\w{0,127})\s*(?::\s*((?:\w+\s*)+))?\{|\binclude\s+"([^"\n]{1,260})"/y;
const blockComment = /\/\*[\s\S]*?(?:\*\/|$)/y;
const lineComment = /\/\/[^\n]*/y;
const quoted = /"(?:\\.|[^"\\\n])*"?/y;
// A slash ends the expression in character classes too.
const regex = /\/(?!\/|\*)(?:\\.|[^/\\\n])+\/[is]*/y;

/**
 * Reads the heads of the rules of a YARA file. It does not check them: the compiler does. Broken files give what can
 * be read. Linear in the length of the text.
 */
export function outlineYara(text: string): YaraOutline {
  const rules: YaraRuleHead[] = [];
  const includes: YaraInclude[] = [];
  const lines = lineCounter(text);
  for (let at = 0; at < text.length;) {
    const c = text.charAt(at);
    const skipped = c === '/' || c === '"' ? skip(text, at) : at;
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const m = startsWord(text, at, c) ? match(head, text, at) : null;
    if (m === null) at++;
    else if (m[3] !== undefined) {
      includes.push({ path: m[3], from: at, to: at + m[0].length });
      at += m[0].length;
    } else {
      const to = bodyEnd(text, at + m[0].length);
      rules.push({ ...ruleHead(m, text.slice(at, to)), line: lines(at), from: at, to });
      at = to;
    }
  }
  return { rules, includes };
}

function startsWord(text: string, at: number, c: string): boolean {
  return (c === 'r' || c === 'p' || c === 'g' || c === 'i') && !/\w/.test(text.charAt(at - 1));
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The end of a comment, a string or a regular expression that begins at `at`; `at` if none does. */
function skip(text: string, at: number): number {
  for (const pattern of [blockComment, lineComment, quoted, regex]) {
    const m = match(pattern, text, at);
    if (m !== null) return at + m[0].length;
  }
  return at;
}

function bodyEnd(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length;) {
    const c = text.charAt(at);
    const skipped = c === '/' || c === '"' ? skip(text, at) : at;
    if (skipped > at) {
      at = skipped;
      continue;
    }
    if (c === '{') depth++;
    if (c === '}' && --depth === 0) return at + 1;
    at++;
  }
  return text.length;
}

const metaLine = /^\s*(\w+)\s*=\s*(?:"((?:\\.|[^"\\\n])*)"|(-?\d+|true|false))/gm;

function ruleHead(
  m: RegExpExecArray,
  body: string,
): Pick<YaraRuleHead, 'name' | 'tags' | 'meta' | 'private'> {
  const section = /\bmeta\s*:([\s\S]*?)(?=\b(?:strings|condition)\s*:)/.exec(body)?.[1] ?? '';
  const meta = new Map<string, string>();
  for (const [, key = '', text, plain] of section.matchAll(metaLine)) {
    if (!meta.has(key)) meta.set(key, text?.replace(/\\(["\\])/g, '$1') ?? plain ?? '');
  }
  const tags = (m[2] ?? '').split(/\s+/).filter((tag) => tag !== '');
  return { name: m[1] ?? '', tags, meta, private: /^(?:global\s+)?private\b/.test(m[0]) };
}

/** Lines of positions asked for in rising order. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let done = 0;
  return (at) => {
    for (let next = text.indexOf('\n', done); next >= 0 && next < at; next = text.indexOf('\n', done)) {
      line++;
      done = next + 1;
    }
    return line;
  };
}

/** The text with `prefix` at the beginning of every condition; lines stay. */
export function prefixConditions(text: string, prefix: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length;) {
    const c = text.charAt(at);
    const skipped = c === '/' || c === '"' ? skip(text, at) : at;
    const begins = c === 'c' && isWord(text, at, 'condition') ? match(conditionStart, text, at) : null;
    if (begins === null) at = Math.max(skipped, at + 1);
    else {
      at += begins[0].length;
      parts.push(text.slice(done, at), prefix);
      done = at;
    }
  }
  return parts.join('') + text.slice(done);
}

const conditionStart = /condition\s*:/y;

function isWord(text: string, at: number, word: string): boolean {
  return (
    text.startsWith(word, at) &&
    !/[\w$#@!.]/.test(text.charAt(at - 1)) &&
    !/\w/.test(text.charAt(at + word.length))
  );
}

/** The text with some of its ranges turned into blanks, so that lines and columns of the rest stay. */
export function blankOut(
  text: string,
  ranges: readonly { readonly from: number; readonly to: number }[],
): string {
  let out = text;
  for (const { from, to } of ranges)
    out = out.slice(0, from) + out.slice(from, to).replace(/[^\n]/g, ' ') + out.slice(to);
  return out;
}
