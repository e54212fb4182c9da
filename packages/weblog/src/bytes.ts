export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const APOSTROPHE = 0x27;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
/** `Z` behind a time in UTC. */
export const ZULU = 0x5a;

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** True where `2021-03-03` stands: what every record of these logs begins with. */
export function startsWithDate(bytes: Uint8Array, at: number, to: number): boolean {
  if (to - at < 10 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return false;
  return isDigit(bytes[at]) && isDigit(bytes[at + 3]) && isDigit(bytes[at + 5]) && isDigit(bytes[at + 9]);
}

/** True if the bytes are UTF-8. What is not is shown byte by byte (Latin-1), so that nothing is lost. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to;) {
    const lead = bytes[i] ?? 0;
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > to) return false;
    for (let k = 1; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return false;
    i += length;
  }
  return true;
}
