import { crc32 } from 'node:zlib';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { ArchiveLimits, Refusal } from '../archive-limits.ts';
import type { NamedEntry } from './names.ts';
import type { PackedFolder } from './streams.ts';
import { limitReached } from '../archive-limits.ts';
import { endOf, StreamFault } from '../codec/decoder.ts';
import { ByteReader } from './byte-reader.ts';
import { folderDecoder, objectionTo } from './coders.ts';
import { readNames } from './names.ts';
import { packedSize, readStreams, signatureBytes, sizeOf } from './streams.ts';

/** What a 7z archive says of itself. */
export interface SevenZipDirectory {
  readonly folders: readonly PackedFolder[];
  /** In the order of the files in the folders. */
  readonly entries: readonly NamedEntry[];
}

const [end, header, archiveProperties, streamsMark, filesMark, packedHeader] = [
  0x00, 0x01, 0x02, 0x04, 0x05, 0x17,
];
/** A directory that is packed may be packed again. */
const mostLayers = 4;

/**
 * Reads the directory of a 7z archive, which stands at its end: of an archive that was cut off there is none.
 *
 * @returns or why there is none to be had: `cut` where the archive ends before it
 */
export function readDirectory(
  input: SourceInput,
  limits: ArchiveLimits,
): SevenZipDirectory | 'cut' | 'corrupt' | Refusal {
  try {
    let { bytes, before } = lastHeader(input, limits);
    if (bytes.length === 0) return before === 0 ? { folders: [], entries: [] } : 'corrupt';
    for (let layer = 0; layer < mostLayers; layer++) {
      const reader = new ByteReader(bytes);
      const mark = reader.number();
      if (mark === header) return checked(readHeader(reader, limits), before);
      if (mark !== packedHeader) return 'corrupt';
      const [folder] = readStreams(reader, limits);
      if (folder === undefined) return 'corrupt';
      bytes = unpackHeader(input, folder, limits);
      before -= packedSize(folder);
    }
    return 'corrupt';
  } catch (error) {
    const fault = endOf(error);
    return fault === 'complete' ? 'corrupt' : fault;
  }
}

/** Bytes before the directory belong to something; one that knows of nothing is not to be believed. */
function checked(directory: SevenZipDirectory, before: number): SevenZipDirectory | 'corrupt' {
  return directory.folders.length === 0 && before > 0 ? 'corrupt' : directory;
}

/** The header at the start tells where the directory is; both have a checksum. */
function lastHeader(
  input: SourceInput,
  limits: ArchiveLimits,
): { readonly bytes: Uint8Array; readonly before: number } {
  const start = Buffer.from(readBytes(input, 0, signatureBytes));
  if (start.length < signatureBytes) throw new StreamFault('cut');
  if (crc32(start.subarray(12)) !== start.readUInt32LE(8)) throw new StreamFault('corrupt');
  const [offset, size] = [Number(start.readBigUInt64LE(12)), Number(start.readBigUInt64LE(20))];
  if (signatureBytes + offset + size > input.size) throw new StreamFault('cut');
  if (size > limits.archiveListBytes) throw new StreamFault(limitReached(limits, 'archiveListBytes'));
  const bytes = readBytes(input, signatureBytes + offset, size);
  if (crc32(bytes) !== start.readUInt32LE(28)) throw new StreamFault('corrupt');
  return { bytes, before: offset };
}

function unpackHeader(input: SourceInput, folder: PackedFolder, limits: ArchiveLimits): Uint8Array {
  const objection = objectionTo(folder);
  if (objection !== undefined) throw new StreamFault(objection);
  const size = sizeOf(folder);
  if (size > limits.archiveListBytes) throw new StreamFault(limitReached(limits, 'archiveListBytes'));
  const bytes = unpackAll(folderDecoder(input, folder, limits), size);
  if (folder.crc !== undefined && crc32(bytes) !== folder.crc) throw new StreamFault('corrupt');
  return bytes;
}

function unpackAll(decoder: ReturnType<typeof folderDecoder>, size: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let length = 0; length < size;) {
    const state = decoder.step();
    pieces.push(Uint8Array.from(decoder.take()));
    length += pieces.at(-1)?.length ?? 0;
    if (state !== 'more' && length < size) throw new StreamFault(state === 'complete' ? 'corrupt' : state);
  }
  return Buffer.concat(pieces).subarray(0, size);
}

function readHeader(reader: ByteReader, limits: ArchiveLimits): SevenZipDirectory {
  let folders: readonly PackedFolder[] = [];
  let entries: readonly NamedEntry[] = [];
  for (let mark = reader.number(); mark !== end; mark = reader.number()) {
    if (mark === archiveProperties) skipProperties(reader);
    else if (mark === streamsMark) folders = readStreams(reader, limits);
    else if (mark === filesMark) entries = readNames(reader, limits);
    else throw new StreamFault('corrupt');
  }
  return { folders, entries };
}

function skipProperties(reader: ByteReader): void {
  while (reader.number() !== end) reader.part();
}
