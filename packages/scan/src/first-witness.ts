import { foldPath, whyInert, type Pack, type RuleInfo } from '@postern/core';
import type { FirstPass } from './first-pass.ts';
import { servedFolders } from './inert.ts';
import type { Outcome } from './worker-task.ts';

/** What was seen and where; `line` is absent where the file as a whole is meant. */
export interface FoundWitness {
  readonly title: string;
  readonly path: string;
  readonly line?: number;
}

/**
 * Watches outcomes and tells once of the first direct witness, so that people can act while the scan goes on. What it
 * says can only be confirmed later, for a verdict never gets milder by more evidence of this kind.
 */
export function firstWitness(
  packs: readonly Pack[],
  tell: ((witness: FoundWitness) => void) | undefined,
): (outcome: Outcome) => void {
  const rules = packs.flatMap((pack) => pack.rules);
  const direct = new Map(
    rules
      .filter((rule) => rule.witness === 'direct' && rule.stage !== 'attempt' && rule.stage !== 'probe')
      .map((rule) => [rule.id, rule]),
  );
  const served = servedFolders(packs.map((pack) => pack.layout));
  let told = tell === undefined;
  return (outcome) => {
    if (told || !('result' in outcome) || outcome.result.pass !== 'first') return;
    const witness = witnessIn(outcome.result.result, direct, served);
    if (witness === undefined) return;
    told = true;
    tell?.(witness);
  };
}

function witnessIn(
  { facts, files, hits }: FirstPass,
  direct: ReadonlyMap<string, RuleInfo>,
  served: readonly string[],
): FoundWitness | undefined {
  const path = foldPath(facts.originalPath);
  const file = files.find(({ source }) => source === facts.id);
  const isServed = served.some((folder) => path.includes(folder)) && whyInert(path, served) === undefined;
  if (file?.judged?.verdict === 'remote-control' && isServed)
    return { title: 'web shell', path: facts.originalPath };
  const found = hits.flatMap((hit) => {
    const rule = direct.get(hit.rule);
    // What a file holds counts only where a web server would run it: a quarantined page is no witness.
    return rule === undefined || (rule.kind === 'yara' && !isServed) ? [] : [{ rule, at: hit.at }];
  })[0];
  if (found === undefined) return undefined;
  const { line } = found.at;
  return { title: found.rule.title, path: facts.originalPath, ...(line === undefined ? {} : { line }) };
}
