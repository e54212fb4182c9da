import { crc32 } from 'node:zlib';

/** One file for {@link writeSevenZip}. */
export interface SevenZipPart {
  readonly name: string;
  readonly data: Uint8Array;
}

const runBytes = 65_536;

/** Writes a 7z archive of one folder, whose LZMA2 stream holds its bytes as they are. Only for tests. */
export function writeSevenZip(parts: readonly SevenZipPart[]): Buffer {
  const full = parts.filter(({ data }) => data.length > 0);
  const packed = asLzma2(Buffer.concat(full.map(({ data }) => data)));
  const directory = Buffer.concat([
    Buffer.from([0x01, 0x04]),
    streams(full, packed.length),
    Buffer.from([0x00, 0x05]),
    files(parts),
    Buffer.from([0x00, 0x00]),
  ]);
  return Buffer.concat([startHeader(packed.length, directory), packed, directory]);
}

/** Runs that are not packed; the first one forgets what was before. */
function asLzma2(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += runBytes) {
    const run = bytes.subarray(at, at + runBytes);
    const head = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    head.writeUInt16BE(run.length - 1, 1);
    pieces.push(head, run);
  }
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

function startHeader(offset: number, directory: Buffer): Buffer {
  const header = Buffer.alloc(32);
  header.set([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]);
  header.writeBigUInt64LE(BigInt(offset), 12);
  header.writeBigUInt64LE(BigInt(directory.length), 20);
  header.writeUInt32LE(crc32(directory), 28);
  header.writeUInt32LE(crc32(header.subarray(12)), 8);
  return header;
}

function streams(full: readonly SevenZipPart[], packed: number): Buffer {
  const size = full.reduce((sum, { data }) => sum + data.length, 0);
  return Buffer.concat([
    Buffer.from([0x06, 0x00, 0x01, 0x09]),
    number(packed),
    // One folder of one coder, LZMA2, that looks back as far as 4 MiB.
    Buffer.from([0x00, 0x07, 0x0b, 0x01, 0x00, 0x01, 0x21, 0x21, 0x01, 0x14, 0x0c]),
    number(size),
    Buffer.from([0x00, 0x08, 0x0d]),
    number(full.length),
    Buffer.from([0x09]),
    ...full.slice(0, -1).map(({ data }) => number(data.length)),
    Buffer.from([0x0a, 0x01]),
    ...full.map(({ data }) => uint32(crc32(data))),
    Buffer.from([0x00]),
  ]);
}

function files(parts: readonly SevenZipPart[]): Buffer {
  const empty = parts.map(({ data }) => data.length === 0);
  const names = parts.map(({ name }) => Buffer.from(`${name}\0`, 'utf16le'));
  return Buffer.concat([
    number(parts.length),
    property(0x0e, bits(empty)),
    property(0x0f, bits(empty.filter(Boolean))),
    property(0x11, Buffer.concat([Buffer.from([0]), ...names])),
  ]);
}

function property(mark: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([mark]), number(bytes.length), bytes]);
}

function bits(flags: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(flags.length / 8));
  flags.forEach((flag, i) => {
    if (flag) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (0x80 >> (i & 7));
  });
  return bytes;
}

/** Always of eight bytes behind the first: nobody has to write as short as possible. */
function number(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xff);
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
