import type { BitReader } from './bit-reader.ts';
import type { BlockCode } from './bzip2-code.ts';
import { blockCode, readSymbol } from './bzip2-code.ts';
import { StreamFault } from './decoder.ts';

/** Symbols between two choices of a code. */
const groupSymbols = 50;
const longestCode = 20;

/** A block before its sorting is undone: the bytes in the lower eight bits, the rest zero. */
export interface SortedBlock {
  readonly bytes: Uint32Array;
  readonly length: number;
}

/**
 * Reads the codes and symbols of a block, which are runs and moves to the front.
 *
 * @param room reused where it is large enough; it grows with what there is, not with what might be
 * @param most bytes that a block of the stream may have
 * @throws StreamFault
 */
export function readBlock(bits: BitReader, room: Uint32Array, most: number): SortedBlock {
  const front = readUsed(bits);
  const symbols = front.length + 2;
  const codeCount = bits.read(3);
  const selectors = readSelectors(bits, codeCount);
  const codes = Array.from({ length: codeCount }, () => blockCode(readLengths(bits, symbols)));
  return readMoves({ bits, codes, selectors, front, most }, room);
}

/** The bytes that occur, in order: sixteen bits say which sixteenths do, then sixteen for each of those. */
function readUsed(bits: BitReader): Uint8Array {
  const sixteenths = bits.read(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((sixteenths >> (15 - high)) & 1) === 0) continue;
    const map = bits.read(16);
    for (let low = 0; low < 16; low++) if (((map >> (15 - low)) & 1) === 1) used.push(high * 16 + low);
  }
  if (used.length === 0) throw new StreamFault('corrupt');
  return Uint8Array.from(used);
}

function readSelectors(bits: BitReader, codeCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  if (codeCount < 2 || codeCount > 6 || selectors.length === 0) throw new StreamFault('corrupt');
  const front = [0, 1, 2, 3, 4, 5];
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= codeCount) throw new StreamFault('corrupt');
    const [chosen = 0] = front.splice(place, 1);
    front.unshift(chosen);
    selectors[i] = chosen;
  }
  return selectors;
}

/** Each length is given by steps up and down from the one before. */
function readLengths(bits: BitReader, symbols: number): Uint8Array {
  let length = bits.read(5);
  return Uint8Array.from({ length: symbols }, () => {
    while (bits.read(1) === 1) {
      length += bits.read(1) === 0 ? 1 : -1;
      if (length < 1 || length > longestCode) throw new StreamFault('corrupt');
    }
    if (length < 1 || length > longestCode) throw new StreamFault('corrupt');
    return length;
  });
}

interface Moves {
  readonly bits: BitReader;
  readonly codes: readonly BlockCode[];
  readonly selectors: Uint8Array;
  readonly front: Uint8Array;
  readonly most: number;
}

/** Symbols 0 and 1 are digits of the length of a run of the byte in front, the lowest first; the last one ends the block. */
function readMoves({ bits, codes, selectors, front, most }: Moves, room: Uint32Array): SortedBlock {
  const last = front.length + 1;
  let bytes = room;
  let [length, run, digit] = [0, 0, 1];
  for (const selector of selectors) {
    const code = codes[selector];
    if (code === undefined) break;
    for (let i = 0; i < groupSymbols; i++) {
      const symbol = readSymbol(bits, code);
      if (symbol < 2) {
        run += digit << symbol;
        digit <<= 1;
        if (length + run > most) throw new StreamFault('corrupt');
        continue;
      }
      if (length + run + 1 > bytes.length) bytes = grown(bytes, length + run + 1);
      if (run > 0) bytes.fill(front[0] ?? 0, length, length + run);
      length += run;
      [run, digit] = [0, 1];
      if (symbol === last) return { bytes, length };
      if (length >= most) throw new StreamFault('corrupt');
      bytes[length++] = toFront(front, symbol - 1);
    }
  }
  throw new StreamFault('corrupt');
}

function grown(bytes: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

function toFront(front: Uint8Array, place: number): number {
  const byte = front[place] ?? 0;
  // Most places are small: a call for each would cost more than the bytes.
  if (place < 16) for (let i = place; i > 0; i--) front[i] = front[i - 1] ?? 0;
  else front.copyWithin(1, 0, place);
  front[0] = byte;
  return byte;
}
