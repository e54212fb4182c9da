/**
 * A small pseudo-random source (sfc32: four 32-bit words, additions, shifts and a counter).
 * The same seed gives the same stream on every machine; nothing here looks at a clock.
 */
export interface Random {
  /** The next unsigned 32-bit number. */
  next(): number;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in this share of the cases (0 to 1). */
  chance(share: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** `count` different members of a list, in random order. */
  sample<T>(list: readonly T[], count: number): T[];
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** A GUID in lower case. */
  guid(): string;
  /** `length` characters of an alphabet. */
  text(alphabet: string, length: number): string;
}

const TWO_32 = 4_294_967_296;
const WARM_UP = 15;

export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const HEX4: readonly string[] = Array.from({ length: 65_536 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
);

function hex4(value: number): string {
  return HEX4[value & 0xffff] ?? '0000';
}

/** FNV-1a over the characters: spreads a seed's text over 32 bits. */
function hashText(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return hash >>> 0;
}

function sfc32(seed: string): () => number {
  let a = hashText(seed, 0x81_1c_9d_c5) | 0;
  let b = hashText(seed, 0x9e_37_79_b9) | 0;
  let c = hashText(`${seed}#`, 0x85_eb_ca_6b) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  return next;
}

function guidFrom(next: () => number): string {
  const [a, b, c, d] = [next(), next(), next(), next()];
  const version = 0x4000 | (b & 0x0fff);
  const variant = 0x8000 | (c & 0x3fff);
  return `${hex4(a >>> 16)}${hex4(a)}-${hex4(b >>> 16)}-${hex4(version)}-${hex4(variant)}-${hex4(c >>> 16)}${hex4(d >>> 16)}${hex4(d)}`;
}

function hexFrom(next: () => number, digits: number): string {
  let text = '';
  while (text.length < digits) text += hex4(next());
  return text.length === digits ? text : text.slice(0, digits);
}

function textFrom(below: (limit: number) => number, alphabet: string, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += alphabet.charAt(below(alphabet.length));
  return text;
}

/**
 * Opens a stream of random numbers.
 *
 * @param seed any text; join parts with `/` to get independent streams of one seed
 */
export function createRandom(seed: string): Random {
  const next = sfc32(seed);
  const below = (limit: number): number => Math.floor((next() / TWO_32) * limit);
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[below(list.length)];
    if (chosen === undefined) throw new Error('example: nothing to pick from');
    return chosen;
  };
  return {
    next,
    below,
    pick,
    between: (low, high) => low + below(high - low + 1),
    chance: (share) => next() < share * TWO_32,
    sample: (list, count) => {
      const rest = [...list];
      const chosen = Array.from({ length: Math.min(count, rest.length) }, () =>
        rest.splice(below(rest.length), 1),
      );
      return chosen.flat();
    },
    hex: (digits) => hexFrom(next, digits),
    guid: () => guidFrom(next),
    text: (alphabet, length) => textFrom(below, alphabet, length),
  };
}
