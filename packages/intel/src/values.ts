import { compileRegex } from '@postern/match';
import { foldAddress, isLocalAddress } from './address.ts';
import type { IndicatorType } from './indicator.ts';

/** A value in its comparing form, or why it cannot be one. */
export type CheckedValue = { readonly value: string } | { readonly refused: string };

const hashDigits: Readonly<Record<string, number>> = { sha256: 64, sha1: 40, md5: 32 };
/** Names, paths and commands shorter than this stand in too many harmless records. */
const shortestName = 4;

/** Undoes what authors do so that nobody clicks: `hxxp`, `[.]`, `(.)`, `[:]`. */
export function refang(text: string): string {
  return text
    .trim()
    .replace(/^hxxp/i, 'http')
    .replaceAll(/\[(\.|:|@)\]|\((\.)\)/g, '$1$2')
    .replaceAll('[dot]', '.');
}

/** Brings a value into the form that comparisons use, or says in plain words why it is refused. */
export function checkValue(type: IndicatorType, text: string): CheckedValue {
  const value = refang(text);
  if (value === '') return { refused: 'the value is empty' };
  switch (type) {
    case 'sha256':
    case 'sha1':
    case 'md5':
      return checkHash(type, value);
    case 'ip':
      return checkAddress(value);
    case 'domain':
      return checkDomain(value);
    case 'file_path_regex':
    case 'file_name_regex':
    case 'request_path_regex':
      return checkRegex(text.trim());
    case 'request_path_post':
      return value.startsWith('/')
        ? { value: value.toLowerCase() }
        : { refused: 'a request path begins with /' };
    case 'file_path':
    case 'file_name':
    case 'user_agent':
    case 'webshell_param':
    case 'command_or_path':
    case 'service_name':
    case 'file_marker':
      return value.length < shortestName ? { refused: `shorter than ${shortestName} characters` } : { value };
  }
}

function checkHash(type: IndicatorType, value: string): CheckedValue {
  const digits = hashDigits[type] ?? 0;
  const isHex = /^[0-9a-f]+$/i.test(value);
  return isHex && value.length === digits
    ? { value: value.toLowerCase() }
    : { refused: `a ${type} has ${digits} hex digits` };
}

function checkAddress(value: string): CheckedValue {
  if (value.includes('/')) return { refused: 'networks are not read as indicators, only single addresses' };
  const folded = foldAddress(value);
  if (folded === undefined) return { refused: 'not an IP address' };
  return isLocalAddress(folded) ? { refused: 'a private or local address names no one' } : { value: folded };
}

function checkDomain(value: string): CheckedValue {
  const host = value
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/:].*$/, '')
    .replace(/\.$/, '');
  const isName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host);
  return isName && host.length <= 253 ? { value: host } : { refused: 'not a domain name' };
}

function checkRegex(value: string): CheckedValue {
  try {
    compileRegex(value, { ignoreCase: true });
    return { value };
  } catch (error) {
    return {
      refused: `the pattern cannot be compiled: ${error instanceof Error ? error.message : 'unknown reason'}`,
    };
  }
}

/** Tells what a bare value is, for lists without columns: a hash by its length, an address, a domain. */
export function typeOfBareValue(text: string): IndicatorType | undefined {
  const value = refang(text);
  if (/^[0-9a-f]+$/i.test(value)) {
    if (value.length === 64) return 'sha256';
    if (value.length === 40) return 'sha1';
    if (value.length === 32) return 'md5';
  }
  if (foldAddress(value) !== undefined) return 'ip';
  return 'value' in checkDomain(value) && /^[\w.-]+$/.test(value) ? 'domain' : undefined;
}
