import type { Shape } from '@postern/core';

/** Other names of a field (folded) → names in the log, the first one that a shape has counts. */
type Aliases = ReadonlyMap<string, readonly string[]>;

/** Sigma's names of W3C fields, as IIS writes them. */
const iisAliases: Aliases = new Map([
  ['cs-user-agent', ['cs(User-Agent)']],
  ['c-useragent', ['cs(User-Agent)']],
  ['user-agent', ['cs(User-Agent)']],
  ['cs-referer', ['cs(Referer)']],
  ['cs-referrer', ['cs(Referer)']],
  ['cs-cookie', ['cs(Cookie)']],
  ['c-uri-query', ['cs-uri-query']],
  ['c-uri-stem', ['cs-uri-stem']],
]);

/**
 * Process creation has Sysmon's names in rules; Security 4688 has its own. Rules name integrity levels by Sysmon's words
 * and by the SIDs of 4688 (`S-1-16-16384`).
 */
const processAliases: Aliases = new Map([
  ['image', ['NewProcessName']],
  ['parentimage', ['ParentProcessName']],
  ['commandline', ['CommandLine', 'ProcessCommandLine']],
  ['integritylevel', ['MandatoryLabel']],
]);

/** Sigma's category antivirus has the names of another product. */
const defenderAliases: Aliases = new Map([
  ['signature', ['Threat Name']],
  ['filename', ['Path']],
]);

/**
 * Names that the rules of Hayabusa give to values that Windows nests (its `eventkey_alias.txt`), for rules that have to
 * tell them from values of the same name elsewhere in the event.
 */
const toolAliases: Aliases = new Map([
  ['providername', ['Provider_Name']],
  ['rdsgtwerrorcode', ['ErrorCode']],
  ['userdatapossiblecause', ['PossibleCause']],
  ['logfileclearedchannel', ['Event.UserData.LogFileCleared.Channel', 'UserData.LogFileCleared.Channel']],
]);

const noAliases: Aliases = new Map();

/** The aliases that count for records of this shape. */
export function aliasesFor(shape: Shape): Aliases {
  if (shape.family === 'iis' || shape.family === 'httperr') return iisAliases;
  if (shape.family !== 'windows-event') return noAliases;
  if (shape.constants.get('EventID') === '4688') return processAliases;
  return shape.constants.get('Channel')?.includes('Windows Defender') === true
    ? defenderAliases
    : toolAliases;
}

/** Path and query of a request, where a family has them apart. */
export interface RequestFields {
  readonly stem: string;
  readonly query: string;
}

const requests: ReadonlyMap<string, RequestFields> = new Map([
  ['iis', { stem: 'cs-uri-stem', query: 'cs-uri-query' }],
  ['httpproxy', { stem: 'UrlStem', query: 'UrlQuery' }],
  ['rps-http', { stem: 'UrlStem', query: 'UrlQuery' }],
]);

/** The fields that make up the virtual field `url`; undefined where a family has none. */
export function requestFields(family: string): RequestFields | undefined {
  return requests.get(family);
}

/** Whether a field is compared percent-decoded too. */
export function isRequestPart(family: string, name: string): boolean {
  const fields = requests.get(family);
  return fields?.stem === name || fields?.query === name || (family === 'httperr' && name === 'cs-uri');
}
