import { at, type Code, sign } from './code.ts';
import { callSign, propertySign } from './judge-calls.ts';
import { phpSigns } from './judge-php.ts';
import { pageSigns } from './judge-page.ts';
import { standingSigns } from './judge-traits.ts';
import { writeSign, writtenLabels } from './judge-writes.ts';
import type { Sign } from './sign.ts';
import { shellObjectNames } from './sinks.ts';

/** The traits of a page's code: calls that run or write something, and whether the request decides on it. */
export function judgeCode(code: Code): readonly Sign[] {
  const signs: Sign[] = [];
  const { tokens } = code.outline;
  const written = writtenLabels(code);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind === 'text') signs.push(...textSigns(code, i, token.text));
    if (token?.kind !== 'word') continue;
    const sign =
      callSign(code, i, token.text) ??
      writeSign(code, i, token.text, written) ??
      propertySign(code, i, token.text);
    if (sign !== undefined) signs.push(sign);
    if (code.engine === 'php') signs.push(...phpSigns(code, i, token.text));
  }
  return [...signs, ...pageSigns(code), ...standingSigns(code)];
}

function textSigns(code: Code, i: number, text: string): readonly Sign[] {
  if (text.length > 200_000) return [];
  const low = text.toLowerCase();
  if (shellObjectNames.has(low)) return [sign('shell-object', 'suspicious', at(code, i))];
  return [];
}
