import type { ArchiveLimits } from '../archive-limits.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Folder } from './folder.ts';
import { limitReached } from '../archive-limits.ts';
import { StreamFault } from '../codec/decoder.ts';
import { mainOutput, readFolder } from './folder.ts';

/** A folder with where its streams are. */
export interface PackedFolder extends Folder {
  /** Streams of the archive, by their place in `packed`; offsets count from the start of the archive. */
  readonly streams: readonly { readonly offset: number; readonly size: number }[];
  /** Bytes of the outputs, by their numbers. */
  readonly sizes: readonly number[];
  readonly crc: number | undefined;
  /** The files that it holds, one behind the other. */
  readonly files: readonly { readonly size: number; readonly crc: number | undefined }[];
}

/** Bytes of the header at the start of the archive, from whose end offsets count. */
export const signatureBytes = 32;

const [end, packInfo, unpackInfo, filesInfo] = [0x00, 0x06, 0x07, 0x08];
const [sizesMark, crcMark, folderMark, unpackSizesMark, countsMark] = [0x09, 0x0a, 0x0b, 0x0c, 0x0d];

/**
 * Reads which streams the archive has, how they are packed and what files they hold (7zFormat.txt of the LZMA SDK).
 *
 * @throws StreamFault `corrupt`, or `archiveEntries` before memory is set aside for more
 */
export function readStreams(reader: ByteReader, limits: ArchiveLimits): readonly PackedFolder[] {
  let packed: PackedFolder['streams'] = [];
  let folders: readonly PackedFolder[] = [];
  for (let mark = reader.number(); mark !== end; mark = reader.number()) {
    if (mark === packInfo) packed = readPacked(reader, limits);
    else if (mark === unpackInfo) folders = readFolders(reader, packed, limits);
    else if (mark === filesInfo) folders = readFiles(reader, folders, limits);
    else throw new StreamFault('corrupt');
  }
  return folders;
}

/** A folder is there for a file at least, and has four streams at most (BCJ2). */
function readCount(reader: ByteReader, limits: ArchiveLimits): number {
  const count = reader.count();
  if (count > limits.archiveEntries * 4) throw new StreamFault(limitReached(limits, 'archiveEntries'));
  return count;
}

function readPacked(reader: ByteReader, limits: ArchiveLimits): PackedFolder['streams'] {
  let offset = signatureBytes + reader.number();
  const count = readCount(reader, limits);
  let sizes: readonly number[] = [];
  for (let mark = reader.number(); mark !== end; mark = reader.number()) {
    if (mark === sizesMark) sizes = Array.from({ length: count }, () => reader.number());
    else if (mark === crcMark) reader.uint32s(count);
    else throw new StreamFault('corrupt');
  }
  return sizes.map((size) => {
    const stream = { offset, size };
    offset += size;
    return stream;
  });
}

function readFolders(
  reader: ByteReader,
  packed: PackedFolder['streams'],
  limits: ArchiveLimits,
): readonly PackedFolder[] {
  expect(reader, folderMark);
  const count = readCount(reader, limits);
  if (reader.byte() !== 0) throw new StreamFault('corrupt');
  const folders = Array.from({ length: count }, () => readFolder(reader));
  expect(reader, unpackSizesMark);
  const sizes = folders.map(({ coders }) => coders.map(() => reader.number()));
  let crcs: readonly (number | undefined)[] = [];
  for (let mark = reader.number(); mark !== end; mark = reader.number()) {
    if (mark !== crcMark) throw new StreamFault('corrupt');
    crcs = reader.uint32s(count);
  }
  let first = 0;
  return folders.map((folder, i) => {
    const streams = packed.slice(first, first + folder.packed.length);
    first += folder.packed.length;
    if (streams.length < folder.packed.length) throw new StreamFault('corrupt');
    return oneFile({ ...folder, streams, sizes: sizes[i] ?? [], crc: crcs[i], files: [] });
  });
}

/** Without other word a folder is one file. */
function oneFile(folder: PackedFolder): PackedFolder {
  return { ...folder, files: [{ size: sizeOf(folder), crc: folder.crc }] };
}

/** Bytes that come out of a folder. */
export function sizeOf(folder: PackedFolder): number {
  return folder.sizes[mainOutput(folder)] ?? 0;
}

/** Bytes that a folder has in the archive. */
export function packedSize({ streams }: PackedFolder): number {
  return streams.reduce((sum, { size }) => sum + size, 0);
}

function readFiles(
  reader: ByteReader,
  folders: readonly PackedFolder[],
  limits: ArchiveLimits,
): readonly PackedFolder[] {
  let mark = reader.number();
  let counts: readonly number[] = folders.map(() => 1);
  if (mark === countsMark) {
    counts = folders.map(() => reader.number());
    mark = reader.number();
  }
  if (counts.reduce((sum, count) => sum + count, 0) > limits.archiveEntries)
    throw new StreamFault(limitReached(limits, 'archiveEntries'));
  const sizes = folders.map((folder, i) =>
    readSizes(reader, folder, { count: counts[i] ?? 0, hasSizes: mark === sizesMark }),
  );
  if (mark === sizesMark) mark = reader.number();
  let crcs: readonly (number | undefined)[] = [];
  for (; mark !== end; mark = reader.number()) {
    if (mark !== crcMark) throw new StreamFault('corrupt');
    crcs = reader.uint32s(folders.reduce((sum, folder, i) => sum + unknownCrcs(folder, counts[i] ?? 0), 0));
  }
  let next = 0;
  return folders.map((folder, i) => {
    const isKnown = unknownCrcs(folder, counts[i] ?? 0) === 0;
    const files = (sizes[i] ?? []).map((size) => ({ size, crc: isKnown ? folder.crc : crcs[next++] }));
    return { ...folder, files };
  });
}

/** The last file has what the others leave. */
function readSizes(
  reader: ByteReader,
  folder: PackedFolder,
  { count, hasSizes }: { readonly count: number; readonly hasSizes: boolean },
): readonly number[] {
  if (count === 0) return [];
  if (count > 1 && !hasSizes) throw new StreamFault('corrupt');
  let left = sizeOf(folder);
  const sizes = Array.from({ length: count - 1 }, () => {
    const size = reader.number();
    left -= size;
    return size;
  });
  if (left < 0) throw new StreamFault('corrupt');
  return [...sizes, left];
}

/** A folder that is one file may have told its checksum before. */
function unknownCrcs({ crc }: PackedFolder, count: number): number {
  return count === 1 && crc !== undefined ? 0 : count;
}

function expect(reader: ByteReader, mark: number): void {
  if (reader.number() !== mark) throw new StreamFault('corrupt');
}
