import type { ConfiguredEntry, RuleInfo } from '@postern/core';
import { checkRule } from './checks.ts';
import { sorted } from './ordered.ts';

/**
 * Rewrite rules that a published mitigation is made of, where it is more than one: that of CVE-2021-26855 refuses two
 * cookies (EOMT in microsoft/CSS-Exchange), and each alone leaves the way through the other.
 */
const partsNeeded: ReadonlyMap<string, number> = new Map([['CVE-2021-26855', 2]]);

/**
 * What a rewrite rule of a mitigation means (judgement section 6): the flaws that it closes together with the others of
 * its configuration. One that is changed, switched off, of an early form or only half of it closes none.
 */
export function mitigationRule(entry: ConfiguredEntry, all: readonly ConfiguredEntry[]): RuleInfo {
  if (entry.code !== 'mitigation') return checkRule('rewrite-weak');
  const cves = cvesIn(entry).filter((cve) => partsOf(all, cve) >= (partsNeeded.get(cve) ?? 1));
  const rule = checkRule('rewrite-mitigation');
  return cves.length === 0 ? rule : { ...rule, act: 'mitigation-applied', cves };
}

function partsOf(all: readonly ConfiguredEntry[], cve: string): number {
  const parts = all.filter(({ code, ...entry }) => code === 'mitigation' && cvesIn(entry).includes(cve));
  return sorted(parts.map(({ name, text }) => `${name}\0${text}`)).length;
}

function cvesIn({ text }: Pick<ConfiguredEntry, 'text'>): string[] {
  return sorted(text.match(/CVE-\d{4}-\d{4,7}/g) ?? []);
}
