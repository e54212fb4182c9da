import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { compileScanner } from './scanner.ts';
import { makeWorkMemory } from './work-memory.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Positions reported when going on right behind each. */
function hits(
  literals: readonly string[],
  bytes: Uint8Array,
  from = 0,
  to = bytes.length,
): readonly number[] {
  const found: number[] = [];
  compileScanner(literals).scan(bytes, from, to, (at) => (found.push(at), at + 1));
  return found;
}

/** Gives memory to search in, filled with dots. */
type Room = (length: number) => Uint8Array;

const plain: Room = (length) => new Uint8Array(length).fill(0x2e);

const memoryBytes = 64 * 1024 * 1024;
let memory = makeWorkMemory(memoryBytes);

/** Every scanner has its tables there too, so that another memory is needed now and then. */
const work: Room = (length) => {
  let address = memory?.take(length + 100_000);
  if (address === undefined) {
    memory = makeWorkMemory(memoryBytes);
    address = memory?.take(length + 100_000);
  }
  return new Uint8Array(memory?.buffer ?? new ArrayBuffer(0), address, length).fill(0x2e);
};

/** The lines in which a hit lies, as a reader asks. */
function linesHit(roomOf: Room, literals: readonly string[], text: string, skew = 0): readonly string[] {
  const room = roomOf(encode(text).length + skew + 5);
  room.set(encode(text), skew);
  const bytes = room.subarray(skew, skew + encode(text).length);
  const lines: string[] = [];
  compileScanner(literals).scan(bytes, 0, bytes.length, (at) => {
    const start = bytes.lastIndexOf(10, at) + 1;
    const end = bytes.indexOf(10, at) < 0 ? bytes.length : bytes.indexOf(10, at);
    lines.push(new TextDecoder().decode(bytes.subarray(start, end)));
    return end + 1;
  });
  return lines;
}

function naiveLines(literals: readonly string[], text: string): readonly string[] {
  const folded = literals.map((literal) => literal.toLowerCase());
  return text.split('\n').filter((line) => folded.some((literal) => asciiLower(line).includes(literal)));
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

describe.each([
  ['in plain memory', plain],
  ['in work memory', work],
])('compileScanner, %s', (_, roomOf) => {
  it('finds a literal at every alignment, in any case, up to the last byte', () => {
    for (const literal of [
      '={{',
      '.asp',
      '.aspx',
      'x.aspx',
      '/x.aspx',
      'ServerInfo~',
      'a literal of some length',
    ]) {
      for (let before = 0; before < 9; before++) {
        for (let after = 0; after < 5; after++) {
          const text = `${'-'.repeat(before)}${literal.toUpperCase()}${'-'.repeat(after)}`;
          expect(linesHit(roomOf, [literal], text), `${literal} ${before} ${after}`).toEqual([text]);
        }
      }
    }
  });

  it('keeps to its range', () => {
    const bytes = encode('ServerInfo~ ServerInfo~');
    expect(hits(['serverinfo~'], bytes, 0, 10)).toEqual([]);
    expect(hits(['serverinfo~'], bytes, 1, 22)).toEqual([]);
    expect(hits(['serverinfo~'], bytes, 1)).toHaveLength(1);
    expect(hits(['serverinfo~'], bytes)).toHaveLength(2);
  });

  it('finds only the percent escapes that are asked for', () => {
    expect(linesHit(roomOf, ['%65', 'powershell'], 'a=%2f%2F\nb=p%65w\nc=100%\nd=%6')).toEqual(['b=p%65w']);
  });

  it('goes on where the reader says', () => {
    const bytes = encode('/x.aspx /x.aspx /x.aspx');
    const seen: number[] = [];
    compileScanner(['/x.aspx']).scan(bytes, 0, bytes.length, (at) => (seen.push(at), 16));
    expect(seen).toHaveLength(2);
    expect(seen[1]).toBeGreaterThanOrEqual(16);
  });

  it('refuses a literal that is too short, by name', () => {
    expect(() => compileScanner(['ab'])).toThrow(/"ab" is shorter than 3/);
  });

  it('without literals finds nothing', () => expect(hits([], encode('anything'))).toEqual([]));

  /** Line by line the sorts of what stands in it, as far as the scanner tells. */
  function sortsByLine(literals: ReadonlyMap<string, number>, text: string, skew: number): readonly number[] {
    const room = roomOf(encode(text).length + skew + 5);
    room.set(encode(text), skew);
    const bytes = room.subarray(skew, skew + encode(text).length);
    const starts = [0, ...[...bytes].flatMap((byte, i) => (byte === 10 ? [i + 1] : []))];
    const held = starts.map(() => 0);
    let before = -1;
    const scanner = compileScanner(literals);
    scanner.scan(bytes, 0, bytes.length, (at, sorts) => {
      expect(at).toBeGreaterThan(before);
      before = at;
      const line = starts.findLastIndex((start) => start <= at);
      held[line] = (held[line] ?? 0) | sorts;
      return held[line] === scanner.sorts ? (starts[line + 1] ?? bytes.length) : at + 1;
    });
    return held;
  }

  function naiveSorts(literals: ReadonlyMap<string, number>, line: string): number {
    const found = [...literals].filter(([literal]) => asciiLower(line).includes(literal));
    return found.reduce((all, [, sorts]) => all | sorts, 0);
  }

  const letters = fc.constantFrom(...Array.from('abAB.x/~é%6'));
  const literal = fc
    .array(fc.constantFrom(...Array.from('abx./~')), { minLength: 3, maxLength: 12 })
    .map((chars) => chars.join(''));
  it('finds the very lines that a plain search finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(literal, fc.constantFrom('%61', '%62')), { minLength: 1, maxLength: 12 }),
        fc.array(
          fc.array(letters, { maxLength: 40 }).map((chars) => chars.join('')),
          { maxLength: 12 },
        ),
        fc.array(literal, { maxLength: 6 }),
        fc.nat(3),
        (literals, lines, planted, skew) => {
          const text = lines.flatMap((line, i) => [line, `${line}${planted[i] ?? ''}`]).join('\n');
          expect(linesHit(roomOf, literals, text, skew)).toEqual(naiveLines(literals, text));
        },
      ),
      propertyRuns(4),
    );
  });

  it('tells of every line the sorts of what stands in it; near the end of the block it may tell too many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(literal, fc.constantFrom('%61', '%62')), fc.integer({ min: 1, max: 7 })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.array(fc.array(fc.oneof(letters, literal), { maxLength: 20 }), { minLength: 1, maxLength: 12 }),
        fc.nat(3),
        (given, lines, skew) => {
          const literals = new Map(given);
          const texts = lines.map((line) => line.join(''));
          const told = sortsByLine(literals, `${texts.join('\n')}\n${'-'.repeat(20)}`, skew);
          expect(told).toEqual([...texts, ''].map((line) => naiveSorts(literals, line)));
          const atEnd = sortsByLine(literals, texts.join('\n'), skew);
          texts.forEach((line, i) => {
            const sure = naiveSorts(literals, line);
            expect((atEnd[i] ?? 0) & sure).toBe(sure);
          });
        },
      ),
      propertyRuns(8),
    );
  });
});
