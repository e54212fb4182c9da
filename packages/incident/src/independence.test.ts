// Judgement section 2: independent is another recorder and another act; joined records are one witness.

import { describe, expect, test } from 'vitest';
import type { FindingDraft } from './findings.ts';
import { findAll } from './found.ts';
import { seeAll } from './seen.ts';
import { caseOf, fullLogs, hit, shellPath, verdictOf } from './testing/facts.ts';
import { areIndependent } from './witnesses.ts';
import type { Witness } from './witnesses.ts';

const hits = [hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })];
const [draft] = findAll(seeAll(caseOf({ sources: fullLogs(), hits }))).drafts;

/** A witness of an act, with the recorder and the joining values of each of its records. */
function witness(act: string, ...records: readonly (readonly [string, ...string[]])[]): Witness {
  if (draft === undefined) throw new TypeError('no finding to begin with');
  const acted: FindingDraft = { ...draft, finding: { ...draft.finding, act } };
  return {
    draft: acted,
    strength: 'indirect',
    records: records.map(([recorder, ...joins]) => ({ recorder, joins })),
  };
}

const used = witness('page-used', ['iis-front', 'session:one']);

describe('two witnesses are independent', () => {
  test('by another recorder and another act', () => {
    expect(areIndependent(used, witness('page-written', ['windows:Security']))).toBe(true);
  });

  test('not by another recorder alone, nor by another act alone', () => {
    expect(areIndependent(used, witness('page-used', ['windows:Security']))).toBe(false);
    expect(areIndependent(used, witness('page-written', ['iis-front']))).toBe(false);
  });

  test('not where all their records are joined', () => {
    expect(areIndependent(used, witness('page-written', ['httpproxy-ecp', 'session:one']))).toBe(false);
  });

  test('still, when one more record of the act is joined with the other', () => {
    const alone = ['windows:Security', 'session:two'] as const;
    expect(areIndependent(used, witness('page-written', alone))).toBe(true);
    const joined = witness('page-written', alone, ['windows:Security', 'session:one']);
    expect(areIndependent(used, joined)).toBe(true);
    expect(areIndependent(joined, used)).toBe(true);
  });
});

describe('an id of a process', () => {
  const verdict = (time: string) =>
    verdictOf(
      caseOf({
        sources: fullLogs(),
        hits: [
          hit(
            'staged',
            '2021-03-03 10:00:00',
            { file: 'c:\\x.zip', ProcessId: '4711' },
            { recorder: 'windows:Security' },
          ),
          hit(
            'drop',
            time,
            { file: shellPath, ProcessId: '4711' },
            { recorder: 'windows:Microsoft-Windows-Sysmon/Operational' },
          ),
        ],
      }),
    ).verdict;

  test('makes one witness of two records of one process', () => {
    expect(verdict('2021-03-03 10:00:01')).toBe('likely-compromised');
  });

  test('given out again days later joins nothing', () => {
    expect(verdict('2021-03-06 10:00:00')).toBe('compromised');
  });
});
