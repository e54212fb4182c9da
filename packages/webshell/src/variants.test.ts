import { describe, expect, it } from 'vitest';
import { judgeFile } from './judge.ts';
import { moreVariants, partlySeen } from './testing/variants-more.ts';
import { plainVariant, variants } from './testing/variants.ts';

const verdictOf = (text: string, file: string): string =>
  judgeFile(new TextEncoder().encode(plainVariant(text)), `C:\\inetpub\\wwwroot\\${file}`).verdict;

/** What reaches these is not the word `Request`: it is encoded, escaped, declared, or a parameter called from outside. */
const unfed: ReadonlySet<string> = new Set([
  'jscript fromCharCode',
  'webmethod',
  'jscript web method',
  'svc',
  'declared',
  'unicode cs',
]);

describe('ways from a request to a call', () => {
  it.each([...variants, ...moreVariants])('%s', (_, text, file) => {
    expect(verdictOf(text, file)).toBe('remote-control');
  });

  it.each(partlySeen)('%s, in part', (_, text, file) => {
    expect(verdictOf(text, file)).toBe('suspicious');
  });

  it.each([...variants, ...moreVariants].filter(([name]) => !unfed.has(name)))(
    '%s says nothing without a request',
    (_, text, file) => {
      // The same calls, fed by a constant: what makes the verdict is the way, not the words.
      const constant = plainVariant(text)
        .replaceAll(/\bRequest\b/gi, 'Settings')
        .replaceAll(/<asp:(?:TextBox|FileUpload)|<input/gi, '<asp:Label')
        .replaceAll(/\bTextBox\b/g, 'Label');
      const { verdict } = judgeFile(new TextEncoder().encode(constant), `C:\\inetpub\\wwwroot\\${file}`);
      expect(verdict).not.toBe('remote-control');
    },
  );
});
