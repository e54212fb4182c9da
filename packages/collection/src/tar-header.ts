const blockBytes = 512;
const checksumAt = 148;
const checksumBytes = 8;
const magicAt = 257;

/**
 * True for a block that is the header of a tar entry: `ustar` at its place and a checksum that fits. Without the magic
 * (archives of Unix V7) the checksum alone must do, where the caller has another reason to expect one.
 */
export function isTarHeader(block: Uint8Array, withoutMagic = false): boolean {
  if (block.length < blockBytes) return false;
  if (!withoutMagic && !hasMagic(block)) return false;
  return (
    block[0] !== 0 && readOctal(block.subarray(checksumAt, checksumAt + checksumBytes)) === checksum(block)
  );
}

function hasMagic(block: Uint8Array): boolean {
  return [0x75, 0x73, 0x74, 0x61, 0x72].every((byte, i) => block[magicAt + i] === byte);
}

/** The sum of all bytes, those of the checksum itself taken as spaces. */
function checksum(block: Uint8Array): number {
  let sum = checksumBytes * 0x20;
  for (let i = 0; i < blockBytes; i++)
    if (i < checksumAt || i >= checksumAt + checksumBytes) sum += block[i] ?? 0;
  return sum;
}

function readOctal(bytes: Uint8Array): number {
  const text = String.fromCharCode(...bytes)
    .replaceAll('\0', ' ')
    .trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : -1;
}
