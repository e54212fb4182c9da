import { viewOf } from './view-of.ts';

/** Round constants of FIPS 180-4, made from the cube roots of the first primes as the standard defines them. */
const roundConstants = makeConstants();

function makeConstants(): Int32Array {
  const constants = new Int32Array(64);
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) constants[found++] = fractionBits(Math.cbrt(n));
  }
  return constants;
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

const startState = [2, 3, 5, 7, 11, 13, 17, 19].map((prime) => fractionBits(Math.sqrt(prime)));

/** Ids are made of short texts: they are put together in the same memory, one after the other. */
const room = new Uint8Array(1024);
/** Signed, as the machine adds them: what is beyond 31 bits would be a number with a fraction's room. */
const schedule = new Int32Array(64);
const state = new Int32Array(8);

/**
 * SHA-256 (FIPS 180-4) in plain code, for ids in packages that may not use Node. Files are hashed by the
 * collection with the platform's own implementation, which is a hundred times faster.
 */
export function sha256Hex(message: Uint8Array): string {
  return hexOf(sha256Words(message));
}

/** The first 16 hex digits of it. */
export function sha256Prefix(message: Uint8Array): string {
  return hexOf(sha256Words(message).subarray(0, 2));
}

/** The eight words of the hash, valid until the next one is made. */
function sha256Words(message: Uint8Array): Int32Array {
  const padded = pad(message);
  const view = viewOf(padded);
  state.set(startState);
  for (let at = 0; at < padded.length; at += 64) compress(state, schedule, view, at);
  return state;
}

function hexOf(words: Int32Array): string {
  let hex = '';
  for (const word of words) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

function pad(message: Uint8Array): Uint8Array {
  const size = (((message.length + 8) >> 6) + 1) * 64;
  const padded = size <= room.length ? room.subarray(0, size) : new Uint8Array(size);
  padded.fill(0, message.length);
  padded.set(message);
  padded[message.length] = 0x80;
  const bits = message.length * 8;
  const view = viewOf(padded);
  view.setUint32(size - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(size - 4, bits >>> 0);
  return padded;
}

/** Plain variables, no arrays to take apart: ids of thousands of sources and findings are made here. */
function compress(state: Int32Array, w: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + i * 4);
  for (let i = 16; i < 64; i++)
    w[i] = ((w[i - 16] ?? 0) + sigma0(w[i - 15] ?? 0) + (w[i - 7] ?? 0) + sigma1(w[i - 2] ?? 0)) | 0;
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (roundConstants[i] ?? 0) + (w[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function rotate(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

function sigma0(x: number): number {
  return rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
}

function sigma1(x: number): number {
  return rotate(x, 17) ^ rotate(x, 19) ^ (x >>> 10);
}
