import type { Outline } from './outline.ts';

/** Longer chains of members are not followed: nobody writes them. */
const chainSteps = 64;

/** The word that the chain before `at` begins with: `a.b[0].c =` → a. */
export function rootBefore({ tokens, open }: Outline, at: number): number | undefined {
  let i = at - 1;
  for (let step = 0; step < chainSteps && i >= 0; step++) {
    const token = tokens[i];
    if (token?.kind === 'sign' && (token.text === ')' || token.text === ']')) i = (open[i] ?? i) - 1;
    else if (
      token?.kind === 'word' &&
      tokens[i - 1]?.text === '.' &&
      tokens[i - 2]?.text !== 'this' &&
      tokens[i - 2]?.text !== 'me'
    )
      i -= 2;
    else return token?.kind === 'word' ? declared(tokens, i) : undefined;
  }
  return undefined;
}

/** `Dim x As String =`, `var x : String =`: the name, not its type. */
function declared(tokens: Outline['tokens'], type: number): number {
  const before = tokens[type - 1];
  if (before?.text !== 'as' && !(before?.kind === 'sign' && before.text === ':')) return type;
  return tokens[type - 2]?.kind === 'word' ? type - 2 : type;
}

/** VB writes comparisons with `=` too: those between If and Then assign nothing. */
export function inCondition({ tokens }: Outline, at: number): boolean {
  for (let i = at - 1; i >= 0 && i > at - 60; i--) {
    const token = tokens[i];
    if (token?.kind === 'sign' && (token.text === ';' || token.text === '{' || token.text === '}'))
      return false;
    if (token?.kind !== 'word') continue;
    if (token.text === 'then') return false;
    if (
      (token.text === 'if' || token.text === 'elseif' || token.text === 'while') &&
      tokens[i + 1]?.text !== '('
    )
      return true;
  }
  return false;
}

/** Does one of the names stand in the chain of members before `i`, calls and indices included? */
export function chainHas({ tokens, open }: Outline, i: number, names: readonly string[]): boolean {
  let place = i;
  for (let step = 0; step < chainSteps && place > 0; step++) {
    const before = tokens[place - 1];
    if (before?.kind === 'word') {
      if (names.includes(before.text)) return true;
      if (tokens[place]?.text !== '.') return false;
    } else if (before?.kind === 'sign' && (before.text === ')' || before.text === ']'))
      place = (open[place - 1] ?? place) + 1;
    else if (before?.text !== '.') return false;
    place--;
  }
  return false;
}
