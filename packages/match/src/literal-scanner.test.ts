// Every literal, however it is anchored and however the text is encoded, is found where a search of the folded text
// finds it, and nowhere else.

import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { makeLinked } from './automaton.ts';
import type { Word } from './gram-index.ts';
import { classesOf } from './letter-classes.ts';
import { foldScanned, foldText } from './fold.ts';
import { LiteralHits, type Anchor, type Folding, type Literal } from './literal.ts';
import { LiteralScanner } from './literal-scanner.ts';
import { compileLiterals, type LiteralTables } from './literal-set.ts';
import { TrieBuilder } from './trie.ts';

const dashes = ['\u2013', '\u2014', '\u2015'];
const letters = [
  'a',
  'B',
  'k',
  'i',
  'S',
  '\\',
  '-',
  '\u00e9',
  '\u0130',
  '\u212a',
  '\u2013',
  '\u2015',
  '\u03a3',
  '\u{1f600}',
  '\ufffd',
];

function texts(maxLength: number): Arbitrary<string> {
  return fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...letters) },
        { weight: 1, arbitrary: fc.constant('aaaaaaaaaaaaaa') },
      ),
      { maxLength },
    )
    .map((all) => all.join(''));
}

const anchors: readonly Anchor[] = ['anywhere', 'start', 'end', 'whole'];
const plainText = fc
  .array(fc.constantFrom('a', 'b', 'k', 'i', '\\', '-'), { maxLength: 3 })
  .map((all) => all.join(''));

const shortText = fc.array(fc.constantFrom(...letters), { maxLength: 4 }).map((all) => all.join(''));

function literalArbitrary(fold: (text: string) => string): Arbitrary<Omit<Literal, 'id'>> {
  const single = shortText.map((text) => [fold(text)]);
  const dashed = fc.array(plainText, { minLength: 2, maxLength: 3 });
  return fc.record({
    pieces: fc.oneof({ weight: 4, arbitrary: single }, { weight: 1, arbitrary: dashed }),
    anchor: fc.constantFrom(...anchors),
  });
}

/** All texts that a literal stands for. */
function variants(pieces: readonly string[]): string[] {
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return [first];
  return variants(rest).flatMap((tail) => dashes.map((dash) => first + dash + tail));
}

function standsIn({ pieces, anchor }: Omit<Literal, 'id'>, folded: string): boolean {
  return variants(pieces).some((text) => {
    if (text === '') return false;
    if (anchor === 'anywhere') return folded.includes(text);
    if (anchor === 'start') return folded.startsWith(text);
    return anchor === 'end' ? folded.endsWith(text) : folded === text;
  });
}

type Look = (scanner: LiteralScanner, text: string) => void;

/** With bytes before and behind that must not count. */
const looks: Readonly<Record<string, Look>> = {
  'UTF-16': (scanner, text) => {
    const bytes = Buffer.from(`a\\${text}ki`, 'utf16le');
    scanner.utf16(bytes, 4, text.length);
  },
  'UTF-16 at an odd offset': (scanner, text) => {
    const bytes = Buffer.concat([Buffer.from([0x61]), Buffer.from(text, 'utf16le')]);
    scanner.utf16(bytes, 1, text.length);
  },
  'UTF-8': (scanner, text) => {
    const bytes = Buffer.from(`a${text}k`);
    if (scanner.bytes(bytes, 1, bytes.length - 1)) scanner.text(text);
  },
  text: (scanner, text) => {
    scanner.text(text);
  },
};

type Change = (literals: readonly Literal[], tables: LiteralTables) => LiteralTables;

function bodyWords(literals: readonly Literal[], { classes }: LiteralTables): readonly Word[] {
  const narrow = literals.filter(
    ({ pieces, anchor }) =>
      anchor === 'anywhere' &&
      (pieces.length > 1 || pieces[0] !== '') &&
      !pieces.some((piece) => /[^\0-\x7f]/.test(piece)),
  );
  return narrow.map(({ id, pieces }) => ({ id, word: classesOf(pieces, classes) }));
}

function trieOf(words: readonly Word[]): TrieBuilder {
  const trie = new TrieBuilder();
  for (const { id, word } of words) trie.add(word, id);
  return trie;
}

/** As if the set were too large for a dense table. */
const linkedTables: Change = (literals, tables) => {
  if (tables.narrow.body === undefined) return tables;
  const body = makeLinked(trieOf(bodyWords(literals, tables)));
  return { ...tables, narrow: { ...tables.narrow, body } };
};

/** As if it were too large for a small automaton. */
const indexedTables: Change = (literals, { folding }) => compileLiterals(literals, folding, 1);

const unchanged: Change = (_literals, tables) => tables;

/** A comparison that finds less than this compares nothing. */
const ENOUGH = 25;

/** Long literals and texts that hold them, with and without letters that only look like theirs. */
const words = [
  '\u2013',
  '\u00e9',
  'kerberos',
  'sekurlsa',
  'mimidrv',
  'lsadump',
  'K\u0130WI-',
  '\u212aerberos',
  'shell',
  '.aspx',
  '::',
  'x',
  '\\',
];
const longText = fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((all) => all.join(''));
const longLiterals = fc.array(
  fc.record({
    pieces: fc
      .tuple(
        fc.constantFrom('kerberos', 'sekurlsa', 'mimidrv', 'lsadump', 'shell', '.aspx'),
        fc.constantFrom('', '', '::', 'x', 'kerberos'),
      )
      .map((both) => [both.join('')]),
    anchor: fc.constantFrom<Anchor>('anywhere', 'anywhere', 'end'),
  }),
  { minLength: 1, maxLength: 8 },
);
/** The same among others that no look at letters tells, but what is beyond ASCII. */
const mixedLiterals = fc
  .tuple(
    longLiterals,
    fc.array(
      fc.constantFrom<Omit<Literal, 'id'>>(
        { pieces: ['sekurlsa', 'x'], anchor: 'anywhere' },
        { pieces: ['x', 'shell'], anchor: 'anywhere' },
        { pieces: ['\u00e9shell'], anchor: 'anywhere' },
        { pieces: ['\u00e9'], anchor: 'end' },
      ),
      { maxLength: 3 },
    ),
  )
  .map((both) => both.flat());

interface Given {
  readonly literals: Arbitrary<readonly Omit<Literal, 'id'>[]>;
  readonly texts: Arbitrary<string>;
}

function shortOnes(folding: Folding): Given {
  const fold = folding === 'unicode' ? foldText : foldScanned;
  return { literals: fc.array(literalArbitrary(fold), { maxLength: 12 }), texts: texts(10) };
}

const longOnes: Given = { literals: longLiterals, texts: longText };
const mixedOnes: Given = { literals: mixedLiterals, texts: longText };

// oxlint-disable-next-line max-params -- what varies
function compare(folding: Folding, look: Look, from: Given, change: Change): number {
  const fold = folding === 'unicode' ? foldText : foldScanned;
  let found = 0;
  fc.assert(
    fc.property(from.literals, fc.array(from.texts, { minLength: 1, maxLength: 6 }), (given, samples) => {
      const literals = given.map((literal, id) => ({ ...literal, id }));
      const hits = new LiteralHits(literals.length);
      const scanner = new LiteralScanner(change(literals, compileLiterals(literals, folding)), hits);
      for (const text of samples) {
        hits.next();
        look(scanner, text);
        const expected = literals.filter((literal) => standsIn(literal, fold(text))).map(({ id }) => id);
        const got = [...hits.found.subarray(0, hits.count)].toSorted((a, b) => a - b);
        expect({ text, got }).toEqual({ text, got: expected });
        expect(literals.filter(({ id }) => hits.has(id)).map(({ id }) => id)).toEqual(expected);
        found += expected.length;
      }
    }),
    propertyRuns(10),
  );
  return found;
}

describe.each<Folding>(['unicode', 'ascii'])('with %s folding', (folding) => {
  test.each(Object.entries(looks))('%s holds what its folded text holds', (_, look) => {
    expect(compare(folding, look, shortOnes(folding), unchanged)).toBeGreaterThan(ENOUGH);
  });

  describe.each([
    ['long literals', longOnes],
    ['long literals among others', mixedOnes],
  ] as const)('%s, told by a look at every few letters', (_name, given) => {
    test.each(Object.entries(looks))('in %s', (_, look) => {
      let filtered = 0;
      const found = compare(folding, look, given, (_literals, tables) => {
        if (tables.filter !== undefined) filtered++;
        return tables;
      });
      expect(found).toBeGreaterThan(ENOUGH);
      expect(filtered).toBeGreaterThan(ENOUGH);
    });
  });

  test.each(Object.entries(looks))('%s, searched without a dense table', (_, look) => {
    expect(compare(folding, look, shortOnes(folding), linkedTables)).toBeGreaterThan(ENOUGH);
  });
});

describe('words that are looked for by four of their letters', () => {
  const pieces = [
    'sekurlsa',
    '::',
    'kerberos',
    'k',
    'i',
    '-',
    '\\',
    'IWI',
    'ki-ki',
    'aaaaa',
    '\u212a',
    '\u0130',
    '\u2013',
  ];
  const literals = fc.array(
    fc.record({
      pieces: fc.oneof(
        fc
          .array(fc.constantFrom('sekurlsa', '::', 'kerberos', 'ki-ki', 'iwi', 'aaaaa', '-'), {
            minLength: 1,
            maxLength: 3,
          })
          .map((all) => [all.join('')]),
        fc.array(fc.constantFrom('sekurlsa', 'k', 'ki-ki', 'aaaaa', ''), { minLength: 2, maxLength: 3 }),
        fc.constantFrom(['\u00e9kerberos'], ['kerberos\u00e9'], ['k']),
      ),
      anchor: fc.constantFrom<Anchor>('anywhere', 'anywhere', 'anywhere', 'start', 'end', 'whole'),
    }),
    { minLength: 1, maxLength: 24 },
  );
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join(''));

  describe.each<Folding>(['unicode', 'ascii'])('with %s folding', (folding) => {
    test.each(Object.entries(looks))('are found in %s', (_, look) => {
      let indexed = 0;
      const count = compare(folding, look, { literals, texts }, (given, tables) => {
        const changed = indexedTables(given, tables);
        indexed += changed.narrow.grams === undefined ? 0 : 1;
        return changed;
      });
      expect(count).toBeGreaterThan(ENOUGH);
      expect(indexed).toBeGreaterThan(50);
    });
  });

  test('as many as thousands, each where it stands', () => {
    const many = Array.from({ length: 3000 }, (_, id): Literal => {
      const text = `${(id * 7919).toString(36)}_${(id * 104_729).toString(36)}`;
      return { id, pieces: [text], anchor: 'anywhere' };
    });
    const tables = compileLiterals(many, 'ascii');
    expect(tables.narrow.grams?.entries.length).toBeGreaterThan(2900 * 2 * 4);
    const hits = new LiteralHits(many.length);
    const scanner = new LiteralScanner(tables, hits);
    for (const {
      id,
      pieces: [text = ''],
    } of many) {
      for (const before of ['', 'x']) {
        hits.next();
        scanner.text(`${before}${text.toUpperCase()}`);
        expect(hits.has(id)).toBe(true);
      }
    }
  });

  test('are left to the automaton where too many share all their letters', () => {
    const alike = Array.from({ length: 40 }, (_, id): Literal => ({
      id,
      pieces: ['a'.repeat(id + 5)],
      anchor: 'anywhere',
    }));
    const tables = compileLiterals(alike, 'ascii', 1);
    expect(tables.narrow.grams?.entries.length).toBe(8 * 4);
    const hits = new LiteralHits(alike.length);
    hits.next();
    new LiteralScanner(tables, hits).text('a'.repeat(20));
    expect([...hits.found.subarray(0, hits.count)].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, id) => id),
    );
  });
});

test('sets too large for a dense table are linked, and find the same', () => {
  // Of four letters: too short for an index.
  const literals = Array.from({ length: 70_000 }, (_, id): Literal => {
    const text = id.toString(17).padStart(4, '0');
    return { id, pieces: [text], anchor: 'anywhere' };
  });
  const tables = compileLiterals(literals, 'ascii');
  expect(tables.narrow.body?.kind).toBe('linked');
  const hits = new LiteralHits(literals.length);
  const scanner = new LiteralScanner(tables, hits);
  for (const { id, pieces } of literals.filter(({ id: number }) => number % 1000 === 0)) {
    hits.next();
    const bytes = Buffer.from(`<${pieces[0]?.toUpperCase()}>`);
    scanner.bytes(bytes, 0, bytes.length);
    expect([...hits.found.subarray(0, hits.count)]).toContain(id);
  }
});

test('tables are plain data', () => {
  const tables = compileLiterals(
    [
      { id: 0, pieces: ['shell', 'x'], anchor: 'anywhere' },
      { id: 1, pieces: ['\u00e9'], anchor: 'end' },
    ],
    'unicode',
  );
  expect(structuredClone(tables)).toEqual(tables);
});

test('text made of nothing but nested literals adds each of them once', () => {
  const literals = Array.from({ length: 64 }, (_, id): Literal => ({
    id,
    pieces: ['a'.repeat(id + 1)],
    anchor: 'anywhere',
  }));
  const hits = new LiteralHits(64);
  const scanner = new LiteralScanner(compileLiterals(literals, 'ascii'), hits);
  let added = 0;
  const add = hits.add.bind(hits);
  hits.add = (id) => {
    added++;
    add(id);
  };
  hits.next();
  scanner.text('a'.repeat(10_000));
  expect([hits.count, added]).toEqual([64, 64]);
});

test('epochs begin anew without finding what was found long ago', () => {
  const hits = new LiteralHits(1);
  const scanner = new LiteralScanner(
    compileLiterals([{ id: 0, pieces: ['ab'], anchor: 'anywhere' }], 'ascii'),
    hits,
  );
  hits.next();
  scanner.text('ab');
  hits.epoch = 0x7fff_ffff;
  hits.next();
  expect([hits.epoch, hits.has(0)]).toEqual([1, false]);
  scanner.text('xab');
  expect([hits.count, hits.has(0)]).toEqual([1, true]);
});
