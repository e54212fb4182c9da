import type { InflateRaw, ZstdDecompress } from 'node:zlib';
import { constants, crc32, createInflateRaw, createZstdDecompress } from 'node:zlib';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { ArchiveLimits, Refusal } from './archive-limits.ts';
import type { EntryWriter } from './spool.ts';
import { limitReached, stoppedByUser } from './archive-limits.ts';
import { errorCode } from './file-range.ts';

/** How far a packed stream went. Counts are in bytes. */
export interface Inflated {
  /** `cut`: the input ended first. `corrupt`: what came next is no such data. */
  readonly end: 'complete' | 'cut' | 'corrupt' | Refusal;
  /** Input that belongs to the stream; with `corrupt` the place of the fault, on the near side. */
  readonly consumed: number;
  readonly written: number;
  /** CRC-32 of what was written. */
  readonly crc: number;
}

/** What to do while unpacking takes its time. */
export interface Watch {
  readonly limits: ArchiveLimits;
  readonly isStopped: () => boolean;
  /** Bytes of the evidence done since the last call. */
  readonly onBytes: (bytes: number) => void;
  /** Most bytes that may be written, given the bytes that were read; more is a bomb. */
  readonly mayWrite: (consumed: number, written: number) => Refusal | undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Input and output are handled in pieces of this size. */
const pieceBytes = 262_144;
/** Near a fault the input is fed in pieces this small: the engine loses what it made of the piece that holds the fault. */
const carefulBytes = 16;

/**
 * Unpacks one raw deflate stream (RFC 1951) that starts at `from`, and finds its end by itself if there is more input
 * up to `to`. Of damaged streams all up to the fault is written, but for what a few bytes before it may have held.
 */
export async function inflateRaw(
  input: SourceInput,
  span: Span,
  writer: EntryWriter,
  watch: Watch,
): Promise<Inflated> {
  const engineOf = (): Engine => createInflateRaw({ chunkSize: pieceBytes });
  return unpackWith(input, span, { engineOf, writer, watch, crc: 0 });
}

/** As {@link inflateRaw}, for frames of Zstandard (RFC 8878), one after the other as long as there are any. */
export async function unzstd(
  input: SourceInput,
  { from, to }: Span,
  writer: EntryWriter,
  watch: Watch,
): Promise<Inflated> {
  const windowLog = Math.floor(Math.log2(watch.limits.archiveWindowBytes));
  const params = { [constants.ZSTD_d_windowLogMax]: windowLog };
  const engineOf = (): Engine => createZstdDecompress({ chunkSize: pieceBytes, params });
  let whole: Inflated = { end: 'complete', consumed: 0, written: 0, crc: 0 };
  do {
    const at = from + whole.consumed;
    const frame = await unpackWith(
      input,
      { from: at, to },
      {
        engineOf,
        writer,
        watch: watchFrom(watch, whole),
        crc: whole.crc,
      },
    );
    whole = {
      ...frame,
      consumed: whole.consumed + frame.consumed,
      written: whole.written + frame.written,
    };
  } while (whole.end === 'complete' && beginsZstd(readBytes(input, from + whole.consumed, 4)) === 'yes');
  return whole;
}

/** Whether these bytes begin a frame of Zstandard, or one that is to be passed over; `cut`: there are too few to tell. */
export function beginsZstd(bytes: Uint8Array): 'yes' | 'no' | 'cut' {
  const [first = 0x28, second, third, fourth] = bytes;
  const isSkippable = (first & 0xf0) === 0x50;
  const rest = isSkippable ? [0x2a, 0x4d, 0x18] : [0xb5, 0x2f, 0xfd];
  const isAlike = [second, third, fourth].every((byte, i) => byte === undefined || byte === rest[i]);
  if (!isAlike || (!isSkippable && first !== 0x28)) return 'no';
  return bytes.length < 4 ? 'cut' : 'yes';
}

/** The same watch for what follows: bombs are told by all that was read and written. */
export function watchFrom(
  watch: Watch,
  before: { readonly consumed: number; readonly written: number },
): Watch {
  return {
    ...watch,
    mayWrite: (consumed, written) => watch.mayWrite(before.consumed + consumed, before.written + written),
  };
}

type Engine = InflateRaw | ZstdDecompress;

interface Job {
  readonly engineOf: () => Engine;
  readonly writer: EntryWriter;
  readonly watch: Watch;
  /** Of what was written before. */
  readonly crc: number;
}

async function unpackWith(input: SourceInput, span: Span, job: Job): Promise<Inflated> {
  const start = job.writer.written;
  const first = await unpackOnce(input, span, { ...job, carefulFrom: Number.POSITIVE_INFINITY });
  if (first.end !== 'corrupt') return first;
  job.writer.rewind(start);
  const quiet = { ...job.watch, onBytes: () => undefined };
  return unpackOnce(input, span, { ...job, watch: quiet, carefulFrom: span.from + first.consumed });
}

async function unpackOnce(
  input: SourceInput,
  { from, to }: Span,
  job: Job & { readonly carefulFrom: number },
): Promise<Inflated> {
  const engine = job.engineOf();
  const state = collectOutput(engine, job);
  let at = from;
  let done = 0;
  while (at < to && state.end === undefined && engine.bytesWritten === at - from) {
    if (job.watch.isStopped()) state.end = stoppedByUser;
    const piece = readBytes(input, at, Math.min(at < job.carefulFrom ? pieceBytes : carefulBytes, to - at));
    if (piece.length === 0) break;
    at += piece.length;
    await writePiece(engine, piece);
    job.watch.onBytes(engine.bytesWritten - done);
    done = engine.bytesWritten;
  }
  await finish(engine, state);
  return {
    end: state.end ?? 'complete',
    consumed: engine.bytesWritten,
    written: state.written,
    crc: state.crc,
  };
}

interface OutputState {
  end: 'cut' | 'corrupt' | Refusal | undefined;
  written: number;
  crc: number;
}

function collectOutput(engine: Engine, { writer, watch, crc }: Job): OutputState {
  const state: OutputState = { end: undefined, written: 0, crc };
  engine.on('data', (bytes: Uint8Array) => {
    if (state.end !== undefined) return;
    const refusal = watch.mayWrite(engine.bytesWritten, state.written + bytes.length) ?? writer.append(bytes);
    if (refusal !== undefined) {
      state.end = refusal;
      return;
    }
    state.written += bytes.length;
    state.crc = crc32(bytes, state.crc);
  });
  engine.on('error', (error) => {
    state.end ??= faultOf(error, watch);
  });
  return state;
}

function faultOf(error: Error, { limits }: Watch): 'cut' | 'corrupt' | Refusal {
  const code = errorCode(error);
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') return limitReached(limits, 'archiveWindowBytes');
  return code === 'Z_BUF_ERROR' ? 'cut' : 'corrupt';
}

/** Resolves when the engine has taken the piece, whole, in part (the stream has ended) or not at all (it is damaged). */
async function writePiece(engine: Engine, piece: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      engine.off('close', settle);
      resolve();
    };
    // A piece that holds a fault is never acknowledged; the engine closes instead.
    engine.once('close', settle);
    engine.write(piece, settle);
  });
}

async function finish(engine: Engine, state: OutputState): Promise<void> {
  if (engine.closed) return;
  await new Promise<void>((resolve) => {
    engine.once('close', () => resolve());
    if (typeof state.end === 'object') engine.destroy();
    else if (!engine.writableEnded) engine.end();
  });
}
