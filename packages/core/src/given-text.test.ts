import { expect, test } from 'vitest';
import { givenBytes, givenText } from './given-text.ts';

const text = 'type,value\r\nfile,Übung.aspx\r\n';

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('%s', (_, bytes) => expect(givenText(bytes)).toBe(text));

test('for parsers of UTF-8 only what is none is written anew', () => {
  const plain = Buffer.from(text);
  expect(givenBytes(plain)).toBe(plain);
  expect(Buffer.from(givenBytes(Buffer.from(`\ufeff${text}`, 'utf16le'))).toString()).toBe(text);
});

test('nothing is an empty text', () => expect(givenText(new Uint8Array())).toBe(''));
