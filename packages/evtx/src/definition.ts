import type { Chunk } from './chunk.ts';
import { definitionHeaderBytes, nameHeaderBytes } from './format.ts';

/** A definition as it stood in the chunk in which it was first met. */
export interface Definition {
  readonly template: number;
  /** All of it, with its header. */
  readonly bytes: Uint8Array;
  /** Where references to names stand in `bytes`, in rising order. */
  readonly references: Int32Array;
  /** For each reference the number of characters and the characters of a name that stands elsewhere in its chunk. */
  readonly names: readonly (Uint8Array | undefined)[];
}

/** Keeps the definition at `at`, with the places of its references to names in the window. */
export function copyOf(
  chunk: Chunk,
  at: number,
  known: { readonly size: number; readonly template: number; readonly references: Int32Array },
): Definition {
  const bytes = chunk.bytes.slice(at, at + definitionHeaderBytes + known.size);
  const names = Array.from(known.references, (reference) => {
    const name = chunk.base + chunk.u32(reference);
    if (name === reference + 4) return undefined;
    return chunk.bytes.slice(name + nameHeaderBytes - 2, name + chunk.nameBytes(name));
  });
  return { template: known.template, bytes, references: known.references.map((place) => place - at), names };
}

/**
 * Whether the same definition stands at `at`: all bytes are equal but for the links of hash buckets, and references to
 * names lead to equal names. The caller knows that so many bytes are there.
 */
export function isCopy(chunk: Chunk, at: number, known: Definition): boolean {
  const { bytes, references, names } = known;
  if (at + bytes.length > chunk.end) return false;
  let from = 4;
  for (let i = 0; i < references.length; i++) {
    const reference = references[i] ?? 0;
    const name = names[i];
    if (!isEqual(chunk.bytes, at, bytes, { from, to: reference })) return false;
    const isHere = chunk.base + chunk.u32(at + reference) === at + reference + 4;
    if (isHere !== (name === undefined)) return false;
    if (name !== undefined && !isNamed(chunk, at + reference, name)) return false;
    // Behind the reference stands the name's link within its bucket, which differs from chunk to chunk.
    from = reference + (name === undefined ? 8 : 4);
  }
  return isEqual(chunk.bytes, at, bytes, { from, to: bytes.length });
}

function isNamed(chunk: Chunk, reference: number, name: Uint8Array): boolean {
  const at = chunk.base + chunk.u32(reference) + nameHeaderBytes - 2;
  if (at < chunk.base || at + name.length > chunk.end) return false;
  for (let i = 0; i < name.length; i++) if (chunk.bytes[at + i] !== name[i]) return false;
  return true;
}

/** A part of `known` against the same part of what stands at `at`. */
function isEqual(
  window: Uint8Array,
  at: number,
  known: Uint8Array,
  part: { readonly from: number; readonly to: number },
): boolean {
  for (let i = part.from; i < part.to; i++) if (window[at + i] !== known[i]) return false;
  return true;
}
