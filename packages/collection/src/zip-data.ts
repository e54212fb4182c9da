import { crc32, inflateRawSync } from 'node:zlib';
import { readBytes } from '@postern/core';
import type { SourceInput } from '@postern/core';
import type { Refusal } from './archive-limits.ts';
import type { Decoder } from './codec/decoder.ts';
import type { Feed } from './codec/feed.ts';
import type { LzmaOptions } from './codec/lzma.ts';
import type { FileRange } from './file-range.ts';
import type { Inflated, Watch } from './inflate.ts';
import type { Opening, Place } from './opening.ts';
import type { EntryWriter, Spool } from './spool.ts';
import type { ZipEntry } from './zip-directory.ts';
import { stoppedByUser } from './archive-limits.ts';
import { Bunzip2 } from './codec/bzip2.ts';
import { feedOf } from './codec/feed.ts';
import { Inflate64 } from './codec/inflate64.ts';
import { zipLzma } from './codec/lzma.ts';
import { Xz } from './codec/xz.ts';
import { subRange } from './file-range.ts';
import { inflateRaw, unzstd } from './inflate.ts';
import { forEachPiece } from './pace.ts';
import { unpackStream } from './unpack-stream.ts';
import { watchOf } from './watch.ts';

/** Where the packed bytes of an entry are, and where they go. */
export interface ZipData {
  readonly opening: Opening;
  readonly range: FileRange;
  readonly input: SourceInput;
  readonly spool: Spool;
}

/** Bytes of an entry as they came out. */
export interface Unpacked {
  readonly range: FileRange;
  readonly crc: number;
  readonly end: Inflated['end'];
  /** Packed bytes that were used. */
  readonly consumed: number;
}

/** Entries up to this packed size are inflated in one call: most entries of a collection are, and a stream costs more than they do. */
const atOncePacked = 262_144;
const atOnceSize = 4_194_304;

const stored = 0;
const deflate = 8;
/** Methods that the platform unpacks. 20 is what Zstandard had for a while. */
const engines: ReadonlyMap<number, typeof inflateRaw> = new Map([
  [deflate, inflateRaw],
  [20, unzstd],
  [93, unzstd],
]);
/** Other methods (APPNOTE 4.4.5). Windows packs files over 2 GB with Deflate64. */
const decoders: ReadonlyMap<number, (feed: Feed, options: LzmaOptions) => Decoder> = new Map<
  number,
  (feed: Feed, options: LzmaOptions) => Decoder
>([
  [9, (feed) => new Inflate64(feed)],
  [12, (feed) => new Bunzip2(feed)],
  [14, zipLzma],
  [95, (feed, { limits }) => new Xz(feed, limits)],
]);

/** Why the method of an entry cannot be unpacked; undefined where it can. */
export function unknownMethod({ method }: ZipEntry): string | undefined {
  if (method === stored || engines.has(method) || decoders.has(method)) return undefined;
  return methodNames.get(method) ?? `method ${method}`;
}

const methodNames: ReadonlyMap<number, string> = new Map([
  [1, 'Shrink'],
  [6, 'Implode'],
  [98, 'PPMd'],
]);

/** Unpacks the data of an entry, which begin at `dataAt` of the archive. */
export async function unpackData(
  data: ZipData,
  entry: ZipEntry,
  { at, dataAt }: { readonly at: Place; readonly dataAt: number },
): Promise<Unpacked> {
  const watch = watchOf(data.opening, at, entry.packed);
  const room = data.range.size - dataAt;
  const span = { from: dataAt, to: dataAt + Math.min(entry.packed ?? room, room) };
  if (entry.method === stored) return storedBytes(data, span, { watch, isCut: (entry.packed ?? 0) > room });
  const writer = data.spool.begin();
  const atOnce = entry.method === deflate ? inflateAtOnce(data.input, entry, { ...span, writer }) : undefined;
  if (atOnce !== undefined) {
    watch.onBytes(span.to - span.from);
    return atOnce;
  }
  const inflated = await unpackMethod(entry, data.input, span, { writer, watch });
  if (typeof inflated.end === 'object') writer.rewind(0);
  return { ...inflated, range: writer.range() };
}

async function unpackMethod(
  { method, size }: ZipEntry,
  input: SourceInput,
  span: { readonly from: number; readonly to: number },
  { writer, watch }: { readonly writer: EntryWriter; readonly watch: Watch },
): Promise<Inflated> {
  const decoderOf = decoders.get(method);
  if (decoderOf === undefined) return (engines.get(method) ?? inflateRaw)(input, span, writer, watch);
  const { limits } = watch;
  const options: LzmaOptions = size === undefined ? { limits } : { limits, size };
  return unpackStream(decoderOf(feedOf(input, span.from, span.to), options), writer, watch);
}

/** Stored data stay where they are. They are read once, for their checksum. */
async function storedBytes(
  { opening, range }: ZipData,
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
