import { createHash, hash as hashOf } from 'node:crypto';
import type { SourceInput } from '@postern/core';

/** Hashes in lower-case hex. SHA-1 and MD5 are there if they were asked for: many published hashes are of those kinds. */
export interface Hashes {
  readonly sha256: string;
  readonly sha1?: string;
  readonly md5?: string;
}

const pieceBytes = 1_048_576;

export interface HashOptions {
  /** SHA-1 and MD5, too. */
  readonly all: boolean;
  /** Memory to read into; absent: some is made. */
  readonly room?: Uint8Array;
}

/**
 * Hashes all bytes of an input in one pass, one mebibyte at a time where they are not in memory.
 *
 * @throws PosternError POSTERN_COLLECTION_READ as `readAt` does
 */
export function hashInput(input: SourceInput, { all, room }: HashOptions): Hashes {
  // In one call where all bytes are there: thousands of small logs spare as many hash objects.
  if (!all && input.memory !== undefined) return { sha256: hashOf('sha256', input.memory, 'hex') };
  const names = all ? ['sha256', 'sha1', 'md5'] : ['sha256'];
  const hashes = names.map((name) => createHash(name));
  for (const piece of piecesOf(input, room === undefined ? {} : { room }))
    for (const hash of hashes) hash.update(piece);
  const [sha256 = '', sha1, md5] = hashes.map((hash) => hash.digest('hex'));
  return sha1 === undefined || md5 === undefined ? { sha256 } : { sha256, sha1, md5 };
}

/** The bytes of an input in order, in memory that is used again for the next piece. */
function* piecesOf(
  input: SourceInput,
  { from = 0, room }: { readonly from?: number; readonly room?: Uint8Array },
): Iterable<Uint8Array> {
  if (input.memory !== undefined) {
    yield input.memory.subarray(from);
    return;
  }
  const piece = (room ?? new Uint8Array(Math.min(pieceBytes, Math.max(1, input.size)))).subarray(
    0,
    pieceBytes,
  );
  for (let at = from; at < input.size;) {
    const count = input.readAt(piece, at);
    if (count === 0) return;
    yield piece.subarray(0, count);
    at += count;
  }
}

/** An input that hashes what is read of it. */
export interface HashedInput {
  readonly input: SourceInput;
  /** SHA-256 of all bytes: those that nobody has read in order are read now. Asked once. */
  readonly digest: (room?: Uint8Array) => Hashes;
}

/**
 * Hashes a log while its reader goes through it from the start, so that its bytes are fetched once. Whatever is read
 * out of order is hashed at the end.
 *
 * @throws PosternError POSTERN_COLLECTION_READ as `readAt` does, also from `digest`
 */
export function hashWhileRead(input: SourceInput): HashedInput {
  const hash = createHash('sha256');
  let done = 0;
  const readAt = (target: Uint8Array, offset: number): number => {
    const got = input.readAt(target, offset);
    if (offset <= done && offset + got > done) {
      hash.update(target.subarray(done - offset, got));
      done = offset + got;
    }
    return got;
  };
  const digest = (room?: Uint8Array): Hashes => {
    for (const piece of piecesOf(input, { from: done, ...(room === undefined ? {} : { room }) }))
      hash.update(piece);
    return { sha256: hash.digest('hex') };
  };
  return { input: { size: input.size, readAt }, digest };
}
