import type { RefusedRule } from '@postern/core';
import type { RuleSet } from './rule-set.ts';

/**
 * What a cache of compiled rules holds at least; what else plain data has that extends it is kept too. Reports name what
 * was refused, from a cache too.
 */
export interface CachedRules {
  readonly ruleSet: RuleSet;
  readonly refused: readonly RefusedRule[];
}

/**
 * First line of a cache. The number changes with whatever changes what the same rule texts compile to, so that an older
 * cache is not taken for one of this version.
 */
const magic = 'postern.rules/1';

/**
 * Compiled rules as bytes to be kept. A cache may be deleted at any time: it holds nothing that the rules do not.
 *
 * @param key says which rules they are: a checksum of all their texts, and the version of the program. One line.
 */
export function encodeRuleSet(key: string, rules: CachedRules): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(rules));
  const head = new TextEncoder().encode(headOf(key, body));
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/**
 * Reads what {@link encodeRuleSet} wrote. Undefined if the rules have changed since (another key), if another version
 * wrote it, or if it is damaged: then the rules are compiled anew.
 */
export function decodeRuleSet(key: string, bytes: Uint8Array): CachedRules | undefined {
  let end = -1;
  for (let line = 0; line < headLines; line++) end = bytes.indexOf(newline, end + 1);
  if (end < 0) return undefined;
  const body = bytes.subarray(end + 1);
  if (new TextDecoder().decode(bytes.subarray(0, end + 1)) !== headOf(key, body)) return undefined;
  try {
    const cached: unknown = JSON.parse(new TextDecoder().decode(body));
    return isCachedRules(cached) ? cached : undefined;
  } catch {
    return undefined;
  }
}

const newline = 10;
const headLines = 3;

function headOf(key: string, body: Uint8Array): string {
  return `${magic}\n${key.replaceAll('\n', ' ')}\n${body.length} ${checksum(body)}\n`;
}

/** FNV-1a over 32-bit pieces: finds damage, not forgery; whoever can write the cache can write the rules. */
function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5 | 0;
  for (let at = 0; at < bytes.length; at++) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193);
  return sum >>> 0;
}

/** The checksum holds, so that the parts need not be looked at one by one. */
function isCachedRules(value: unknown): value is CachedRules {
  if (typeof value !== 'object' || value === null) return false;
  return 'ruleSet' in value && 'refused' in value && Array.isArray(value.refused);
}
