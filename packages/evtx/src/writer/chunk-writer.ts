import { putEnd, putElement, putFragmentHeader, putInstance, type XmlSink } from './binxml.ts';
import { putFileTime, putU32, putU64, setU32, type ByteSink } from './byte-sink.ts';
import { noNames, setHeads, takeBack, type ChunkNames } from './chunk-names.ts';
import { crc32 } from './crc32.ts';
import type { EvtxElement, EvtxInstance } from './template.ts';

/** Bytes of each chunk of a log. */
export const CHUNK_BYTES = 65_536;
const FIRST_RECORD = 512;
const HEADER_BYTES = 128;
const HEADER_SUMMED = 120;
const RECORD_MAGIC = 0x2a2a;
const NO_CHECKSUMS = 4;
/** Windows begins each record at a multiple of eight. */
const ALIGN = 8;
/** Real chunks always end with some free space, and libevtx passes over a record that leaves none. */
const LAST_END = CHUNK_BYTES - ALIGN;

/** One record as the file stores it. */
export interface EvtxRecord {
  /** When it was written: milliseconds since 1970, or 100 ns since 1601 as a bigint. */
  readonly time: number | bigint;
  /** An instance of a template, as Windows writes it, or elements without one, as forwarded logs can have them. */
  readonly body: EvtxInstance | EvtxElement;
}

/** A chunk that is being filled; `bytes` is used again for the next one. */
export interface ChunkWriter extends XmlSink {
  known: ChunkNames;
  first: number | bigint;
  last: number | bigint;
  lastRecordAt: number;
}

export function emptyChunk(bytes: Uint8Array = new Uint8Array(CHUNK_BYTES)): ChunkWriter {
  bytes.fill(0);
  return { bytes, at: FIRST_RECORD, known: noNames(), first: 0, last: 0, lastRecordAt: 0 };
}

function putBody(chunk: ChunkWriter, body: EvtxRecord['body']): void {
  putFragmentHeader(chunk);
  if ('template' in body) putInstance(chunk, body);
  else putElement(chunk, body, false);
  putEnd(chunk);
}

/**
 * Writes a record into what is left of a chunk.
 *
 * @returns false where it does not fit; the chunk is then as it was before
 */
export function addRecord(chunk: ChunkWriter, id: number | bigint, record: EvtxRecord): boolean {
  const start = chunk.at;
  chunk.known.added.length = 0;
  putU32(chunk, RECORD_MAGIC);
  putU32(chunk, 0);
  putU64(chunk, id);
  putFileTime(chunk, record.time);
  putBody(chunk, record.body);
  const size = Math.ceil((chunk.at + 4 - start) / ALIGN) * ALIGN;
  if (start + size > LAST_END) {
    takeBack(chunk.known);
    chunk.bytes.fill(0, start);
    chunk.at = start;
    return false;
  }
  chunk.bytes.fill(0, chunk.at, start + size);
  setU32(chunk.bytes, start + 4, size);
  setU32(chunk.bytes, start + size - 4, size);
  chunk.at = start + size;
  if (chunk.lastRecordAt === 0) chunk.first = id;
  chunk.last = id;
  chunk.lastRecordAt = start;
  return true;
}

/** Writes header, tables and sums. */
export function closeChunk(chunk: ChunkWriter, hasChecksums: boolean): void {
  const { bytes } = chunk;
  const end = chunk.at;
  const header: ByteSink = { bytes, at: 8 };
  bytes.set(MAGIC);
  for (const id of [chunk.first, chunk.last, chunk.first, chunk.last]) putU64(header, id);
  putU32(header, HEADER_BYTES);
  putU32(header, chunk.lastRecordAt);
  putU32(header, end);
  setHeads(bytes, chunk.known);
  setU32(bytes, HEADER_SUMMED, hasChecksums ? 0 : NO_CHECKSUMS);
  if (!hasChecksums) return;
  setU32(bytes, 52, crc32(bytes, FIRST_RECORD, end));
  setU32(bytes, 124, crc32(bytes, HEADER_BYTES, FIRST_RECORD, crc32(bytes, 0, HEADER_SUMMED)));
}

const MAGIC = Uint8Array.from([0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0]);
