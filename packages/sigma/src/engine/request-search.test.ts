import { BatchBuilder, slotTypes, type Batch, type Shape } from '@postern/core';
import { compileLiterals, foldScanned, LiteralHits, LiteralScanner, type Literal } from '@postern/match';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTexts } from '../record-values.ts';
import { searchRequest } from './request-search.ts';

const shape: Shape = {
  family: 'iis',
  recorder: 'iis',
  fields: ['cs-uri-query'],
  constants: new Map(),
  time: undefined,
};

function batchOf(text: string): Batch {
  const bytes = new TextEncoder().encode(`before ${text} behind%41`);
  const builder = new BatchBuilder(bytes);
  const length = new TextEncoder().encode(text).length;
  builder.record({ shape, at: 0, line: 1, start: 0, end: bytes.length });
  builder.slot(7, length, length === 0 ? slotTypes.null : slotTypes.utf8);
  return builder.batch();
}

const literals: readonly Literal[] = [
  { id: 0, pieces: ['cmd='], anchor: 'anywhere' },
  { id: 1, pieces: ['/a b'], anchor: 'start' },
  { id: 2, pieces: ['%41'], anchor: 'anywhere' },
  { id: 3, pieces: ['x=1'], anchor: 'end' },
  { id: 4, pieces: ['k=é'], anchor: 'anywhere' },
  { id: 5, pieces: ['&x'], anchor: 'whole' },
];

/** The ids found by `search`, sorted. */
function found(search: (scanner: LiteralScanner) => void, without: readonly number[] = []): number[] {
  const hits = new LiteralHits(literals.length);
  hits.next();
  const wanted = literals.filter(({ id }) => !without.includes(id));
  search(new LiteralScanner(compileLiterals(wanted, 'ascii'), hits));
  return [...hits.found.subarray(0, hits.count)].toSorted((a, b) => a - b);
}

const parts = 'cmd= %63md= /a %20 %2541 %41 %4 % %zz & x=1 CorrelationID=<empty>; &cafeReqId=1 k= \u212a= é';
const escapes = '%c3%a9 %c3 %e2%84%aa C %26x';
const pieces = fc.constantFrom(' b', ...parts.split(' '), ...escapes.split(' '));
const queries = fc.array(pieces, { maxLength: 6 }).map((chosen) => chosen.join(''));

describe('searchRequest', () => {
  it('finds what stands in the texts, or says that it cannot tell', () => {
    fc.assert(
      fc.property(queries, fc.boolean(), fc.boolean(), (text, bare, isAscii) => {
        const without = isAscii ? [4] : [];
        const batch = batchOf(text);
        const texts = readTexts(batch, 0, { kind: 'request', slot: 0, bare }) ?? [];
        const inTexts = found((scanner) => {
          for (const each of texts) scanner.text(foldScanned(each));
        }, without);
        let isEnough = false;
        const inPlace = found((scanner) => {
          isEnough = searchRequest(scanner, batch, 0, 0, bare);
        }, without);
        expect(inPlace).toEqual(isEnough ? inTexts : inTexts.filter((id) => inPlace.includes(id)));
      }),
    );
  });

  it('can tell for what is no more than ASCII, escaped or not', () => {
    for (const text of ['', 'a=b', '%63md=', 'a%', 'a=1&b=%2541'])
      found((scanner) => expect(searchRequest(scanner, batchOf(text), 0, 0, true)).toBe(true));
  });
});
