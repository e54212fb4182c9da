import { parseExtraFields } from 'yauzl';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { ZipEntry } from './zip-directory.ts';
import { decodeName } from './zip-directory.ts';

/** First bytes of a local header, `PK\x03\x04`. */
export const localSignature = 0x04034b50;
const headerBytes = 30;
const inZip64 = 0xffffffff;
/** Of the specification needed to extract, times ten: 6.3 is the newest. */
const highestVersion = 99;

/** An entry as the header before its data describes it. */
export interface LocalEntry extends ZipEntry {
  /** Offset of its data in the archive. */
  readonly dataAt: number;
}

/** Where the data of an entry begin; undefined where there is no local header at `headerAt`. */
export function dataOffset(input: SourceInput, headerAt: number): number | undefined {
  const header = Buffer.from(readBytes(input, headerAt, headerBytes));
  if (header.length < headerBytes || header.readUInt32LE() !== localSignature) return undefined;
  return headerAt + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/**
 * Reads a local header (APPNOTE 4.3.7). Undefined where there is none, where it is cut off, or where what it says cannot
 * be true of any archive.
 */
export function readLocalHeader(input: SourceInput, headerAt: number): LocalEntry | undefined {
  const dataAt = dataOffset(input, headerAt);
  if (dataAt === undefined || dataAt > input.size) return undefined;
  const bytes = Buffer.from(readBytes(input, headerAt, dataAt - headerAt));
  const nameEnd = headerBytes + bytes.readUInt16LE(26);
  if (nameEnd === headerBytes || bytes.readUInt8(4) > highestVersion) return undefined;
  const flags = bytes.readUInt16LE(6);
  const extraFields = extraFieldsOf(bytes.subarray(nameEnd));
  return {
    name: decodeName(flags, bytes.subarray(headerBytes, nameEnd), { extraFields }),
    isEncrypted: (flags & 0x2041) !== 0,
    isLink: false,
    method: bytes.readUInt16LE(8),
    ...sizesOf(bytes, extraFields),
    headerAt,
    dataAt,
  };
}

type ExtraFields = ReturnType<typeof parseExtraFields>;

function extraFieldsOf(bytes: Buffer): ExtraFields {
  try {
    return parseExtraFields(bytes);
  } catch {
    // A damaged extra field says nothing; the rest of the header may still be right.
    return [];
  }
}

function sizesOf(header: Buffer, extraFields: ExtraFields): Pick<ZipEntry, 'crc' | 'packed' | 'size'> {
  const isLater = (header.readUInt16LE(6) & 0x8) !== 0;
  const [crc, packed, size] = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
  if (isLater && crc === 0 && (packed === 0 || packed === inZip64)) return {};
  const wide = extraFields.find(({ id }) => id === 0x0001)?.data;
  if (packed !== inZip64 && size !== inZip64) return { crc, packed, size };
  if (wide === undefined || wide.length < 16) return {};
  return { crc, size: Number(wide.readBigUInt64LE(0)), packed: Number(wide.readBigUInt64LE(8)) };
}
