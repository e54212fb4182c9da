// Judgement section 3: coverage as questions, gaps and their causes. Times come from rows.

import type { PowerEvent, SourceFacts, SourceKind } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  collected,
  family,
  front,
  fullLogs,
  hit,
  source,
  verdictOf,
  windowFrom,
  without,
} from './testing/facts.ts';
import { containing } from './testing/matchers.ts';

const gapsOf = (sources: ReturnType<typeof fullLogs>, name: string) =>
  assess(caseOf({ sources })).coverage.families.find((one) => one.family === name)?.gaps;

const always = ['windows:Application', [windowFrom, collected]] as const;
const iis = (...stretches: (readonly [string, string])[]) =>
  source('iis', { kind: 'iis', families: [family('iis-front', ...stretches)] });
const events = source('events', { kind: 'windows-events-json', families: [family(always[0], always[1])] });

describe('gaps', () => {
  test('one family silent while the others run: removed or cleared', () => {
    const sources = [
      source('proxy', { families: [family('httpproxy-ecp', ...without([['2021-02-12', '2021-02-19']]))] }),
      iis([windowFrom, collected]),
    ];
    expect(gapsOf(sources, 'httpproxy-ecp')).toEqual([
      { from: '2021-02-12T00:00:00Z', to: '2021-02-19T00:00:00Z', cause: 'removed-or-cleared' },
    ]);
  });

  test('several gaps of one family are all seen', () => {
    const holes = [
      ['2021-02-01', '2021-02-08'],
      ['2021-02-12', '2021-02-19'],
    ] as const;
    const sources = [source('proxy', { families: [family('httpproxy-ecp', ...without(holes))] }), events];
    expect(gapsOf(sources, 'httpproxy-ecp')?.map(({ cause }) => cause)).toEqual([
      'removed-or-cleared',
      'removed-or-cleared',
    ]);
  });

  test('one day of a log is a sample: what is not there was not collected', () => {
    const day = source('iis-day', {
      kind: 'iis',
      families: [family('iis-front', ['2021-02-12', '2021-02-12 23:59:59'])],
    });
    const causes = (...sources: ReturnType<typeof fullLogs>) =>
      gapsOf([...sources, events], 'iis-front')?.map(({ cause }) => cause);
    expect(causes(day)).toEqual(['not-collected', 'not-collected']);
    const next = {
      ...day,
      id: 'next',
      families: [family('iis-front', ['2021-02-13', '2021-02-13 23:59:59'])],
    };
    expect(causes(day, next)?.at(-1)).toBe('removed-or-cleared');
  });

  describe('what was lost in a damaged file accuses nobody', () => {
    const issue = (code: string) => ({ code, severity: 'warning', message: 'damage' }) as const;
    const day = (from: string, to: string, code?: string) =>
      source(`iis-${from}`, {
        kind: 'iis',
        families: [family('iis-front', [from, to])],
        issues: code === undefined ? [] : [issue(code)],
      });
    const others = [
      source('proxy', { families: [family('httpproxy-ecp', [windowFrom, collected])] }),
      events,
    ];

    test('a log that was cut off explains the rest of its day, and no more', () => {
      const sources = [
        day(windowFrom, '2021-02-12T06:00:00', 'POSTERN_WEBLOG_LINE_TORN'),
        day('2021-02-14', collected),
        ...others,
      ];
      expect(gapsOf(sources, 'iis-front')).toEqual([
        { from: '2021-02-12T06:00:00Z', to: '2021-02-13T00:00:00Z', cause: 'damaged' },
        { from: '2021-02-13T00:00:00Z', to: '2021-02-14T00:00:00Z', cause: 'removed-or-cleared' },
      ]);
    });

    test('an event log that was cut off explains all that it does not hold, unless it was cleared', () => {
      const log = (...codes: string[]) =>
        source('system', {
          kind: 'evtx',
          families: [family('windows:System', [windowFrom, '2021-02-12'])],
          issues: codes.map((code) => issue(code)),
        });
      const causes = (...codes: string[]) =>
        gapsOf([log(...codes), ...others], 'windows:System')?.map(({ cause }) => cause);
      expect(causes('POSTERN_EVTX_TRUNCATED')).toEqual(['damaged']);
      expect(causes('POSTERN_EVTX_CHUNK_CHECKSUM')).toEqual(['removed-or-cleared']);
      expect(causes('POSTERN_EVTX_TRUNCATED', 'POSTERN_EVTX_CLEARED')).toEqual(['removed-or-cleared']);
    });

    test('anywhere, in the CSV of many event logs, of which some may be gone as a whole', () => {
      const torn = (kind: SourceKind): SourceFacts =>
        source('events', {
          kind,
          families: [family('windows:System', [windowFrom, '2021-02-12'])],
          issues: [issue('POSTERN_JSONLOG_TORN_END')],
        });
      const others = fullLogs().filter(({ id }) => id !== 'events');
      const causes = (kind: SourceKind) =>
        gapsOf([torn(kind), ...others], 'windows:System')?.map(({ cause }) => cause);
      expect(causes('windows-events-csv')).toEqual(['damaged']);
      expect(causes('windows-events-json')).not.toEqual(['damaged']);
    });

    test('and it stays a hole: the verdict is no milder than without the file', () => {
      const torn = source('torn', {
        families: [family('httpproxy-ecp', [windowFrom, '2021-02-12T06:00:00'])],
        issues: [issue('POSTERN_WEBLOG_LINE_TORN')],
      });
      const rest = source('rest', { families: [family('httpproxy-ecp', ['2021-02-13', collected])] });
      const sources = [
        torn,
        rest,
        ...fullLogs().filter(({ id }) => id !== 'httpproxy' && id !== 'iis-front'),
      ];
      expect(gapsOf(sources, 'httpproxy-ecp')?.map(({ cause }) => cause)).toEqual(['damaged']);
      expect(verdictOf(caseOf({ sources })).verdict).toBe('undetermined');
    });
  });

  test('all families silent: the server was down, or all were taken away', () => {
    const hole = without([['2021-02-12', '2021-02-13']]);
    const sources = [
      source('proxy', { families: [family('httpproxy-ecp', ...hole)] }),
      iis(...hole),
      source('events', { families: [family('windows:System', ...hole)] }),
    ];
    expect(gapsOf(sources, 'iis-front')?.map(({ cause }) => cause)).toEqual(['server-down']);
    const silent = verdictOf(caseOf({ sources }));
    expect(silent).toMatchObject({ verdict: 'undetermined', atLeast: 'nothing-found' });
    expect(silent.wouldChange[0]).toBe(
      'the System event log of 2021-02-12 to 2021-02-12: was the server down?',
    );
    expect(silent.limits.map(({ text }) => text).join('\n')).toContain('or all were taken away');
  });

  describe('a shutdown that the System log records', () => {
    const hole = without([['2021-02-12', '2021-02-13']]);
    const logs = [source('proxy', { families: [family('httpproxy-ecp', ...hole)] }), iis(...hole)];
    const system = (...power: readonly PowerEvent[]) =>
      source('system', {
        kind: 'windows-events-json',
        power,
        families: [
          family('windows:System', [windowFrom, '2021-02-12 01:00:00'], ['2021-02-12 23:00:00', collected]),
        ],
      });
    const stopped: PowerEvent = { time: at('2021-02-12 00:00:30'), event: 'stopped' };
    const started: PowerEvent = { time: at('2021-02-12 23:40:00'), event: 'started' };
    const crashed: PowerEvent = { time: at('2021-02-12 23:40:05'), event: 'started-after-crash' };
    const gaps = (...power: readonly PowerEvent[]) => gapsOf([...logs, system(...power)], 'iis-front');
    const down = {
      from: '2021-02-12T00:00:00Z',
      to: '2021-02-13T00:00:00Z',
      cause: 'server-down',
      recorded: true,
    };

    test('is no missing log, and answers the questions of its time', () => {
      expect(gaps(stopped, started)).toEqual([down]);
      expect(verdictOf(caseOf({ sources: [...logs, system(stopped, started)] })).verdict).toBe(
        'nothing-found',
      );
    });

    test('by the restart alone, where a process asked for it', () => {
      expect(gaps({ ...stopped, event: 'stopping' }, started)).toEqual([down]);
    });

    test('after a crash from the last record of any log on', () => {
      const after = { ...down, from: '2021-02-12T01:00:00Z' };
      expect(gaps(crashed)).toEqual([after]);
      expect(gaps(started, crashed)).toEqual([after]);
    });

    test('a start without a shutdown tells nothing', () => {
      expect(gaps(started)?.map(({ cause }) => cause)).toEqual(['unknown']);
    });

    test('records inside show that a start is missing: the logs were taken away', () => {
      const noisy = {
        ...system(stopped, started),
        families: [family('windows:System', [windowFrom, collected])],
      };
      expect(gapsOf([...logs, noisy], 'iis-front')?.map(({ cause }) => cause)).toEqual([
        'removed-or-cleared',
      ]);
    });

    test('explains only its own part of a longer gap', () => {
      const longer = without([['2021-02-10', '2021-02-15']]);
      const proxy = source('proxy', { families: [family('httpproxy-ecp', ...longer)] });
      const sources = [proxy, iis(...hole), system(stopped, started)];
      expect(gapsOf(sources, 'httpproxy-ecp')).toEqual([
        { from: '2021-02-10T00:00:00Z', to: '2021-02-12T00:00:00Z', cause: 'removed-or-cleared' },
        down,
        { from: '2021-02-13T00:00:00Z', to: '2021-02-15T00:00:00Z', cause: 'removed-or-cleared' },
      ]);
    });

    test('a restart inside of a missing week leaves the week whole', () => {
      const week = without([['2021-02-10', '2021-02-17']]);
      const proxy = source('proxy', { families: [family('httpproxy-ecp', ...week)] });
      const restart: PowerEvent = { time: at('2021-02-12 00:20:00'), event: 'started' };
      const sources = [proxy, iis([windowFrom, collected]), system(stopped, restart)];
      expect(gapsOf(sources, 'httpproxy-ecp')).toEqual([
        { from: '2021-02-10T00:00:00Z', to: '2021-02-17T00:00:00Z', cause: 'removed-or-cleared' },
      ]);
    });

    test('of another host tells nothing of this one', () => {
      const other = system(
        { ...stopped, host: 'dc01.corp.example' },
        { ...started, host: 'dc01.corp.example' },
      );
      const dc = { ...other, hosts: new Map([['DC01.corp.example', 5]]) };
      expect(gapsOf([...logs, dc], 'iis-front')?.[0]).not.toHaveProperty('recorded');
    });
  });

  test('nights and weekends without traffic are no gaps', () => {
    const hours: (readonly [string, string])[] = [];
    for (let day = 4; day <= 30; day++) {
      const date = `2021-01-${String(day).padStart(2, '0')}`;
      if (new Date(`${date}T00:00:00Z`).getUTCDay() % 6 !== 0)
        hours.push([`${date} 07:00:00`, `${date} 18:00:00`]);
    }
    const sources = [
      source('proxy', { families: [family('httpproxy-owa', ...hours)] }),
      source('events', { families: [family('windows:Security', ['2021-01-03', '2021-01-30'])] }),
    ];
    expect(gapsOf(sources, 'httpproxy-owa')?.filter(({ from }) => from > '2021-01-05')).toEqual([]);
  });

  test('a short silence is no gap', () => {
    const sources = [iis(...without([['2021-02-12 03:00:00', '2021-02-12 08:00:00']])), events];
    expect(gapsOf(sources, 'iis-front')).toEqual([]);
  });

  test('trimmed at retention: the log reaches back about thirty days', () => {
    const sources = [
      source('proxy', { families: [family('httpproxy-ecp', ['2021-02-16', collected])] }),
      iis([windowFrom, collected]),
    ];
    expect(gapsOf(sources, 'httpproxy-ecp')).toEqual([
      { from: '2021-01-03T00:00:00Z', to: '2021-02-16T00:00:00Z', cause: 'trimmed' },
    ]);
  });

  test('much shorter than the retention, while its like reaches further: removed or cleared', () => {
    const sources = [
      source('proxy', { families: [family('httpproxy-ecp', ['2021-03-10', collected])] }),
      source('ecp', { families: [family('ecp-server', ['2021-02-16', collected])] }),
    ];
    expect(gapsOf(sources, 'httpproxy-ecp')?.[0]?.cause).toBe('removed-or-cleared');
    expect(gapsOf(sources, 'ecp-server')?.[0]?.cause).toBe('trimmed');
  });

  test('a protocol that is seldom used, and whose like reaches further, had no traffic: that answers', () => {
    const hours = ['10', '12', '14'].map(
      (day) => [`2021-03-${day} 03:00:00`, `2021-03-${day} 04:00:00`] as const,
    );
    const sources = [
      source('proxy', { families: [family('httpproxy-powershell', ...hours)] }),
      source('ecp', { families: [family('ecp-server', ['2021-02-16', collected])] }),
    ];
    expect(gapsOf(sources, 'httpproxy-powershell')?.[0]?.cause).toBe('no-traffic');
  });

  test('event logs roll over', () => {
    const sources = [
      source('security', { families: [family('windows:Security', ['2021-03-16', collected])] }),
      iis([windowFrom, collected]),
    ];
    expect(gapsOf(sources, 'windows:Security')?.[0]?.cause).toBe('trimmed');
  });

  test('a log that stops while the others go on', () => {
    const sources = [iis([windowFrom, '2021-03-05']), events];
    expect(gapsOf(sources, 'iis-front')).toContainEqual({
      from: '2021-03-05T00:00:00Z',
      to: containing('2021-03-17T23'),
      cause: 'removed-or-cleared',
    });
  });
});

describe('questions', () => {
  const covered = (sources: ReturnType<typeof fullLogs>, question: string) =>
    assess(caseOf({ sources })).coverage.questions.find((one) => one.question === question)?.covered;

  test('covered if one alternative is, as a whole', () => {
    const back = source('back', {
      kind: 'iis',
      probes: 1,
      families: [family('iis-back', [windowFrom, collected])],
    });
    expect(covered([back, iis([windowFrom, collected])], 'success')).toEqual([]);
    const ecp = source('ecp', { families: [family('ecp-server', ['2021-02-01', '2021-02-20'])] });
    expect(covered([back, ecp], 'success')).toEqual([
      { from: '2021-02-01T00:00:00Z', to: '2021-02-20T00:00:00Z', by: 'ECP Server + IIS back end' },
    ]);
  });

  test('a log whose site is not told answers for the outside', () => {
    expect(
      covered(
        [source('iis', { kind: 'iis', probes: 1, families: [family('iis', [windowFrom, collected])] })],
        'attempt',
      ),
    ).toHaveLength(1);
  });

  test('excerpts and copies of one content cover nothing', () => {
    const rows = source('proxy', {
      excerpt: true,
      families: [family('httpproxy-ecp', [windowFrom, collected])],
    });
    expect(covered([rows, { ...rows, id: 'copy', excerpt: false, duplicateOf: 'proxy' }], 'attempt')).toEqual(
      [],
    );
  });
});

test('a missing family is listed as absent', () => {
  const families = assess(
    caseOf({ sources: [source('proxy', { families: [family('httpproxy-ecp', [windowFrom, collected])] })] }),
  ).coverage.families;
  expect(families.find((one) => one.family === 'iis-front')).toMatchObject({
    state: 'absent',
    title: 'IIS front end',
    gaps: [{ cause: 'not-collected' }],
  });
});

describe('the cases to be tested', () => {
  const attempt = (recorder: string) =>
    hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }, { recorder });
  const probes = source('probes', { kind: 'iis', probes: 5 });

  test('front-end IIS only', () => {
    expect(verdictOf(caseOf({ sources: [front(), probes], hits: [attempt('iis-front')] }))).toMatchObject({
      verdict: 'undetermined',
      atLeast: 'attacked',
    });
  });

  test('IIS front and back, with the console’s log: success can be told', () => {
    const sources = fullLogs().filter(({ id }) => id !== 'httpproxy');
    expect(verdictOf(caseOf({ sources, hits: [attempt('iis-front')] })).verdict).toBe('attacked');
  });

  test('EVTX rolled to two days does not matter where the web logs are whole', () => {
    const rolled = source('events', {
      kind: 'windows-events-json',
      families: [family('windows:Application', ['2021-03-16', collected])],
    });
    const sources = [...fullLogs().filter(({ id }) => id !== 'events'), rolled];
    expect(verdictOf(caseOf({ sources })).verdict).toBe('nothing-found');
    expect(verdictOf(caseOf({ sources, hits: [attempt('httpproxy-ecp')] })).verdict).toBe('attacked');
  });
});
