import { inBindings } from './code.ts';
import { pageWords } from './judge-page.ts';
import { standingTexts, standingWords } from './judge-traits.ts';
import { callRules, processNames, shellObjectNames } from './sinks.ts';
import type { Engine } from './split-page.ts';
import type { Token } from './tokens.ts';
import { writeRules } from './write-rules.ts';

/** Code of a page as it was read, before anything is followed. */
export interface FoldedCode {
  readonly tokens: readonly Token[];
  readonly engine: Engine;
  readonly evaluates: boolean;
  readonly bindings: readonly (readonly [from: number, to: number])[];
  /** Parts of the names that the page imports. */
  readonly imported: readonly string[];
}

const otherWords: ReadonlySet<string> = new Set([...pageWords, ...standingWords, ...processNames]);
const callWords = wordsByEngine();

function wordsByEngine(): ReadonlyMap<Engine, ReadonlySet<string>> {
  const engines: readonly Engine[] = ['asp.net', 'asp.net-code', 'asp', 'jsp', 'php'];
  const rules = [...callRules.values(), ...writeRules.values()].flat();
  return new Map(
    engines.map((engine) => [
      engine,
      new Set(rules.filter(({ engines: own }) => own?.includes(engine) !== false).map(({ word }) => word)),
    ]),
  );
}

/**
 * False if no check of code can find anything, whatever flows where: none of the calls, names and texts stands in it that
 * the checks of calls, writes, pages and texts begin at. Most pages of a server are such, and following values through
 * one costs more than half of its judgement.
 */
export function mayMatter({ tokens, engine, evaluates, bindings, imported }: FoldedCode): boolean {
  if (engine === 'php' || imported.some((name) => standingWords.has(name))) return true;
  const calls = callWords.get(engine);
  return tokens.some((token, i) => {
    if (token.kind === 'text') return isTelling(token.text);
    if (token.kind !== 'word') return false;
    if (otherWords.has(token.text)) return true;
    if (calls?.has(token.text) !== true) return false;
    if (evaluates) return true;
    const next = tokens[i + 1];
    if (next?.kind !== 'sign' || next.text !== '(') return false;
    return token.text !== 'eval' || !inBindings(bindings, token.at);
  });
}

function isTelling(text: string): boolean {
  if (text.length > 200_000) return false;
  const low = text.toLowerCase();
  return (
    shellObjectNames.has(low) || standingWords.has(low) || (text.length < 4096 && standingTexts.test(low))
  );
}
