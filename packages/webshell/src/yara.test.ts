import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { blankOut, outlineYara } from './yara-source.ts';
import { compileYara, yaraBytes, yaraEngineUrl, type YaraFile, type YaraScanner } from './yara.ts';

const wasm = readFileSync(fileURLToPath(yaraEngineUrl()));
const nothing = { filename: '', filepath: '', extension: '', filetype: '' };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const opened: YaraScanner[] = [];

function compile(...files: readonly YaraFile[]): YaraScanner {
  const scanner = compileYara(files, wasm);
  opened.push(scanner);
  return scanner;
}
const rulesOf = (scanner: YaraScanner, value: string, externals = nothing): readonly string[] =>
  scanner.scan(text(value), externals).rules;

afterAll(() => opened.forEach((scanner) => scanner.close()));

describe('compileYara', () => {
  it('gives a rule its hits, whatever size another rule with the same string bounds', () => {
    const rule = (name: string, most: number): string =>
      `rule ${name} { strings: $a = "apple" $b = "pear" condition: filesize < ${most} and ($a or $b) }`;
    const source = `${rule('narrow', 20)} ${rule('broad', 1000)} rule sized { strings: $a = "filesize" condition: $a or filesize == 3 // filesize
    }`;
    const scanner = compile({ path: 'a.yar', text: source });
    expect(scanner.diagnostics).toEqual([]);
    expect(rulesOf(scanner, `apple${' '.repeat(100)}`)).toEqual(['broad']);
    expect(rulesOf(scanner, 'apple')).toEqual(['narrow', 'broad']);
    expect(rulesOf(scanner, 'abc')).toEqual(['sized']);
    expect(rulesOf(scanner, 'a filesize')).toEqual(['sized']);
  });

  it('gives a rule its hits, whatever head of files another rule with the same string demands', () => {
    const rule = (name: string, demand: string): string =>
      `rule ${name} { strings: $a = "apple" $b = "pear" condition: // condition: false
      ${demand} ($a or $b) }`;
    const source = [
      rule('program', 'uint16(0) == 0x5A4D and'),
      rule('first', '$b at 0 and'),
      rule('plain', ''),
      rule('named', '"condition:" contains "x" or'),
    ].join(' ');
    const scanner = compile({ path: 'a.yar', text: source });
    expect(scanner.diagnostics).toEqual([]);
    expect(rulesOf(scanner, 'an apple')).toEqual(['plain', 'named']);
    expect(rulesOf(scanner, 'MZ apple')).toEqual(['program', 'plain', 'named']);
    expect(rulesOf(scanner, 'pear')).toEqual(['first', 'plain', 'named']);
    expect(rulesOf(scanner, 'condition')).toEqual([]);
  });

  it('finds rules and says which file they are of', () => {
    const scanner = compile(
      { path: 'a.yar', text: 'rule one { strings: $a = "apple" condition: $a }' },
      {
        path: 'sub/b.yar',
        text: 'rule one { strings: $a = "pear" condition: $a } private rule p { condition: true } rule two { condition: p and one }',
      },
    );
    expect(scanner).toMatchObject({ loaded: 4, diagnostics: [] });
    expect(scanner.scan(text('apple'), nothing)).toEqual({
      hits: [{ rule: 'one', file: 'a.yar' }],
      rules: ['one'],
      issues: [],
    });
    expect(scanner.scan(text('pear'), nothing).hits).toEqual([
      { rule: 'one', file: 'sub/b.yar' },
      { rule: 'two', file: 'sub/b.yar' },
    ]);
    expect(rulesOf(scanner, 'plum')).toEqual([]);
  });

  it('knows the external variables of the field, anew for each scan', () => {
    const scanner = compile({
      path: 'e.yar',
      text: 'rule named { condition: filename == "a.aspx" and extension == ".aspx" and filepath contains "owa" and filetype == "ASPX" }',
    });
    const externals = { filename: 'a.aspx', filepath: 'C:\\owa\\auth', extension: '.aspx', filetype: 'ASPX' };
    expect(rulesOf(scanner, 'x', externals)).toEqual(['named']);
    expect(rulesOf(scanner, 'x')).toEqual([]);
  });

  it('refuses the rules that have errors, says which, and keeps the rest', () => {
    const scanner = compile(
      {
        path: 'mixed.yar',
        text: 'rule good { strings: $a = "x" condition: $a }\nrule bad { condition: nosuch }\nrule other { condition: bad }\nrule last { strings: $a = "x" condition: $a }',
      },
      { path: 'syntax.yar', text: 'rule broken { strings: $a = condition: }\nrule fine { condition: true }' },
      { path: 'torn.yar', text: 'this is no rule' },
      { path: 'module.yar', text: 'import "nosuch"\nrule usesIt { condition: nosuch.x }' },
    );
    expect(rulesOf(scanner, 'x')).toEqual(['good', 'last', 'fine']);
    expect(scanner.loaded).toBe(3);
    expect(scanner.diagnostics.map(({ path, rule, line }) => [path, rule, line])).toEqual([
      ['mixed.yar', 'bad', 2],
      ['mixed.yar', 'other', 3],
      ['syntax.yar', 'broken', 1],
      ['torn.yar', undefined, 1],
      ['module.yar', undefined, 1],
    ]);
    expect(scanner.diagnostics.every(({ message }) => message.startsWith('error'))).toBe(true);
  });

  it('resolves includes among the files given, and nowhere else', () => {
    const scanner = compile(
      { path: 'r/main.yar', text: 'include "parts/base.yar"\nrule top { condition: base }' },
      {
        path: 'r/parts/base.yar',
        text: 'include "../main.yar"\nprivate rule base { strings: $a = "kiwi" condition: $a }',
      },
      {
        path: 'r/lost.yar',
        text: 'include "../../etc/passwd"\nrule here { strings: $a = "kiwi" condition: $a }',
      },
    );
    expect(rulesOf(scanner, 'kiwi')).toContain('top');
    expect(rulesOf(scanner, 'kiwi')).toContain('here');
    expect(scanner.diagnostics).toContainEqual({
      path: 'r/lost.yar',
      message: 'include "../../etc/passwd": no such file in the folder of the rules',
    });
  });

  it('scans the first part of what is too large, and says so', () => {
    const scanner = compile({
      path: 'a.yar',
      text: 'rule early { strings: $a = "fig" condition: $a } rule late { strings: $a = "nut" condition: $a }',
    });
    const large = new Uint8Array(yaraBytes + 3);
    large.set(text('fig'), yaraBytes - 3);
    large.set(text('nut'), yaraBytes);
    const found = scanner.scan(large, nothing);
    expect(found.rules).toEqual(['early']);
    expect(found.issues.map((i) => i.code)).toEqual(['POSTERN_WEBSHELL_YARA_CUT']);
  });

  it('works with no rules at all', () => {
    expect(rulesOf(compile(), 'x')).toEqual([]);
  });
});

describe('outlineYara', () => {
  const source = [
    '/* rule no1 { */ // rule no2 {',
    'import "pe"',
    'private global rule First : web shell',
    '{',
    '  meta:',
    '    author = "A \\"B\\" {"',
    '    score = 75',
    '    yes = true',
    '  strings: $a = "}" $b = /\\/}[}]+/i $c = { 01 ?? [2-4] 02 }',
    '  condition: any of them',
    '}',
    'rule Second{condition:true}',
    'include "other.yar"',
  ].join('\n');

  it('reads heads and no more', () => {
    const { rules, includes } = outlineYara(source);
    expect(rules.map(({ name, tags, line, private: hidden }) => [name, tags, line, hidden])).toEqual([
      ['First', ['web', 'shell'], 3, true],
      ['Second', [], 12, false],
    ]);
    expect(rules[0]?.meta).toEqual(
      new Map([
        ['author', 'A "B" {'],
        ['score', '75'],
        ['yes', 'true'],
      ]),
    );
    expect(includes.map(({ path }) => path)).toEqual(['other.yar']);
  });

  it('agrees with the engine on how many rules there are', () => {
    const { rules } = outlineYara(source);
    const rest = blankOut(source, [...rules, ...outlineYara(source).includes]);
    expect(rest.split('\n')).toHaveLength(source.split('\n').length);
    expect(compile({ path: 'x', text: blankOut(source, outlineYara(source).includes) }).loaded).toBe(2);
  });

  it('never throws and gives ranges in order', () => {
    const piece = fc.constantFrom(
      'rule a {',
      'rule b : c d{',
      '}',
      '"',
      '/',
      '/*',
      '*/',
      '//',
      '\n',
      'meta:',
      'x = "y"',
      'condition:',
      'private ',
      'include "z"',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
        const value = parts.join('');
        let last = 0;
        for (const { from, to, line } of outlineYara(value).rules) {
          expect(from >= last && to <= value.length && line >= 1).toBe(true);
          last = to;
        }
      }),
      propertyRuns(2),
    );
  });
});

describe('an engine that is none', () => {
  it('is our error, with a code', () => {
    expect(() => compileYara([], new Uint8Array([1, 2, 3]))).toThrow(
      expect.objectContaining({ code: 'POSTERN_WEBSHELL_YARA_ENGINE' }),
    );
  });
});
