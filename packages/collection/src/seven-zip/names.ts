import type { ArchiveLimits } from '../archive-limits.ts';
import type { ByteReader } from './byte-reader.ts';
import { limitReached } from '../archive-limits.ts';
import { StreamFault } from '../codec/decoder.ts';

/** A file or folder of a 7z archive as its directory names it. */
export interface NamedEntry {
  readonly name: string;
  /** Whether it has bytes, which then stand in a folder of streams. */
  readonly hasStream: boolean;
  /** Without bytes: a file, and not a folder of the disk. */
  readonly isEmptyFile: boolean;
  /** Windows attributes; with 0x8000 the upper half is the mode of Unix. */
  readonly attributes: number;
}

const [end, emptyStreams, emptyFiles, names, attributes] = [0x00, 0x0e, 0x0f, 0x11, 0x15];

/**
 * Reads the names of an archive's files, in the order of their streams.
 *
 * @throws StreamFault `corrupt`, or `archiveEntries` before memory is set aside for more
 */
export function readNames(reader: ByteReader, limits: ArchiveLimits): readonly NamedEntry[] {
  const count = reader.count();
  if (count > limits.archiveEntries) throw new StreamFault(limitReached(limits, 'archiveEntries'));
  const found: Found = { names: [], without: [], emptyFiles: [], attributes: [] };
  for (let mark = reader.number(); mark !== end; mark = reader.number()) {
    const part = reader.part();
    if (mark === emptyStreams) found.without = part.flags(count);
    else if (mark === emptyFiles) found.emptyFiles = part.flags(found.without.filter(Boolean).length);
    else if (mark === names) found.names = namesOf(part, count);
    else if (mark === attributes) found.attributes = attributesOf(part, count);
  }
  return entriesOf(found, count);
}

interface Found {
  names: readonly string[];
  without: readonly boolean[];
  emptyFiles: readonly boolean[];
  attributes: readonly (number | undefined)[];
}

function entriesOf(found: Found, count: number): readonly NamedEntry[] {
  let empty = 0;
  return Array.from({ length: count }, (_, i) => {
    const hasStream = found.without[i] !== true;
    return {
      name: found.names[i] ?? '',
      hasStream,
      isEmptyFile: !hasStream && found.emptyFiles[empty++] === true,
      attributes: found.attributes[i] ?? 0,
    };
  });
}

/** UTF-16, each with a zero behind it. */
function namesOf(part: ByteReader, count: number): readonly string[] {
  if (part.byte() !== 0) throw new StreamFault('corrupt');
  // No more than asked for: a list of nothing but zeros would be a hundred million names.
  const list = part.bytes(part.left).toString('utf16le').split('\0', count);
  if (list.length < count) throw new StreamFault('corrupt');
  // Halves of characters become what stands for unknown ones.
  return list.map((name) => Buffer.from(name).toString());
}

function attributesOf(part: ByteReader, count: number): readonly (number | undefined)[] {
  const isThere = part.present(count);
  if (part.byte() !== 0) throw new StreamFault('corrupt');
  return isThere.map((each) => (each ? part.uint32() : undefined));
}
