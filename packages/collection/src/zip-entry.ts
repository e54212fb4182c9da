import { crc32, inflateRawSync } from 'node:zlib';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { Refusal } from './archive-limits.ts';
import type { FileRange } from './file-range.ts';
import type { Inflated, Watch } from './inflate.ts';
import type { Opening, Place } from './opening.ts';
import type { EntryWriter, Spool } from './spool.ts';
import type { ZipEntry } from './zip-directory.ts';
import { formatCount, limitReached, stoppedByUser } from './archive-limits.ts';
import { cleanName } from './entry-name.ts';
import { subRange } from './file-range.ts';
import { inflateRaw } from './inflate.ts';
import { entryPlace, report, skip, skipped, skipRefused } from './opening.ts';
import { forEachPiece } from './pace.ts';
import { watchOf } from './watch.ts';

/** One zip archive while its entries are taken out. */
export interface ZipArchive {
  readonly opening: Opening;
  readonly place: Place;
  readonly range: FileRange;
  readonly input: SourceInput;
  readonly spool: Spool;
  /** What to do with each entry that was taken out. */
  readonly visit: (range: FileRange, place: Place) => Promise<void>;
}

/** What became of an entry. */
export interface TakenEntry {
  readonly end: number;
  readonly isRead: boolean;
}

/** Bytes of an entry as they came out. */
interface Unpacked {
  readonly range: FileRange;
  readonly crc: number;
  readonly end: Inflated['end'];
  /** Packed bytes that were used. */
  readonly consumed: number;
}

/** Entries up to this packed size are inflated in one call: most entries of a collection are, and a stream costs more than they do. */
const atOncePacked = 262_144;
const atOnceSize = 4_194_304;

/**
 * Takes one entry out of an archive, checks it, and hands it on; lists it where it cannot be had.
 *
 * @param dataAt offset of its data in the archive
 * @returns offset of the first byte behind its data, as far as that is known, and whether it is read
 */
export async function takeEntry(archive: ZipArchive, entry: ZipEntry, dataAt: number): Promise<TakenEntry> {
  const { opening, place } = archive;
  const name = fileName(entry);
  const passed: TakenEntry = { end: dataAt + (entry.packed ?? 0), isRead: false };
  if (typeof name !== 'string') {
    const at = entryPlace(place, name.shown);
    skip(opening, skipped(at, 'unsafe-name', entry.size ?? 0, name.why));
    return passed;
  }
  if (name.endsWith('/') || name === '') return passed;
  const at = entryPlace(place, name);
  const objection = objectionTo(opening, entry);
  if (objection !== undefined) {
    skip(opening, skipped(at, objection.reason, entry.size ?? 0, objection.detail));
    return passed;
  }
  return unpack(archive, entry, { at, dataAt });
}

/** A name that ends like a folder's, but has data, is that of a file somebody wanted to hide. */
function fileName({ name, size = 0 }: ZipEntry): ReturnType<typeof cleanName> {
  const clean = cleanName(name);
  return typeof clean === 'string' && size > 0 ? clean.replace(/\/$/, '') : clean;
}

function objectionTo(
  { limits }: Opening,
  entry: ZipEntry,
):
  | { readonly reason: 'encrypted' | 'link' | 'no-reader' | 'limit' | 'stopped'; readonly detail: string }
  | undefined {
  if (entry.isEncrypted)
    return { reason: 'encrypted', detail: 'unpack it with its password and scan the result' };
  if (entry.isLink) return { reason: 'link', detail: 'a symbolic link' };
  if (entry.method !== 0 && entry.method !== 8) {
    return {
      reason: 'no-reader',
      detail: `packed with ${methodName(entry.method)}; unpack it and scan the result`,
    };
  }
  const { size = 0, packed = size } = entry;
  const isBomb = size > limits.archiveRatioFrom && size > packed * limits.archiveRatio;
  return isBomb ? limitReached(limits, 'archiveRatio') : undefined;
}

/** APPNOTE 4.4.5. Windows packs files over 2 GB with Deflate64. */
const methods: ReadonlyMap<number, string> = new Map([
  [1, 'Shrink'],
  [6, 'Implode'],
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'Zstandard'],
  [95, 'xz'],
  [98, 'PPMd'],
]);

function methodName(method: number): string {
  return methods.get(method) ?? `method ${method}`;
}

interface Target {
  readonly at: Place;
  readonly dataAt: number;
}

async function unpack(archive: ZipArchive, entry: ZipEntry, target: Target): Promise<TakenEntry> {
  const { opening } = archive;
  const unpacked = await bytesOf(archive, entry, target);
  const { range, consumed } = unpacked;
  const end = target.dataAt + (entry.packed ?? consumed);
  if (typeof unpacked.end === 'object') {
    skipRefused(opening, target.at, entry.size ?? 0, unpacked.end);
    return { end, isRead: false };
  }
  const isRead = checkEntry(archive, entry, { ...target, unpacked });
  if (isRead) await archive.visit(range, target.at);
  return { end, isRead };
}

async function bytesOf(archive: ZipArchive, entry: ZipEntry, { at, dataAt }: Target): Promise<Unpacked> {
  const watch = watchOf(archive.opening, at, entry.packed);
  const room = archive.range.size - dataAt;
  const span = { from: dataAt, to: dataAt + Math.min(entry.packed ?? room, room) };
  if (entry.method === 0) return storedBytes(archive, span, { watch, isCut: (entry.packed ?? 0) > room });
  const writer = archive.spool.begin();
  const atOnce = inflateAtOnce(archive.input, entry, { ...span, writer });
  if (atOnce !== undefined) {
    watch.onBytes(span.to - span.from);
    return atOnce;
  }
  const inflated = await inflateRaw(archive.input, span, writer, watch);
  if (typeof inflated.end === 'object') writer.rewind(0);
  return { ...inflated, range: writer.range() };
}

/** Stored data stay where they are. They are read once, for their checksum. */
async function storedBytes(
  { opening, range }: ZipArchive,
  { from, to }: { readonly from: number; readonly to: number },
  { watch, isCut }: { readonly watch: Watch; readonly isCut: boolean },
): Promise<Unpacked> {
  const data = subRange(range, from, to - from);
  let crc = 0;
  let end: Unpacked['end'] = isCut ? 'cut' : 'complete';
  await forEachPiece(opening, data, (piece) => {
    crc = crc32(piece, crc);
    watch.onBytes(piece.length);
    if (watch.isStopped()) end = stoppedByUser;
    return end !== stoppedByUser;
  });
  return { range: data, crc, end, consumed: data.size };
}

/** Undefined where the entry is large, or is not what its header says: then the stream takes it, fault and all. */
function inflateAtOnce(
  input: SourceInput,
  { packed, size }: ZipEntry,
  { from, to, writer }: { readonly from: number; readonly to: number; readonly writer: EntryWriter },
): Unpacked | undefined {
  if (packed === undefined || size === undefined || packed > atOncePacked || size > atOnceSize)
    return undefined;
  if (to - from < packed) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(readBytes(input, from, packed), { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
  const refusal: Refusal | undefined = writer.append(bytes);
  return { range: writer.range(), crc: crc32(bytes), end: refusal ?? 'complete', consumed: packed };
}

/** Says what is wrong with an entry. False: nothing of it could be had, and it is listed. */
function checkEntry(
  { opening, place }: ZipArchive,
  entry: ZipEntry,
  { at, dataAt, unpacked }: Target & { readonly unpacked: Unpacked },
): boolean {
  const fault = faultOf(entry, unpacked);
  if (fault === undefined) return true;
  const { size } = unpacked.range;
  const offset = dataAt + unpacked.consumed;
  if (size === 0) {
    skip(
      opening,
      skipped(at, 'damaged', entry.size ?? 0, `${fault} at byte ${formatCount(offset)} of the archive`),
    );
    return false;
  }
  const whole = entry.size === undefined ? '' : ` of its ${formatCount(entry.size)}`;
  report(opening, place, {
    code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
    severity: 'warning',
    message: `${at.path}: ${fault} at byte ${formatCount(offset)} of the archive; ${formatCount(size)}${whole} bytes came out and are read`,
    source: at.path,
    at: { offset },
  });
  return true;
}

function faultOf(entry: ZipEntry, { end, crc, range }: Unpacked): string | undefined {
  if (end === 'cut') return 'cut off';
  if (end === 'corrupt') return 'damaged data';
  if (entry.size !== undefined && entry.size !== range.size)
    return 'not the size that its header names, ending';
  return entry.crc !== undefined && entry.crc !== crc ? 'a checksum that does not fit, ending' : undefined;
}
