// Judgement sections 1 and 6: the door, what its state rests on, and mitigations as a third state.

import type { BuildObservation, Hit } from '@postern/core';
import { describe, expect, test } from 'vitest';
import {
  at,
  buildSource,
  caseOf,
  fullLogs,
  hit,
  judged,
  page,
  pageSource,
  verdictOf,
} from './testing/facts.ts';

const header = { basis: 'log-header' } as const;
const door = (seen: readonly Partial<BuildObservation>[], hits: readonly Hit[] = []) =>
  verdictOf(caseOf({ sources: [...fullLogs(), buildSource(...seen)], hits }));
const open = { build: '15.1.2106.2', ...header, first: at('2021-02-01'), last: at('2021-03-08 01:00:00') };
const fixed = { build: '15.1.2106.13', ...header, first: at('2021-03-08 03:00:00'), last: at('2021-03-17') };
const unfixed = { ...open, basis: 'file-version', last: at('2021-03-17') } as const;

describe('what the door rests on is said in one sentence', () => {
  test('closed: the last open and the first fixed build, with days, and where they were read', () => {
    expect(door([open, fixed]).door.basis).toBe(
      'Exchange 2016 CU18 was seen until 2021-03-08, Exchange 2016 CU18 Mar21SU with all fixes from 2021-03-08 on (headers of logs)',
    );
  });

  test('open now', () => {
    expect(door([unfixed]).door.basis).toBe(
      'Exchange 2016 CU18 (versions of files) was the last build seen, on 2021-03-17; it lacks a fix',
    );
  });

  test('the CU only', () => {
    expect(door([{ ...open, last: at('2021-03-17') }]).door.basis).toBe(
      'only the CU is known, Exchange 2016 CU18 (update not told), from headers of logs; before 2021-03-02 no fix existed for it',
    );
  });

  test('fixed when first seen, and fixed without a time', () => {
    expect(door([{ ...fixed, basis: 'setup-log' }]).door.basis).toBe(
      'Exchange 2016 CU18 Mar21SU with all fixes was there when a build was first seen, on 2021-03-08 (the log of the setup)',
    );
    expect(door([{ ...fixed, basis: 'file-version', first: undefined, last: undefined }]).door.basis).toBe(
      'Exchange 2016 CU18 Mar21SU has all fixes (versions of files); when it came is not told',
    );
  });

  test('installed: until then it was not there, and the server was open', () => {
    const event = { basis: 'installer-event' } as const;
    const put = (build: string) =>
      door([
        { ...open, last: at('2021-03-17') },
        { build, ...event, first: fixed.first, last: fixed.first },
      ]);
    expect(put('15.1.2106.13').door).toMatchObject({
      state: 'closed',
      closedAt: '2021-03-08T03:00:00Z',
      duringCampaign: 'partly-open',
      fixExistedSince: '2021-03-02',
      basis:
        'Exchange 2016 CU18 Mar21SU with all fixes was installed on 2021-03-08 (events of the installer), so it was not there before',
    });
    expect(put('15.1.2106.13').exposure.slice(0, 2)).toMatchObject([
      { state: 'vulnerable', from: '2021-01-03T00:00:00Z', to: '2021-03-08T03:00:00Z' },
      { state: 'fixed', from: '2021-03-08T03:00:00Z' },
    ]);
    // What was there before a CU that shipped with the fix, or before an update that is not the first with it: not told.
    for (const build of ['15.1.2242.4', '15.1.2242.8'])
      expect(put(build).exposure.map(({ state }) => state)).not.toContain('vulnerable');
  });

  test('no build at all, and what an answer proved', () => {
    expect(door([]).door.basis).toBe('no build was seen');
    expect(door([], [hit('proved', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7' })]).door).toMatchObject({
      state: 'not-known',
      duringCampaign: 'partly-open',
      basis: 'no build was seen; that it was open is proved by what the server answered on 2021-03-05',
    });
    const known = door([{ ...open, last: at('2021-03-17') }], [hit('proved', '2021-03-05 04:00:00')]);
    expect(known.door.basis).toBe(
      'only the CU is known, Exchange 2016 CU18 (update not told), from headers of logs; before 2021-03-02 no fix existed for it; ' +
        'that it was open is proved by what the server answered on 2021-03-05',
    );
  });
});

test('what several findings prove of one flaw is one span', () => {
  const hits = ['203.0.113.7', '198.51.100.1', '192.0.2.3', '192.0.2.4'].map((address, k) =>
    hit('proved', `2021-03-0${k + 4} 04:00:00`, { 'c-ip': address }),
  );
  const spans = door([], hits).exposure.filter(({ state }) => state === 'vulnerable');
  expect(spans).toMatchObject([{ from: '2021-03-04T04:00:00Z', to: '2021-03-07T04:00:00Z' }]);
  expect(spans[0]?.basis).toMatch(
    /^proved by what the server answered \((?:finding-\w+, ){2}finding-\w+ \+1\)$/,
  );
});

describe('a mitigation', () => {
  const applied = hit('mitigated', '2021-03-05 09:00:00', {}, { recorder: 'windows:System' });
  const states = (verdict: ReturnType<typeof door>) =>
    verdict.exposure
      .filter(({ cve }) => cve === 'CVE-2021-26855')
      .map(({ state, from, to }) => [state, from?.slice(0, 10), to?.slice(0, 10)]);

  test('is a third state from its time on; the door stays unfixed', () => {
    const verdict = door([unfixed], [applied]);
    expect(states(verdict)).toEqual([
      ['vulnerable', '2021-01-03', '2021-03-05'],
      ['mitigated', '2021-03-05', undefined],
    ]);
    expect(verdict.door).toMatchObject({ state: 'open-now', mitigatedSince: '2021-03-05T09:00:00Z' });
    expect(verdict.door.basis).toContain('a mitigation of CVE-2021-26855 was recorded on 2021-03-05');
    expect(verdict.verdict).toBe('exposed');
  });

  test('between open and fixed', () => {
    const verdict = door([open, fixed], [applied]);
    expect(states(verdict)).toEqual([
      ['vulnerable', '2021-01-03', '2021-03-05'],
      ['mitigated', '2021-03-05', '2021-03-08'],
      ['fixed', '2021-03-08', undefined],
    ]);
    expect(verdict.door).toMatchObject({ state: 'closed', closedAt: '2021-03-08T03:00:00Z' });
    expect(verdict.door.mitigatedSince).toBeUndefined();
  });

  test('without a time shortens nothing', () => {
    const undated = hit('mitigated', undefined, {}, { recorder: 'windows:System' });
    const verdict = door([unfixed], [undated]);
    expect(states(verdict)).toEqual([
      ['vulnerable', '2021-01-03', undefined],
      ['mitigated', undefined, undefined],
    ]);
    expect(verdict.door.mitigatedSince).toBeUndefined();
    expect(verdict.door.basis).toContain('since when is not told');
  });

  test('undone, the build leaves the server open again', () => {
    const undone = hit('unmitigated', '2021-03-07 09:00:00', {}, { recorder: 'windows:System' });
    const verdict = door([unfixed], [applied, undone]);
    expect(states(verdict)).toEqual([
      ['vulnerable', '2021-01-03', '2021-03-05'],
      ['mitigated', '2021-03-05', '2021-03-07'],
      ['vulnerable', '2021-03-07', undefined],
    ]);
    expect(verdict.door).toMatchObject({ state: 'open-now', duringCampaign: 'open' });
    expect(verdict.door.mitigatedSince).toBeUndefined();
    const again = hit('mitigated', '2021-03-08 09:00:00', {}, { recorder: 'windows:System' });
    expect(states(door([unfixed], [applied, undone, again]))[1]).toEqual([
      'mitigated',
      '2021-03-05',
      undefined,
    ]);
  });

  test('in the configuration of the web server counts where it lies; a copy put away does not', () => {
    const path = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
    const file = page(path, 'not-judged', { judged: judged('benign', { yara: ['setting'] }) });
    const seen = (one: typeof file) =>
      verdictOf(caseOf({ sources: [...fullLogs(), pageSource, buildSource(unfixed)], files: [one] }));
    expect(states(seen(file))).toContainEqual(['mitigated', undefined, undefined]);
    expect(states(seen({ ...file, inert: 'a backup' })).map(([state]) => state)).not.toContain('mitigated');
  });

  test('by rewrite rules counts if both cookies are refused', () => {
    const entry = (name: string, code = 'mitigation') => ({
      kind: 'mitigation' as const,
      code,
      strength: 'lead' as const,
      name,
      text: `${name}: CVE-2021-26855, the form of 2021-03`,
      line: 3,
      offset: 30,
    });
    const seen = (...configured: ReturnType<typeof entry>[]) => {
      const path = 'C:\\inetpub\\wwwroot\\aspnet_client\\web.config';
      const file = page(path, 'benign', { judged: judged('benign', { configured }) });
      return states(
        verdictOf(caseOf({ sources: [...fullLogs(), pageSource, buildSource(unfixed)], files: [file] })),
      ).map(([state]) => state);
    };
    expect(seen(entry('first'), entry('second'))).toContain('mitigated');
    expect(seen(entry('first'))).not.toContain('mitigated');
    expect(seen(entry('first'), entry('second', 'mitigation-weak'))).not.toContain('mitigated');
  });

  test('after the fix says nothing, and never soothes a verdict', () => {
    const late = hit('mitigated', '2021-03-10 09:00:00', {}, { recorder: 'windows:System' });
    expect(states(door([open, fixed], [late])).map(([state]) => state)).toEqual(['vulnerable', 'fixed']);
    const session = hit('session', '2021-03-09 10:00:00', { 'c-ip': '203.0.113.7' });
    expect(door([unfixed], [applied, session]).verdict).toBe('compromised');
  });
});
