import { requiredTexts } from '@postern/match';
import type { YaraToken } from './yara-tokens.ts';

/**
 * Whether a string of a rule may stand in a file, by the folded text of the file ({@link foldedText}). It may say yes
 * where the string does not stand, never no where it does.
 */
export type MayStand = (folded: string) => boolean;

const always: MayStand = () => true;
// All 256 bytes are letters of this encoding, each its own.
const decoder = new TextDecoder('windows-1252');

/** The bytes as text, one character each, in lower case. */
export function foldedText(bytes: Uint8Array): string {
  return decoder.decode(bytes).toLowerCase();
}

/** Modifiers that leave the text as it is, or only ask for more. */
const plain = new Set(['ascii', 'wide', 'nocase', 'fullword', 'private']);

/** @param modifiers what stands behind the string up to the next one */
export function mayStand({ kind, text }: YaraToken, modifiers: readonly string[]): MayStand {
  if (!modifiers.every((modifier) => plain.has(modifier))) return always;
  const isWide = modifiers.includes('wide');
  if (kind === 'hex') return ofHex(text);
  if (kind === 'regex') return isWide ? always : ofRegex(text);
  return kind === 'text' ? ofText(text, isWide, !isWide || modifiers.includes('ascii')) : always;
}

function ofText(quoted: string, isWide: boolean, isNarrow: boolean): MayStand {
  const bytes = bytesOf(quoted.slice(1, -1));
  if (bytes === undefined || bytes.length < 2) return always;
  const narrow = foldedText(bytes);
  const wide = foldedText(Uint8Array.from([...bytes].flatMap((byte) => [byte, 0])));
  return (folded) => (isNarrow && folded.includes(narrow)) || (isWide && folded.includes(wide));
}

const escaped = /\\(?:x([\dA-Fa-f]{2})|([nrt"\\])|([^]))|([^\\])/gu;
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** The bytes that a text of a rule stands for; undefined where it has an escape that is not known. */
function bytesOf(written: string): Uint8Array | undefined {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const [, hex, control, unknown, character] of written.matchAll(escaped)) {
    if (unknown !== undefined) return undefined;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else bytes.push(...encoder.encode(control === undefined ? character : controls[control]));
  }
  return Uint8Array.from(bytes);
}

function ofHex(written: string): MayStand {
  const digits = written.slice(1, -1).replaceAll(/\s+/g, '');
  if (!/^(?:[\dA-Fa-f]{2}){2,}$/.test(digits)) return always;
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const needed = foldedText(bytes);
  return (folded) => folded.includes(needed);
}

/** By the texts that all that the pattern finds must hold. */
function ofRegex(written: string): MayStand {
  const pattern = written.slice(1, written.lastIndexOf('/'));
  // Here `{,5}` is a repetition; to others it is a text.
  if (/\{\s*,/.test(pattern)) return always;
  const texts = requiredTexts(pattern).literals.filter((text) => /^[ -~]{3,}$/.test(text));
  const needed = texts.map((text) => text.toLowerCase());
  return (folded) => needed.every((text) => folded.includes(text));
}
