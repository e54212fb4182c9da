import { limits, type Hit } from '@postern/core';
import { expect, test } from 'vitest';
import { Hits } from './hits.ts';
import { eachBatch, frontLog, iisLog } from './testing/records.ts';

function hitsOf(rows: number, rule: string): Hits {
  const hits = new Hits();
  const requests = Array.from({ length: rows }, (_, i) => ({ url: `/a${i}` }));
  eachBatch(iisLog(requests), frontLog, (batch) => {
    for (let record = 0; record < batch.count; record++)
      hits.add('source-1', rule, { batch, record }, new Map([['n', `${record}`]]));
  });
  return hits;
}

test('a hit leads back to the byte and the line, and outlives its batch', () => {
  const [, second] = hitsOf(2, 'r').list;
  const text = iisLog([{ url: '/a0' }, { url: '/a1' }]);
  const at = text.indexOf('2021-03-03 10:00:00 10.0.0.5 GET /a1');
  expect(second).toMatchObject({
    rule: 'r',
    source: 'source-1',
    recorder: 'iis-front',
    at: { offset: at, line: 6 },
  } satisfies Partial<Hit>);
  expect(second?.text).toBe(text.slice(at).trimEnd());
});

test('hits of one rule are bounded, and what is left out is counted and said', () => {
  const hits = hitsOf(limits.hitsPerRuleAndSource + 3, 'noisy');
  expect(hits.list).toHaveLength(limits.hitsPerRuleAndSource);
  expect(hits.issues()).toEqual([expect.objectContaining({ code: 'POSTERN_SCAN_HITS_LIMIT', count: 3 })]);
});

test('nothing is said where nothing was left out', () => {
  expect(hitsOf(3, 'r').issues()).toEqual([]);
});
