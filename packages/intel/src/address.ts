import { parseAddress } from '@postern/match';

/**
 * An IP address in the one form that comparisons use: IPv4 with dots, IPv6 as eight groups without leading zeros;
 * IPv4 inside IPv6 is IPv4; brackets, port and zone are dropped. Undefined for anything else: an address counts only
 * as a whole value.
 */
export function foldAddress(text: string): string | undefined {
  const bytes = parseAddress(text.trim());
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  return groups.map((group) => group.toString(16)).join(':');
}

/** The addresses in a field that may hold several (`X-Forwarded-For: a, b`), folded; the rest is left out. */
export function addressesIn(text: string): string[] {
  return text.split(/[,\s]+/).flatMap((part) => foldAddress(part) ?? []);
}

const localV4 = /^(?:0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^255\./;
const localV6 = /^(?:0:){7}[01]$|^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/;

/** Private, loopback, link-local, unspecified: as an indicator it would name half the world's networks. */
export function isLocalAddress(folded: string): boolean {
  return localV4.test(folded) || localV6.test(folded);
}
