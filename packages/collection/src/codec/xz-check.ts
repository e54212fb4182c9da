import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64 } from './crc64.ts';

/** What stands behind a block, so that its bytes can be compared. */
export interface BlockCheck {
  readonly length: number;
  update(bytes: Uint8Array): void;
  /** Whether this is what stands there; true for kinds that nobody has defined. */
  fits(stored: Uint8Array): boolean;
}

/** By the number in the header of a stream (The .xz File Format, 2.1.1.2). */
export function blockCheck(kind: number): BlockCheck {
  if (kind === 1) return crc32Check();
  if (kind === 4) return crc64Check();
  if (kind === 10) return sha256Check();
  return { length: lengths[Math.ceil(kind / 3)] ?? 0, update: () => undefined, fits: () => true };
}

/** Of three kinds each, those to come included. */
const lengths = [0, 4, 8, 16, 32, 64];

function crc32Check(): BlockCheck {
  let crc = 0;
  return {
    length: 4,
    update: (bytes) => (crc = crc32(bytes, crc)),
    fits: (stored) => Buffer.from(stored).readUInt32LE() === crc,
  };
}

function crc64Check(): BlockCheck {
  const crc = new Crc64();
  return {
    length: 8,
    update: (bytes) => crc.update(bytes),
    fits: (stored) => crc.digest().equals(stored),
  };
}

function sha256Check(): BlockCheck {
  const hash = createHash('sha256');
  return {
    length: 32,
    update: (bytes) => hash.update(bytes),
    fits: (stored) => hash.digest().equals(stored),
  };
}
