import { describe, expect, it } from 'vitest';
import { decodeLatin1 } from './decode.ts';
import { TextCache } from './text-cache.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('TextCache', () => {
  it('gives what the decoder gives, whatever was decoded before', () => {
    const cache = new TextCache(decodeLatin1);
    const all = Array.from({ length: 4096 }, (_, i) => String.fromCharCode(i & 0xff, i >> 8).repeat(i % 5));
    for (const text of [...all, ...all.map((letters) => letters.slice(1)), ...all])
      expect(cache.text(bytesOf(`x${text}y`), 1, text.length)).toBe(text);
  });

  it('decodes no value again that came a moment ago', () => {
    let decoded = 0;
    const cache = new TextCache((bytes, from, to) => `${++decoded} ${decodeLatin1(bytes, from, to)}`);
    const bytes = bytesOf('GET 200 /owa/auth.owa GET 200 /owa/auth.owa');
    const texts = [0, 22].flatMap((at) => [
      cache.text(bytes, at, 3),
      cache.text(bytes, at + 4, 3),
      cache.text(bytes, at + 8, 13),
    ]);
    expect(texts).toEqual([0, 1].flatMap(() => ['1 GET', '2 200', '3 /owa/auth.owa']));
  });
});
