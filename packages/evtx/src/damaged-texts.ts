/** Shorter runs are mostly chance. */
const fewestCharacters = 4;
/** Texts kept of one damaged record. */
const mostTexts = 512;

/**
 * The places of what looks like text in `from..to`: runs of printable ASCII in UTF-16, at even or odd places. Rules
 * for keywords and people still see them where a record cannot be read.
 *
 * @returns pairs of offset and length in `places`, and how many
 */
export class DamagedTexts {
  readonly places: Int32Array = new Int32Array(2 * mostTexts);
  count = 0;

  find(bytes: Uint8Array, from: number, to: number): void {
    this.count = 0;
    for (let at = from; at + 1 < to && this.count < mostTexts;) {
      const end = runFrom(bytes, at, to);
      if (end - at >= 2 * fewestCharacters) this.keep(at, end - at);
      at = Math.max(end, at + 1);
    }
  }

  private keep(offset: number, length: number): void {
    this.places[2 * this.count] = offset;
    this.places[2 * this.count + 1] = length;
    this.count++;
  }
}

function runFrom(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at + 1 < to && bytes[at + 1] === 0 && isPrintable(bytes[at] ?? 0)) at += 2;
  return at;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
