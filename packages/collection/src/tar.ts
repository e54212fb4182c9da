import type { Extract, Header } from 'tar-stream';
import { extract } from 'tar-stream';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import { isTarHeader } from './tar-header.ts';

/** An entry of a tar archive, whose data stand in it as they are. Offsets count from the start of the archive. */
export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'device' | 'unknown';
  readonly dataAt: number;
  /** As its header says, whether or not the archive reaches so far. */
  readonly size: number;
  /** Where a link leads. */
  readonly target?: string;
}

/** How the reading of a tar archive ended. */
export interface TarEnd {
  /** `cut`: within an entry or header. `corrupt`: at something that is no header. */
  readonly end: 'complete' | 'cut' | 'corrupt' | 'stopped';
  /** Offset behind the last entry that was found. */
  readonly at: number;
}

const pieceBytes = 262_144;
const blockBytes = 512;
/** Archives of Unix V7 have no magic number; the checksum is checked in any case. */
const parserOptions = { allowUnknownFormat: true, highWaterMark: pieceBytes };

/**
 * Lists the entries of a tar archive (ustar, GNU, pax; long names too) from `from` on. Ends at the first damage.
 *
 * @param onEntry false ends the reading
 */
export async function readTar(
  input: SourceInput,
  from: number,
  onEntry: (entry: TarEntry) => boolean,
): Promise<TarEnd> {
  const parser = extract(parserOptions);
  const state: { end: TarEnd['end']; at: number } = { end: 'complete', at: from };
  parser.on('entry', (header, data, next) => {
    const entry = toTarEntry(header, from);
    state.at = entry.dataAt + Math.ceil(entry.size / blockBytes) * blockBytes;
    if (!onEntry(entry)) {
      state.end = 'stopped';
      parser.destroy();
      return;
    }
    // The end of a cut archive is an error of the entry too; the parser's own tells all.
    data.on('error', () => undefined);
    data.resume();
    next();
  });
  parser.on('error', (error: Error) => {
    if (state.end === 'complete') state.end = error.message === 'Unexpected end of data' ? 'cut' : 'corrupt';
  });
  await feed(parser, input, from);
  return { end: state.end, at: Math.min(state.at, input.size) };
}

async function feed(parser: Extract, input: SourceInput, from: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    parser.on('close', () => resolve());
  });
  for (let at = from; at < input.size && !parser.destroyed;) {
    const piece = Buffer.from(readBytes(input, at, pieceBytes));
    if (piece.length === 0) break;
    at += piece.length;
    if (!parser.write(piece)) await Promise.race([drained(parser), closed]);
  }
  if (!parser.destroyed) parser.end(undefined);
  await closed;
}

async function drained(parser: Extract): Promise<void> {
  await new Promise<void>((resolve) => {
    parser.once('drain', () => resolve());
  });
}

function toTarEntry(header: Header, from: number): TarEntry {
  const { name, size, linkname, pax } = header;
  const kind = isSparsePax(pax) ? 'unknown' : kindOf(header.type);
  const entry: TarEntry = { name, kind, dataAt: from + byteOffsetOf(header), size };
  return linkname === '' ? entry : { ...entry, target: linkname };
}

/** Their types do not know it; it is there since tar-stream 3. */
function byteOffsetOf(header: Header): number {
  return 'byteOffset' in header && typeof header.byteOffset === 'number' ? header.byteOffset : 0;
}

/** Sparse files of GNU tar: a map, then the pieces. Their bytes in the archive are not their content. */
function isSparsePax(pax: unknown): boolean {
  return (
    typeof pax === 'object' && pax !== null && Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'))
  );
}

/** Their types do not know it either, but entries of kinds that the parser does not know have no type. */
function kindOf(type: string | null): TarEntry['kind'] {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return 'file';
    case 'directory':
      return 'folder';
    case 'link':
    case 'symlink':
      return 'link';
    case 'character-device':
    case 'block-device':
    case 'fifo':
      return 'device';
    default:
      return 'unknown';
  }
}

/** The next header from `from` on, at a multiple of 512 bytes; undefined where there is none. */
export function findTarHeader(input: SourceInput, from: number): number | undefined {
  const first = Math.ceil(from / blockBytes) * blockBytes;
  for (let at = first; at < input.size; at += pieceBytes) {
    const piece = readBytes(input, at, pieceBytes);
    for (let block = 0; block + blockBytes <= piece.length; block += blockBytes) {
      if (isTarHeader(piece.subarray(block, block + blockBytes))) return at + block;
    }
  }
  return undefined;
}
