import { limits, type SourceInput } from '@postern/core';
import { describe, expect, it } from 'vitest';
import { judgeFile, judgeInput } from './judge.ts';
import { searchedBytes } from './large-file.ts';
import { bytesOf, joined, utf16Of } from './testing/pieces.ts';

const shell = '<%@ Page Language="Jscript"%><%{eval}({Request}["k"],"{unsafe}");%>';
const path = 'C:\\inetpub\\wwwroot\\a.aspx';

/** A file that is nothing but `fill`, with some bytes at one place, and what was read of it. */
function made(
  size: number,
  fill: number,
  part?: { readonly at: number; readonly bytes: Uint8Array },
): SourceInput & { readonly read: () => number } {
  let read = 0;
  return {
    size,
    read: () => read,
    readAt(target, offset) {
      const length = Math.max(0, Math.min(target.length, size - offset));
      read += length;
      target.fill(fill, 0, length);
      if (part === undefined || part.at < offset || part.at + part.bytes.length > offset + length)
        return length;
      target.set(part.bytes, part.at - offset);
      return length;
    },
  };
}

describe('files of any size', () => {
  it('of 2 GB: bounded, and said', () => {
    const input = made(2 ** 31, 0);
    const found = judgeInput(input, path);
    expect(found.verdict).toBe('benign');
    expect(found.issues).toMatchObject([
      {
        code: 'POSTERN_WEBSHELL_PARTLY_JUDGED',
        found: `${2 ** 31} bytes, of which ${limits.pageBytes} were looked at in 2 parts`,
      },
    ]);
    expect(input.read()).toBeLessThan(limits.pageBytes + 1.01 * searchedBytes);
  });

  it('code in the middle of a large mailbox is found, with its place', () => {
    const bytes = bytesOf(shell);
    const at = 13_000_000;
    const found = judgeInput(made(40_000_000, 0xa5, { at, bytes }), path);
    expect(found.verdict).toBe('remote-control');
    expect(found.traits.find(({ code }) => code === 'request-to-eval')).toMatchObject({
      line: 0,
      offset: at + joined(shell).indexOf(joined('{eval}(')),
    });
  });

  it('of one line of 100 MB: the same', () => {
    const found = judgeInput(made(100_000_000, 0x61), path);
    expect(found.verdict).toBe('benign');
    expect(found.issues.map(({ code }) => code)).toEqual(['POSTERN_WEBSHELL_PARTLY_JUDGED']);
  });

  it('a configuration of any size: its parts are read as far as they go', () => {
    const entry = '<virtualDirectory path="/q" physicalPath="C:\\ProgramData\\q" />';
    const found = judgeInput(
      made(50_000_000, 0x20, { at: 100, bytes: bytesOf(entry) }),
      'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config',
    );
    expect(found.configured).toMatchObject([{ code: 'rogue-virtual-directory', offset: 100 }]);
    expect(found.issues).toHaveLength(1);
  });
});

function utf32Of(text: string, little: boolean): Uint8Array {
  const whole = `\ufeff${joined(text)}`;
  const bytes = new Uint8Array(whole.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < whole.length; i++) view.setUint32(4 * i, whole.charCodeAt(i), little);
  return bytes;
}

describe('bytes that are no UTF-8', () => {
  it.each([
    ['UTF-16 LE', utf16Of(shell, { mark: true })],
    ['UTF-16 BE', utf16Of(shell, { mark: true, bigEndian: true })],
    ['UTF-16 LE without a mark', utf16Of(shell, {})],
    ['UTF-16 BE without a mark', utf16Of(shell, { bigEndian: true })],
    ['UTF-32 LE', utf32Of(shell, true)],
    ['UTF-32 BE', utf32Of(shell, false)],
    ['lone bytes', Uint8Array.from([0xff, 0xc0, 0x80, ...bytesOf(shell), 0xed, 0xa0, 0x80])],
    ['half a UTF-16', utf16Of(`${shell}x`, { mark: true }).subarray(0, -1)],
    ['zeros between', Uint8Array.from([...bytesOf(shell), 0, 0, 0, 0])],
    ['an open end', bytesOf(shell.slice(0, -2))],
  ])('%s', (_, bytes) => {
    expect(judgeFile(bytes, path).verdict).toBe('remote-control');
  });
});

describe('pages that cost more than they weigh', () => {
  it.each([
    ['declared sources', '<asp:ObjectDataSource '],
    ['elements that stay open', '<a b="'],
    ['preserved pages', '<preserve '],
    ['properties', 'int a{get{return b;}}'],
    ['out parameters', 'f(out a,ref b);'],
    ['block copies', 'Array.Copy(a,0,b);'],
    ['escapes', '\\u0061\\U00000061'],
    ['marks of large files', '<%@'],
    ['calls that stay open', 'a.Save(b=c('],
    ['writes of one variable', 'p=p+q;f.SaveAs(p);'],
  ])('%s', (_, piece) => {
    const text = piece.repeat(Math.floor(400_000 / piece.length));
    for (const name of ['a.aspx', 'a.cshtml', 'web.config', 'a.compiled', 'App_Web_a.dll']) {
      const page = name === 'a.aspx' ? `<%@ Page Language="C#"%><script runat=server>${text}` : text;
      expect(judgeFile(bytesOf(page), name).verdict).not.toBe('remote-control');
    }
  });
});
