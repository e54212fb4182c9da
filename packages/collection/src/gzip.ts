import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { Refusal } from './archive-limits.ts';
import type { FileRange } from './file-range.ts';
import type { Watch } from './inflate.ts';
import type { EntryWriter } from './spool.ts';
import { inflateRaw } from './inflate.ts';

/** What came out of a gzip file. */
export interface Gunzipped {
  readonly range: FileRange;
  /** `trailing`: whole members, then bytes that are none; `checksum`: all came out, but is not what was packed. */
  readonly end: 'complete' | 'cut' | 'corrupt' | 'trailing' | 'checksum' | Refusal;
  /** Offset in the gzip file at which it ended, or went wrong. */
  readonly at: number;
}

const trailerBytes = 8;
/** Header with the longest name and comment we look for an end of. */
const headerBytes = 131_072;

/**
 * Unpacks a gzip file of one or more members (RFC 1952), one after the other as one file. Members are unpacked one by
 * one, so that rubbish behind the last costs nothing of it.
 */
export async function gunzip(input: SourceInput, writer: EntryWriter, watch: Watch): Promise<Gunzipped> {
  let at = 0;
  let end: Gunzipped['end'] = 'complete';
  while (at < input.size) {
    const header = headerLength(readBytes(input, at, headerBytes));
    if (typeof header !== 'number') {
      end = at === 0 ? header : tailOf(input, at, header);
      break;
    }
    const member = await inflateRaw(input, { from: at + header, to: input.size }, writer, watch);
    at += header + member.consumed;
    end = member.end;
    if (end !== 'complete') break;
    const trailer = Buffer.from(readBytes(input, at, trailerBytes));
    if (trailer.length < trailerBytes) end = 'cut';
    else if (trailer.readUInt32LE(0) !== member.crc) end = 'checksum';
    at += trailer.length;
    if (end !== 'complete') break;
  }
  if (typeof end === 'object') writer.rewind(0);
  return { range: writer.range(), end, at };
}

/** Zeros fill up blocks of tapes and disks; anything else behind the last member is worth a word. */
function tailOf(input: SourceInput, at: number, header: 'cut' | 'corrupt'): Gunzipped['end'] {
  const tail = readBytes(input, at, headerBytes);
  if (tail.every((byte) => byte === 0)) return 'complete';
  return header === 'cut' ? 'cut' : 'trailing';
}

/** Length of a member's header; `cut` where it has no end, `corrupt` where it is none. */
function headerLength(bytes: Uint8Array): number | 'cut' | 'corrupt' {
  const magic = [0x1f, 0x8b, 0x08];
  if (magic.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return 'corrupt';
  if (bytes.length < 10) return 'cut';
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 0x4) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const flag of [0x8, 0x10]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) return 'cut';
    at = zero + 1;
  }
  if ((flags & 0x2) !== 0) at += 2;
  return at > bytes.length ? 'cut' : at;
}

/** The name of what a gzip file holds, after its own: `u_ex210303.log.gz` → `u_ex210303.log`, `x.tgz` → `x.tar`. */
export function gunzippedName(name: string): string {
  if (/\.tgz$/i.test(name)) return name.replace(/\.tgz$/i, '.tar');
  return /.\.gz$/i.test(name) ? name.slice(0, -3) : name;
}
