import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';
import { BitReader } from './bit-reader.ts';
import { readBlock } from './bzip2-block.ts';
import { endOf, StreamFault } from './decoder.ts';

const roomBytes = 262_144;
/** Places of a block to begin with; small entries need no more. */
const firstRoom = 65_536;
/** After so many equal bytes a count of further ones follows. */
const runBytes = 4;

/** CRC-32 with the highest bit first, as bzip2 alone has it. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** Digits of pi before a block, of its root before the end. */
const [blockMark, endMark] = ['1AY&SY', '\x17rE8P\x90'];

/** Whether these bytes begin a stream; `cut`: there are too few to tell. */
export function beginsBzip2(bytes: Uint8Array): 'yes' | 'no' | 'cut' {
  const head = Buffer.from(bytes.subarray(0, 10)).toString('latin1');
  const level = /^[1-9]/.test(head.slice(3)) ? head.slice(3, 4) : '9';
  const wholes = [blockMark, endMark].map((mark) => `BZh${level}${mark}`);
  if (wholes.includes(head)) return 'yes';
  return wholes.some((whole) => whole.startsWith(head)) ? 'cut' : 'no';
}

/**
 * Unpacks one bzip2 stream: blocks of up to 900,000 bytes, each sorted (Burrows and Wheeler), then moved to the front,
 * then coded. A block comes out as a whole or not at all.
 */
export class Bunzip2 implements Decoder {
  readonly #bits: BitReader;
  readonly #out = new Uint8Array(roomBytes);
  #at = 0;
  /** Bytes a block may have; 0 before the header. */
  #most = 0;
  /** Lower eight bits: a byte of the block; above: the place of the byte that follows it. */
  #links: Uint32Array = new Uint32Array(firstRoom);
  #left = 0;
  #next = 0;
  #run = 0;
  #byte = -1;
  #repeat = 0;
  #crc = 0;
  #expected = 0;
  #streamCrc = 0;

  constructor(feed: Feed) {
    this.#bits = new BitReader(feed);
  }

  get consumed(): number {
    return this.#bits.consumed;
  }

  step(): StreamEnd | 'more' {
    this.#at = 0;
    try {
      if (this.#most === 0) this.#readHeader();
      if (this.#left === 0 && this.#repeat === 0 && !this.#begin()) return 'complete';
      this.#write();
      if (this.#left === 0 && this.#repeat === 0) this.#endBlock();
    } catch (error) {
      return endOf(error);
    }
    return 'more';
  }

  take(): Uint8Array {
    return this.#out.subarray(0, this.#at);
  }

  #readHeader(): void {
    const magic = this.#bits.read(24);
    const level = this.#bits.read(8) - 0x30;
    if (magic !== 0x425a68 || level < 1 || level > 9) throw new StreamFault('corrupt');
    this.#most = level * 100_000;
  }

  /** False at the end of the stream. */
  #begin(): boolean {
    const bits = this.#bits;
    const [high, low] = [bits.read(24), bits.read(24)];
    this.#expected = bits.readUint32();
    if (high === 0x177245 && low === 0x385090) {
      bits.align();
      if (this.#expected !== this.#streamCrc >>> 0) throw new StreamFault('corrupt');
      return false;
    }
    if (high !== 0x314159 || low !== 0x265359) throw new StreamFault('corrupt');
    if (bits.read(1) === 1) throw new StreamFault(shuffled);
    const first = bits.read(24);
    const { bytes, length } = readBlock(bits, this.#links, this.#most);
    if (first >= length) throw new StreamFault('corrupt');
    this.#links = bytes;
    link(bytes, length);
    this.#next = (bytes[first] ?? 0) >>> 8;
    [this.#left, this.#run, this.#byte, this.#crc] = [length, 0, -1, -1];
    return true;
  }

  /** Follows the links from byte to byte, and writes runs out, as far as there is room. */
  #write(): void {
    const [out, links] = [this.#out, this.#links];
    let [at, left, next, run, byte, repeat, crc] = [
      this.#at,
      this.#left,
      this.#next,
      this.#run,
      this.#byte,
      this.#repeat,
      this.#crc,
    ];
    while (at < roomBytes && (left > 0 || repeat > 0)) {
      if (repeat > 0) repeat--;
      else {
        const entry = links[next] ?? 0;
        next = entry >>> 8;
        left--;
        if (run === runBytes) {
          repeat = entry & 0xff;
          run = 0;
          continue;
        }
        run = (entry & 0xff) === byte ? run + 1 : 1;
        byte = entry & 0xff;
      }
      out[at++] = byte;
      crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ byte] ?? 0);
    }
    [this.#at, this.#left, this.#next, this.#run] = [at, left, next, run];
    [this.#byte, this.#repeat, this.#crc] = [byte, repeat, crc];
  }

  #endBlock(): void {
    const crc = ~this.#crc >>> 0;
    this.#streamCrc = ((this.#streamCrc << 1) | (this.#streamCrc >>> 31)) ^ crc;
    if (crc !== this.#expected) throw new StreamFault('corrupt');
  }
}

/** Blocks that bzip2 before 0.9.5 shuffled; nobody has written them since 1999. */
const shuffled: StreamEnd = {
  reason: 'no-reader',
  detail: 'packed by bzip2 before 0.9.5; unpack it and scan the result',
};

/** Undoes the sorting: gives each byte the place of its successor. */
function link(bytes: Uint32Array, length: number): void {
  const places = new Uint32Array(256);
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    places[byte] = (places[byte] ?? 0) + 1;
  }
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    const count = places[byte] ?? 0;
    places[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const byte = (bytes[i] ?? 0) & 0xff;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    bytes[place] = (bytes[place] ?? 0) | (i << 8);
  }
}
