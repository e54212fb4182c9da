import { crc32 } from 'node:zlib';
import type { ArchiveLimits } from '../archive-limits.ts';
import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';
import type { BlockCheck } from './xz-check.ts';
import { endOf, StreamFault } from './decoder.ts';
import { feedBehind } from './feed.ts';
import { delta, Filter } from './filter.ts';
import { Lzma2 } from './lzma.ts';
import { x86Change } from './x86.ts';
import { blockCheck } from './xz-check.ts';

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const headerBytes = 12;

/** Whether these bytes begin a stream; `cut`: there are too few to tell. */
export function beginsXz(bytes: Uint8Array): 'yes' | 'no' | 'cut' {
  if (magic.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return 'no';
  return bytes.length < headerBytes ? 'cut' : 'yes';
}

interface Block {
  readonly decoder: Decoder;
  /** How the first of its decoders ended, where there are several. */
  readonly ended: () => StreamEnd | 'more';
  readonly check: BlockCheck;
  readonly from: number;
}

/**
 * Unpacks one xz stream (The .xz File Format, 1.2.0). The index at its end is passed over: all that it says was seen.
 */
export class Xz implements Decoder {
  readonly #feed: Feed;
  readonly #limits: ArchiveLimits;
  #checkKind = -1;
  #block: Block | undefined;
  #blocks = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(feed: Feed, limits: ArchiveLimits) {
    this.#feed = feed;
    this.#limits = limits;
  }

  get consumed(): number {
    return this.#feed.consumed;
  }

  step(): StreamEnd | 'more' {
    this.#bytes = new Uint8Array(0);
    try {
      if (this.#checkKind < 0) this.#checkKind = readStreamHeader(this.#feed);
      if (this.#block === undefined && !this.#begin()) return 'complete';
      return this.#goOn();
    } catch (error) {
      return endOf(error);
    }
  }

  take(): Uint8Array {
    return this.#bytes;
  }

  /** False at the end of the stream. */
  #begin(): boolean {
    const feed = this.#feed;
    const from = feed.consumed;
    const size = feed.byte();
    if (size === 0) {
      skipIndex(feed, from, this.#blocks);
      return false;
    }
    const header = Buffer.from([size, ...feed.bytes(size * 4 + 3)]);
    if (crc32(header.subarray(0, -4)) !== header.readUInt32LE(header.length - 4))
      throw new StreamFault('corrupt');
    this.#blocks++;
    const chain = decoderOf(header.subarray(1, -4), feed, this.#limits);
    this.#block = { ...chain, check: blockCheck(this.#checkKind), from: feed.consumed };
    return true;
  }

  #goOn(): StreamEnd | 'more' {
    const block = this.#block;
    if (block === undefined) return 'more';
    const end = block.decoder.step();
    this.#bytes = block.decoder.take();
    block.check.update(this.#bytes);
    if (end === 'more') return 'more';
    const deeper = block.ended();
    if (deeper !== 'more' && deeper !== 'complete') return deeper;
    if (end !== 'complete') return end;
    skipPadding(this.#feed, block.from);
    if (!block.check.fits(this.#feed.bytes(block.check.length))) return 'corrupt';
    this.#block = undefined;
    return 'more';
  }
}

/** The kind of check that its blocks have. */
function readStreamHeader(feed: Feed): number {
  const header = Buffer.from(feed.bytes(headerBytes));
  const flags = header.subarray(6, 8);
  if (beginsXz(header) !== 'yes' || crc32(flags) !== header.readUInt32LE(8)) throw new StreamFault('corrupt');
  return flags.readUInt8(1) & 0xf;
}

function skipPadding(feed: Feed, from: number): void {
  while ((feed.consumed - from) % 4 !== 0) if (feed.byte() !== 0) throw new StreamFault('corrupt');
}

/** Two numbers for each block, zeros, a checksum; then the footer of the stream. */
function skipIndex(feed: Feed, from: number, blocks: number): void {
  const next = (): number => feed.byte();
  if (readNumber(next) !== blocks) throw new StreamFault('corrupt');
  for (let left = blocks * 2; left > 0; left--) readNumber(next);
  skipPadding(feed, from);
  feed.bytes(4);
  const footer = feed.bytes(headerBytes);
  if (footer[10] !== 0x59 || footer[11] !== 0x5a) throw new StreamFault('corrupt');
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function readNumber(next: () => number): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = next();
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) throw new StreamFault('corrupt');
    if (byte < 0x80) return value;
  }
}

const filterNames: ReadonlyMap<number, string> = new Map([
  [5, 'PowerPC'],
  [6, 'IA-64'],
  [7, 'ARM'],
  [8, 'ARM Thumb'],
  [9, 'SPARC'],
  [10, 'ARM64'],
  [11, 'RISC-V'],
]);

interface FilterHeader {
  readonly id: number;
  readonly properties: Uint8Array;
}

/** The filters of a block stand in the order of packing; the last of them is LZMA2. */
function decoderOf(header: Buffer, feed: Feed, limits: ArchiveLimits): Pick<Block, 'decoder' | 'ended'> {
  const filters = readFilters(header);
  const last = filters.pop();
  if (last?.id !== 0x21) throw new StreamFault('corrupt');
  let decoder: Decoder = new Lzma2(feed, last.properties[0] ?? 0xff, limits);
  let ended: Block['ended'] = () => 'more';
  for (const { id, properties } of filters.toReversed()) {
    const behind = feedBehind(decoder);
    const before = ended;
    ended = () => (before() === 'more' || before() === 'complete' ? behind.ended() : before());
    const change = id === 3 ? delta((properties[0] ?? 0) + 1) : x86Change();
    decoder = new Filter(behind.feed, change);
  }
  return { decoder, ended };
}

function readFilters(header: Buffer): FilterHeader[] {
  let at = 1;
  const next = (): number => {
    if (at >= header.length) throw new StreamFault('corrupt');
    return header.readUInt8(at++);
  };
  const flags = header.readUInt8(0);
  for (const bit of [0x40, 0x80]) if ((flags & bit) !== 0) readNumber(next);
  return Array.from({ length: (flags & 3) + 1 }, () => {
    const id = readNumber(next);
    const properties = Uint8Array.from({ length: Math.min(readNumber(next), header.length) }, next);
    if (id !== 3 && id !== 4 && id !== 0x21) throw new StreamFault(unknownFilter(id));
    return { id, properties };
  });
}

function unknownFilter(id: number): StreamEnd {
  const name = filterNames.get(id);
  if (name === undefined) return 'corrupt';
  return {
    reason: 'no-reader',
    detail: `packed with a filter for programs of ${name}; unpack it and scan the result`,
  };
}
