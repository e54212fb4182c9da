import type { ImplantKind, Level, RuleInfo, Stage, Witness } from '@postern/core';
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
 * Reads what a YARA file says of its own rules: the names, and the meta entries `description`, `reference`,
 * `postern_stage`, `postern_witness`, `postern_act`, `postern_level`, `postern_meaning`, `postern_cves`,
 * `postern_techniques` and `postern_falsepositives` (lists parted by `;`) and `postern_implant` (a kind). The rule
 * language itself is not read here. A rule without the block is a lead.
 */
export function yaraRuleInfos({ path, text }: YaraFile, pack: string, report: Report): RuleInfo[] {
  const masked = maskComments(text);
  return [...masked.matchAll(/^[ \t]*(?:(?:private|global)\s+)*rule\s+([A-Za-z_]\w*)[^{]*\{/gm)].map(
    (match) => {
      const line = masked.slice(0, match.index).split('\n').length;
      const body = masked.slice(match.index + match[0].length);
      const meta = metaOf(body.slice(0, sectionEnd(body)));
      return ruleInfo({
        name: match[1] ?? '',
        meta,
        pack,
        path,
        complain: (message) => report({ code: 'POSTERN_PACK_RULE', message, line, rule: match[1] ?? '' }),
      });
    },
  );
}

/** Comments become spaces of the same length, so that places stay true; text in quotes is left alone. */
function maskComments(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\\n])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (token) =>
    token.startsWith('"') ? token : token.replaceAll(/[^\n]/g, ' '),
  );
}

function sectionEnd(body: string): number {
  const end = /^\s*(?:strings|condition)\s*:/m.exec(body);
  return end?.index ?? body.length;
}

function metaOf(section: string): ReadonlyMap<string, string> {
  const entries = section.matchAll(/^\s*([A-Za-z_]\w*)\s*=\s*"((?:\\.|[^"\\\n])*)"/gm);
  return new Map([...entries].map(([, key = '', value = '']) => [key, value.replaceAll(/\\(.)/g, '$1')]));
}

interface Described {
  readonly name: string;
  readonly meta: ReadonlyMap<string, string>;
  readonly pack: string;
  readonly path: string;
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
