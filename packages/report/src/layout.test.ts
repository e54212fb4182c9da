import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { fitSections, hang, hangWithNote, spread, width, wrap, type Section } from './layout.ts';

describe('wrap', () => {
  it('loses nothing and keeps within the columns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 })),
        fc.integer({ min: 1, max: 30 }),
        (parts, columns) => {
          const text = parts.join(' ');
          const lines = wrap(text, columns);
          const dateless = lines.filter((line) => width(line) > columns);
          expect(dateless).toEqual([]);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
      propertyRuns(2),
    );
  });

  it('keeps dates whole', () => {
    expect(wrap('used 157 times 28 Feb – 11 Mar', 18)).toEqual(['used 157 times', '28 Feb – 11 Mar']);
  });
});

describe('spread and hang', () => {
  it('puts left and right on one line, on two where they do not fit', () => {
    expect(spread('left', 'right', 12)).toEqual(['left   right']);
    expect(spread('left', 'right', 10)).toEqual(['left', '     right']);
    expect(spread('left', '', 10)).toEqual(['left']);
  });

  it('hangs a text beside its margin', () => {
    expect(hang('  1', 'some words here', 5, 15)).toEqual(['  1  some words', '     here']);
  });

  it('puts a note at the edge of the first line, below where it is too long', () => {
    const place = { marginColumns: 2, columns: 50 };
    expect(hangWithNote('', 'a text of several words and more', 'IIS', place)[0]).toMatch(
      /^ {2}a text.* IIS$/,
    );
    const long = 'a note that takes far too much room';
    expect(hangWithNote('', 'a text', long, place)).toEqual(['  a text', ' '.repeat(15) + long]);
    expect(hangWithNote('', 'a text', '', place)).toEqual(['  a text']);
  });
});

describe('fitSections', () => {
  const section = (heading: string, count: number, keep: number): Section => ({
    heading,
    count,
    keep,
    floor: 1,
    most: 9,
    show: (shown) => Array.from({ length: shown }, (_, i) => `${heading}${i}`),
    more: (hidden) => `… ${hidden} more`,
  });

  it('shows all where there is room, nothing of an empty one', () => {
    expect(fitSections([section('a', 2, 1), section('b', 0, 1)], 10)).toEqual(['a', 'a0', 'a1', '']);
  });

  it('shortens the longest first, and what is to be kept last', () => {
    const lines = fitSections([section('a', 8, 6), section('b', 4, 1)], 13);
    expect(lines).toHaveLength(13);
    expect(lines.filter((line) => /^a\d/.test(line))).toHaveLength(6);
  });

  it('says how many are left out, those beyond the most too, and leaves one at least', () => {
    expect(fitSections([section('a', 20, 3)], 100)).toContain('… 11 more');
    expect(fitSections([section('a', 20, 3)], 0)).toEqual(['a', 'a0', '… 19 more', '']);
  });
});
