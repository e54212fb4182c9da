// A server that is stated to be in service since a day cannot have been reached before: judgement section 3.

import { describe, expect, test } from 'vitest';
import type { CaseFacts } from '@postern/core';
import { at, caseOf, collected, family, hit, options, source, verdictOf } from './testing/facts.ts';

const inService = (day: string, name = 'ex01') => options({ inService: new Map([[name, at(day)]]) });

/** All logs of EX01 from a day on, and none from before. */
function logsFrom(from: string, to = collected): CaseFacts {
  const stretch = [from, to] as const;
  return caseOf({
    sources: [
      source('httpproxy', {
        families: ['httpproxy-ecp', 'httpproxy-owa'].map((name) => family(name, stretch)),
      }),
      source('ecp', { families: [family('ecp-server', stretch)] }),
      source('iis-front', { kind: 'iis', families: [family('iis-front', stretch)] }),
      source('iis-back', { kind: 'iis', families: [family('iis-back', stretch)] }),
      source('events', {
        kind: 'windows-events-json',
        families: ['windows:Application', 'windows:MSExchange Management'].map((name) =>
          family(name, stretch),
        ),
      }),
    ],
  });
}

const limitsOf = (facts: CaseFacts): string =>
  verdictOf(facts)
    .limits.map(({ text }) => text)
    .join('\n');

describe('a server in service since the middle of the campaign', () => {
  const facts = logsFrom('2021-03-10');
  const stated = { ...facts, options: inService('2021-03-10') };

  test('is judged for the time since, and the verdict says by what', () => {
    expect(verdictOf(facts).verdict).toBe('undetermined');
    expect(verdictOf(stated)).toMatchObject({
      verdict: 'nothing-found',
      window: { from: '2021-03-10T00:00:00Z' },
    });
    expect(limitsOf(stated)).toContain('As stated, the server is in service since 2021-03-10');
    expect(limitsOf(facts)).not.toContain('in service');
  });

  test('keeps what speaks against it', () => {
    const session = hit('session', '2021-03-12 10:00:00', { 'c-ip': '203.0.113.7' });
    expect(verdictOf({ ...stated, hits: [session] }).verdict).toBe('compromised');
  });

  test('needs the logs of that time as any other does', () => {
    const later = logsFrom('2021-03-15');
    expect(verdictOf({ ...later, options: inService('2021-03-10') }).verdict).toBe('undetermined');
  });
});

test('the server is named in full, by its short name, or as its collection where no record names it', () => {
  const facts = logsFrom('2021-03-10');
  for (const name of ['ex01', 'ex01.corp.example'])
    expect(verdictOf({ ...facts, options: inService('2021-03-10', name) }).verdict).toBe('nothing-found');
  const nameless = { ...facts, sources: facts.sources.map((one) => ({ ...one, hosts: new Map() })) };
  expect(verdictOf(nameless, 'case').verdict).toBe('undetermined');
  expect(verdictOf({ ...nameless, options: inService('2021-03-10', 'case') }, 'case').verdict).toBe(
    'nothing-found',
  );
});

test('one in service only after the campaign could not be reached by it', () => {
  const facts = logsFrom('2023-06-01', '2023-06-20');
  expect(verdictOf(facts)).toMatchObject({ verdict: 'undetermined' });
  expect(verdictOf(facts).wouldChange[1]).toContain('--in-service');
  expect(verdictOf(logsFrom('2021-03-15')).wouldChange.join(' ')).not.toContain('--in-service');
  expect(verdictOf({ ...facts, options: inService('2023-05-01') }).verdict).toBe('nothing-found');
});

describe('the statement is not gone by', () => {
  test('where records of the server are older, and that is said', () => {
    const facts = { ...logsFrom('2021-02-20'), options: inService('2021-03-10') };
    expect(verdictOf(facts).verdict).toBe(verdictOf(logsFrom('2021-02-20')).verdict);
    expect(limitsOf(facts)).toContain('in service since 2021-03-10, and its records begin on 2021-02-20');
  });

  test('for another server', () => {
    const facts = { ...logsFrom('2021-03-10'), options: inService('2021-03-10', 'ex02') };
    expect(verdictOf(facts).verdict).toBe('undetermined');
    expect(limitsOf(facts)).not.toContain('in service');
  });
});
