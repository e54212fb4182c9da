import type { Chunk } from './chunk.ts';
import { definitionHeaderBytes, nameHeaderBytes } from './format.ts';
import { keepBytes, partStandsAt, standsAt, type KnownBytes } from './known-bytes.ts';

/** A definition as it stood in the chunk in which it was first met. */
export interface Definition {
  readonly template: number;
  /** All of it, with its header. */
  readonly known: KnownBytes;
  /** Where references to names stand in `bytes`, in rising order. */
  readonly references: Int32Array;
  /** For each reference the number of characters and the characters of a name that stands elsewhere in its chunk. */
  readonly names: readonly (KnownBytes | undefined)[];
}

/** Keeps the definition at `at`, with the places of its references to names in the window. */
export function copyOf(
  chunk: Chunk,
  at: number,
  known: { readonly size: number; readonly template: number; readonly references: Int32Array },
): Definition {
  const bytes = keepBytes(chunk, at, definitionHeaderBytes + known.size);
  const names = Array.from(known.references, (reference) => {
    const name = chunk.base + chunk.u32(reference);
    if (name === reference + 4) return undefined;
    return keepBytes(chunk, name + nameHeaderBytes - 2, chunk.nameBytes(name) - nameHeaderBytes + 2);
  });
  const references = known.references.map((place) => place - at);
  return { template: known.template, known: bytes, references, names };
}

/**
 * Whether the same definition stands at `at`: all bytes are equal but for the links of hash buckets, and references to
 * names lead to equal names. The caller knows that so many bytes are there.
 */
export function isCopy(chunk: Chunk, at: number, definition: Definition): boolean {
  const { known, references, names } = definition;
  const { length } = known.bytes;
  if (at + length > chunk.end) return false;
  let from = 4;
  for (let i = 0; i < references.length; i++) {
    const reference = references[i] ?? 0;
    const name = names[i];
    if (!partStandsAt(chunk, at, known, { from, to: reference })) return false;
    const isHere = chunk.base + chunk.u32(at + reference) === at + reference + 4;
    if (isHere !== (name === undefined)) return false;
    if (name !== undefined && !isNamed(chunk, at + reference, name)) return false;
    // Behind the reference stands the name's link within its bucket, which differs from chunk to chunk.
    from = reference + (name === undefined ? 8 : 4);
  }
  return partStandsAt(chunk, at, known, { from, to: length });
}

function isNamed(chunk: Chunk, reference: number, name: KnownBytes): boolean {
  const at = chunk.base + chunk.u32(reference) + nameHeaderBytes - 2;
  if (at < chunk.base || at + name.bytes.length > chunk.end) return false;
  return standsAt(chunk, at, name);
}
