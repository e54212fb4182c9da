import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import type { Dialect } from './dialect.ts';
import { foldStrings } from './fold.ts';
import { parseShortTime } from './oab.ts';
import { readPageText } from './page-text.ts';
import { fileClassOf, recognisePage } from './recognise.ts';
import { splitPage } from './split-page.ts';
import { bytesOf, utf16Of } from './testing/pieces.ts';
import { type Token, tokenise } from './tokens.ts';
import { formatTime } from '@postern/core';

function tokensOf(text: string, dialect: Dialect): readonly Token[] {
  const tokens: Token[] = [];
  tokenise({ text, base: 0, dialect, most: 10_000 }, tokens);
  return tokens;
}
const shown = (tokens: readonly Token[]): string =>
  tokens.map((t) => (t.kind === 'text' ? JSON.stringify(t.text) : t.text)).join(' ');
const fold = (text: string, dialect: Dialect): string =>
  shown(foldStrings(tokensOf(text, dialect), new Set(['name'])));

describe('recognisePage', () => {
  it.each<readonly [string, string | undefined, string]>([
    ['C:\\inetpub\\wwwroot\\a.aspx', 'web-page', 'anything'],
    ['C:\\x\\a.ASHX', 'web-page', ''],
    ['a.aspx.', 'web-page', ''],
    ['a.aspx::$DATA', 'web-page', ''],
    ['C:\\x\\web.config', 'web-config', ''],
    ['C:\\x\\applicationHost.config', 'web-config', ''],
    ['C:\\x\\TransportRoles\\Agents\\agents.config', 'web-config', ''],
    ['C:\\x\\other.config', 'web-config', '<?xml version="1.0"?><configuration>'],
    ['C:\\x\\other.config', undefined, '[settings]'],
    ['C:\\t\\App_Web_ab12.dll', 'compiled-page', 'MZ'],
    ['C:\\t\\a.aspx.12ab.compiled', 'compiled-page', '<preserve'],
    ['C:\\t\\other.dll', 'executable', 'MZ\x90\0'],
    ['x.zip', 'archive', 'PK\x03\x04'],
    ['x.gz', 'archive', '\x1f\x8b\x08'],
    ['x', 'web-page', '<%@ Page Language="C#" %>'],
    ['x.tmp', 'web-page', '<p><script language=c# runat="server">'],
    ['x', 'web-page', '<?php echo 1;'],
    ['rules.yar', undefined, '<%@ Page Language="C#" %>'],
    ['hunt.ps1', undefined, '<script runat="server">'],
    ['report.html', undefined, '<?php echo 1;'],
    ['u_ex210303.log', undefined, '#Software: x'],
    ['x', undefined, ''],
  ])('%s → %s', (name, kind, head) => {
    const bytes = Uint8Array.from(head, (c) => c.charCodeAt(0));
    expect(recognisePage(bytes, name)).toBe(kind);
  });

  it('keeps a page a page behind the head of a mail export', () => {
    expect(recognisePage(Uint8Array.of(0x21, 0x42, 0x44, 0x4e, 0, 0), 'a.aspx')).toBe('web-page');
    expect(recognisePage(Uint8Array.of(0x50, 0x4b, 3, 4), 'a.aspx')).toBe('web-page');
  });

  it('knows a page that was put away by an ending behind its own, and no text that quotes one', () => {
    const shell = new TextEncoder().encode('<script language="JScript" runat="server">x</script>');
    const kindsOf = (...names: readonly string[]) => names.map((name) => recognisePage(shell, name));
    expect(kindsOf('a.aspx.txt', 'a.asp.log', 'a.php.html', 'a.aspx.bak')).toEqual(Array(4).fill('web-page'));
    expect(kindsOf('a.txt', 'aspx.txt', 'about-aspx.txt')).toEqual([undefined, undefined, undefined]);
    expect(recognisePage(new TextEncoder().encode('Hash of the page: 1234'), 'a.aspx.txt')).toBeUndefined();
  });

  it('reads content in UTF-16', () => {
    expect(recognisePage(utf16Of('<%@ Page Language="C#" %>', { mark: true }), 'x')).toBe('web-page');
  });

  it.each([
    ['a/b.svc', 'asp.net-code'],
    ['b.cer', 'asp'],
    ['b.phtml', 'php'],
    ['b.jspx', 'jsp'],
    ['b.txt', 'inert'],
    ['aspx', 'inert'],
  ])('%s is of class %s', (path, found) => expect(fileClassOf(path)).toBe(found));
});

describe('splitPage', () => {
  it('finds directives, scripts, code, expressions, bindings and controls', () => {
    const page =
      '<%@ Page Language="VB" Inherits="A.B" %><%@ Import Namespace="X" %>\n<script runat="server" language="C#">int a;</script><script>b</script>' +
      '<% c %><%= d %><%: e %><%# f %><%-- g --%><!-- <% h %> --><asp:TextBox ID="Box1" runat="server" /><input type=file id=up runat=server><!--#include file="inc.asp"-->';
    const { directives, segments, controls, includes } = splitPage(page, 'asp.net');
    expect(directives.map((d) => d.name)).toEqual(['page', 'import']);
    expect(segments.map((s) => [s.kind, s.text.trim(), s.language])).toEqual([
      ['script', 'int a;', 'c#'],
      ['code', 'c', 'vb'],
      ['expression', 'd', 'vb'],
      ['expression', 'e', 'vb'],
      ['binding', 'f', 'vb'],
      ['code', 'h', 'vb'],
    ]);
    expect(controls.map((c) => [c.id, c.type])).toEqual([
      ['box1', 'textbox'],
      ['up', 'input file'],
    ]);
    expect(includes.map((i) => i.path)).toEqual(['inc.asp']);
    for (const segment of segments)
      expect(page.slice(segment.at, segment.at + segment.text.length)).toBe(segment.text);
  });

  it('takes all that follows the directive of a handler as code', () => {
    const { segments } = splitPage(
      '<%@ WebHandler Language="C#" Class="A" %>\nclass A { string s = "<% x %>"; }',
      'asp.net-code',
    );
    expect(segments.map((s) => [s.kind, s.text.trim()])).toEqual([
      ['handler', 'class A { string s = "<% x %>"; }'],
    ]);
  });

  it('reads to the end what is not closed', () => {
    expect(splitPage('<p><% a', 'asp.net').segments.map((s) => s.text)).toEqual([' a']);
    expect(splitPage('<script runat=server>a', 'asp.net').segments.map((s) => s.text)).toEqual(['a']);
    expect(splitPage('<?php a', 'php').segments.map((s) => s.text)).toEqual([' a']);
  });

  it('gives pieces that stand where it says', () => {
    const piece = fc.constantFrom(
      '<%',
      '%>',
      '<%=',
      '<%@ Page %>',
      '<%--',
      '--%>',
      '<script runat=server>',
      '<script>',
      '</script>',
      'x',
      '"',
      '<',
      '>',
      '<asp:A id=b runat=server>',
    );
    const engine = fc.constantFrom(
      'asp.net' as const,
      'asp.net-code' as const,
      'asp' as const,
      'jsp' as const,
      'php' as const,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), engine, (parts, which) => {
        const page = parts.join(' ');
        for (const { at, text } of splitPage(page, which).segments)
          expect(page.slice(at, at + text.length)).toBe(text);
      }),
      propertyRuns(4),
    );
  });
});

describe('tokenise', () => {
  it.each<readonly [Dialect, string, string]>([
    [
      'csharp',
      'a /* b */ . c // d\n + @"e""f\\" + "g\\"\\x41\\u0042" + \'h\'',
      'a . c + "e\\"f\\\\" + "g\\"AB" + "h" ;',
    ],
    ['csharp', '$"x{y}z"', '"x{y}z" + ( y ) ;'],
    ['csharp', '\\u0065val(@event, a\u200db)', 'eval ( event , ab ) ;'],
    ['csharp', '#region x\na?.b', 'a . b ;'],
    [
      'vb',
      'Dim a = "b""c" & _\n  &H41 \' d\nRem e\nIf a = 1 Then b',
      'dim a = "b\\"c" + 65 ; ; if a = 1 then ; b ;',
    ],
    ['vb', 'a: "torn\nb', 'a ; "torn" ; b ;'],
    ['jscript', 'var a = /"\\/x/g, b = c / d', 'var a = "/\\"\\\\/x/g" , b = c / d ;'],
    ['php', '$a->b . "c$d" # e\n. `f`', '$a . b + "c$d" + ( $d ) + shell_exec ( "f" ) ;'],
    ['java', '"a\\tb" == c::d', '"a\\tb" == c . d ;'],
  ])('%s: %s', (dialect, text, tokens) => expect(shown(tokensOf(text, dialect))).toBe(tokens));

  it('knows where each token stands', () => {
    const text = 'ab = "cd" + ef';
    expect(tokensOf(text, 'csharp').map((t) => t.at)).toEqual([0, 3, 5, 10, 12, 14]);
  });
});

describe('foldStrings', () => {
  it.each<readonly [Dialect, string, string]>([
    ['csharp', '"a" + "b" + c + "d" + "e"', '"ab" + c + "de" ;'],
    ['csharp', '("a") + ("b" + ("c"))', '"abc" ;'],
    ['csharp', '(char)97 + "b"', '"ab" ;'],
    ['csharp', 'string.Concat("a", "b")', '"ab" ;'],
    ['csharp', '"axb".Replace("x", "")', '"ab" ;'],
    ['csharp', 'System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String("YWI="))', '"ab" ;'],
    ['csharp', 'x["na" + "me"](1)', 'x . name ( 1 ) ;'],
    ['csharp', 'x["other"](1)', 'x [ "other" ] ( 1 ) ;'],
    ['csharp', 'var p = "a"; f(p + "b"); q.p', 'var p = "a" ; f ( "ab" ) ; q . p ;'],
    ['csharp', 'p = "a"; p = "b"; f(p)', 'p = "a" ; p = "b" ; f ( p ) ;'],
    ['csharp', 'f("a")', 'f ( "a" ) ;'],
    ['vb', 'Chr(97) & ChrW(&H62) & StrReverse("dc")', '"abcd" ;'],
    ['jscript', 'String.fromCharCode(97, 98) + unescape("%63%u0064")', '"abcd" ;'],
    ['php', 'str_rot13("no") . strrev("dc")', '"abcd" ;'],
  ])('%s: %s', (dialect, text, folded) => expect(fold(text, dialect)).toBe(folded));
});

describe('readPageText', () => {
  it('leads every character of a page back to its byte', () => {
    const places = fc.array(fc.nat(200), { maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 20 }), places, (text, wanted) => {
        const bytes = new TextEncoder().encode(`<% page ${text}`);
        const page = readPageText(bytes);
        // No place inside of a pair of surrogates: it has no byte of its own.
        const indices = wanted.filter(
          (i) => i < page.text.length && !/[\udc00-\udfff]/.test(page.text.charAt(i)),
        );
        const ends = page
          .positions(indices)
          .map((p) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, p.offset)));
        expect(ends).toEqual(indices.map((i) => page.text.slice(0, i)));
      }),
      propertyRuns(2),
    );
  });

  it.each<readonly [string, readonly number[], string | undefined]>([
    ['a mail export', [0x21, 0x42, 0x44, 0x4e], 'pst'],
    ['DER', [0x30, 0x82], 'der'],
    ['GIF', [0x47, 0x49, 0x46, 0x38], 'image'],
    ['ZIP', [0x50, 0x4b, 3, 4], 'archive'],
    ['text', [0x3c, 0x25], undefined],
  ])('knows the head of %s', (_, magic, head) => {
    expect(
      readPageText(Uint8Array.from([...magic, ...bytesOf(' and text that goes on for a while')])).head,
    ).toBe(head);
  });
});

describe('parseShortTime', () => {
  it.each([
    ['3/14/2021 6:40:12 AM', '2021-03-14T06:40:12Z'],
    ['12/1/2020 12:00:00 AM', '2020-12-01T00:00:00Z'],
    ['12/1/2020 12:00:00 PM', '2020-12-01T12:00:00Z'],
    ['1/2/2021 13:14:15', '2021-01-02T13:14:15Z'],
  ])('%s', (text, iso) => {
    const time = parseShortTime(text);
    expect(time === undefined ? undefined : formatTime(time)).toBe(iso);
  });

  it.each(['14/3/2021 6:40:12 AM', '14.03.2021 06:40:12', '', '3/14/21 6:40:12 AM'])(
    'does not guess at %j',
    (text) => expect(parseShortTime(text)).toBeUndefined(),
  );
});
