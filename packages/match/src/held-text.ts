const noBytes = new Uint8Array(0);

/** One text, wherever it lies: bytes with one or two of them for a unit, or a string. Reused for all texts. */
export class HeldText {
  bytes: Uint8Array = noBytes;
  /** First byte. */
  from = 0;
  units = 0;
  private width: 0 | 1 | 2 = 0;
  private string = '';

  /** UTF-16LE (`width` 2), or text of which each byte below 0x80 is that character (1). */
  holdBytes(bytes: Uint8Array, from: number, units: number, width: 1 | 2): void {
    this.bytes = bytes;
    this.from = from;
    this.units = units;
    this.width = width;
  }

  holdText(text: string): void {
    this.bytes = noBytes;
    this.units = text.length;
    this.width = 0;
    this.string = text;
  }

  unitAt(i: number): number {
    if (this.width === 0) return this.string.charCodeAt(i);
    const at = this.from + i * this.width;
    const low = this.bytes[at] ?? 0;
    return this.width === 1 ? low : low | ((this.bytes[at + 1] ?? 0) << 8);
  }

  isBeyondAscii(from = 0): boolean {
    for (let i = from; i < this.units; i++) if (this.unitAt(i) >= 0x80) return true;
    return false;
  }

  /** A part of it as a decoder has it: halves of pairs become U+FFFD. Not for bytes of UTF-8. */
  slice(from: number, to: number): string {
    if (this.width === 0) return this.string.slice(from, to);
    let text = '';
    for (let i = from; i < to; i++) {
      const pair = String.fromCharCode(this.unitAt(i), i + 1 < to ? this.unitAt(i + 1) : 0);
      const code = pair.codePointAt(0) ?? 0;
      if (code > 0xffff) i++;
      text += code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
    }
    return text;
  }

  /**
   * The parts in which a letter beyond ASCII is no more than `reach` units away, one after the other; no pair is cut.
   */
  *partsBeyondAscii(reach: number): Generator<{ readonly from: number; readonly to: number }> {
    for (let at = 0; at < this.units; at++) {
      if (this.unitAt(at) < 0x80) continue;
      let from = Math.max(0, at - reach);
      if (from > 0 && this.unitAt(from) >>> 10 === lowHalf) from--;
      let to = Math.min(this.units, at + reach);
      for (let next = at + 1; next < to; next++)
        if (this.unitAt(next) >= 0x80) to = Math.min(this.units, next + reach);
      if (to < this.units && this.unitAt(to - 1) >>> 10 === highHalf) to++;
      yield { from, to };
      at = to - 1;
    }
  }
}

/** The upper six bits of the halves of a pair. */
const highHalf = 0x36;
const lowHalf = 0x37;
