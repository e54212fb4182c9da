import { describe, expect, it } from 'vitest';
import { searchIn } from './gram-search.ts';
import { gramsOf, makeGramTable, type GramTable } from './gram-table.ts';
import { makeWorkMemory, type WorkMemory } from './work-memory.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function tableOf(literals: readonly string[]): GramTable {
  return makeGramTable(literals.flatMap((literal, i) => gramsOf(encode(literal), i)));
}

function memoryOf(bytes: number): WorkMemory {
  const memory = makeWorkMemory(bytes);
  if (memory === undefined) throw new Error('no work memory');
  return memory;
}

/** Tells the first word of a text in which the search finds something, -1 where none. */
function finderOf(literals: readonly string[]): (text: string) => number {
  const memory = memoryOf(1_000_000);
  const address = memory.take(1000) ?? -1;
  const search = searchIn(memory, tableOf(literals));
  return (text) => {
    const bytes = encode(text);
    new Uint8Array(memory.buffer).set(bytes, address);
    const last = address + (bytes.length & ~3);
    const found = search?.next(address, last) ?? -1;
    return found < last ? (found - address) / 4 : -1;
  };
}

const filling = '-'.repeat(200);

describe('a search by kernel', () => {
  const sets: readonly (readonly [name: string, literals: readonly string[]])[] = [
    ['words', ['serverinfo~']],
    ['two middles', ['serverinfo~', '/ecp/']],
    ['four middles', ['/ecp/', '/oab/']],
    ['eight middles', ['/ecp/', '/oab/', '.aspx', '.asmx']],
    ['halves', ['/ecp/', '/oab/', '.aspx', '.asmx', 'a.bat', 'b.exe']],
    ['bytes', ['.asp', 'serverinfo~']],
    ['more grams than numbers', Array.from({ length: 90 }, (_, i) => `literal${100 + i}~`)],
  ];
  it.each(sets)(
    'with %s finds each literal at every alignment, within the word it begins in or behind it',
    (_, literals) => {
      const find = finderOf(literals);
      for (const literal of literals)
        for (let before = 60; before < 80; before++) {
          const found = find(`${'-'.repeat(before)}${literal.toUpperCase()}${filling}`);
          expect(found, `${literal} ${before}`).toBeGreaterThanOrEqual(before >> 2);
          expect(found, `${literal} ${before}`).toBeLessThanOrEqual((before + literal.length) >> 2);
        }
    },
  );

  it.each(sets)('with %s passes over what holds none of its grams', (_, literals) => {
    expect(finderOf(literals)(`${filling}0123456789 abcdefghijklmnop ${filling}`)).toBe(-1);
  });

  it('does not look behind its end', () => {
    const memory = memoryOf(200_000);
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(encode('....serverinfo~'), 0);
    memory.take(16);
    const search = searchIn(memory, tableOf(['serverinfo~']));
    expect(search?.next(0, 4)).toBeGreaterThanOrEqual(4);
    expect(search?.next(0, 12)).toBeLessThan(12);
  });

  it('is not made where its tables find no room', () => {
    expect(searchIn(memoryOf(60_000), tableOf(['serverinfo~']))).toBeUndefined();
  });
});
