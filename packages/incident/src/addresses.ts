import { remember } from '@postern/core';

/** An address as a number, so that networks can be compared. */
interface AddressNumber {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/**
 * An address in one form: lower case, without brackets, port, zone and the IPv6 mantle of an IPv4 address.
 * Undefined for what is no address (`-`, host names).
 */
export function cleanAddress(text: string): string | undefined {
  return cleaned(text);
}

/** The same clients come in thousands of logs. */
const cleaned = remember(clean, { kept: 8192, longestKey: 64 });

function clean(text: string): string | undefined {
  let address = text.trim().toLowerCase().replace(/%.*$/, '');
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address);
  if (bracketed?.[1] !== undefined) address = bracketed[1].replace(/%.*$/, '');
  else if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(address)) address = address.replace(/:\d+$/, '');
  if (/^::ffff:\d+\.\d+\.\d+\.\d+$/.test(address)) address = address.slice('::ffff:'.length);
  return numberOf(address) === undefined ? undefined : address;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
];

/** True for addresses that are not routed on the internet, loopback included. */
export function isPrivate(address: string): boolean {
  return isLoopback(address) || privateNetworks.some((network) => isInNetwork(address, network));
}

/** True if `address` is `network` or lies in it (`192.0.2.0/24`, `2001:db8::/32`). */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.trim().toLowerCase().split('/');
  const [a, b] = [numberOf(address), numberOf(base)];
  if (a === undefined || b === undefined || a.version !== b.version) return false;
  const width = a.version === 4 ? 32 : 128;
  const kept = bits === undefined ? width : Number(bits);
  if (!Number.isInteger(kept) || kept < 0 || kept > width) return false;
  const shift = BigInt(width - kept);
  return a.value >> shift === b.value >> shift;
}

/** The network that one subscriber or hoster most likely holds as a whole: /24 and /64. */
export function neighbourhoodOf(address: string): string {
  const number = numberOf(address);
  if (number === undefined) return address;
  const shift = number.version === 4 ? 8n : 64n;
  return `${number.version}:${(number.value >> shift).toString(16)}`;
}

function numberOf(address: string): AddressNumber | undefined {
  return address.includes(':') ? sixOf(address) : fourOf(address);
}

function fourOf(address: string): AddressNumber | undefined {
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return { version: 4, value };
}

function sixOf(address: string): AddressNumber | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...(head ?? []), ...zeros(halves.length, head, tail), ...(tail ?? [])];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return { version: 6, value: groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n) };
}

function zeros(halves: number, head: readonly string[] = [], tail: readonly string[] = []): string[] {
  if (halves === 1) return [];
  return Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
}
