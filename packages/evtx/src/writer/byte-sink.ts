const TWO_16 = 65_536;
const TWO_32 = 4_294_967_296;
/** Milliseconds from 1601 to 1970. */
const FILETIME_EPOCH_MS = 11_644_473_600_000;
const TICKS_PER_MS = 10_000;

/**
 * A fixed block that is filled from the front, little-endian. Writing past the end only moves `at`: whoever fills the
 * block looks at `at` afterwards and takes back what did not fit.
 */
export interface ByteSink {
  readonly bytes: Uint8Array;
  at: number;
}

export function putU8(sink: ByteSink, value: number): void {
  sink.bytes[sink.at++] = value;
}

export function putU16(sink: ByteSink, value: number): void {
  const { bytes, at } = sink;
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  sink.at = at + 2;
}

export function putU32(sink: ByteSink, value: number): void {
  setU32(sink.bytes, sink.at, value);
  sink.at += 4;
}

export function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function setU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** A 64-bit number, signed or not. */
export function putU64(sink: ByteSink, value: number | bigint): void {
  if (typeof value === 'bigint') {
    putU32(sink, Number(BigInt.asUintN(32, value)));
    putU32(sink, Number(BigInt.asUintN(32, value >> 32n)));
    return;
  }
  putU32(sink, value % TWO_32);
  putU32(sink, Math.floor(value / TWO_32));
}

/** A FILETIME: a bigint counts 100 ns since 1601, a number milliseconds since 1970 (fractions are kept to 100 ns). */
export function putFileTime(sink: ByteSink, time: number | bigint): void {
  if (typeof time === 'bigint') {
    putU64(sink, time);
    return;
  }
  const whole = Math.floor(time);
  const ms = whole + FILETIME_EPOCH_MS;
  // ms × 10,000 is beyond what a number holds exactly: multiplied in two halves.
  const high = Math.floor(ms / TWO_16) * TICKS_PER_MS;
  const low =
    (high % TWO_16) * TWO_16 + (ms % TWO_16) * TICKS_PER_MS + Math.floor((time - whole) * TICKS_PER_MS);
  putU32(sink, low % TWO_32);
  putU32(sink, Math.floor(high / TWO_16) + Math.floor(low / TWO_32));
}

/** UTF-16LE units, no terminator. */
export function putUnits(sink: ByteSink, text: string): void {
  const { bytes } = sink;
  let at = sink.at;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[at] = unit;
    bytes[at + 1] = unit >>> 8;
    at += 2;
  }
  sink.at = at;
}

export function putBytes(sink: ByteSink, bytes: Uint8Array): void {
  const room = sink.bytes.length - sink.at;
  if (room > 0) sink.bytes.set(bytes.length > room ? bytes.subarray(0, room) : bytes, sink.at);
  sink.at += bytes.length;
}
