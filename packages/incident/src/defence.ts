import { whyInert } from '@postern/core';
import type { Layout, RuleInfo } from '@postern/core';
import { isRunnable, lastPart, servedPlace } from './served.ts';
import type { SeenImplant } from './sighting.ts';

/** Acts of those who defend the server. */
export function isDefence(act: string): boolean {
  return (
    act.startsWith('mitigation') ||
    act.startsWith('removed-by') ||
    act.startsWith('update-') ||
    act.startsWith('defender')
  );
}

/** What an anti-virus product found or removed. */
export function isScannerFind(act: string): boolean {
  return act === 'defender-detection' || act === 'removed-by-antivirus';
}

/**
 * Judgement section 2: that an anti-virus product calls a page a back door witnesses one where the web server would run
 * it, as a YARA hit does; a find anywhere else, in an archive or in what was put away is a lead.
 */
export function weighedByPlace(layout: Layout, rule: RuleInfo, implant: SeenImplant | undefined): RuleInfo {
  if (!isScannerFind(rule.act) || rule.witness === 'lead') return rule;
  const path = implant?.path ?? '';
  const isRun =
    !path.includes('->') &&
    servedPlace(layout, path) !== undefined &&
    isRunnable(layout, lastPart(path, '\\')) &&
    whyInert(
      path,
      layout.served.map((served) => served.path),
    ) === undefined;
  return isRun ? rule : { ...rule, witness: 'lead' };
}
