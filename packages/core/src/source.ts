/**
 * Random access to the bytes of one source. Synchronous, because a reader that waits between records
 * costs more than the disk; readers never open files themselves.
 */
export interface SourceInput {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Fills `target` from `offset` on and returns how many bytes were written; less than asked only at the end.
   * Beyond the end it returns 0.
   */
  readAt(target: Uint8Array, offset: number): number;
  /** All bytes, where they are in memory anyway. Not to be changed, and not to be kept beyond the reading. */
  readonly memory?: Uint8Array;
}

/** What a source is, by its content first and its name second. Decides which reader takes it. */
export type SourceKind =
  | 'iis'
  | 'httperr'
  | 'exchange-log'
  | 'windows-events-json'
  | 'windows-events-csv'
  | 'evtx'
  | 'file-listing'
  | 'msert'
  | 'web-page'
  | 'web-config'
  | 'compiled-page'
  | 'archive'
  | 'executable'
  | 'text'
  | 'unknown';

/** One file of the evidence, whether it lay in a folder or inside archives. */
export interface Source {
  /** Stable: from the original path and the SHA-256, never from the path as collected. */
  readonly id: string;
  /**
   * As collected, from the argument's root on; `outer.zip!/inner/path` for entries of archives. Where several PATHs were
   * given, the name of its own stands in front.
   */
  readonly path: string;
  /** The Windows path it had on the server, as far as the layout tells (`C:\inetpub\…`); else `path` with backslashes. */
  readonly originalPath: string;
  /** Names the collection (one PATH argument, or one host of several inside it) that it came with. */
  readonly collection: string;
  readonly size: number;
  readonly sha256: string;
  /** SHA-1 and MD5 are made for all but logs. */
  readonly sha1?: string;
  readonly md5?: string;
  readonly input: SourceInput;
}

/** Something found in a collection that was not read, and why. Nothing is skipped without one of these. */
export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
  readonly bytes: number;
  /** For people: the detail behind the reason. */
  readonly detail?: string;
}

export type SkipReason =
  | 'encrypted'
  | 'damaged'
  | 'unreadable'
  | 'limit'
  | 'unsafe-name'
  | 'link'
  | 'not-a-file'
  | 'no-reader'
  | 'empty'
  | 'duplicate'
  | 'own-output'
  | 'stopped';

/** Makes a {@link SourceInput} over bytes in memory. */
export function inputOf(bytes: Uint8Array): SourceInput {
  return {
    size: bytes.length,
    memory: bytes,
    readAt(target, offset) {
      const end = Math.min(bytes.length, offset + target.length);
      if (end <= offset) return 0;
      target.set(bytes.subarray(offset, end));
      return end - offset;
    },
  };
}

/** Reads up to `length` bytes from `offset` on into fresh memory; shorter at the end of the input. */
export function readBytes(input: SourceInput, offset: number, length: number): Uint8Array {
  const target = new Uint8Array(Math.max(0, Math.min(length, input.size - offset)));
  const got = input.readAt(target, offset);
  return got === target.length ? target : target.subarray(0, got);
}
