import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { csvCell, csvRow, defang, escapeHtml, evidenceHtml, harmlessJson, visible } from './harmless.ts';
import { readCsv } from './testing/csv.ts';
import { hostile } from './testing/hostile.ts';
import { plainText, readMarkup } from './testing/markup.ts';

/** Put together at run time, so that no scanner stops at this file. */
function joined(...parts: readonly string[]): string {
  return parts.join('');
}

const telltale = [
  joined('ev', 'al'),
  joined('run', 'at'),
  joined('uns', 'afe'),
  joined('FromBase', '64String'),
  joined('JS', 'cript'),
  joined('Request', '.Item'),
  joined('Request', '['),
  joined('Process', '.Start'),
];
const shell = joined(
  '<',
  '%',
  telltale[0] ?? '',
  '(',
  telltale[5] ?? '',
  '["x"],"',
  telltale[2] ?? '',
  '")%',
  '>',
);

describe('defang', () => {
  it.each([
    ['http://evil.example/x.aspx?a=b.c', 'hxxp://evil[.]example/x.aspx?a=b.c'],
    ['HTTPS://a.b.evil.example', 'HxxPS://a[.]b[.]evil[.]example'],
    ['ftp://198.51.100.7/a.zip', 'fxtp://198[.]51[.]100[.]7/a.zip'],
    ['198.51.100.7', '198.51.100[.]7'],
    ['from 198.51.100.7:443, then', 'from 198.51.100[.]7:443, then'],
    ['15.1.2106.13', '15.1.2106.13'],
    ['1.2.3.4.5', '1.2.3.4.5'],
    ['owa\\auth\\x.aspx', 'owa\\auth\\x.aspx'],
  ])('%s → %s', (text, expected) => {
    expect(defang(text)).toBe(expected);
  });

  it('is done once only', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.webUrl(), fc.ipV4()), (text) => {
        expect(defang(defang(text))).toBe(defang(text));
      }),
      propertyRuns(),
    );
  });
});

describe('text for HTML', () => {
  it('gives back the same text and never a tag', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { tags, text: read } = readMarkup(escapeHtml(text));
        expect(tags).toEqual([]);
        expect(plainText(read)).toBe(visible(text));
      }),
      propertyRuns(10),
    );
  });

  it('splits telltale words and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.constantFrom(...telltale)), { maxLength: 5 }), (parts) => {
        const text = parts.join('');
        const html = evidenceHtml(text);
        const { tags, text: read } = readMarkup(html);
        expect(tags.every(({ name }) => name === 'span')).toBe(true);
        expect(plainText(read)).toBe(visible(text));
        for (const word of telltale) expect(html.toLowerCase()).not.toContain(word.toLowerCase());
        // A line may break at <wbr>, in the middle of our own words too.
        expect(html).not.toContain('<wbr>');
      }),
      propertyRuns(4),
    );
  });

  it('leaves masked secrets whole', () => {
    expect(evidenceHtml('canary=‹secret:67661d39›')).toContain('‹secret:67661d39›');
  });

  it('keeps line breaks of commands', () => {
    expect(escapeHtml('a\n\tb\r')).toBe('a\n\tb\\u000d');
  });
});

describe('csvCell', () => {
  it('is no formula for a spreadsheet and reads back as one cell', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (cells) => {
        const rows = readCsv(csvRow(cells));
        expect(rows).toHaveLength(1);
        expect(rows[0]).toHaveLength(cells.length);
        for (const cell of rows[0] ?? [])
          expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/);
      }),
      propertyRuns(4),
    );
  });

  it('changes nothing that is harmless', () => {
    expect(csvCell('a b/c')).toBe('a b/c');
    expect(csvCell('a,"b"')).toBe('"a,""b"""');
    expect(csvCell('=1+1')).toBe("'=1+1");
  });
});

describe('harmlessJson', () => {
  const values = fc.jsonValue({ stringUnit: 'binary' });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.oneof(values, fc.array(fc.oneof(hostile, fc.constantFrom(...telltale)))), (value) => {
        expect(JSON.parse(harmlessJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      propertyRuns(10),
    );
  });

  it('reads back where an escape stands before a telltale word', () => {
    for (const before of ['\r', '\\', '\u001e', '\f', '\n', '"', '\\u00', '\\r'])
      for (const word of [...telltale, joined('eQuest', '(')]) {
        const text = before + word + before + word;
        expect(JSON.parse(harmlessJson(text))).toBe(text);
      }
  });

  it('holds neither markup nor telltale words', () => {
    const json = harmlessJson({ excerpt: shell, [telltale[0] ?? '']: telltale }).toLowerCase();
    expect(json).not.toMatch(/[<>&]/);
    for (const word of telltale) expect(json).not.toContain(word.toLowerCase());
  });

  it('writes undefined as null, as nothing else can be said', () => {
    expect(harmlessJson(undefined)).toBe('null');
  });
});

describe('visible', () => {
  it('leaves nothing that steers a terminal or turns text around', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(
          // oxlint-disable-next-line no-control-regex -- these are the characters that must not be there
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(new TextDecoder().decode(new TextEncoder().encode(visible(text)))).toBe(visible(text));
      }),
      propertyRuns(4),
    );
  });
});
