import type { InflateRaw } from 'node:zlib';
import { crc32, createInflateRaw } from 'node:zlib';
import type { SourceInput } from '@postern/core';
import { readBytes } from '@postern/core';
import type { Refusal } from './archive-limits.ts';
import type { EntryWriter } from './spool.ts';
import { stoppedByUser } from './archive-limits.ts';
import { errorCode } from './file-range.ts';

/** How far a deflate stream went. Counts are in bytes. */
export interface Inflated {
  /** `cut`: the input ended first. `corrupt`: what came next is no deflate data. */
  readonly end: 'complete' | 'cut' | 'corrupt' | Refusal;
  /** Input that belongs to the stream; with `corrupt` the place of the fault, on the near side. */
  readonly consumed: number;
  readonly written: number;
  /** CRC-32 of what was written. */
  readonly crc: number;
}

/** What to do while unpacking takes its time. */
export interface Watch {
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
  const start = writer.written;
  const first = await inflateOnce(input, span, { writer, watch, carefulFrom: Number.POSITIVE_INFINITY });
  if (first.end !== 'corrupt') return first;
  writer.rewind(start);
  const quiet = { ...watch, onBytes: () => undefined };
  return inflateOnce(input, span, { writer, watch: quiet, carefulFrom: span.from + first.consumed });
}

interface Job {
  readonly writer: EntryWriter;
  readonly watch: Watch;
  readonly carefulFrom: number;
}

async function inflateOnce(input: SourceInput, { from, to }: Span, job: Job): Promise<Inflated> {
  const engine = createInflateRaw({ chunkSize: pieceBytes });
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

function collectOutput(engine: InflateRaw, { writer, watch }: Job): OutputState {
  const state: OutputState = { end: undefined, written: 0, crc: 0 };
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
    state.end ??= errorCode(error) === 'Z_BUF_ERROR' ? 'cut' : 'corrupt';
  });
  return state;
}

/** Resolves when the engine has taken the piece, whole, in part (the stream has ended) or not at all (it is damaged). */
async function writePiece(engine: InflateRaw, piece: Uint8Array): Promise<void> {
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

async function finish(engine: InflateRaw, state: OutputState): Promise<void> {
  if (engine.closed) return;
  await new Promise<void>((resolve) => {
    engine.once('close', () => resolve());
    if (typeof state.end === 'object') engine.destroy();
    else if (!engine.writableEnded) engine.end();
  });
}
