import type { SourceInput } from '@postern/core';
import { chunkBytes, fileFlags, fileHeaderBytes, fileMagic } from './format.ts';
import type { Checksum } from './checksum.ts';
import type { Problems } from './problems.ts';

/** Of the header itself; the rest of its block is empty. */
const headerBytes = 128;

/** What the beginning of a log says of the rest. */
export interface FileHeader {
  /** Where the first chunk begins; undefined where there is no header, so that chunks must be searched for. */
  readonly firstChunk: number | undefined;
  readonly hasChecksums: boolean;
  /** It was copied while Windows had it open, or nothing says otherwise. */
  readonly inUse: boolean;
}

/** Whether the bytes begin an event log. */
export function hasFileMagic(head: Uint8Array): boolean {
  return u32(head, 0) === fileMagic[0] && u32(head, 4) === fileMagic[1] && head.length >= 8;
}

/**
 * How many chunks a log has: so many pieces it can be read in (`chunks` of the options). Undefined for what has no header
 * of an event log, which is read whole.
 */
export function countChunks(input: SourceInput): number | undefined {
  const head = new Uint8Array(headerBytes);
  if (input.readAt(head, 0) < headerBytes || !hasFileMagic(head)) return undefined;
  return Math.ceil((input.size - firstChunkAt(head)) / chunkBytes);
}

function firstChunkAt(head: Uint8Array): number {
  const block = (head[40] ?? 0) + 256 * (head[41] ?? 0);
  return block === 0 ? fileHeaderBytes : block;
}

/** Reads the first bytes of a log of `size` bytes and says what is wrong with them. */
export function readFileHeader(
  head: Uint8Array,
  size: number,
  { problems, checksum }: { readonly problems: Problems; readonly checksum: Checksum },
): FileHeader {
  if (!hasFileMagic(head) || head.length < headerBytes) {
    problems.add('HEADER', 0);
    return { firstChunk: undefined, hasChecksums: true, inUse: true };
  }
  const flags = u32(head, 120);
  const hasChecksums = (flags & fileFlags.noChecksum) === 0;
  if (hasChecksums && checksum(head.subarray(0, 120), 0) !== u32(head, 124))
    problems.add('HEADER_CHECKSUM', 0);
  const inUse = (flags & fileFlags.dirty) !== 0;
  if (inUse) problems.add('DIRTY', 120);
  const said = (head[42] ?? 0) + 256 * (head[43] ?? 0);
  const counted = Math.floor((size - fileHeaderBytes) / chunkBytes);
  // The field has 16 bits, so that it is right only up to its size.
  if (said !== counted % 65_536) problems.add('CHUNK_COUNT', 42, `${said} said, ${counted} counted`);
  return { firstChunk: firstChunkAt(head), hasChecksums, inUse };
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}
