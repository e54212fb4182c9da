import { createHash } from 'node:crypto';
import { readBytes } from '@postern/core';
import type { FileRange } from './file-range.ts';
import type { Opening, Place } from './opening.ts';
import type { PackedKind, UnpackedFile } from './packed-file.ts';
import { archiveKind, foreignContainer, headBytes } from './archive-kind.ts';
import { formatCount, limitReached, stoppedByUser } from './archive-limits.ts';
import { rangeInput } from './file-range.ts';
import { addFile, entryPlace, isArgument, report, skipRefused } from './opening.ts';
import { unpackedName, unpackFile } from './packed-file.ts';
import { breathe, forEachPiece } from './pace.ts';
import { unpackSevenZip } from './seven-zip/unpack.ts';
import { newSpool } from './spool.ts';
import { unpackTar } from './unpack-tar.ts';
import { watchOf } from './watch.ts';
import { unpackZip } from './zip.ts';

/**
 * Takes in one file: as it is, or, if it is an archive, whatever is in it, to the depth that the limits allow.
 *
 * @throws PosternError POSTERN_COLLECTION_READ, POSTERN_COLLECTION_TEMP
 */
export async function takeIn(opening: Opening, range: FileRange, place: Place): Promise<void> {
  await breathe(opening.pace, 0);
  if (opening.isStopped()) {
    skipRefused(opening, place, range.size, stoppedByUser);
    return;
  }
  const head = readBytes(rangeInput(range), 0, headBytes);
  const kind = archiveKind(head, place.path, isArgument(place));
  if (kind === undefined) {
    reportForeign(opening, place, head);
    addFile(opening, place, range);
    return;
  }
  if (place.depth > opening.limits.archiveDepth) {
    skipRefused(opening, place, range.size, limitReached(opening.limits, 'archiveDepth'));
    return;
  }
  opening.containers.push({ path: place.path, bytes: range.size, sha256: await sha256Of(opening, range) });
  if (kind === 'zip') await takeZip(opening, range, place);
  else if (kind === '7z') await takeSevenZip(opening, range, place);
  else if (kind === 'tar') await takeTar(opening, range, place);
  else await takePacked(opening, { kind, range, place });
}

/** As `hashInput`, but with turns for others: archives are the largest files there are. */
async function sha256Of(opening: Opening, range: FileRange): Promise<string> {
  const hash = createHash('sha256');
  await forEachPiece(opening, range, (piece) => {
    hash.update(piece);
    return true;
  });
  return hash.digest('hex');
}

/** What is packed in a way we cannot open is still a file with a hash; but somebody should know. */
function reportForeign(opening: Opening, place: Place, head: Uint8Array): void {
  const what = foreignContainer(head);
  if (what === undefined) return;
  report(opening, place, {
    code: 'POSTERN_COLLECTION_UNSUPPORTED',
    severity: 'warning',
    message: `${place.path}: ${what}, which is not opened. Unpack it and scan the folder.`,
    source: place.path,
  });
}

async function takeZip(opening: Opening, range: FileRange, place: Place): Promise<void> {
  const spool = newSpool(opening.temp, opening.budget);
  const visit = async (entry: FileRange, at: Place): Promise<void> => takeIn(opening, entry, at);
  try {
    await unpackZip({ opening, place, range, input: rangeInput(range), spool, visit });
  } finally {
    spool.close();
  }
}

async function takeSevenZip(opening: Opening, range: FileRange, place: Place): Promise<void> {
  const spool = newSpool(opening.temp, opening.budget);
  const visit = async (entry: FileRange, at: Place): Promise<void> => takeIn(opening, entry, at);
  try {
    await unpackSevenZip({ opening, place, range, spool, visit });
  } finally {
    spool.close();
  }
}

async function takeTar(opening: Opening, range: FileRange, place: Place): Promise<void> {
  const visit = async (entry: FileRange, at: Place): Promise<void> => takeIn(opening, entry, at);
  const count = await unpackTar({ opening, place, range, visit });
  if (count === 0) addFile(opening, place, range);
}

interface PackedFile {
  readonly kind: PackedKind;
  readonly range: FileRange;
  readonly place: Place;
}

async function takePacked(opening: Opening, packed: PackedFile): Promise<void> {
  const { kind, range, place } = packed;
  const spool = newSpool(opening.temp, opening.budget);
  try {
    const watch = watchOf(opening, { ...place, depth: place.depth + 1 }, range.size);
    const unpacked = await unpackFile(kind, rangeInput(range), spool.begin(), watch);
    await takeUnpacked(opening, unpacked, packed);
  } finally {
    spool.close();
  }
}

async function takeUnpacked(
  opening: Opening,
  unpacked: UnpackedFile,
  { range: packed, place }: PackedFile,
): Promise<void> {
  const { range, end } = unpacked;
  if (typeof end === 'object') {
    skipRefused(opening, place, packed.size, end);
    return;
  }
  if (end !== 'complete') reportPacked(opening, unpacked, place);
  if (range.size === 0 && end !== 'complete') {
    addFile(opening, place, packed);
    return;
  }
  const name = unpackedName(place.path.slice(place.path.lastIndexOf('/') + 1));
  const head = readBytes(rangeInput(range), 0, headBytes);
  // A tar that was packed is one archive to everybody who makes or names one.
  if (archiveKind(head, name, false) === 'tar') await takeTar(opening, range, place);
  else await takeIn(opening, range, entryPlace(place, name));
}

const packedFaults = {
  cut: 'the archive ends too early',
  corrupt: 'the archive is damaged',
  trailing: 'something else follows the archive',
  checksum: 'the checksum does not fit',
} as const;

function reportPacked(opening: Opening, { range, end, at }: UnpackedFile, place: Place): void {
  if (typeof end === 'object' || end === 'complete') return;
  report(opening, place, {
    code: end === 'cut' ? 'POSTERN_COLLECTION_TRUNCATED' : 'POSTERN_COLLECTION_DAMAGED',
    severity: end === 'trailing' ? 'info' : 'error',
    message: `${place.path}: ${packedFaults[end]}, at byte ${formatCount(at)}\n${formatCount(range.size)} bytes could be unpacked and are read.\nCopy the archive again if you can; the verdict will say what is missing.`,
    source: place.path,
    at: { offset: at },
  });
}
