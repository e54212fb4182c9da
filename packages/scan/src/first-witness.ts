import { foldPath, type Pack } from '@postern/core';
import type { FirstPass } from './first-pass.ts';
import { servedFolders, whyInert } from './inert.ts';
import type { Outcome } from './worker-task.ts';

/**
 * Watches outcomes and tells once of the first direct witness, so that people can act while the scan goes on. What it
 * says can only be confirmed later, for a verdict never gets milder by more evidence of this kind.
 */
export function firstWitness(
  packs: readonly Pack[],
  tell: ((text: string) => void) | undefined,
): (outcome: Outcome) => void {
  const rules = packs.flatMap((pack) => pack.rules);
  const direct = new Map(
    rules
      .filter((rule) => rule.witness === 'direct' && rule.stage !== 'attempt' && rule.stage !== 'probe')
      .map((rule) => [rule.id, rule.title]),
  );
  const served = servedFolders(packs.map((pack) => pack.layout));
  let told = tell === undefined;
  return (outcome) => {
    if (told || !('result' in outcome) || outcome.result.pass !== 'first') return;
    const text = witnessIn(outcome.result.result, direct, served);
    if (text === undefined) return;
    told = true;
    tell?.(text);
  };
}

function witnessIn(
  result: FirstPass,
  direct: ReadonlyMap<string, string>,
  served: readonly string[],
): string | undefined {
  const path = foldPath(result.facts.originalPath);
  const file = result.files.find((facts) => facts.source === result.facts.id);
  const isServed = served.some((folder) => path.includes(folder)) && whyInert(path, served) === undefined;
  if (file?.judged?.verdict === 'remote-control' && isServed) return `web shell ${result.facts.originalPath}`;
  const hit = result.hits.find((each) => direct.has(each.rule));
  return hit === undefined
    ? undefined
    : `${direct.get(hit.rule) ?? ''} (${result.facts.path}${hit.at.line === undefined ? '' : `:${hit.at.line}`})`;
}
