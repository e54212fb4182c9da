import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { Watch } from './inflate.ts';
import type { Member } from './packed-file.ts';
import type { EntryWriter } from './spool.ts';
import { inflateRaw } from './inflate.ts';

const trailerBytes = 8;
/** Header with the longest name and comment we look for an end of. */
const headerBytes = 131_072;

/** Unpacks the member of a gzip file (RFC 1952) at `at`. */
export async function gunzip(
  input: SourceInput,
  at: number,
  writer: EntryWriter,
  watch: Watch,
): Promise<Member> {
  const header = headerLength(readBytes(input, at, headerBytes));
  if (typeof header !== 'number') return { end: header, consumed: 0 };
  const { consumed, crc, end } = await inflateRaw(
    input,
    { from: at + header, to: input.size },
    writer,
    watch,
  );
  const used = header + consumed;
  if (end !== 'complete') return { end, consumed: used };
  const trailer = Buffer.from(readBytes(input, at + used, trailerBytes));
  if (trailer.length < trailerBytes) return { end: 'cut', consumed: used + trailer.length };
  return { end: trailer.readUInt32LE(0) === crc ? 'complete' : 'checksum', consumed: used + trailerBytes };
}

/** Whether these bytes begin a member; `cut`: they end within its header. */
export function beginsGzip(bytes: Uint8Array): 'yes' | 'no' | 'cut' {
  const length = headerLength(bytes);
  if (length === 'corrupt') return 'no';
  return length === 'cut' ? 'cut' : 'yes';
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
