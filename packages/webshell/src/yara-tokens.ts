/** A piece of a YARA rule. Comments and blanks are left out. */
export interface YaraToken {
  readonly kind: 'word' | 'id' | 'text' | 'regex' | 'hex' | 'number' | 'sign';
  readonly text: string;
}

const blank = /(?:\s+|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*)+/y;
const kinds: readonly (readonly [YaraToken['kind'], RegExp])[] = [
  ['text', /"(?:\\.|[^"\\\n])*"/y],
  ['regex', /\/(?:\\.|[^/\\\n])+\/[is]*/y],
  ['id', /\$\w*\*?/y],
  ['number', /(?:0x[\dA-Fa-f]+|\d+)(?:KB|MB)?\b/y],
  ['word', /[A-Za-z_]\w*/y],
  ['sign', /[^]/y],
];
/** What stands between braces behind an equals sign. */
const hexText = /\{[^}]*\}/y;

/** The pieces of one rule, from its first modifier to its closing brace. */
export function yaraTokens(rule: string): readonly YaraToken[] {
  const tokens: YaraToken[] = [];
  for (let at = passBlank(rule, 0); at < rule.length; at = passBlank(rule, at)) {
    const hex = tokens.at(-1)?.text === '=' ? matchAt(hexText, rule, at) : undefined;
    const token: YaraToken = hex === undefined ? tokenAt(rule, at) : { kind: 'hex', text: hex };
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(rule: string, at: number): YaraToken {
  for (const [kind, pattern] of kinds) {
    const text = matchAt(pattern, rule, at);
    if (text !== undefined) return { kind, text };
  }
  return { kind: 'sign', text: rule.slice(at) };
}

function passBlank(rule: string, at: number): number {
  return at + (matchAt(blank, rule, at)?.length ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
