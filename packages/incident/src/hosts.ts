import { remember } from '@postern/core';
import { sorted } from './ordered.ts';

/** Host names that say nothing of which host it is. */
const nameless = new Set(['localhost', 'localhost.localdomain', '-', '', '(null)', 'n/a', '*']);

/**
 * A host name in one form, or undefined for addresses and names that say nothing. Thousands of sources name the same
 * few.
 */
export const cleanHost: (text: string) => string | undefined = remember(clean);

function clean(text: string): string | undefined {
  const host = text.trim().toLowerCase().replace(/\.$/, '');
  if (nameless.has(host) || host.includes(':') || /^[\d.]+$/.test(host)) return undefined;
  return /^[\w.-]{1,255}$/.test(host) ? host : undefined;
}

export function shortName(host: string): string {
  return host.split('.')[0] ?? host;
}

/**
 * Host name → key of the host. A short name and a full one with the same first label are one host, as long as only
 * one full name has that label; else each full name is its own host, and the short one too.
 */
export function hostKeys(hosts: Iterable<string>): ReadonlyMap<string, string> {
  const full = new Map<string, Set<string>>();
  const all = sorted(hosts);
  for (const host of all.filter((name) => name.includes('.'))) {
    const label = shortName(host);
    full.set(label, (full.get(label) ?? new Set()).add(host));
  }
  return new Map(
    all.map((host) => [host, (full.get(shortName(host))?.size ?? 0) > 1 ? host : shortName(host)]),
  );
}
