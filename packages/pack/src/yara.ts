import type { ImplantKind, Level, RuleInfo, Stage, Witness } from '@postern/core';
import { outlineYara } from '@postern/webshell';
import type { Report } from './yaml-value.ts';

/** A YARA file of a pack, as it stands. */
export interface YaraFile {
  readonly path: string;
  readonly text: string;
}

const stages: readonly Stage[] = ['probe', 'attempt', 'success', 'use', 'aftermath'];
const witnesses: readonly Witness[] = ['direct', 'indirect', 'lead'];
const levels: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];
const implantKinds: readonly ImplantKind[] = ['web-shell', 'iis-module', 'other'];

/**
 * What a YARA file says of its own rules: the names, and the meta entries `description`, `reference`, `postern_stage`,
 * `postern_witness`, `postern_act`, `postern_level`, `postern_meaning`, `postern_cves`, `postern_techniques` and
 * `postern_falsepositives` (lists parted by `;`) and `postern_implant` (a kind). A rule without the block is a lead;
 * private rules never hit by themselves and are left out.
 */
export function yaraRuleInfos({ text }: YaraFile, pack: string, report: Report): RuleInfo[] {
  return outlineYara(text)
    .rules.filter((head) => !head.private)
    .map(({ name, meta, line }) => {
      const complain = (message: string): void => {
        report({ code: 'POSTERN_PACK_RULE', message, line, rule: name });
      };
      return ruleInfo({ name, meta, pack, complain });
    });
}

interface Described {
  readonly name: string;
  readonly meta: ReadonlyMap<string, string>;
  readonly pack: string;
  readonly complain: (message: string) => void;
}

function ruleInfo({ name, meta, pack, complain }: Described): RuleInfo {
  const choice = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T => {
    const text = meta.get(key);
    const found = allowed.find((word) => word === text);
    if (text !== undefined && found === undefined)
      complain(`${key}: "${text}" is none of ${allowed.join(', ')}`);
    return found ?? otherwise;
  };
  const listOf = (key: string): string[] =>
    (meta.get(key) ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const implant = meta.has('postern_implant') ? choice('postern_implant', implantKinds, 'other') : undefined;
  const title = meta.get('description') ?? name;
  return {
    id: name,
    title,
    kind: 'yara',
    level: choice('postern_level', levels, 'medium'),
    pack,
    meaning: meta.get('postern_meaning') ?? title,
    stage: choice('postern_stage', stages, 'probe'),
    witness: choice('postern_witness', witnesses, 'lead'),
    act: meta.get('postern_act') ?? 'file-content',
    cves: listOf('postern_cves'),
    flawProved: false,
    techniques: listOf('postern_techniques'),
    falsePositives: listOf('postern_falsepositives'),
    entities: { path: ['path'] },
    ...(implant === undefined
      ? {}
      : { implant: { kind: implant, field: 'path', is: 'path', event: 'seen' } as const }),
    joins: [],
    references: listOf('reference'),
  };
}
