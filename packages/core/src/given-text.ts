/** Byte order marks and what they say of the text behind them. */
const marks: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * The text of a file that the user wrote: rules, lists, statements. UTF-8, or what a byte order mark says: editors and
 * shells of Windows write both forms of UTF-16. The mark is no part of the text.
 */
export function givenText(bytes: Uint8Array): string {
  const [, encoding = 'utf-8'] = marks.find(([mark]) => mark.every((byte, at) => bytes[at] === byte)) ?? [];
  return new TextDecoder(encoding).decode(bytes);
}

/** As {@link givenText}, for parsers that read UTF-8: bytes without a mark of UTF-16 are given back as they are. */
export function givenBytes(bytes: Uint8Array): Uint8Array {
  const isWide = marks.slice(1).some(([mark]) => mark.every((byte, at) => bytes[at] === byte));
  return isWide ? new TextEncoder().encode(givenText(bytes)) : bytes;
}
