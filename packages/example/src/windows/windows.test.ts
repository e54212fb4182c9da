// The event logs of made collections, read with the project's reader and held against the truth and the web logs.

import { beforeAll, describe, expect, test } from 'vitest';
import { isoTime } from '../calendar.ts';
import { openCase, outagesOf } from '../case.ts';
import { logsOf, make, pathsWith, rowsOf, type Made, type Row } from '../testing/collection.ts';
import { eventsOf, type ReadEvent } from '../testing/events.ts';
import { parametersOf } from './cmdlets.ts';

const SLOW = 120_000;
const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const MANAGEMENT = 'MSExchange Management';

const second = (time: string): string => time.slice(0, 19);
const text = (event: ReadEvent | undefined, name: string): string => {
  const value = event?.fields[name];
  return typeof value === 'string' ? value : '';
};
const within = (event: ReadEvent, time: string, ms: number): boolean =>
  Math.abs(Date.parse(event.time) - Date.parse(time)) <= ms;
const isOf =
  (channel: string, id: number) =>
  (event: ReadEvent): boolean =>
    event.channel === channel && event.id === id;
const started = (event: ReadEvent): boolean => isOf('Security', 4688)(event) || isOf(SYSMON, 1)(event);
const parentOf = (event: ReadEvent): string => text(event, 'ParentProcessName') || text(event, 'ParentImage');

describe('the event logs of an attack', () => {
  let made: Made;
  let events: ReadEvent[];
  let front: Row[];

  beforeAll(() => {
    made = make({ seed: '1' });
    events = eventsOf(made);
    front = rowsOf(made, 'W3SVC1');
  }, SLOW);

  test('are eight, each numbered without a gap, in the order of time, as the truth says', () => {
    expect(made.truth.eventLogs).toHaveLength(8);
    for (const { channel, records, first, last, file } of made.truth.eventLogs) {
      const own = events.filter((event) => event.channel === channel);
      expect(pathsWith(made, file)).toEqual([file]);
      expect(own.map(({ record }) => record)).toEqual(own.map((_, index) => (own[0]?.record ?? 0) + index));
      expect(own.map(({ time }) => time)).toEqual(own.map(({ time }) => time).toSorted());
      expect([own.length, own[0]?.time.slice(0, 23), own.at(-1)?.time.slice(0, 23)]).toEqual([
        records,
        first.slice(0, 23),
        last.slice(0, 23),
      ]);
    }
    expect(events.every((event) => text(event, 'Computer') === made.truth.servers[0]?.fqdn)).toBe(true);
  });

  test('the cmdlet with the script is in the log of cmdlets when the panel has it', () => {
    const panel = rowsOf(made, 'ECP/Server/').filter(
      (row) => row.get('EventData')?.includes('runat=""') === false,
    );
    const sets = events.filter(
      (event) => event.channel === MANAGEMENT && JSON.stringify(event.fields['Data']).includes('runat='),
    );
    const rows = panel.filter((row) => row.get('EventData')?.includes('runat="server"'));
    expect(sets.length).toBeGreaterThan(0);
    expect(sets.map(({ time }) => second(time))).toEqual(
      rows.map((row) => second(row.get('TimeStamp') ?? '')),
    );
    const data = sets.at(-1)?.fields['Data'] as string[] | undefined;
    expect(data?.slice(0, 2)).toEqual([
      'Set-OabVirtualDirectory',
      expect.stringMatching(/^-ExternalUrl "http/),
    ]);
  });

  test('the first page arrives over the share, written by the system itself', () => {
    const [page] = made.truth.implants;
    const drops = events.filter(
      (event) => isOf(SYSMON, 11)(event) && text(event, 'TargetFilename') === page?.path,
    );
    expect(drops.map((event) => [text(event, 'Image'), within(event, page!.placedAt, 1000)])).toEqual([
      ['System', true],
    ]);
    const asked = events.filter(
      (event) =>
        isOf('Security', 5145)(event) && page?.path.endsWith(text(event, 'RelativeTargetName')) === true,
    );
    expect(asked.map((event) => within(event, page!.placedAt, 1000))).toEqual([true]);
  });

  test('every command has its processes in both logs, at the second of a POST to a page', () => {
    const commands = made.truth.deeds.filter(({ what }) => what === 'command');
    expect(commands.length).toBeGreaterThan(10);
    const shells = events.filter((event) => started(event) && parentOf(event).endsWith('\\w3wp.exe'));
    const posts = front.filter(
      (row) => row.get('cs-method') === 'POST' && row.get('cs-uri-stem')?.endsWith('.aspx'),
    );
    for (const { at, detail } of commands) {
      const own = shells.filter(
        (event) => within(event, at, 2) && text(event, 'CommandLine').endsWith(detail ?? '?'),
      );
      expect(own.map(({ channel }) => channel).toSorted()).toEqual([SYSMON, 'Security']);
      const near = posts.filter((row) => {
        const ended = Date.parse(`${row.get('date')}T${row.get('time')}.999Z`);
        return Math.abs(ended - Date.parse(at)) < 2500;
      });
      expect(near.length).toBeGreaterThan(0);
    }
  });

  test.each([
    ['memory-copied', SYSMON, 10, 'TargetImage', () => 'C:\\Windows\\system32\\lsass.exe'],
    ['memory-copied', SYSMON, 11, 'TargetFilename', (detail: string) => detail],
    ['account-made', 'Security', 4720, 'TargetUserName', (detail: string) => detail],
    ['account-made', 'Security', 4732, 'TargetUserName', () => 'Administrators'],
    ['task-made', 'Security', 4698, 'TaskName', (detail: string) => `\\${detail}`],
    ['archived', SYSMON, 11, 'TargetFilename', (detail: string) => detail],
  ] as const)('%s is %s %i', (...[what, channel, id, field, expected]) => {
    const { at, detail = '' } = made.truth.deeds.find((one) => one.what === what)!;
    const near = events.filter((event) => isOf(channel, id)(event) && within(event, at, 2000));
    expect(near.map((event) => text(event, field))).toContain(expected(detail));
  });

  test('nothing is written while Windows is down, and each restart says so', () => {
    const one = openCase({ seed: '1' });
    const outages = outagesOf(one, one.world.servers[0]!);
    const stopped = events.filter(isOf('System', 6006)).map(({ time }) => time);
    expect(stopped).toHaveLength(outages.length);
    expect(events.filter(isOf('System', 6005))).toHaveLength(outages.length);
    const down = stopped.map((time, index) => [time, isoTime(outages[index]!.to - 46_000)] as const);
    const during = events.filter(({ time }) =>
      down.some(([from, to]) => time > isoTime(Date.parse(from) + 2000) && time < to),
    );
    expect(during).toEqual([]);
  });

  test('the fix is in the logs of its installer, within the outage', () => {
    const [before, after] = made.truth.servers[0]!.builds;
    const applied = events.filter(isOf('Application', 1022));
    expect(applied.map(({ time }) => time > before!.to && time < after!.from)).toEqual([true]);
    expect(JSON.stringify(applied[0]?.fields['Data'])).toContain(after?.build);
  });
});

/** What only intruders do in these logs. */
function traces(events: readonly ReadEvent[]): ReadEvent[] {
  return events.filter(
    (event) =>
      [1102, 4720, 4698, 4732].includes(event.id) ||
      isOf(SYSMON, 10)(event) ||
      (started(event) &&
        parentOf(event).endsWith('\\w3wp.exe') &&
        !/(?:csc|cvtres)\.exe/.test(text(event, 'CommandLine'))) ||
      (isOf(SYSMON, 11)(event) && /\.as[ph]x$/.test(text(event, 'TargetFilename'))) ||
      JSON.stringify(event.fields['Data'] ?? '').includes('runat='),
  );
}

test.each(['quiet', 'failed-only', 'scanner', 'tools-lying-around'] as const)(
  '%s: the logs are there, and no trace of intruders',
  { timeout: SLOW },
  (variant) => {
    const made = make({ seed: '4', variant });
    const events = eventsOf(made);
    expect(events.length).toBeGreaterThan(2000);
    expect([traces(events), made.truth.deeds]).toEqual([[], []]);
  },
);

test('logs-gone: event logs begin when all is over', { timeout: SLOW }, () => {
  const made = make({ seed: '4', variant: 'logs-gone' });
  const events = eventsOf(made);
  const over = made.truth.missing[0]!.to;
  expect(events.filter(({ time }) => time < over)).toEqual([]);
  expect([events.length > 500, traces(events)]).toEqual([true, []]);
});

test('no-sysmon: the other logs have their traces', { timeout: SLOW }, () => {
  const made = make({ seed: '1', variant: 'no-sysmon' });
  expect(pathsWith(made, 'Sysmon')).toEqual([]);
  const events = eventsOf(made);
  expect(events.filter((event) => event.channel === SYSMON)).toEqual([]);
  expect(traces(events).length).toBeGreaterThan(20);
});

test(
  'security-cleared: the Security log begins with who cleared it; Sysmon has what was before',
  { timeout: SLOW },
  () => {
    const made = make({ seed: '1', variant: 'security-cleared' });
    const [first, ...rest] = eventsOf(made, 'Security.evtx');
    const { clearedAt } = made.truth.eventLogs.find(({ channel }) => channel === 'Security')!;
    expect([first?.id, first?.time.slice(0, 23), rest.some(({ id }) => id === 1102)]).toEqual([
      1102,
      clearedAt?.slice(0, 23),
      false,
    ]);
    expect(first?.record).toBeGreaterThan(1000);
    const before = eventsOf(made, 'Sysmon').filter(({ time }) => time < clearedAt!);
    expect(traces(before).length).toBeGreaterThan(5);
  },
);

test('front-only: no event log is collected', () => {
  const made = make({ seed: '4', variant: 'front-only' });
  expect([pathsWith(made, '.evtx'), made.truth.eventLogs]).toEqual([[], []]);
  expect(logsOf(made).length).toBeGreaterThan(0);
});

test.each([
  [
    "Set-X.ExternalUrl='https://a/b.c?d=e'.Identity='A B'",
    '-ExternalUrl "https://a/b.c?d=e" -Identity "A B"',
  ],
  ["Remove-X.Force=$true.Identity='1'", '-Force "True" -Identity "1"'],
  ["Set-X.ExternalUrl=$null.Identity='1'", '-ExternalUrl $null -Identity "1"'],
  ['Get-TransportRule', ''],
])('%s has the parameters %s', (command, parameters) => {
  expect(parametersOf(command)).toBe(parameters);
});
