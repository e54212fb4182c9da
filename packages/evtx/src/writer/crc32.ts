const POLYNOMIAL = 0xed_b8_83_20;

/** Four tables, so that four bytes are taken at a time: a writer or a check of a whole log is mostly this. */
const TABLES: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] = makeTables();

function makeTables(): [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    return value;
  });
  const after = (table: Uint32Array): Uint32Array =>
    table.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0));
  const second = after(first);
  const third = after(second);
  return [first, second, third, after(third)];
}

/**
 * CRC-32 as in zlib (MS-EVEN6 names it for event log files and chunks) over bytes `from` up to, not including, `to`.
 *
 * @param before result for the bytes before these, so that a sum can run over several ranges; 0 at the start
 */
export function crc32(bytes: Uint8Array, from: number, to: number, before = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  let sum = ~before;
  let at = from;
  // Reads past the end give undefined, which the bit operators take for 0; callers keep `to` inside.
  for (; at + 4 <= to; at += 4) {
    sum ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    sum =
      (t3[sum & 0xff] ?? 0) ^
      (t2[(sum >>> 8) & 0xff] ?? 0) ^
      (t1[(sum >>> 16) & 0xff] ?? 0) ^
      (t0[sum >>> 24] ?? 0);
  }
  for (; at < to; at += 1) sum = (sum >>> 8) ^ (t0[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~sum >>> 0;
}
