import { writeSync } from 'node:fs';

const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 2;

/**
 * Writes a text to an open file or pipe and comes back when all of it is taken. A stream would keep what its reader is
 * slower to take, for as long as records are read: a gigabyte of it where there are millions.
 *
 * @throws the system's error, `EPIPE` where the reader went away
 */
export function writeWhole(fd: number, text: string): void {
  const data = Buffer.from(text, 'utf8');
  for (let at = 0; at < data.length;) at += writeSome(fd, data.subarray(at));
}

function writeSome(fd: number, data: Uint8Array): number {
  try {
    return writeSync(fd, data);
  } catch (error) {
    if (!isFull(error)) throw error;
    // A pipe that does not block is full: its reader needs a moment.
    Atomics.wait(pause, 0, 0, pauseMs);
    return 0;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
