import type { CampaignPhase, Pack, RuleInfo } from '@postern/core';
import { Diagnostics, type Finding, type PackDiagnostic } from './diagnostic.ts';
import type { LoadedPack } from './load.ts';
import { acts, isKnownReason, isKnownTag } from './vocabulary.ts';

type Report = (file: string, finding: Finding) => void;

/**
 * Checks what loading alone does not: that ids are unique, names lead somewhere, phases are in order, every rule says
 * enough, and every rule has a test case in which it must fire and one in which it must not. The diagnostics of
 * loading are not repeated.
 */
export function checkPack(loaded: LoadedPack): readonly PackDiagnostic[] {
  const diagnostics = new Diagnostics();
  const report: Report = (file, finding) => {
    diagnostics.for(file)(finding);
  };
  checkIds(loaded, report);
  checkPhases(loaded.pack, report);
  checkWants(loaded.pack, report);
  checkRules(loaded, report);
  checkAdvice(loaded, report);
  checkTests(loaded, report);
  return diagnostics.sorted();
}

function checkIds({ pack, advice }: LoadedPack, report: Report): void {
  const groups: readonly (readonly [file: string, what: string, ids: readonly string[]])[] = [
    ['sigma/', 'rule', pack.rules.map(({ id }) => id)],
    ['claims.csv', 'claim', pack.claims.map(({ id }) => id)],
    ['pack.yaml', 'phase', pack.campaign.phases.map(({ id }) => id)],
    ['pack.yaml', 'cluster', pack.campaign.clusters.map(({ id }) => id)],
    ['advice/', 'advice', advice.map(({ rule }) => `${rule.id}.${rule.language}`)],
    ['builds.csv', 'build', pack.builds.map(({ cu, su, build }) => [build, cu, su].join(' '))],
  ];
  for (const [file, what, ids] of groups) {
    for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) {
      report(file, {
        code: 'POSTERN_PACK_DUPLICATE',
        message: `two of kind ${what} have the id "${id}"`,
        rule: id,
      });
    }
  }
}

function checkPhases({ campaign }: Pack, report: Report): void {
  const wrong = (message: string): void => report('pack.yaml', { code: 'POSTERN_PACK_ORDER', message });
  if (campaign.to < campaign.from) wrong('the campaign ends before it begins');
  let before: CampaignPhase | undefined;
  for (const phase of campaign.phases) {
    if (phase.to < phase.from) wrong(`phase ${phase.id} ends before it begins`);
    if (before !== undefined && phase.from <= before.to)
      wrong(`phase ${phase.id} begins before ${before.id} has ended`);
    if (phase.from < campaign.from || phase.to > campaign.to)
      wrong(`phase ${phase.id} lies outside the campaign`);
    before = phase;
  }
}

function checkWants({ campaign, wants, layout }: Pack, report: Report): void {
  const families = new Set(Object.keys(layout.families));
  const unknown = (message: string): void =>
    report('pack.yaml', { code: 'POSTERN_PACK_UNKNOWN_NAME', message });
  for (const { cve, question, anyOf } of wants) {
    const name = `the question ${question} of ${cve}`;
    if (!campaign.cves.includes(cve)) unknown(`${name}: the campaign does not name this CVE`);
    if (anyOf.length === 0) unknown(`${name} has no alternative`);
    for (const family of anyOf.flat().filter((word) => !families.has(word)))
      unknown(`${name}: no family "${family}"`);
  }
  for (const family of Object.keys(layout.retentionDays).filter((word) => !families.has(word))) {
    unknown(`retentionDays: no family "${family}"`);
  }
}

function checkRules({ pack, names }: LoadedPack, report: Report): void {
  for (const rule of pack.rules) {
    const file = rule.kind === 'yara' ? 'yara/' : `sigma/${names.get(rule.id) ?? '?'}.yml`;
    for (const message of faultsOf(rule, pack))
      report(file, { code: 'POSTERN_PACK_RULE', message, rule: rule.id });
  }
}

function faultsOf(rule: RuleInfo, { campaign }: Pack): string[] {
  const faults: string[] = [];
  const isWitness = rule.witness !== 'lead';
  if (!acts.has(rule.act)) faults.push(`no act "${rule.act}"`);
  if (!rule.meaning.endsWith('.')) faults.push('the meaning is not a sentence');
  if (rule.witness === 'direct' && rule.stage === 'probe') faults.push('a probe is no witness of anything');
  if (rule.flawProved && rule.cves.length === 0) faults.push('a flaw is proved, but no CVE is named');
  if (isWitness && rule.falsePositives.length === 0) faults.push('a witness needs a note on false positives');
  if (isWitness && rule.references.length === 0) faults.push('a witness needs a reference');
  for (const cve of rule.cves.filter((name) => !campaign.cves.includes(name)))
    faults.push(`the campaign does not name ${cve}`);
  return faults;
}

function checkAdvice({ advice, pack }: LoadedPack, report: Report): void {
  for (const { rule, file } of advice) {
    const { all = [], any = [], none = [] } = rule.when;
    for (const tag of [...all, ...any, ...none].filter((word) => !isKnownTag(word))) {
      report(file, { code: 'POSTERN_PACK_UNKNOWN_NAME', message: `no tag "${tag}"`, rule: rule.id });
    }
    for (const reason of rule.because.filter((word) => !isKnownReason(word))) {
      report(file, {
        code: 'POSTERN_PACK_UNKNOWN_NAME',
        message: `because: no act or implant "${reason}"`,
        rule: rule.id,
      });
    }
  }
  const orders = pack.advice.map(({ order, language }) => `${order}.${language}`);
  for (const order of new Set(orders.filter((one, i) => orders.indexOf(one) !== i))) {
    report('advice/', {
      code: 'POSTERN_PACK_DUPLICATE',
      message: `two pieces of advice have the order ${order}`,
    });
  }
}

function checkTests({ names, tests }: LoadedPack, report: Report): void {
  const known = new Set(names.values());
  const fired = new Set<string>();
  const spared = new Set<string>();
  for (const { name, evidence } of tests) {
    for (const rule of evidence.flatMap(({ fires }) => [...fires.values()].flat())) fired.add(rule);
    for (const rule of evidence.flatMap(({ spares }) => [...spares.values()].flat())) spared.add(rule);
    const named = evidence.flatMap(({ fires, spares }) => [...fires.values(), ...spares.values()].flat());
    for (const rule of new Set(named.filter((word) => !known.has(word)))) {
      report(`tests/${name}/expect.yaml`, {
        code: 'POSTERN_PACK_UNKNOWN_NAME',
        message: `no rule "${rule}"`,
      });
    }
  }
  for (const [id, name] of names) {
    if (!fired.has(name))
      report(name, { code: 'POSTERN_PACK_UNTESTED', message: `no test case makes "${name}" fire`, rule: id });
    if (!spared.has(name))
      report(name, {
        code: 'POSTERN_PACK_UNTESTED',
        message: `no test case has a near miss of "${name}"`,
        rule: id,
      });
  }
}
