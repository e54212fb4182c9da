import type { Entry, ZipFile } from 'yauzl';
import { fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader } from 'yauzl';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import { isUtf8 } from './entry-name.ts';

/** An entry of a zip archive as its directory, or its own header, describes it. Offsets count from the start of the archive. */
export interface ZipEntry {
  /** As stored, decoded. */
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly isLink: boolean;
  /** 0 stored, 8 deflate; all others cannot be unpacked. */
  readonly method: number;
  /** Absent where a header leaves it to the data descriptor behind the data. */
  readonly crc?: number;
  readonly packed?: number;
  readonly size?: number;
  readonly headerAt: number;
}

/** What is wrong with a directory. */
export interface DirectoryProblem {
  /** `missing`: the archive has no end record. `damaged`: reading it stopped before its end. */
  readonly kind: 'missing' | 'damaged';
  readonly reason: string;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly problem?: DirectoryProblem;
  /** Entries beyond the limit, by the directory's own count. */
  readonly beyondLimit: number;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
/** The end record with the longest comment it can have. */
const endBytes = 22 + 65_535;

/**
 * Lists the entries of a zip archive (zip64 too) in the order of its directory. What a damaged directory still says is
 * kept, and the problem is told beside it. Never throws for what the archive holds.
 */
export async function readDirectory(input: SourceInput, entriesLimit: number): Promise<ZipDirectory> {
  if (!hasEndRecord(input)) {
    return { entries: [], problem: { kind: 'missing', reason: 'no end record' }, beyondLimit: 0 };
  }
  const entries: ZipEntry[] = [];
  try {
    const zip = await fromRandomAccessReaderPromise(new InputReader(input), input.size, {
      // Names are checked here, for one bad name must not end the list.
      decodeStrings: false,
      validateEntrySizes: true,
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= entriesLimit) return { entries, beyondLimit: zip.entryCount - entries.length };
      entries.push(toZipEntry(entry));
    }
    return finished(input, zip, entries);
  } catch (error) {
    return { entries, problem: { kind: 'damaged', reason: reasonOf(error) }, beyondLimit: 0 };
  }
}

/** The count in the end record has 16 bits: archives of more entries made without zip64 have more than it says. */
function finished(input: SourceInput, zip: ZipFile, entries: readonly ZipEntry[]): ZipDirectory {
  const next = Buffer.from(readBytes(input, Number(zip.readEntryCursor), 4));
  const hasMore = next.length === 4 && next.readUInt32LE() === centralSignature;
  if (!hasMore) return { entries, beyondLimit: 0 };
  return {
    entries,
    problem: { kind: 'damaged', reason: 'it holds more entries than it counts' },
    beyondLimit: 0,
  };
}

function hasEndRecord(input: SourceInput): boolean {
  const tail = Buffer.from(readBytes(input, Math.max(0, input.size - endBytes), endBytes));
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(endSignature);
  return tail.lastIndexOf(signature) >= 0;
}

function toZipEntry(entry: Entry): ZipEntry {
  return {
    name: decodeName(entry.generalPurposeBitFlag, entry.fileNameRaw, entry),
    isEncrypted: (entry.generalPurposeBitFlag & 0x2041) !== 0,
    isLink: isUnixLink(entry.versionMadeBy, entry.externalFileAttributes),
    method: entry.compressionMethod,
    crc: entry.crc32,
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    headerAt: entry.relativeOffsetOfLocalHeader,
  };
}

/**
 * A name is UTF-8 if its flag or the Unicode field says so, or if it happens to be valid UTF-8, which names of other
 * kinds next to never are; else it is code page 437.
 */
export function decodeName(flags: number, raw: Buffer, { extraFields }: Pick<Entry, 'extraFields'>): string {
  const utf8Flag = isUtf8(raw) ? 0x800 : 0;
  return getFileNameLowLevel(flags | utf8Flag, raw, extraFields, true);
}

function isUnixLink(madeBy: number, attributes: number): boolean {
  const isUnix = madeBy >>> 8 === 3;
  return isUnix && ((attributes >>> 28) & 0xf) === 0xa;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

const windowBytes = 1_048_576;

/** Reads the directory through a window: it has two small reads per entry, and archives of 200,000 entries occur. */
class InputReader extends RandomAccessReader {
  readonly #input: SourceInput;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;

  constructor(input: SourceInput) {
    super();
    this.#input = input;
  }

  // The five parameters are theirs.
  // oxlint-disable-next-line max-params
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    let got: Uint8Array;
    try {
      got = this.#bytes(position, length);
    } catch (error) {
      callback(error instanceof Error ? error : new Error('unreadable'));
      return;
    }
    buffer.set(got, offset);
    callback(null, got.length);
  }

  #bytes(position: number, length: number): Uint8Array {
    const from = position - this.#windowAt;
    if (from < 0 || from + length > this.#window.length) {
      this.#window = readBytes(this.#input, position, Math.max(length, windowBytes));
      this.#windowAt = position;
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(from, from + length);
  }
}
