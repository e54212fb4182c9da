import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { Refusal } from './archive-limits.ts';
import type { FileRange } from './file-range.ts';
import type { Watch } from './inflate.ts';
import type { EntryWriter } from './spool.ts';
import { beginsBzip2, Bunzip2 } from './codec/bzip2.ts';
import { feedOf } from './codec/feed.ts';
import { beginsXz, Xz } from './codec/xz.ts';
import { beginsGzip, gunzip } from './gzip.ts';
import { beginsZstd, unzstd, watchFrom } from './inflate.ts';
import { unpackStream } from './unpack-stream.ts';

/** Ways to pack one file (or one tar archive) by itself. */
export type PackedKind = 'gzip' | 'bzip2' | 'zstd' | 'xz';

/** What came out of a packed file. */
export interface UnpackedFile {
  readonly range: FileRange;
  /** `trailing`: whole members, then bytes that are none; `checksum`: all came out, but is not what was packed. */
  readonly end: 'complete' | 'cut' | 'corrupt' | 'trailing' | 'checksum' | Refusal;
  /** Offset in the packed file at which it ended, or went wrong. */
  readonly at: number;
}

/** How far one of the parts that follow each other in a packed file went. */
export interface Member {
  readonly end: 'complete' | 'cut' | 'corrupt' | 'checksum' | Refusal;
  /** In bytes. */
  readonly consumed: number;
}

interface Format {
  /** Whether such bytes begin a member; `cut`: there are too few of them to tell. */
  readonly begins: (bytes: Uint8Array) => 'yes' | 'no' | 'cut';
  readonly unpack: (input: SourceInput, at: number, writer: EntryWriter, watch: Watch) => Promise<Member>;
}

const formats: Readonly<Record<PackedKind, Format>> = {
  gzip: { begins: beginsGzip, unpack: gunzip },
  bzip2: {
    begins: beginsBzip2,
    unpack: async (input, at, writer, watch) =>
      unpackStream(new Bunzip2(feedOf(input, at, input.size)), writer, watch),
  },
  xz: {
    begins: beginsXz,
    unpack: async (input, at, writer, watch) =>
      unpackStream(new Xz(feedOf(input, at, input.size), watch.limits), writer, watch),
  },
  zstd: {
    begins: beginsZstd,
    unpack: async (input, at, writer, watch) => unzstd(input, { from: at, to: input.size }, writer, watch),
  },
};

/**
 * Unpacks a file of one or more members, one after the other as one file. Members are unpacked one by one, so that
 * rubbish behind the last costs nothing of it.
 */
export async function unpackFile(
  kind: PackedKind,
  input: SourceInput,
  writer: EntryWriter,
  watch: Watch,
): Promise<UnpackedFile> {
  const format = formats[kind];
  let at = 0;
  let end: UnpackedFile['end'] = 'complete';
  while (at < input.size && end === 'complete') {
    const tail = at === 0 ? 'member' : tailAt(input, at, format);
    if (tail !== 'member') return { range: writer.range(), end: tail, at };
    const before = watchFrom(watch, { consumed: at, written: writer.written });
    const member = await format.unpack(input, at, writer, before);
    at += member.consumed;
    end = member.end;
  }
  if (typeof end === 'object') writer.rewind(0);
  return { range: writer.range(), end, at };
}

/** Bytes in which a member's header has an end, if it is one. */
const headBytes = 131_072;

/** Zeros fill up blocks of tapes and disks; anything else behind the last member is worth a word. */
function tailAt(
  input: SourceInput,
  at: number,
  { begins }: Format,
): 'member' | 'complete' | 'cut' | 'trailing' {
  const tail = readBytes(input, at, headBytes);
  const beginning = begins(tail);
  if (beginning === 'yes') return 'member';
  if (tail.every((byte) => byte === 0)) return 'complete';
  return beginning === 'cut' ? 'cut' : 'trailing';
}

/** The name of what a packed file holds, after its own: `u_ex210303.log.gz` → `u_ex210303.log`, `x.tgz` → `x.tar`. */
export function unpackedName(name: string): string {
  if (/\.(?:tgz|tbz2?|tb2|txz|tzst)$/i.test(name)) return name.replace(/\.\w+$/, '.tar');
  return name.replace(/(.)\.(?:gz|bz2|xz|zst)$/i, '$1');
}
