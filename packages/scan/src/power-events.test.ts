import { expect, test } from 'vitest';
import { SourceStatistics, surroundingsOf } from './statistics.ts';
import { eachBatch, smallLayout } from './testing/records.ts';

const event = (id: number, provider: string, second: number, channel = 'System'): string =>
  `${JSON.stringify({
    Channel: channel,
    EventID: id,
    SourceName: provider,
    Hostname: 'EX01.example.test',
    '@timestamp': `2021-02-12T00:00:${String(second).padStart(2, '0')}.000Z`,
  })}\n`;

function powerOf(...events: readonly string[]): ReturnType<SourceStatistics['facts']>['power'] {
  const statistics = new SourceStatistics(surroundingsOf([smallLayout]));
  eachBatch(events.join(''), 'C:\\export\\system.jsonl', (batch) => statistics.see(batch, true));
  return statistics.facts().power;
}

test('shutdowns and starts are kept in the order of time, with their host', () => {
  const power = powerOf(
    event(6005, 'EventLog', 30),
    event(1074, 'User32', 9),
    event(6006, 'EventLog', 10),
    event(6008, 'EventLog', 31),
    event(41, 'Microsoft-Windows-Kernel-Power', 32),
  );
  expect(power?.map(({ event: what }) => what)).toEqual([
    'stopping',
    'stopped',
    'started',
    'started-after-crash',
    'started-after-crash',
  ]);
  expect(power?.[0]?.host).toBe('ex01.example.test');
});

test('the same numbers of other providers and channels say nothing', () => {
  expect(powerOf(event(41, 'SomeDriver', 1), event(6006, 'EventLog', 2, 'Application'))).toBeUndefined();
});
