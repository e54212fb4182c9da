import { urlPath } from '@postern/core';
import type { EntityKind, RuleInfo } from '@postern/core';
import { cleanAddress } from './addresses.ts';
import { clientBehind, isProxy } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { noEntities } from './sighting.ts';
import type { SeenAddress, SeenEntities, SeenImplant } from './sighting.ts';

type Captures = ReadonlyMap<string, string>;

/** What a record names, by the fields that its rule declares: of each kind the first field that is there counts. */
export function entitiesOf(
  rule: RuleInfo,
  captures: Captures,
  proxies: Proxies,
  server: string,
): SeenEntities {
  const one = (kind: EntityKind): string[] => {
    const field = fieldOf(rule, kind, captures);
    return field === undefined ? [] : [captures.get(field)?.trim() ?? ''];
  };
  return {
    ...noEntities,
    addresses: addressOf(rule, captures, proxies, server),
    accounts: one('account'),
    paths: one('path'),
    urls: one('url'),
    hashes: one('hash').map((hash) => hash.toLowerCase()),
    agents: one('agent').map((agent) => foldAgent(agent)),
    mailboxes: one('mailbox'),
  };
}

/** The host that a rule says was acted upon. */
export function hostOf(rule: RuleInfo, captures: Captures): string | undefined {
  const field = fieldOf(rule, 'host', captures);
  return field === undefined ? undefined : captures.get(field);
}

/** Agents of different logs in one form: HttpProxy writes spaces for commas, IIS `+` for spaces. */
export function foldAgent(agent: string): string {
  return agent.replace(/[\s,+]+/g, ' ').trim();
}

/** What a rule's record tells of a back door. */
export function implantOf(rule: RuleInfo, captures: Captures): SeenImplant | undefined {
  if (rule.implant === undefined) return undefined;
  const { kind, field, is, event } = rule.implant;
  const value = captures.get(field)?.trim();
  if (value === undefined || value === '' || value === '-') return undefined;
  return is === 'path' ? { kind, event, path: filePath(value) } : { kind, event, url: urlPath(value) };
}

/** Files of one anti-virus record that are told apart. */
const filesOfRecord = 100;

/**
 * Anti-virus writes all files of a threat into one record, `containerfile:_C:\…; file:_C:\…; file:_D:\…`: the captures
 * once for each file, so that the page in a web folder counts wherever it stands in the list.
 */
export function capturesByFile(rule: RuleInfo, captures: Captures): readonly Captures[] {
  const field = rule.implant?.is === 'path' ? rule.implant.field : '';
  const files = partsOf(captures.get(field) ?? '').slice(0, filesOfRecord);
  if (files.length < 2) return [captures];
  return [...new Set(files)].map((file) => new Map([...captures, [field, file]]));
}

/** Containers, processes and registry keys are left out where there are files. */
function partsOf(value: string): string[] {
  if (!/^\s*[a-z]+:_/i.test(value)) return [value];
  const files = value.split(/;\s*(?=[a-z]+:_)/i).filter((part) => /^\s*file:_/i.test(part));
  return files.length > 0 ? files : [value];
}

/** A script in a page is the page. */
function filePath(value: string): string {
  const [file = value] = partsOf(value);
  return file
    .trim()
    .replace(/^file:_/i, '')
    .replace(/->\(SCRIPT\d+\)$/i, '');
}

function fieldOf(rule: RuleInfo, kind: EntityKind, captures: Captures): string | undefined {
  return rule.entities[kind]?.find((field) => {
    const value = captures.get(field)?.trim();
    return value !== undefined && value !== '' && value !== '-';
  });
}

function addressOf(rule: RuleInfo, captures: Captures, proxies: Proxies, server: string): SeenAddress[] {
  const field = fieldOf(rule, 'address', captures);
  const address = field === undefined ? undefined : cleanAddress(captures.get(field) ?? '');
  if (field === undefined || address === undefined) return [];
  if (!isProxy(proxies, server, address)) return [{ value: address, from: field }];
  const forwardedField = [...captures.keys()].find((name) => /^forwarded$|x-forwarded-for/i.test(name));
  const client =
    forwardedField === undefined
      ? undefined
      : clientBehind(proxies, server, captures.get(forwardedField) ?? '');
  return client === undefined || forwardedField === undefined
    ? [{ value: address, from: `${field} (proxy)` }]
    : [{ value: client, from: forwardedField }];
}
