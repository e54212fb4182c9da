// What the quick reader takes it reads as the reader of all YAML does, with the same places; what it cannot be sure of it
// leaves.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { readQuickYaml } from './quick-yaml.ts';
import { readWholeYaml, readYaml } from './yaml-node.ts';

const rule = `title: A rule   # said of it
id: 01234567-89ab-4cde-8f01-23456789abcd
description: |
    Two lines,

      and one further in
references:
    - https://example.org/a#b
date: 2021-03-02
fields: [Image, 'it''s', "a, b", 17, null]   # some
implant: { kind: web-shell, field: [a, [ b ], []], event: 2021-03-01, is: true }   # some
meaning: >-
    One paragraph
    of two lines.
end: >
    more

tags: # on its own
    - attack.t1505.003
logsource:
    product: windows
detection:
    # which
    selection_a:
        - Image|endswith: '\\cmd.exe'
          CommandLine|contains|all:
              - ' /c '
              - "say \\"it\\" \\\\"
        - EventID: 4688
          Flag: true
    selection_b:
        Name: null
        Threat Name|contains: y
        '|all':
        - 'it''s'
        - 0x17
    condition: 1 of selection_*
level: high
`;

const withoutHex = rule.replace('- 0x17', '- word');

function same(text: string): boolean {
  const quick = readQuickYaml(text);
  if (quick === undefined) return false;
  const { documents } = readWholeYaml(text);
  expect({ text, documents: [{ root: quick, problems: [], at: quick.at }] }).toEqual({ text, documents });
  return true;
}

describe('the quick reader', () => {
  test('reads what rules are made of', () => {
    expect(same(withoutHex)).toBe(true);
  });

  test.each([
    rule,
    '- a\n- b\n',
    'a: b\n---\nc: d\n',
    'a: [1, [2],]\n',
    'a: [1, [2]\n',
    'a: {}\n',
    'a: { b }\n',
    'a: { b: }\n',
    'a: { b: c, }\n',
    'a: { b: c, b: d }\n',
    'a: { null: c }\n',
    'a: { b: c } d\n',
    'a: { b: c\n  }\n',
    'a: {"b":c}\n',
    'a: [b: c]\n',
    'a: [b,]\n',
    'a: [b\n  , c]\n',
    'a: [&x b]\n',
    'a: &x b\n',
    'a: >\n  b\n\n  c\n',
    'a: >\n  b\n    c\n',
    'a: >+\n  b\n',
    'a: >\n  b\n  # c\n',
    'a: >\n  b \n  c\n',
    'a: b\n  c\n',
    "a: 'b\n  c'\n",
    'a: b: c\n',
    'a: 1.5\n',
    'a: 1e3\n',
    'a: 007\n',
    'a:\n',
    'a: x\na: y\n',
    'a: "\\n"\n',
    'a:\tb\n',
    'a: b\r\n',
    'true: b\n',
    'a: !t b\n',
    'a:\n  - - b\n',
    'a: |2\n   b\n',
    '',
  ])('leaves %j to the other', (text) => {
    expect(readQuickYaml(text)).toBeUndefined();
  });

  const pieces = [
    'a',
    'b|c',
    ':',
    ': ',
    ' ',
    '  ',
    '- ',
    '-',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '|',
    '|-',
    '\n',
    '\n',
    '\n  ',
    '\n    ',
    '1',
    '0x1',
    'null',
    '~',
    '*',
    '[',
    ']',
    ', ',
    "[a, 'b']",
    '{',
    '}',
    '{ a: b, c: [d, /e/] }',
    ' }, ',
    '>',
    '>-',
    '>-\n  a\n  b\n',
    'é',
    '.',
    'a: b',
    "'x'",
    '- y',
    '\t',
  ];
  test('any text that it takes is read alike', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((all) => all.join('')),
        (text) => {
          if (same(`a: b\n${text}`)) taken++;
          if (same(text)) taken++;
        },
      ),
      propertyRuns(30),
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('and so is any rule after a slip of the pen', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.nat(withoutHex.length - 1),
        fc.nat(6),
        fc.constantFrom(...pieces),
        (at, removed, piece) => {
          if (same(withoutHex.slice(0, at) + piece + withoutHex.slice(at + removed))) taken++;
        },
      ),
      propertyRuns(10),
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('places are those of the other', () => {
    const [quick, whole] = [readYaml(withoutHex), readWholeYaml(withoutHex)];
    for (let at = 0; at <= withoutHex.length; at++) expect(quick.placeOf(at)).toEqual(whole.placeOf(at));
  });
});
