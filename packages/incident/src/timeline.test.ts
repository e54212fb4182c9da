// One line for what happened, whoever recorded it; in the order of time, whatever the precision of its source.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
} from './testing/facts.ts';

const titles = (facts: Parameters<typeof caseOf>[0]) =>
  assess(caseOf({ sources: fullLogs(), ...facts }))
    .timeline.filter(({ lane }) => lane !== 'statement')
    .map(({ title }) => title);

test('records of one act within a minute are one line, told by the strongest', () => {
  const hits = [
    hit('staged', '2021-03-03 10:00:00', { file: 'c:\\a.zip' }, { recorder: 'windows:Security' }),
    hit('staged', '2021-03-03 10:00:30', { file: 'c:\\b.zip' }, { recorder: 'file-listing' }),
    hit('staged', '2021-03-03 10:05:00', { file: 'c:\\c.zip' }, { recorder: 'windows:Security' }),
  ];
  expect(titles({ hits })).toEqual(['staged', 'staged']);
});

test('what two addresses from outside did in one minute is two lines', () => {
  const hits = ['203.0.113.7', '198.51.100.1', '10.0.0.5'].map((address, k) =>
    hit('session', `2021-03-03 10:00:0${k}`, { 'c-ip': address }),
  );
  expect(titles({ hits })).toEqual(['session', 'session']);
});

describe('a back door', () => {
  const hits = [hit('drop', '2021-03-03 10:00:01', { file: shellPath }, { recorder: 'windows:Security' })];
  const used = front(requests(shellUrl, [{ first: at('2021-03-03 10:05:00'), last: at('2021-03-04') }]));
  const sources = [...fullLogs().filter(({ id }) => id !== 'iis-front'), used, pageSource];
  const files = [page(shellPath, 'remote-control')];

  test('tells of its making and its first use; its findings do not say it again', () => {
    expect(titles({ hits, sources, files })).toEqual([
      `back door placed: ${shellUrl}`,
      `back door first used: ${shellUrl}`,
    ]);
  });

  test('a second drop days later is told', () => {
    const again = hit(
      'listed',
      '2021-03-09 10:00:01',
      { file: shellPath },
      { recorder: 'file-listing', at: { offset: 9 } },
    );
    expect(titles({ hits: [...hits, again], sources, files })).toContain('listed');
  });
});

test('what is stamped to the second comes before what came later in that second', () => {
  const hits = [
    hit('session', '2021-03-03 10:00:00.700', { 'c-ip': '203.0.113.7' }),
    hit('fetched', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }, { recorder: 'iis-front' }),
  ];
  expect(titles({ hits })).toEqual(['fetched', 'session']);
});

test('leads are no line; what defenders did is in their lane', () => {
  const hits = [
    hit('named', '2021-03-03 10:00:00', { file: 'c:\\x' }, { recorder: 'ecp-server' }),
    hit('mitigated', '2021-03-05 10:00:00', {}, { recorder: 'windows:System' }),
  ];
  const { timeline } = assess(caseOf({ sources: fullLogs(), hits }));
  expect(timeline.filter(({ lane }) => lane !== 'statement')).toMatchObject([
    { lane: 'defender', title: 'mitigated' },
  ]);
});
