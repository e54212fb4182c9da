import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { SkipReason } from '@postern/core';
import type { Refusal } from '../archive-limits.ts';
import type { Decoder, StreamEnd } from '../codec/decoder.ts';
import type { FileRange } from '../file-range.ts';
import type { Opening, Place } from '../opening.ts';
import type { EntryWriter, Spool } from '../spool.ts';
import type { PackedFolder } from './streams.ts';
import { formatCount, limitReached, stoppedByUser } from '../archive-limits.ts';
import { endOf } from '../codec/decoder.ts';
import { rangeInput } from '../file-range.ts';
import { report, skip, skipped } from '../opening.ts';
import { watchOf } from '../watch.ts';
import { folderDecoder, objectionTo } from './coders.ts';
import { packedSize, sizeOf } from './streams.ts';

/** A 7z archive while its files are taken out. */
export interface SevenZipArchive {
  readonly opening: Opening;
  readonly place: Place;
  readonly range: FileRange;
  readonly spool: Spool;
  /** What to do with each file that was taken out. */
  readonly visit: (range: FileRange, place: Place) => Promise<void>;
}

/** A file of a folder, and why it is not wanted. */
export interface WantedFile {
  readonly place: Place;
  readonly size: number;
  readonly crc: number | undefined;
  readonly objection: { readonly reason: SkipReason; readonly detail: string } | undefined;
}

/** Takes out the files that are packed together in one folder of an archive; lists those that cannot be had. */
export async function unpackFolder(
  archive: SevenZipArchive,
  folder: PackedFolder,
  files: readonly WantedFile[],
): Promise<void> {
  const objection = objectionTo(folder) ?? bombIn(archive, folder);
  if (objection !== undefined) skipFiles(archive, files, objection);
  else {
    const decoder = decoderOrFault(archive, folder);
    if ('step' in decoder) await new FolderFiles(archive, decoder, files).takeAll();
    else skipFiles(archive, files, decoder);
  }
}

function bombIn({ opening: { limits } }: SevenZipArchive, folder: PackedFolder): Refusal | undefined {
  const size = sizeOf(folder);
  const packed = packedSize(folder);
  const isBomb = size > limits.archiveRatioFrom && size > packed * limits.archiveRatio;
  return isBomb ? limitReached(limits, 'archiveRatio') : undefined;
}

function decoderOrFault(archive: SevenZipArchive, folder: PackedFolder): Decoder | Refusal {
  try {
    return folderDecoder(rangeInput(archive.range), folder, archive.opening.limits);
  } catch (error) {
    const end = endOf(error);
    return typeof end === 'object'
      ? end
      : { reason: 'damaged', detail: 'the list of files of the archive is damaged' };
  }
}

/** Cuts what a decoder gives into files. */
class FolderFiles {
  readonly #archive: SevenZipArchive;
  readonly #decoder: Decoder;
  readonly #files: readonly WantedFile[];
  #next = 0;
  #writer: EntryWriter | undefined;
  #written = 0;
  #crc = 0;
  #consumed = 0;

  constructor(archive: SevenZipArchive, decoder: Decoder, files: readonly WantedFile[]) {
    this.#archive = archive;
    this.#decoder = decoder;
    this.#files = files;
  }

  async takeAll(): Promise<void> {
    const { opening } = this.#archive;
    await this.#endFiles();
    for (let file = this.#files[this.#next]; file !== undefined; file = this.#files[this.#next]) {
      if (opening.isStopped()) return this.#refuse(stoppedByUser);
      const end = this.#decoder.step();
      const refusal = await this.#give(this.#decoder.take());
      if (refusal !== undefined) return this.#refuse(refusal);
      this.#tellProgress(file);
      if (end !== 'more') return this.#endEarly(end);
      await setImmediate();
    }
  }

  #tellProgress({ place }: WantedFile): void {
    const { consumed } = this.#decoder;
    watchOf(this.#archive.opening, place).onBytes(consumed - this.#consumed);
    this.#consumed = consumed;
  }

  async #give(bytes: Uint8Array): Promise<Refusal | undefined> {
    for (let at = 0; at < bytes.length;) {
      const file = this.#files[this.#next];
      if (file === undefined) return undefined;
      const piece = bytes.subarray(at, at + file.size - this.#written);
      const refusal = file.objection === undefined ? this.#append(piece) : undefined;
      if (refusal !== undefined) return refusal;
      this.#written += piece.length;
      at += piece.length;
      await this.#endFiles();
    }
    return undefined;
  }

  #append(piece: Uint8Array): Refusal | undefined {
    this.#writer ??= this.#archive.spool.begin();
    this.#crc = crc32(piece, this.#crc);
    return this.#writer.append(piece);
  }

  /** Hands on the file at hand if it is whole, and those behind it that are empty. */
  async #endFiles(): Promise<void> {
    for (let file = this.#files[this.#next]; file?.size === this.#written; file = this.#files[this.#next]) {
      const fault =
        file.crc !== undefined && file.crc !== this.#crc ? 'a checksum that does not fit' : undefined;
      await this.#endFile(file, fault);
    }
  }

  async #endFile(file: WantedFile, fault: string | undefined): Promise<void> {
    const { opening, spool, visit } = this.#archive;
    const { place, size, objection } = file;
    const writer = this.#writer ?? spool.begin();
    const range = writer.range();
    this.#next++;
    [this.#writer, this.#written, this.#crc] = [undefined, 0, 0];
    if (objection !== undefined) skip(opening, skipped(place, objection.reason, size, objection.detail));
    else if (fault !== undefined && range.size === 0 && size > 0)
      skip(opening, skipped(place, 'damaged', size, fault));
    else {
      if (fault !== undefined) this.#report(file, range.size, fault);
      await visit(range, place);
    }
  }

  #report({ place, size }: WantedFile, got: number, fault: string): void {
    const { opening, place: archive } = this.#archive;
    report(opening, archive, {
      code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
      severity: 'warning',
      message: `${place.path}: ${fault}; ${formatCount(got)} of its ${formatCount(size)} bytes came out and are read`,
      source: place.path,
    });
  }

  /** The packed data end before the files do. */
  async #endEarly(end: StreamEnd): Promise<void> {
    if (typeof end === 'object') return this.#refuse(end);
    const file = this.#files[this.#next];
    if (file === undefined) return;
    const what = end === 'corrupt' ? 'damaged data' : 'cut off';
    await this.#endFile(file, `${what} after ${formatCount(this.#decoder.consumed)} packed bytes`);
    skipFiles(this.#archive, this.#files.slice(this.#next), {
      reason: 'damaged',
      detail: 'it is packed behind a file that is damaged, and cannot be had without that',
    });
  }

  /** What was written of the file at hand is not read; its room is given back. */
  #refuse(refusal: Refusal): void {
    this.#writer?.rewind(0);
    skipFiles(this.#archive, this.#files.slice(this.#next), refusal);
  }
}

/** Lists files that are not read for one reason. */
function skipFiles({ opening }: SevenZipArchive, files: readonly WantedFile[], refusal: Refusal): void {
  for (const { place, size, objection } of files) {
    const { reason, detail } = objection ?? refusal;
    skip(opening, skipped(place, reason, size, detail));
  }
}
