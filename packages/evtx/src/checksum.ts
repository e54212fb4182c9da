/** CRC-32 of zlib over `bytes`, going on from `before` (0 at the beginning). */
export type Checksum = (bytes: Uint8Array, before: number) => number;

const tables: readonly Int32Array[] = makeTables();

function makeTables(): readonly Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb8_8320;
    first[byte] = value;
  }
  const all = [first];
  for (let i = 1; i < 4; i++) {
    const before = all[i - 1] ?? first;
    all.push(before.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0)));
  }
  return all;
}

/** The same in plain code, four bytes at a time: for where no faster one is given. */
export const plainChecksum: Checksum = (bytes, before) => {
  const [t0 = new Int32Array(), t1 = new Int32Array(), t2 = new Int32Array(), t3 = new Int32Array()] = tables;
  let crc = ~before;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    const word =
      crc ^
      ((bytes[i] ?? 0) |
        ((bytes[i + 1] ?? 0) << 8) |
        ((bytes[i + 2] ?? 0) << 16) |
        ((bytes[i + 3] ?? 0) << 24));
    crc =
      (t3[word & 0xff] ?? 0) ^
      (t2[(word >>> 8) & 0xff] ?? 0) ^
      (t1[(word >>> 16) & 0xff] ?? 0) ^
      (t0[word >>> 24] ?? 0);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return ~crc >>> 0;
};
