import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText, formatTime, isPosternError, type CorrelationLine, type HuntLine } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { testFolder, writeTree } from '../../../collection/src/testing/evidence.ts';
import { defineEvent, eventBody, writeEvtx } from '../../../evtx/src/index.ts';
import { iisLog } from '../testing/records.ts';
import { explain } from './explain.ts';
import { hunt, listEvents, type HuntOptions } from './hunt.ts';
import { loadHuntRules, type HuntRules } from './hunt-rules.ts';
import type { HuntSummary } from './summary.ts';

const failed = defineEvent({
  provider: 'Microsoft-Windows-Security-Auditing',
  guid: '54849625-5478-4994-a5ba-3e3b0328c30d',
  channel: 'Security',
  id: 4625,
  data: { form: 'named', fields: [['TargetUserName', 'string']] },
});

/** A log of failed logons: minute of the day and user. */
function logons(computer: string, events: readonly (readonly [number, string])[]): Uint8Array {
  return writeEvtx(
    events.map(([minute, user], index) => {
      const time = Date.UTC(2021, 2, 3, 0, minute);
      return { time, body: eventBody(failed, { time, record: index + 1, computer, values: [user] }) };
    }),
  );
}

function jsonEvent(minute: number, user: string): string {
  const time = new Date(Date.UTC(2021, 2, 3, 0, minute)).toISOString();
  return `${JSON.stringify({ EventTime: time, Hostname: 'dc1', Channel: 'Security', EventID: 4625, SourceName: 'x', TargetUserName: user, EventRecordID: 900 + minute })}\n`;
}

const ids = { failed: '10000000-0000-4000-8000-000000000001', many: '10000000-0000-4000-8000-000000000002' };
const failedRule = `title: failed logon\nid: ${ids.failed}\nname: failed\nlevel: low\ntags: [attack.t1110]\nlogsource:\n  product: windows\n  service: security\ndetection:\n  s:\n    EventID: 4625\n    TargetUserName|contains: e\n  condition: s\n`;
const manyRule = `title: many failed logons\nid: ${ids.many}\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [failed]\n  group-by: [TargetUserName]\n  timespan: 5m\n  condition:\n    gte: 3\n`;
const webRule = `title: shell asked\nlevel: critical\nlogsource:\n  category: webserver\ndetection:\n  s:\n    cs-uri-stem|endswith: /shell.aspx\n  condition: s\n`;
const filterRule = `title: eve is known\nlogsource:\n  product: windows\nfilter:\n  rules: [failed]\n  known:\n    TargetUserName: eve\n  condition: not known\n`;

function rulesOf(...documents: readonly string[]): HuntRules {
  const path = join(testFolder(), 'rules.yml');
  writeFileSync(path, documents.join('---\n'));
  return loadHuntRules({ rules: [path] });
}

function evidence(): string {
  return writeTree(
    testFolder(),
    new Map<string, string | Uint8Array>([
      [
        'logs1/one.evtx',
        logons('web1', [
          [1, 'eve'],
          [4, 'bob'],
          [9, 'eve'],
        ]),
      ],
      [
        'logs2/two.evtx',
        logons('web2', [
          [2, 'Eve'],
          [3, 'max'],
        ]),
      ],
      ['json/events.json', jsonEvent(5, 'eve') + jsonEvent(50, 'eve')],
      ['inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iisLog([{ url: '/owa/' }, { url: '/x/shell.aspx' }])],
      ['readme.txt', 'nothing'],
    ]),
  );
}

interface Hunted {
  readonly lines: readonly (HuntLine | CorrelationLine)[];
  readonly summary: HuntSummary;
}

async function run(folder: string, rules: HuntRules, options: HuntOptions = {}): Promise<Hunted> {
  const lines: (HuntLine | CorrelationLine)[] = [];
  const summary = await hunt([folder], { jobs: 1, ...options, rules }, (line) => lines.push(line));
  return { lines, summary };
}

function text(line: HuntLine | CorrelationLine): string {
  if (line.kind === 'correlation')
    return `${line.rule.title} ${line.group.map(([, value]) => value).join()} ${line.events.map(({ host }) => host).join(' ')}`;
  const { time, host, file, at } = line.record;
  return `${line.rule.title} ${time === undefined ? '-' : formatTime(time).slice(11, 16)} ${host ?? '-'} ${file} ${at.record ?? ''}${at.line === undefined ? '' : `:${at.line}`}`;
}

const all = [
  'shell asked 10:00 - inetpub/logs/LogFiles/W3SVC1/u_ex210303.log :6',
  'failed logon 00:05 dc1 json/events.json 905:1',
  'failed logon 00:50 dc1 json/events.json 950:2',
  'failed logon 00:01 web1 logs1/one.evtx 1',
  'failed logon 00:09 web1 logs1/one.evtx 3',
  'failed logon 00:02 web2 logs2/two.evtx 1',
];

describe('matches', () => {
  test('of any source come in the order of files and records', async () => {
    const { lines, summary } = await run(evidence(), rulesOf(failedRule, webRule));
    expect(lines.map(text)).toEqual(all);
    expect(summary).toMatchObject({ files: 5, records: 9, loaded: 2, refused: [], complete: true });
    expect(summary.hits.filter(([, count]) => count > 0)).toEqual([
      ['critical', 1],
      ['low', 5],
    ]);
    expect(summary.skipped).toMatchObject([{ path: 'readme.txt', reason: 'no-reader' }]);
  });

  test('say rule, place and fields', async () => {
    const { lines } = await run(evidence(), rulesOf(failedRule));
    expect(lines[2]).toMatchObject({
      rule: { id: ids.failed, title: 'failed logon', level: 'low', tags: ['attack.t1110'] },
      record: {
        file: 'logs1/one.evtx',
        originalPath: 'logs1\\one.evtx',
        channel: 'Security',
        host: 'web1',
      },
    });
    const fields = new Map(lines[2]?.kind === 'match' ? lines[2].record.fields : []);
    expect([fields.get('TargetUserName'), fields.get('EventID')]).toEqual(['eve', '4625']);
  });

  test('are the same in the same order on any number of threads, each time', async () => {
    const folder = evidence();
    const rules = rulesOf(
      failedRule,
      webRule,
      manyRule.replace('gte: 3', 'gte: 3').replace('[failed]', '[failed]\n  generate: true'),
    );
    const once = await run(folder, rules);
    expect(once.lines).toHaveLength(7);
    for (const jobs of [2, 2]) {
      const again = await run(folder, rules, { jobs });
      expect(again.lines).toEqual(once.lines);
      // What rules cost depends on what a thread has seen before.
      expect({ ...again.summary, costly: [] }).toEqual({ ...once.summary, costly: [] });
    }
  });

  test('of more than threads may hold ahead are waited for, none is lost', async () => {
    const many = Array.from({ length: 6000 }, (_, i): readonly [number, string] => [i % 60, `eve${i}`]);
    const folder = writeTree(
      testFolder(),
      new Map([
        ['a.evtx', logons('a', many)],
        ['b.evtx', logons('b', many)],
        ['c.evtx', logons('c', many)],
      ]),
    );
    const { lines } = await run(folder, rulesOf(failedRule), { jobs: 3 });
    expect(lines).toHaveLength(18_000);
    const hosts = lines.map((line) => (line.kind === 'match' ? (line.record.host ?? '') : ''));
    expect(hosts).toEqual(hosts.toSorted(compareText));
  });

  test('what the user says of a clock is added to the times of its host', async () => {
    const { lines } = await run(evidence(), rulesOf(failedRule), { clocks: new Map([['web2', 3600]]) });
    expect(lines.map(text)).toContain('failed logon 01:02 web2 logs2/two.evtx 1');
  });
});

describe('correlations', () => {
  test('join files and hosts by time, and take the place of their rules', async () => {
    const { lines, summary } = await run(evidence(), rulesOf(failedRule, manyRule));
    expect(lines.map(text)).toEqual(['many failed logons eve web1 web2 dc1']);
    expect(lines[0]).toMatchObject({ rule: { level: 'high' }, total: 3, value: 3 });
    expect(summary.hits.filter(([, count]) => count > 0)).toEqual([['high', 1]]);
  });

  test('content that is collected twice counts once', async () => {
    const log = logons('a', [
      [1, 'eve'],
      [2, 'eve'],
    ]);
    const folder = writeTree(
      testFolder(),
      new Map([
        ['a.evtx', log],
        ['b.evtx', log],
      ]),
    );
    const { lines, summary } = await run(folder, rulesOf(failedRule, manyRule));
    expect(lines).toEqual([]);
    expect(summary.skipped).toMatchObject([{ reason: 'duplicate' }]);
  });

  test('use corrected times', async () => {
    const { lines } = await run(evidence(), rulesOf(failedRule, manyRule), {
      clocks: new Map([
        ['web2', 7200],
        ['dc1', 7200],
      ]),
    });
    expect(lines).toEqual([]);
  });
});

describe('the summary', () => {
  test('says what filters took away', async () => {
    const { lines, summary } = await run(evidence(), rulesOf(failedRule, filterRule));
    expect(lines).toEqual([]);
    expect(summary.removed).toEqual([{ filter: 'eve is known', rule: 'failed logon', count: 5 }]);
  });

  test('names what is refused, and sources without a rule', async () => {
    const { summary } = await run(evidence(), rulesOf(webRule, failedRule.replace('contains', 'containz')));
    expect(summary.refused).toMatchObject([
      { title: 'failed logon', reason: expect.stringContaining('containz') as unknown },
    ]);
    expect(summary.withoutRules.map(({ file }) => file)).toEqual([
      'json/events.json',
      'logs1/one.evtx',
      'logs2/two.evtx',
    ]);
  });

  test('names the rules that cost most', async () => {
    const { summary } = await run(evidence(), rulesOf(failedRule, webRule));
    expect(summary.costly.map(({ rule }) => rule)).toContain('failed logon');
  });
});

test('placeholders have the values of a file', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'r.yml'), failedRule.replace('|contains: e', "|expand: '%Known%'"));
  writeFileSync(join(folder, 'p.json'), '{"Known": ["max", "bob"]}');
  const rules = loadHuntRules({ rules: [join(folder, 'r.yml')], placeholders: join(folder, 'p.json') });
  const { lines } = await run(evidence(), rules);
  expect(lines).toHaveLength(2);
  writeFileSync(join(folder, 'p.json'), '{"Known": 7}');
  expect(() => loadHuntRules({ rules: [], placeholders: join(folder, 'p.json') })).toThrow('placeholders');
});

test('without a file there is no hunt', async () => {
  const error: unknown = await run(testFolder(), rulesOf(webRule)).catch((thrown: unknown) => thrown);
  expect(isPosternError(error) && error.code).toBe('POSTERN_SCAN_NO_EVIDENCE');
});

test('a run that is stopped says so', async () => {
  const { summary } = await run(evidence(), rulesOf(failedRule), { signal: AbortSignal.abort() }).catch(
    (error: unknown) => ({ summary: { complete: isPosternError(error) ? false : undefined } }),
  );
  expect(summary.complete).toBe(false);
});

describe('events', () => {
  test('are printed as they are, whatever their source, the same on two threads', async () => {
    const folder = evidence();
    const print = async (jobs: number): Promise<string> => {
      let printed = '';
      await listEvents([folder], { jobs }, (piece) => (printed += piece));
      return printed;
    };
    const once = await print(1);
    const records = once
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(records).toHaveLength(9);
    expect(records[4]).toMatchObject({
      time: '2021-03-03T00:01:00Z',
      file: 'logs1/one.evtx',
      record: '1',
      host: 'web1',
      channel: 'Security',
      fields: { TargetUserName: 'eve' },
    });
    expect(records[0]).toMatchObject({ family: 'iis', line: 5, fields: { 'cs-uri-stem': '/owa/' } });
    expect(await print(2)).toBe(once);
  });
});

describe('explain', () => {
  const ask = async (rule: string): ReturnType<typeof explain> => {
    const path = join(testFolder(), 'rules.yml');
    writeFileSync(path, [failedRule, webRule, manyRule].join('---\n'));
    return await explain([evidence()], { rules: [path], rule, jobs: 2 });
  };

  test('says for each record of the log source what it lacks', async () => {
    const { asked, explanations } = await ask('Failed Logon');
    expect(asked).toBe(7);
    expect(explanations.map(({ reasons, count }) => [reasons, count])).toEqual([
      [[], 5],
      [["s: TargetUserName|contains: 'e'"], 2],
    ]);
    expect(explanations[1]?.examples[0]).toMatchObject({
      file: 'logs1/one.evtx',
      fields: [
        ['EventID', '4625'],
        ['TargetUserName', 'bob'],
      ],
    });
  });

  test('takes id, name, title or file; a correlation is no rule that searches', async () => {
    for (const rule of [ids.failed, 'failed', 'rules.yml'])
      expect((await ask(rule)).rule.title).toBe('failed logon');
    const error: unknown = await ask('many failed logons').catch((thrown: unknown) => thrown);
    expect(isPosternError(error) && error.code).toBe('POSTERN_SCAN_NO_SUCH_RULE');
  });
});
