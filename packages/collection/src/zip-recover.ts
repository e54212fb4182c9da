import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { ZipArchive } from './zip-entry.ts';
import type { LocalEntry } from './zip-header.ts';
import { limitReached, stoppedByUser } from './archive-limits.ts';
import { skipRefused } from './opening.ts';
import { takeEntry } from './zip-entry.ts';
import { readLocalHeader } from './zip-header.ts';

/**
 * Walks the local headers of an archive from `from` on and takes out what they announce. Entries whose size stands
 * behind their data are unpacked to wherever their stream ends. Bytes that are no header are passed over. Each byte is
 * looked at a bounded number of times, for the walk never goes back behind what an entry has used.
 */
export async function recoverEntries(archive: ZipArchive, from: number): Promise<{ readonly count: number }> {
  const { opening, input, place, range } = archive;
  let [seen, count] = [0, 0];
  for (let at = findSignature(input, from, local); at < input.size; at = findSignature(input, at, local)) {
    if (opening.isStopped() || seen >= opening.limits.archiveEntries) {
      const refusal = opening.isStopped() ? stoppedByUser : limitReached(opening.limits, 'archiveEntries');
      skipRefused(opening, place, range.size - at, refusal);
      break;
    }
    const entry = readLocalHeader(input, at);
    if (entry === undefined) {
      at += local.length;
      continue;
    }
    const sized = withSize(input, entry);
    const { end, isRead } = await takeEntry(archive, sized, entry.dataAt);
    // A size that reaches beyond the archive is that of the entry on which it was cut, or a lie.
    at = Math.max(entry.dataAt, Math.min(end, input.size));
    seen++;
    if (isRead) count++;
  }
  return { count };
}

/** Stored data have no end of their own: it is where a data descriptor names exactly their length. */
function withSize(input: SourceInput, entry: LocalEntry): LocalEntry {
  if (entry.method !== 0 || entry.packed !== undefined) return entry;
  for (let at = findSignature(input, entry.dataAt, descriptor); at < input.size;) {
    const length = at - entry.dataAt;
    const bytes = Buffer.from(readBytes(input, at, 24));
    if (namesLength(bytes, length))
      return { ...entry, crc: bytes.readUInt32LE(4), packed: length, size: length };
    at = findSignature(input, at + descriptor.length, descriptor);
  }
  return entry;
}

/** A descriptor has its sizes in 4 bytes each, or in 8 (APPNOTE 4.3.9). */
function namesLength(bytes: Buffer, length: number): boolean {
  if (bytes.length >= 16 && bytes.readUInt32LE(8) === length && bytes.readUInt32LE(12) === length)
    return true;
  return bytes.length >= 24 && Number(bytes.readBigUInt64LE(8)) === length;
}

const local = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const descriptor = Buffer.from([0x50, 0x4b, 0x07, 0x08]);
const windowBytes = 1_048_576;

/** The first place of a signature from `from` on; the size of the input where there is none. */
function findSignature(input: SourceInput, from: number, signature: Buffer): number {
  for (let at = from; at < input.size; at += windowBytes) {
    // The overlap finds a signature that stands across two windows.
    const bytes = readBytes(input, at, windowBytes + signature.length - 1);
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(signature);
    if (found >= 0) return at + found;
  }
  return input.size;
}
