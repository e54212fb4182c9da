import type { Refusal } from '../archive-limits.ts';

/**
 * How a packed stream ended. `cut`: the input ended first. `corrupt`: what came next is no such data, or its own
 * checksum does not fit. A refusal: it needs what is not given to it.
 */
export type StreamEnd = 'complete' | 'cut' | 'corrupt' | Refusal;

/** Unpacks one stream, some of it with each step, so that others have their turn and a stop is heard. */
export interface Decoder {
  /** Input that belongs to the stream so far, in bytes; with damage the place of the fault, within what one step reads. */
  readonly consumed: number;
  /**
   * Unpacks some more: as much as memory was set aside for, or as a mebibyte of input gives. Never throws for what the
   * input holds; what came out before damage can be taken.
   */
  step(): StreamEnd | 'more';
  /** What the last step gave. Valid until the next step. */
  take(): Uint8Array;
}

/** A damaged stream, thrown and caught within one decoder. */
export class StreamFault extends Error {
  readonly end: StreamEnd;

  constructor(end: StreamEnd) {
    super('damaged stream');
    this.end = end;
  }
}

/** The end that a fault stands for; anything else is thrown again. */
export function endOf(error: unknown): StreamEnd {
  if (error instanceof StreamFault) return error.end;
  throw error;
}
