import type { PackedKind } from './packed-file.ts';
import { beginsBzip2 } from './codec/bzip2.ts';
import { beginsXz } from './codec/xz.ts';
import { beginsZstd } from './inflate.ts';
import { isTarHeader } from './tar-header.ts';

/** Archives that can be opened. */
export type ArchiveKind = 'zip' | 'tar' | '7z' | PackedKind;

/** Bytes of a file that {@link archiveKind} wants to see. */
export const headBytes = 512;

/**
 * Files that are zip archives inside and yet one thing: office documents, Java and .NET packages, browser and phone
 * apps, books. They are read as files. Everything else that begins like a zip is opened, whatever its name.
 */
const zipBased =
  /\.(?:docx|docm|dotx|dotm|xlsx|xlsm|xlsb|xltx|xltm|pptx|pptm|potx|ppsx|ppsm|vsdx|od[tspg]|jar|war|ear|apk|aar|ipa|xpi|crx|nupkg|snupkg|vsix|msix|appx|xps|oxps|whl|epub|kmz|pbix|dacpac|bacpac)$/i;

/**
 * Tells archives by their first bytes. The name has a say only for files made of zip (see above) and for tar
 * archives from before 1988, which have no magic number. An argument is opened in any case: the user has asked for it.
 */
export function archiveKind(head: Uint8Array, name: string, isArgument: boolean): ArchiveKind | undefined {
  if (isZip(head)) return isArgument || !zipBased.test(name) ? 'zip' : undefined;
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return 'gzip';
  if (startsWith(head, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])) return '7z';
  if (beginsBzip2(head) === 'yes') return 'bzip2';
  if (beginsXz(head) === 'yes') return 'xz';
  if (isZstd(head)) return 'zstd';
  return isTarHeader(head, /\.tar$/i.test(name)) ? 'tar' : undefined;
}

/** A local header; an archive without entries; the marker of an archive that was meant to span disks. */
function isZip(head: Uint8Array): boolean {
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return true;
  const isSpanned = startsWith(head, [0x50, 0x4b, 0x07, 0x08]) || startsWith(head, [0x50, 0x4b, 0x30, 0x30]);
  return isSpanned && startsWith(head.subarray(4), [0x50, 0x4b, 0x03, 0x04]);
}

/** Programs that pack with several threads put a frame to be passed over before the first; others use such frames, too. */
function isZstd(head: Uint8Array): boolean {
  if (beginsZstd(head) !== 'yes') return false;
  if (head[0] === 0x28 || head.length < 12) return head[0] === 0x28;
  const length = Buffer.from(head.subarray(4, 8)).readUInt32LE();
  return beginsZstd(head.subarray(8 + length, 12 + length)) === 'yes';
}

const foreign: readonly (readonly [what: string, magic: readonly number[]])[] = [
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['a cabinet file', [0x4d, 0x53, 0x43, 0x46, 0, 0, 0, 0]],
  ['a VHDX disk image', [0x76, 0x68, 0x64, 0x78, 0x66, 0x69, 0x6c, 0x65]],
  ['an EnCase disk image', [0x45, 0x56, 0x46, 0x09, 0x0d, 0x0a, 0xff, 0]],
];

/** Names a container that cannot be opened, so that it can be said. */
export function foreignContainer(head: Uint8Array): string | undefined {
  return foreign.find(([, magic]) => startsWith(head, magic))?.[0];
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
