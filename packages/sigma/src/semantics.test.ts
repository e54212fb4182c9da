import { describe, expect, test } from 'vitest';
import { holds, selects, type MadeValue } from './testing/records.ts';

/** A JSON value that is no string. */
function json(value: unknown): MadeValue {
  return { raw: JSON.stringify(value), type: 'jsonValue' };
}

describe('texts', () => {
  test.each([
    ["F: 'abc'", 'abc', true],
    ["F: 'abc'", 'ABC', true],
    ["F: 'abc'", 'abcd', false],
    ["F: 'abc'", 'xabc', false],
    ["F: 'a*c'", 'abbbc', true],
    ["F: 'a*c'", 'ac', true],
    ["F: 'a*c'", 'a\nb\\c', true],
    ["F: 'a?c'", 'abc', true],
    ["F: 'a?c'", 'ac', false],
    ["F: 'a?c'", 'a\u{1f600}c', true],
    ["F: 'a??c'", 'a\u{1f600}c', false],
    ["F: '*?'", '\u{1f600}', true],
    ["F: '??*'", '\u{1f600}', false],
    ["F: '*?b?*'", '\u{1f600}b\u{1f600}', true],
    ["F: '*'", '', true],
    ["F: '?*'", '', false],
    ["F: '?*'", 'x', true],
    ["F: 'a*b*c'", 'a1b2b3c', true],
    ["F: 'a*b*c'", 'a1c2b', false],
    ["F: 'ab*ba'", 'aba', false],
    ["F: 'STRASSE'", 'straße', false],
    ["F: 'straße'", 'STRAẞE', true],
    ["F: 'i'", '\u0130', true],
    ["F: '\u0130'", 'I', true],
    ["F: 'kelvin'", '\u212aELVIN', true],
    ["F: 'ΟΔΟΣ'", 'οδος', false],
    ["F: 'ΟΔΟΣ'", 'οδοσ', true],
  ])('%s against %j: %s', (item, value, expected) => {
    expect(selects(item, { F: value })).toBe(expected);
  });

  test.each([
    [String.raw`'a\\b'`, String.raw`a\b`, true],
    [String.raw`'a\b'`, String.raw`a\b`, true],
    [String.raw`'a\*'`, 'a*', true],
    [String.raw`'a\*'`, 'ab', false],
    [String.raw`'a\?'`, 'a?', true],
    [String.raw`'a\?'`, 'ab', false],
    [String.raw`'a\\*'`, String.raw`a\bc`, true],
    [String.raw`'a\\*'`, 'a*', false],
    [String.raw`'a\\\*'`, String.raw`a\*`, true],
    [String.raw`'a\\\*'`, String.raw`a\x`, false],
    [String.raw`'\\\\'`, String.raw`\\`, true],
    [String.raw`'\\\x'`, String.raw`\\x`, true],
    [String.raw`'a\'`, 'a\\', true],
    [String.raw`'C:\dir\*'`, String.raw`C:\dir*`, true],
    [String.raw`'C:\dir\*'`, String.raw`C:\dir\x`, false],
  ])('the escapes of %s against %j: %s', (written, value, expected) => {
    expect(selects(`F: ${written}`, { F: value })).toBe(expected);
  });
});

describe('numbers, booleans, nothing', () => {
  test.each([
    ['F: 4625', '4625', true],
    ['F: 4625', json(4625), true],
    ['F: 4625', '04625', true],
    ['F: 4625', '4625.0', true],
    ['F: 4625', '0x1211', false],
    ["F: '4625'", json(4625), true],
    ['F: 0x17', '0x17', true],
    ['F: 0x17', '23', true],
    ["F: '0x17'", '0x17', true],
    ["F: '0x17'", '23', false],
    ['F: 007', '007', true],
    ['F: 007', '7', true],
    ['F: 9007199254740993', '9007199254740993', true],
    ['F: 9007199254740993', '9007199254740992', false],
    ['F: -1.50', '-1.5', true],
    ['F: true', 'True', true],
    ['F: true', json(true), true],
    ['F: false', json(true), false],
    ['F: yes', 'yes', true],
    ['F: 2021-03-03', '2021-03-03', true],
  ])('%s against %j: %s', (item, value, expected) => {
    expect(selects(item, { F: value })).toBe(expected);
  });

  test.each([
    ['F: null', null, true],
    ['F: null', json(null), true],
    ['F: null', '', false],
    ['F:', null, true],
    ['F: []', null, true],
    ['F: []', 'x', false],
    ["F: ''", '', true],
    ["F: ''", ' ', false],
    ["F: ''", null, false],
    ["F: '*'", null, false],
    ["F|contains: ''", '', true],
    ["F|contains: ''", null, false],
    ['F|exists: true', '', true],
    ['F|exists: true', json(null), true],
    ['F|exists: true', null, false],
    ['F|exists: false', null, true],
    ['F|exists: false', 'x', false],
  ])('%s against %j: %s', (item, value, expected) => {
    expect(selects(item, { F: value })).toBe(expected);
    // A field that the layout does not have is as absent as one that the record leaves out.
    expect(selects(item, value === null ? { Other: 'x' } : { F: value })).toBe(expected);
  });

  test('a list with null means missing or one of the others', () => {
    const items = "F:\n  - null\n  - ''\n  - 'a'";
    expect(['', 'a', null].map((value) => selects(items, { F: value }))).toEqual([true, true, true]);
    expect(selects(items, { F: 'b' })).toBe(false);
  });
});

describe('lists', () => {
  const list = json(['alpha', 'beta', 7]);
  test.each([
    ['F: [beta, gamma]', true],
    ['F: [delta, gamma]', false],
    ['F: 7', true],
    ['F|all: [alpha, beta]', true],
    ['F|all: [alpha, gamma]', false],
    ['F|contains|all: [alph, bet]', true],
    ['F|neq: alpha', false],
    ['F|neq: gamma', true],
    ['F|neq: [gamma, beta]', false],
    ['F: null', false],
  ])('%s against a list: %s', (item, expected) => {
    expect(selects(item, { F: list })).toBe(expected);
  });

  test('an object fits no scalar, and keywords find its leaves', () => {
    const object = json({ Inner: ['Deep needle'], other: 1 });
    expect(selects("F: '*'", { F: object })).toBe(false);
    expect(selects('F: null', { F: object })).toBe(false);
    expect(holds('keywords: [deep need]\ncondition: keywords', { F: object })).toBe(true);
    expect(holds('keywords: [Inner]\ncondition: keywords', { F: object })).toBe(false);
  });
});

describe('modifiers', () => {
  test.each([
    ['F|contains: b', 'abc', true],
    ["F|contains: '*b'", 'ab', true],
    ["F|contains: '*b'", 'abc', true],
    ["F|startswith: 'a*'", 'ab', true],
    ["F|endswith: '*c'", 'abc', true],
    ['F|startswith: ab', 'ABc', true],
    ['F|startswith: b', 'abc', false],
    [String.raw`F|endswith: '\cmd.exe'`, String.raw`C:\Windows\cmd.exe`, true],
    [String.raw`F|endswith: '\cmd.exe'`, 'xcmd.exe', false],
    ['F|contains|all: [a, c]', 'abc', true],
    ['F|all|contains: [a, d]', 'abc', false],
    ['F|contains|cased: B', 'abc', false],
    ['F|cased|contains: B', 'aBc', true],
    ['F|cased: ABC', 'abc', false],
    ['F|neq: abc', 'ABC', false],
    ['F|neq: abc', 'abd', true],
    ['F|contains|neq: [x, b]', 'abc', false],
    ['F|contains|all|neq: [x, b]', 'abc', true],
    ['F|neq: 1', '1', false],
    ['F|re: b+', 'aabbc', true],
    ['F|re: B', 'abc', false],
    ["F|re: '(?i)B'", 'abc', true],
    ['F|re|i: B', 'abc', true],
    ['F|re|ignorecase: B', 'abc', true],
    ['F|re|m: ^b', 'a\nb', true],
    ['F|re|s: a.b', 'a\nb', true],
    ['F|re|i|s: A.B', 'a\nb', true],
    ['F|re: [x, b$]', 'ab', true],
    [String.raw`F|re: a\\b`, String.raw`a\b`, true],
    ['F|re|startswith: b', 'ab', false],
    ['F|re|endswith: b', 'ab', true],
    ['F|re|contains: b', 'abc', true],
    ['F|re|cased: B', 'abc', false],
    ['F|re|neq: b', 'abc', false],
    ['F|cidr: 10.0.0.0/8', '10.1.2.3', true],
    ['F|cidr: 10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['F|cidr: [10.0.0.0/8, fe80::/10]', 'fe80::1%3', true],
    ['F|cidr: 10.0.0.0/8', 'host', false],
    ['F|gt: 5', '6', true],
    ['F|gt: 5', '5', false],
    ['F|gte: 5', '5', true],
    ['F|lt: 0x10', '0xf', true],
    ['F|lte: 5', '5.0', true],
    ['F|gt: 5', 'many', false],
    ['F|hour: 6', '2021-03-03T06:40:12+02:00', true],
    ['F|hour|gte: 6', '2021-03-03 07:00:00', true],
    ['F|hour|gte: 6', '05:59', false],
    ['F|minute: 40', '2021-03-03 06:40:12', true],
    ['F|day: 3', '2021-03-03', true],
    ['F|month|lt: 4', '2021-03-03', true],
    ['F|year: 2021', '2021-03-03', true],
    ['F|week: 53', '2021-01-03', true],
    ['F|week: 1', '2021-01-04', true],
    ['F|week: 1', '2024-12-30', true],
    ['F|hour: 6', '2021-03-03', false],
  ])('%s against %j: %s', (item, value, expected) => {
    expect(selects(item, { F: value })).toBe(expected);
  });

  test('without the field only the negated hold', () => {
    const items = [
      'F: a',
      'F|re: .*',
      'F|cidr: 0.0.0.0/0',
      'F|gt: 0',
      'F|lt: 0',
      'F|fieldref: G',
      "F|contains: ''",
      'F|day: 1',
    ];
    expect(items.filter((item) => selects(item, { G: 'x' }))).toEqual([]);
    const negated = [
      'F|neq: a',
      'F|re|neq: .*',
      'F|cidr|neq: 0.0.0.0/0',
      'F|fieldref|neq: G',
      'F|contains|all|neq: [a, b]',
    ];
    expect(negated.filter((item) => !selects(item, { G: 'x' }))).toEqual([]);
  });

  test.each([
    ['F|fieldref: G', 'Abc', 'aBC', true],
    ['F|fieldref: G', 'abc', 'abcd', false],
    ['F|fieldref|startswith: G', 'abcd', 'AB', true],
    ['F|fieldref|endswith: G', 'abcd', 'CD', true],
    ['F|fieldref|contains: G', 'abcd', 'BC', true],
    ['F|fieldref|cased: G', 'abc', 'ABC', false],
    ['F|fieldref|neq: G', 'abc', 'abd', true],
    ['F|fieldref: G', 'abc', null, false],
    ['F|fieldref|neq: G', null, 'abc', true],
  ])('%s with %j and %j: %s', (item, f, g, expected) => {
    expect(selects(item, { F: f, G: g })).toBe(expected);
  });

  test.each([
    ['cmd -a b', true],
    ['cmd /a b', true],
    ['cmd \u2013a b', true],
    ['cmd \u2014a b', true],
    ['cmd \u2015a b', true],
    ['cmd +a b', false],
  ])("windash: ' -a ' finds %j: %s", (value, expected) => {
    expect(selects("F|contains|windash: ' -a '", { F: value })).toBe(expected);
  });

  test('windash leaves dashes inside words and bare ones alone', () => {
    expect(selects("F|contains|windash: ' -param-name'", { F: 'x /param-name' })).toBe(true);
    expect(selects("F|contains|windash: ' -param-name'", { F: 'x /param/name' })).toBe(false);
    expect(selects("F|windash: '- x'", { F: '/ x' })).toBe(false);
    expect(selects("F|windash: '/c -x'", { F: '-c /x' })).toBe(true);
    expect(selects("F|windash|contains|all: [' -a', ' /b']", { F: 'x /a -b' })).toBe(true);
  });

  test.each([
    ['F|base64: foobar', 'Zm9vYmFy', true],
    ['F|base64|contains: fooba', 'x=Zm9vYmE=', true],
    ['F|base64|contains: fooba', 'x=ZM9VYME=', true],
    ['F|base64|contains|cased: fooba', 'x=ZM9VYME=', false],
    ['F|wide|base64: ab', 'YQBiAA==', true],
    ['F|utf16le|base64: ab', 'YQBiAA==', true],
    ['F|utf16be|base64: ab', 'AGEAYg==', true],
    ['F|utf16|base64: ab', '//5hAGIA', true],
    ['F|wide: ab', 'a\0b\0', true],
  ])('%s finds %j: %s', (item, value, expected) => {
    expect(selects(item, { F: value })).toBe(expected);
  });
});

describe('keywords', () => {
  const fields = {
    A: 'C:\\path\\"quoted" text',
    B: { raw: 'say \\"hi\\" \\\\ there', type: 'jsonString' as const },
    C: '42',
  };
  test.each([
    ["keywords: ['path\\\\\\\\\"QUOTED']", false],
    [String.raw`keywords: ['path\"QUOTED']`, true],
    [String.raw`keywords: ['say "hi" \ there']`, true],
    ["keywords: ['text say']", false],
    ["keywords: ['c:*quoted']", true],
    ['keywords: 42', true],
    ['keywords: quoted', true],
    ["keywords:\n  '|all': [quoted, hi]", true],
    ["keywords:\n  '|all': [quoted, missing]", false],
    ["keywords:\n  '|re': 'qu.ted'", true],
    ["keywords:\n  '|contains': QUOT", true],
    ["keywords:\n  '|cased': QUOT", false],
    ["keywords:\n  '|startswith': 'say'", true],
    ["keywords:\n  '|startswith': 'hi'", false],
    ['keywords: [A, Security]', true],
    ['keywords: [Hidden]', false],
    ["keywords:\n  - '|all': [quoted, hi]\n  - nothing", true],
    ['keywords:\n  - C: 42\n  - nothing', true],
  ])('%s: %s', (detection, expected) => {
    expect(
      holds(`${detection}\ncondition: keywords`, fields, { Channel: 'Security', '#Header': 'Hidden' }),
    ).toBe(expected);
  });
});

describe('field names', () => {
  test('exact, then without case and spaces', () => {
    expect(selects('ThreatName: x', { 'Threat Name': 'X' })).toBe(true);
    expect(selects('targetfilename: x', { TargetFilename: 'X' })).toBe(true);
    expect(selects('F: x', { f: 'y', F: 'x' })).toBe(true);
    expect(selects('f: x', { f: 'y', F: 'x' })).toBe(false);
  });
});
