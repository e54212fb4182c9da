/** The polynomial of ECMA-182, its lowest power first, in two halves. */
const [polynomialHigh, polynomialLow] = [0xc96c5795, 0xd7870f42];

const high = new Int32Array(256);
const low = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let [upper, lower] = [0, byte];
  for (let bit = 0; bit < 8; bit++) {
    const isOne = (lower & 1) === 1;
    lower = (lower >>> 1) | (upper << 31);
    upper >>>= 1;
    if (isOne) [upper, lower] = [upper ^ polynomialHigh, lower ^ polynomialLow];
  }
  high[byte] = upper;
  low[byte] = lower;
}

/** CRC-64 of bytes that come in pieces, as xz has it. In halves: whole, as big integers, it would cost a hundred times as much. */
export class Crc64 {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    let [upper, lower] = [this.#high, this.#low];
    for (let i = 0; i < bytes.length; i++) {
      const place = (lower ^ (bytes[i] ?? 0)) & 0xff;
      lower = ((lower >>> 8) | (upper << 24)) ^ (low[place] ?? 0);
      upper = (upper >>> 8) ^ (high[place] ?? 0);
    }
    [this.#high, this.#low] = [upper, lower];
  }

  /** Eight bytes, the lowest first. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(~this.#low, 0);
    bytes.writeInt32LE(~this.#high, 4);
    return bytes;
  }
}
