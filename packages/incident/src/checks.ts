import type { RuleInfo } from '@postern/core';
import { say } from './messages.ts';

type CheckName =
  | 'page-content'
  | 'page-suspicious'
  | 'page-elsewhere'
  | 'page-used'
  | 'page-known-used'
  | 'page-seen'
  | 'page-probed'
  | 'page-compiled'
  | 'archive-staged'
  | 'page-content-compiled'
  | 'page-gone'
  | 'configured-directory'
  | 'configured-module'
  | 'configured-agent'
  | 'configured-handler'
  | 'configured-unknown'
  | 'logs-hidden'
  | 'logs-changed'
  | 'rewrite-mitigation'
  | 'rewrite-weak'
  | 'page-look-alike'
  | 'device-name'
  | 'device-name-elsewhere';

type CheckInfo = Pick<RuleInfo, 'level' | 'stage' | 'witness' | 'act'>;

const checkInfos: Readonly<Record<CheckName, CheckInfo>> = {
  'page-content': { level: 'critical', stage: 'success', witness: 'direct', act: 'page-content' },
  'page-suspicious': { level: 'high', stage: 'success', witness: 'indirect', act: 'page-content' },
  'page-elsewhere': { level: 'medium', stage: 'probe', witness: 'lead', act: 'page-elsewhere' },
  'page-used': { level: 'high', stage: 'use', witness: 'indirect', act: 'page-used' },
  'page-known-used': { level: 'high', stage: 'use', witness: 'indirect', act: 'page-used' },
  'page-seen': { level: 'low', stage: 'probe', witness: 'lead', act: 'page-seen' },
  'page-probed': { level: 'medium', stage: 'probe', witness: 'lead', act: 'page-probed' },
  'page-compiled': { level: 'high', stage: 'use', witness: 'indirect', act: 'page-compiled' },
  'archive-staged': { level: 'high', stage: 'use', witness: 'indirect', act: 'archive-staged' },
  'page-content-compiled': { level: 'critical', stage: 'use', witness: 'direct', act: 'page-compiled' },
  'page-gone': { level: 'medium', stage: 'aftermath', witness: 'lead', act: 'page-gone' },
  'configured-directory': { level: 'high', stage: 'success', witness: 'indirect', act: 'configuration' },
  'configured-module': { level: 'high', stage: 'success', witness: 'indirect', act: 'configuration' },
  'configured-agent': { level: 'high', stage: 'success', witness: 'indirect', act: 'configuration' },
  'configured-handler': { level: 'high', stage: 'success', witness: 'indirect', act: 'configuration' },
  'configured-unknown': { level: 'low', stage: 'probe', witness: 'lead', act: 'configuration' },
  'logs-hidden': { level: 'high', stage: 'aftermath', witness: 'indirect', act: 'logs-hidden' },
  'logs-changed': { level: 'medium', stage: 'probe', witness: 'lead', act: 'logs-changed' },
  'rewrite-mitigation': {
    level: 'informational',
    stage: 'probe',
    witness: 'lead',
    act: 'rewrite-mitigation',
  },
  'rewrite-weak': { level: 'medium', stage: 'probe', witness: 'lead', act: 'rewrite-mitigation' },
  'page-look-alike': { level: 'medium', stage: 'probe', witness: 'lead', act: 'page-look-alike' },
  'device-name': { level: 'high', stage: 'success', witness: 'indirect', act: 'device-name' },
  'device-name-elsewhere': { level: 'low', stage: 'probe', witness: 'lead', act: 'device-name' },
};

/** What the judgement itself says of files and pages: rules of kind `check`, ids `postern:<name>`. */
export function checkRule(name: CheckName, techniques: readonly string[] = ['T1505.003']): RuleInfo {
  return {
    id: `postern:${name}`,
    title: say(`check.${name}.title`),
    kind: 'check',
    meaning: say(`check.${name}.meaning`),
    cves: [],
    flawProved: false,
    techniques: checkInfos[name].witness === 'lead' ? [] : techniques,
    falsePositives: [],
    entities: {},
    joins: [],
    references: [],
    ...checkInfos[name],
  };
}
