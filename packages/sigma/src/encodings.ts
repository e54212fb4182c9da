const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a text in UTF-8. */
export function utf8Bytes(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** The bytes of a text in UTF-16; with `mark` the byte order mark stands before them. */
export function utf16Bytes(
  text: string,
  options: { readonly bigEndian?: boolean; readonly mark?: boolean } = {},
): readonly number[] {
  const bytes: number[] = [];
  for (let i = options.mark === true ? -1 : 0; i < text.length; i++) {
    const unit = i < 0 ? 0xfeff : text.charCodeAt(i);
    bytes.push(...(options.bigEndian === true ? [unit >> 8, unit & 0xff] : [unit & 0xff, unit >> 8]));
  }
  return bytes;
}

/** Base64 with padding. */
export function base64(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(i, i + 3);
    const bits = (a << 16) | (b << 8) | c;
    text += [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]).join('');
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return missing === 0 ? text : text.slice(0, -missing) + '='.repeat(missing);
}

const dropped = { start: [0, 2, 3], end: [0, 3, 2] } as const;

/**
 * The three texts of which one stands in the Base64 of anything that holds `bytes`, by where they begin in a group of
 * three. Characters that their neighbours also decide are left off. Lengths are counted in bytes.
 */
export function base64Offsets(bytes: readonly number[]): readonly string[] {
  const shifts = [0, 1, 2];
  return shifts.map((shift) => {
    const encoded = base64([...Array<number>(shift).fill(0x20), ...bytes]);
    const end = dropped.end[(bytes.length + shift) % 3] ?? 0;
    return encoded.slice(dropped.start[shift] ?? 0, encoded.length - end);
  });
}

/** Each byte as the character of that number: how bytes stand in a value that was read as Latin-1. */
export function bytesAsText(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join('');
}
