import { PosternError, type BlockScanner, type OnLiteral } from '@postern/core';
import { searchIn, type WordSearch } from './gram-search.ts';
import { gramsOf, hashMultiplier, makeGramTable, type GramTable } from './gram-table.ts';
import { foldByte, shortBytes, ShortLiterals } from './short-literals.ts';
import { workMemoryOf } from './work-memory.ts';

/**
 * Shorter literals are found nearly everywhere; whoever has one must look at every line instead. Even of three bytes
 * only odd ones are worth it: they are looked for at every byte.
 */
export const shortestLiteral: number = shortBytes;

/**
 * Compiles literals to a scanner that looks at four bytes at a time and never at a byte twice in the usual case:
 * each aligned word, case folded, is hashed into a small table of the rarest pieces of the literals.
 *
 * @param literals ASCII letters are found in any case, all other bytes (UTF-8) as they are; at least 3 bytes each.
 *   Percent escapes (`%65`) and others of 3 bytes have a pass of their own. Duplicates do no harm. With each its sorts,
 *   a bit for each of up to eight; as a plain list all are of sort 1.
 * @throws PosternError `POSTERN_MATCH_SHORT_LITERAL`
 */
export function compileScanner(literals: readonly string[] | ReadonlyMap<string, number>): BlockScanner {
  const folded = foldLiterals(
    'get' in literals ? literals : new Map(literals.map((literal) => [literal, 1])),
  );
  const escapes = [...folded].filter(([literal]) => isEscape(literal));
  const rest = [...folded].flatMap(([literal, sorts]) =>
    isEscape(literal) ? [] : [{ bytes: new TextEncoder().encode(literal), sorts }],
  );
  for (const { bytes } of rest) checkLength(bytes);
  const shorts = rest.filter(({ bytes }) => bytes.length === shortBytes);
  const longer = rest.filter(({ bytes }) => bytes.length > shortBytes);
  return new GramScanner({
    literals: longer,
    escapes: escapeTable(escapes),
    shorts: shorts.length === 0 ? undefined : new ShortLiterals(shorts),
    sorts: [...folded.values()].reduce((all, sorts) => all | sorts, 0),
  });
}

function foldLiterals(literals: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const folded = new Map<string, number>();
  for (const [literal, sorts] of literals) {
    const key = literal.toLowerCase();
    folded.set(key, (folded.get(key) ?? 0) | sorts);
  }
  return folded;
}

function isEscape(literal: string): boolean {
  return /^%[0-9a-f]{2}$/.test(literal);
}

function checkLength(literal: Uint8Array): void {
  if (literal.length >= shortestLiteral) return;
  throw new PosternError({
    code: 'POSTERN_MATCH_SHORT_LITERAL',
    message: `the literal ${JSON.stringify(new TextDecoder().decode(literal))} is shorter than ${shortestLiteral} bytes`,
    hint: 'Look at every record where a rule has no longer literal.',
  });
}

/** Byte → the sorts for which `%` and its two hex digits are looked for; undefined where none is. */
function escapeTable(escapes: readonly (readonly [string, number])[]): Uint8Array | undefined {
  if (escapes.length === 0) return undefined;
  const table = new Uint8Array(256);
  for (const [escape, sorts] of escapes) table[Number.parseInt(escape.slice(1), 16)] = sorts;
  return table;
}

interface SortedLiteral {
  readonly bytes: Uint8Array;
  readonly sorts: number;
}

interface ScannerParts {
  readonly literals: readonly SortedLiteral[];
  readonly escapes: Uint8Array | undefined;
  readonly shorts: ShortLiterals | undefined;
  readonly sorts: number;
}

class GramScanner implements BlockScanner {
  readonly sorts: number;
  private readonly literals: readonly Uint8Array[];
  private readonly sortsOf: Uint8Array;
  private readonly longest: number;
  private readonly table: GramTable;
  private readonly escapes: Uint8Array | undefined;
  private readonly shorts: ShortLiterals | undefined;
  private words: Int32Array = new Int32Array(0);
  /** Where the block lies in work memory. */
  private search: WordSearch | undefined;
  /** Byte of the block at which `words` begins; negative where the block itself does not begin on a word. */
  private base = 0;
  /** Of the literals and of the escape that were found last. */
  private literalSorts = 0;
  private escapeSorts = 0;

  constructor({ literals, escapes, shorts, sorts }: ScannerParts) {
    this.literals = literals.map(({ bytes }) => bytes);
    this.sortsOf = Uint8Array.from(literals, ({ sorts }) => sorts);
    this.longest = Math.max(0, ...this.literals.map(({ length }) => length));
    this.sorts = sorts;
    this.table = makeGramTable(this.literals.flatMap(gramsOf));
    this.escapes = escapes;
    this.shorts = shorts;
  }

  scan(bytes: Uint8Array, from: number, to: number, onHit: OnLiteral): void {
    this.useBlock(bytes);
    const range: Range = { from, to };
    // What is found so near the end is not looked at for its sort: it is of any.
    const tail = this.unread - this.longest;
    let at = from;
    let escape = this.nextEscape(bytes, at, to);
    let short = this.nextShort(bytes, at, to);
    while (at < to) {
      const literal = this.nextLiteral(bytes, at, Math.min(escape, short), range);
      const hit = Math.min(literal, escape, short);
      if (hit >= to) return;
      let found = hit === literal ? this.literalSorts : 0;
      if (hit === escape) found |= this.escapeSorts;
      if (hit === short) found |= this.shorts?.sorts ?? 0;
      at = Math.max(hit + 1, onHit(hit, hit < tail ? found : this.sorts));
      if (escape < at) escape = this.nextEscape(bytes, at, to);
      if (short < at) short = this.nextShort(bytes, at, to);
    }
  }

  /** The first literal of three bytes, or `to`. */
  private nextShort(bytes: Uint8Array, from: number, to: number): number {
    return this.shorts === undefined ? to : this.shorts.next(bytes, from, to);
  }

  /** Where the last word of the block begins: what ends behind it is found by {@link nearEnd}. */
  private get unread(): number {
    return this.base + (this.words.length - 1) * 4;
  }

  private useBlock(bytes: Uint8Array): void {
    const skew = bytes.byteOffset & 3;
    const start = bytes.byteOffset - skew;
    const length = (bytes.length + skew) >> 2;
    this.base = -skew;
    if (this.words.buffer === bytes.buffer && this.words.byteOffset === start && this.words.length === length)
      return;
    this.words = new Int32Array(bytes.buffer, start, length);
    this.search = this.searchOf(bytes);
  }

  private searchOf(bytes: Uint8Array): WordSearch | undefined {
    const memory = workMemoryOf(bytes);
    if (this.search !== undefined || memory === undefined || this.literals.length === 0) return this.search;
    return searchIn(memory, this.table);
  }

  /** The first percent escape that is looked for, or `to`. */
  private nextEscape(bytes: Uint8Array, from: number, to: number): number {
    if (this.escapes === undefined) return to;
    for (let at = nextPercent(bytes, from, to); at + 2 < to; at = nextPercent(bytes, at + 1, to)) {
      const value = (hexDigit(bytes[at + 1] ?? 0) << 4) | hexDigit(bytes[at + 2] ?? 0);
      this.escapeSorts = value >= 0 ? (this.escapes[value] ?? 0) : 0;
      if (this.escapeSorts !== 0) return at;
    }
    return to;
  }

  /** The first place at or after `at` where a literal stands, as far as `limit`; else the end of the range. */
  private nextLiteral(bytes: Uint8Array, at: number, limit: number, range: Range): number {
    const { to } = range;
    if (this.literals.length === 0) return to;
    const { words, base } = this;
    // The last word of the block may be cut, and the loops look one word ahead: the end is looked at on its own.
    const whole = words.length - 1;
    const last = Math.min(whole, (limit - base + 3) >> 2);
    let i = (at - base) >> 2;
    while (i < last) {
      i = this.nextCandidate(i, last);
      if (i >= last) break;
      const hit = this.verify(bytes, i, at, range);
      if (hit >= 0) return hit;
      i++;
    }
    return last === whole ? this.nearEnd(bytes, at, to) : to;
  }

  /** The next word in which some gram may begin. These loops are the whole cost of a scan: no calls, no objects. */
  private nextCandidate(first: number, last: number): number {
    const { search, words } = this;
    if (search?.buffer === words.buffer) {
      const origin = words.byteOffset;
      return (search.next(origin + first * 4, origin + last * 4) - origin) >> 2;
    }
    if (this.table.stride === 4) return this.candidateOfFour(first, last);
    return this.table.stride === 2 ? this.candidateOfTwo(first, last) : this.candidateOfOne(first, last);
  }

  private candidateOfFour(first: number, last: number): number {
    const { words } = this;
    const { filter, shift } = this.table;
    let i = first;
    while (i < last && filter[Math.imul((words[i] ?? 0) | 0x20202020, hashMultiplier) >>> shift] === 0) i++;
    return i;
  }

  private candidateOfTwo(first: number, last: number): number {
    const { words } = this;
    const { filter, shift } = this.table;
    let next = (words[first] ?? 0) | 0x20202020;
    let i = first;
    for (; i < last; i++) {
      const word = next;
      next = (words[i + 1] ?? 0) | 0x20202020;
      const middle = (word >>> 16) | (next << 16);
      if ((filter[Math.imul(word, hashMultiplier) >>> shift] ?? 0) !== 0) return i;
      if (((filter[Math.imul(middle, hashMultiplier) >>> shift] ?? 0) & 2) !== 0) return i;
    }
    return i;
  }

  private candidateOfOne(first: number, last: number): number {
    const { words } = this;
    const { filter, shift } = this.table;
    let next = (words[first] ?? 0) | 0x20202020;
    let i = first;
    for (; i < last; i++) {
      const word = next;
      next = (words[i + 1] ?? 0) | 0x20202020;
      const second = (word >>> 8) | (next << 24);
      const third = (word >>> 16) | (next << 16);
      const fourth = (word >>> 24) | (next << 8);
      if ((filter[Math.imul(word, hashMultiplier) >>> shift] ?? 0) !== 0) return i;
      if (((filter[Math.imul(third, hashMultiplier) >>> shift] ?? 0) & 3) !== 0) return i;
      const odd =
        (filter[Math.imul(second, hashMultiplier) >>> shift] ?? 0) |
        (filter[Math.imul(fourth, hashMultiplier) >>> shift] ?? 0);
      if ((odd & 1) !== 0) return i;
    }
    return i;
  }

  /** Looks whether a literal really stands around a word; gives a position inside it, never before `from`. */
  private verify(bytes: Uint8Array, index: number, from: number, range: Range): number {
    const word = (this.words[index] ?? 0) | 0x20202020;
    const next = (this.words[index + 1] ?? 0) | 0x20202020;
    const at = this.base + index * 4;
    const { stride } = this.table;
    if (at >= from && this.literalAt(bytes, { at, word, strides: 7 }, range)) return at;
    if (stride === 4) return -1;
    if (stride === 1 && at + 1 >= from) {
      const place = { at: at + 1, word: (word >>> 8) | (next << 24), strides: 1 };
      if (this.literalAt(bytes, place, range)) return at + 1;
    }
    if (at + 2 >= from) {
      const place = { at: at + 2, word: (word >>> 16) | (next << 16), strides: 3 };
      if (this.literalAt(bytes, place, range)) return at + 2;
    }
    if (stride === 2 || at + 3 < from) return -1;
    const place = { at: at + 3, word: (word >>> 24) | (next << 8), strides: 1 };
    return this.literalAt(bytes, place, range) ? at + 3 : -1;
  }

  /** Whether a literal stands around a place; {@link literalSorts} are then those of all that do. */
  private literalAt(bytes: Uint8Array, { at, word, strides }: Place, { from, to }: Range): boolean {
    const { heads, next, grams, shift } = this.table;
    let sorts = 0;
    for (let g = heads[Math.imul(word, hashMultiplier) >>> shift] ?? -1; g >= 0; g = next[g] ?? -1) {
      const gram = grams[g];
      if (gram === undefined || gram.value !== word || (gram.stride & strides) === 0) continue;
      const own = this.sortsOf[gram.literal] ?? 0;
      const start = at - gram.skip;
      if ((sorts & own) !== own && start >= from && this.stands(bytes, start, to, gram.literal)) sorts |= own;
    }
    this.literalSorts = sorts;
    return sorts !== 0;
  }

  private stands(bytes: Uint8Array, start: number, to: number, number: number): boolean {
    const literal = this.literals[number];
    if (literal === undefined || start + literal.length > to) return false;
    for (let i = 0; i < literal.length; i++) {
      if (foldByte(bytes[start + i] ?? 0) !== literal[i]) return false;
    }
    return true;
  }

  /** Literals that end in the last bytes of the block are looked for directly. */
  private nearEnd(bytes: Uint8Array, from: number, to: number): number {
    const { unread } = this;
    let first = to;
    this.literals.forEach((literal, number) => {
      for (let start = Math.max(from, unread - literal.length + 1); start + literal.length <= to; start++) {
        if (start < first && this.stands(bytes, start, to, number)) first = start;
      }
    });
    return first;
  }
}

/** The bytes that literals must lie in. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Four bytes of the text, folded, where they begin, and for which strides a gram may begin there. */
interface Place {
  readonly at: number;
  readonly word: number;
  readonly strides: number;
}

/** Bytes looked at one by one: escapes stand close together, and a call of `indexOf` costs as much as this. */
const nearBytes = 16;
/** So much is looked at beyond the range rather than that a view of the range is made. */
const slackBytes = 4096;

/** The first `%`, or `to`. Hardly looks beyond `to`: for each line of a block that would take the square of the time. */
function nextPercent(bytes: Uint8Array, from: number, to: number): number {
  const near = Math.min(to, from + nearBytes);
  for (let at = from; at < near; at++) if (bytes[at] === 0x25) return at;
  if (near === to) return to;
  const all = bytes.length - to <= slackBytes ? bytes : bytes.subarray(0, to);
  const found = all.indexOf(0x25, near);
  return found < 0 ? to : Math.min(found, to);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -0x100;
}
