import { crc32, deflateRawSync } from 'node:zlib';

/** One entry for {@link writeZip}; what is left out is as a common tool would write it. */
export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array | string;
  /** Stored as it is instead of deflated. */
  readonly isStored?: boolean;
  /** Sizes and checksum behind the data, zeros in the local header. */
  readonly hasDescriptor?: boolean;
  /** Sizes in the zip64 field, in both headers. */
  readonly isZip64?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** Other than the right ones. */
  readonly crc?: number;
  readonly size?: number;
  /** The packed bytes, where they are not to be made from `data`. */
  readonly packed?: Uint8Array;
  readonly madeBy?: number;
  readonly attributes?: number;
  /** The directory points here instead of at the entry's own header. */
  readonly headerAt?: number;
  readonly extra?: Uint8Array;
}

export interface ZipOptions {
  /** Leaves the directory out, as if the copy had ended before it. */
  readonly withoutDirectory?: boolean;
  readonly isZip64?: boolean;
  /** The number of entries that the end record claims. */
  readonly count?: number;
  readonly comment?: string;
}

interface Written {
  readonly part: ZipPart;
  readonly raw: Uint8Array;
  readonly name: Uint8Array;
  readonly packed: Uint8Array;
  readonly crc: number;
  readonly method: number;
  readonly size: number;
  readonly at: number;
}

/** Writes a zip archive, honest or not. Only for tests. */
export function writeZip(parts: readonly ZipPart[], options: ZipOptions = {}): Buffer {
  const pieces: Uint8Array[] = [];
  const written: Written[] = [];
  let at = 0;
  for (const part of parts) {
    const entry = prepare(part, at);
    const bytes = Buffer.concat([localHeader(entry), entry.packed, descriptor(entry)]);
    written.push(entry);
    pieces.push(bytes);
    at += bytes.length;
  }
  if (options.withoutDirectory === true) return Buffer.concat(pieces);
  const central = Buffer.concat(written.map(centralHeader));
  return Buffer.concat([...pieces, central, endRecords(options, written.length, central.length, at)]);
}

function prepare(part: ZipPart, at: number): Written {
  const raw = Buffer.from(part.data ?? '');
  const packed = part.packed ?? (part.isStored === true ? raw : deflateRawSync(raw));
  return {
    part,
    raw,
    name: Buffer.from(part.name),
    packed,
    crc: part.crc ?? crc32(raw),
    method: part.method ?? (part.isStored === true ? 0 : 8),
    size: part.size ?? raw.length,
    at,
  };
}

function flagsOf({ part, name }: Written): number {
  const isAscii = name.every((byte) => byte < 0x80);
  const utf8 = typeof part.name === 'string' && !isAscii ? 0x800 : 0;
  return part.flags ?? utf8 | (part.hasDescriptor === true ? 0x8 : 0);
}

function localHeader(entry: Written): Uint8Array {
  const { part, name, packed, method, size, crc } = entry;
  const isLater = part.hasDescriptor === true;
  const wide = part.isZip64 === true && !isLater ? wideField(size, packed.length) : Buffer.alloc(0);
  const extra = Buffer.concat([wide, part.extra ?? Buffer.alloc(0)]);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(part.isZip64 === true ? 45 : 20, 4);
  header.writeUInt16LE(flagsOf(entry), 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(isLater ? 0 : crc, 14);
  header.writeUInt32LE(isLater ? 0 : wide.length > 0 ? 0xffffffff : packed.length, 18);
  header.writeUInt32LE(isLater ? 0 : wide.length > 0 ? 0xffffffff : size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function wideField(...values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, i) => field.writeBigUInt64LE(BigInt(value), 4 + i * 8));
  return field;
}

function descriptor({ part, crc, packed, size }: Written): Uint8Array {
  if (part.hasDescriptor !== true) return Buffer.alloc(0);
  const isWide = part.isZip64 === true;
  const bytes = Buffer.alloc(isWide ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (isWide) {
    bytes.writeBigUInt64LE(BigInt(packed.length), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(packed.length, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

function centralHeader(entry: Written): Uint8Array {
  const { part, name, packed, method, size, crc, at } = entry;
  const headerAt = part.headerAt ?? at;
  const isWide = part.isZip64 === true;
  const extra = isWide ? wideField(size, packed.length, headerAt) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(part.madeBy ?? 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flagsOf(entry), 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(isWide ? 0xffffffff : packed.length, 20);
  header.writeUInt32LE(isWide ? 0xffffffff : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(part.attributes ?? 0, 38);
  header.writeUInt32LE(isWide ? 0xffffffff : headerAt, 42);
  return Buffer.concat([header, name, extra]);
}

function endRecords(options: ZipOptions, entries: number, bytes: number, at: number): Uint8Array {
  const count = options.count ?? entries;
  const isWide = options.isZip64 === true;
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isWide ? 0xffff : count, 8);
  end.writeUInt16LE(isWide ? 0xffff : count, 10);
  end.writeUInt32LE(isWide ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(isWide ? 0xffffffff : at, 16);
  end.writeUInt16LE(comment.length, 20);
  const wide = isWide ? [wideEnd(count, bytes, at), wideLocator(at + bytes)] : [];
  return Buffer.concat([...wide, end, comment]);
}

function wideEnd(count: number, bytes: number, at: number): Uint8Array {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  return end;
}

function wideLocator(at: number): Uint8Array {
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  return locator;
}
