import { PosternError } from '@postern/core';

/** An address as its bytes in network order: 4 for IPv4 (also for `::ffff:a.b.c.d`), 16 for IPv6. */
export type AddressBytes = readonly number[];

/** A network: all addresses whose first `prefix` bits are those of `address`. Plain data. */
export interface Cidr {
  readonly address: AddressBytes;
  /** 0 to 32 or to 128. */
  readonly prefix: number;
}

/**
 * Reads `10.0.0.0/8` or `fe80::/10`; without a slash it is one address. `::ffff:10.0.0.0/104` is the IPv4 network.
 *
 * @throws PosternError `POSTERN_MATCH_CIDR` if it is no network, or has bits set behind its prefix (`10.0.0.1/8`),
 * for then either the address or the prefix is a slip.
 */
export function parseCidr(text: string): Cidr {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const bytes = parseExact(written);
  if (bytes === undefined)
    throw cidrError(text, 'is not an address with a prefix length', 'write 192.0.2.0/24 or 2001:db8::/32');
  const mapped = bytes.length === 16 && isMapped(bytes);
  const asked = length === undefined ? bytes.length * 8 : Number(length);
  if (asked > bytes.length * 8 || (mapped && asked < 96))
    throw cidrError(text, `has no prefix length of ${asked}`);
  const cidr = mapped ? { address: bytes.slice(12), prefix: asked - 96 } : { address: bytes, prefix: asked };
  if (hasHostBits(cidr))
    throw cidrError(text, 'has bits set behind its prefix', `is ${text} one address, or a network?`);
  return cidr;
}

function cidrError(text: string, what: string, hint?: string): PosternError {
  const detail = { code: 'POSTERN_MATCH_CIDR', message: `"${text}" ${what}`, at: text };
  return new PosternError(hint === undefined ? detail : { ...detail, hint });
}

function hasHostBits({ address, prefix }: Cidr): boolean {
  return address.some((byte, i) => {
    const kept = Math.max(0, Math.min(8, prefix - i * 8));
    return (byte & (0xff >> kept)) !== 0;
  });
}

/**
 * The bytes of an address as logs write it: `192.0.2.1`, `2001:db8::1`, with a zone (`fe80::1%eth0`, `%3`), in brackets,
 * with a port where all of it can be read so. IPv4 inside IPv6 is IPv4. Undefined for anything else.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  const bytes = parseExact(withoutZone(text)) ?? parseExact(withoutPort(text));
  return bytes !== undefined && bytes.length === 16 && isMapped(bytes) ? bytes.slice(12) : bytes;
}

function withoutZone(text: string): string {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return bare.replace(/%[\w.-]+$/, '');
}

function withoutPort(text: string): string {
  const [, bracketed, plain] = /^(?:(\[[^\]]*\])|([\d.]+)):\d{1,5}$/.exec(text) ?? [];
  return bracketed === undefined ? (plain ?? '') : withoutZone(bracketed);
}

function parseExact(text: string): number[] | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split('.');
  // A leading zero means octal to some and nothing to others: such a text is no address.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array<number>(missing).fill(0), ...tail];
}

/** The bytes of `1:2:3`; the last group may be an IPv4 address if `isEnd`. */
function groupsOf(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    const v4 = isEnd && i === groups.length - 1 && group.includes('.') ? parseV4(group) : undefined;
    if (v4 === undefined && !/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(...(v4 ?? [value >> 8, value & 0xff]));
  }
  return bytes;
}

function isMapped(bytes: AddressBytes): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

/** Whether `text` is an address inside the network; false for all that is no address. See {@link parseAddress}. */
export function matchCidr(cidr: Cidr, text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && containsAddress(cidr, address);
}

/** As {@link matchCidr} for an address already read. An IPv4 address is in no IPv6 network, not even `::/0`. */
export function containsAddress({ address: network, prefix }: Cidr, address: AddressBytes): boolean {
  if (network.length !== address.length) return false;
  return network.every((byte, i) => {
    const kept = Math.max(0, Math.min(8, prefix - i * 8));
    return ((byte ^ (address[i] ?? 0)) & (0xff << (8 - kept)) & 0xff) === 0;
  });
}
