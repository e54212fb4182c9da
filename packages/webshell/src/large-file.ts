import { limits, readBytes, type SourceInput } from '@postern/core';

/** A stretch of a large file that is judged. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Of the middle of a large file so much is searched for server code; the rest is said to be unread. */
export const searchedBytes = 268_435_456;
const blockBytes = 1_048_576;
/** Code that begins here is judged up to so far. */
const windowBytes = 262_144;
const mostWindows = 32;
// What every page of a server has: short enough to be found in one block or across two.
const marker = /<%@|<script\b[^<>]{0,200}\brunat\b|<\?php|<jsp:/gi;
const overlap = 256;

/**
 * What is judged of a file larger than {@link limits.pageBytes}: its first part, its last part, and between them the
 * places where server code begins. A mailbox of any size can hold a script somewhere.
 */
export function stretchesOf(input: SourceInput): readonly Stretch[] {
  const half = limits.pageBytes / 2;
  const tail = input.size - half;
  const middle: Stretch[] = [];
  const to = Math.min(tail, half + searchedBytes);
  for (let at = half; at < to && middle.length < mostWindows; at += blockBytes) {
    const length = Math.min(blockBytes + overlap, tail - at);
    const text = new TextDecoder('latin1').decode(readBytes(input, at, length));
    for (const { index } of text.matchAll(marker)) {
      const offset = at + index;
      const last = middle.at(-1);
      if (last !== undefined && offset < last.offset + last.length) continue;
      if (middle.length < mostWindows) middle.push({ offset, length: Math.min(windowBytes, tail - offset) });
    }
  }
  return [{ offset: 0, length: half }, ...middle, { offset: tail, length: half }];
}
