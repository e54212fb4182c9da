import type { EntityKind, Level, RuleInfo } from '@postern/core';
import { fieldNames } from './fields.ts';
import type { Indicator, IndicatorType } from './indicator.ts';

interface Kind {
  readonly title: string;
  readonly level: Level;
  readonly act: string;
  readonly meaning: string;
}

const ofFile: Kind = {
  title: 'Content on a public list',
  level: 'high',
  act: 'listed-content',
  meaning: 'A file has exactly the content that a public list of attackers’ tools names.',
};
const ofPath: Kind = {
  title: 'Path on a public list',
  level: 'medium',
  act: 'listed-path',
  meaning: 'A file has a place or name that a public list names; names are re-used, so look at the file.',
};
const ofName: Kind = { ...ofPath, title: 'File name on a public list', level: 'low' };
const ofRequest: Kind = {
  title: 'Request path on a public list',
  level: 'low',
  act: 'listed-request',
  meaning:
    'Someone asked for a path that was used in known attacks; it does not show that anything came of it.',
};

const kinds: Readonly<Record<IndicatorType, Kind>> = {
  sha256: ofFile,
  sha1: ofFile,
  md5: ofFile,
  ip: {
    title: 'Address on a public list',
    level: 'low',
    act: 'listed-address',
    meaning:
      'An address that attackers used at that time was in contact with the server; others used it before and after.',
  },
  domain: {
    title: 'Domain on a public list',
    level: 'medium',
    act: 'listed-domain',
    meaning: 'A host name that a public list of attackers’ servers names stands in a record of this server.',
  },
  file_path: ofPath,
  file_path_regex: ofName,
  file_name: ofName,
  file_name_regex: ofName,
  user_agent: {
    title: 'User agent on a public list',
    level: 'low',
    act: 'listed-agent',
    meaning: 'A request bore a user agent that attackers also used; everyone can send it.',
  },
  request_path_post: ofRequest,
  request_path_regex: ofRequest,
  webshell_param: {
    title: 'Parameter of a known web shell',
    level: 'medium',
    act: 'listed-parameter',
    meaning:
      'A word that served as the password of known web shells stands in a request, a cmdlet or a page.',
  },
  command_or_path: {
    title: 'Command or path on a public list',
    level: 'medium',
    act: 'listed-command',
    meaning: 'A command or path that a public list names was run or written on this server.',
  },
  service_name: {
    title: 'Service name on a public list',
    level: 'low',
    act: 'listed-service',
    meaning: 'A service has a name that attackers’ tools also used.',
  },
  file_marker: {
    title: 'Known mark at the start of a file',
    level: 'high',
    act: 'listed-content',
    meaning: 'A file begins with the mark of a known piece of malware.',
  },
};

const falsePositives = [
  'Published values age, are shared and are re-used; a hit by itself proves nothing.',
  'Reports, rules and other tools hold the same values.',
];

/**
 * What the judgement needs to know of an indicator: always a lead, stage probe. The cluster that a list names with the
 * value is left out on purpose (judgement section 7): it is in {@link Indicator.cluster}.
 */
export function indicatorRule(indicator: Indicator): RuleInfo {
  const kind = kinds[indicator.type];
  return {
    id: indicator.rule,
    title: `${kind.title}: ${indicator.value}`,
    kind: 'indicator',
    level: kind.level,
    ...(indicator.pack === undefined ? {} : { pack: indicator.pack }),
    meaning: kind.meaning,
    stage: 'probe',
    witness: 'lead',
    act: kind.act,
    cves: [],
    flawProved: false,
    techniques: [],
    falsePositives,
    entities: entitiesOf(indicator.type),
    joins: [],
    references: indicator.source === '' ? [] : [indicator.source],
  };
}

/** The fields that {@link IndicatorMatcher.captures} copies. */
function entitiesOf(type: IndicatorType): Readonly<Partial<Record<EntityKind, readonly string[]>>> {
  const address = [...fieldNames('client'), ...(type === 'ip' ? fieldNames('peer') : [])];
  const agent = fieldNames('agent');
  const url = fieldNames('url-path');
  return { address, agent, url, path: fieldNames('path'), hash: fieldNames('hashes') };
}
