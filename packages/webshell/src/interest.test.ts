import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { judgeFile } from './judge.ts';
import { joined } from './testing/pieces.ts';
import { moreVariants, partlySeen } from './testing/variants-more.ts';
import { plainVariant, variants } from './testing/variants.ts';

/** The traits of a page, with places; a page in an odd code page is followed whatever stands in it. */
function traitsOf(code: string, ending: string, codePage: number): readonly string[] {
  const page = `<%@ Page Language="C#" CodePage="${codePage}" %>${code}`;
  return judgeFile(new TextEncoder().encode(page), `a.${ending}`)
    .traits.filter((trait) => trait.code !== 'odd-code-page')
    .map((trait) => `${trait.code} ${trait.offset}`);
}

const pieces = [
  'x = {Request}["a"];',
  'var y = x + "b";',
  'Load = x;',
  '{Start}(x);',
  'p.{Start}(x);',
  '{Process}.{Start}(x);',
  'var s = {Process}.{Start};',
  '{eval}(x);',
  'var e = {eval};',
  '<%# {Eval}("a") %>',
  'this["ev" + "al"](x);',
  'var t = "wscript.shell";',
  'var u = "xp_{cmd}shell";',
  'new Socket().Send(x); r.Receive();',
  'new DirectoryInfo(x).GetFiles();',
  'f.{SaveAs}(x);',
  'System.IO.{File}.WriteAllText(x, x);',
  'k.GetSubKeyNames(); OpenSubKey(); LocalMachine(); Users(); ClassesRoot();',
  '[DllImport("kernel32")] static extern int VirtualAlloc(int a);',
  'MachineKeySection m; m.ValidationKey();',
  'i.Arguments = x; ProcessStartInfo i;',
  'a.CreateInstance("b").Equals(this);',
];

describe('code in which no check can find anything', () => {
  it('is not followed, and nothing is missed by that', () => {
    const code = fc.array(fc.constantFrom(...pieces), { maxLength: 6 });
    fc.assert(
      fc.property(code, fc.constantFrom('aspx', 'ashx', 'asp', 'jsp'), (parts, ending) => {
        const text = parts.map((part) => (part.startsWith('<') ? part : `<% ${joined(part)} %>`)).join('\n');
        expect(traitsOf(text, ending, 65_001)).toEqual(traitsOf(text, ending, 65_000));
      }),
      propertyRuns(4),
    );
  });

  it.each([...variants, ...moreVariants, ...partlySeen].map(([name, text, file]) => [name, text, file]))(
    '%s: the same traits either way',
    (_, text = '', file = '') => {
      const ending = file.slice(file.lastIndexOf('.') + 1);
      const code = plainVariant(text);
      expect(traitsOf(code, ending, 65_001)).toEqual(traitsOf(code, ending, 65_000));
    },
  );
});
