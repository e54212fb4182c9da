import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { readContext, readReviews } from './context.ts';

function json(value: unknown): string {
  const path = join(testFolder(), 'file.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const ruling = {
  id: 'finding-1',
  disposition: 'false-positive',
  author: 'eve',
  date: '2021-04-01',
  reason: 'a test of ours',
};

describe('--context', () => {
  test('takes what it knows', () => {
    const given = {
      organisation: 'Council',
      sector: 'public',
      country: 'XX',
      more: 1,
      __proto__: { sector: 'x' },
    };
    expect(readContext(json(given))).toEqual({ organisation: 'Council', sector: 'public', country: 'XX' });
    expect(readContext(undefined)).toEqual({});
  });

  test('classes of what is held, as an object or as a list', () => {
    const classes = ['ceo@corp.example=personal data', '\\\\files\\r=research'];
    expect(
      readContext(json({ classes: { 'ceo@corp.example': 'personal data', '\\\\files\\r': 'research' } })),
    ).toEqual({ classes });
    expect(readContext(json({ classes }))).toEqual({ classes });
  });

  test.each([['mail'], [['mail']], [{ mail: 1 }], [7]])(
    'classes %j are refused, with the form wanted',
    (classes) => {
      expect(() => readContext(json({ classes }))).toThrow(/classes name what holds data/);
    },
  );

  test.each([['not json'], [''], ['[1']])('%j is refused', (text) => {
    expect(() => readContext(json(text))).toThrow(expect.objectContaining({ code: 'POSTERN_CLI_FILE' }));
  });
});

describe('--review', () => {
  test('rulings by id', () => {
    const { id, ...review } = ruling;
    expect([...readReviews(json([ruling]))]).toEqual([[id, review]]);
    expect(readReviews(undefined).size).toBe(0);
  });

  test.each([
    ['no list', {}],
    ['no object', ['x']],
    ['no author', [{ ...ruling, author: undefined }]],
    ['an empty reason', [{ ...ruling, reason: '' }]],
    ['another disposition', [{ ...ruling, disposition: 'fine' }]],
  ])('%s is refused', (_, value) => {
    expect(() => readReviews(json(value))).toThrow(expect.objectContaining({ code: 'POSTERN_CLI_FILE' }));
  });
});
