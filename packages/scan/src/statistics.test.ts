import { limits } from '@postern/core';
import { expect, test } from 'vitest';
import { SourceStatistics, surroundingsOf } from './statistics.ts';
import { eachBatch, frontLog, iisLog, smallLayout, type Request } from './testing/records.ts';

const around = surroundingsOf([smallLayout]);

function statisticsOf(text: string, path = frontLog): SourceStatistics {
  const statistics = new SourceStatistics(around);
  eachBatch(text, path, (batch) => statistics.see(batch, true));
  return statistics;
}

const factsOf = (requests: readonly Request[]): ReturnType<SourceStatistics['facts']> =>
  statisticsOf(iisLog(requests)).facts();

const probe: Request = {
  url: '/owa/healthcheck',
  client: '127.0.0.1',
  agent: 'AMProbe/Local',
  account: 'CORP\\HealthMailbox1',
};

test.each([
  ['address, agent and URL', probe, 1],
  ['address, account and URL', { ...probe, agent: 'x' }, 1],
  ['the agent from elsewhere', { ...probe, client: '198.51.100.7' }, 0],
  ['loopback alone', { ...probe, agent: 'x', account: '-' }, 0],
  ['another URL', { ...probe, url: '/ecp/y.js' }, 0],
])('probes are told by address, agent or account, and URL together: %s', (_, request, probes) => {
  expect(factsOf([request, { url: '/' }]).probes).toBe(probes);
});

test('clients and servers are counted by bare address', () => {
  const { clients, serverAddresses } = factsOf([
    { url: '/', client: 'fe80::1%4' },
    { url: '/', client: 'fe80::1' },
    { url: '/', client: '198.51.100.7' },
  ]);
  expect([...clients.addresses]).toEqual([
    ['fe80::1', 2],
    ['198.51.100.7', 1],
  ]);
  expect(clients.sampled).toBe(3);
  expect([...serverAddresses]).toEqual([['10.0.0.5', 3]]);
});

test('addresses are bounded; those that are known go on counting', () => {
  const requests = Array.from({ length: limits.addressesCounted + 9 }, (_, i) => ({
    url: '/',
    client: `10.1.${Math.floor(i / 250)}.${i % 250}`,
  }));
  const { addresses, sampled } = factsOf([...requests, { url: '/', client: '10.1.0.0' }]).clients;
  expect(addresses.size).toBe(limits.addressesCounted);
  expect(addresses.get('10.1.0.0')).toBe(2);
  expect(sampled).toBe(limits.addressesCounted + 10);
});

test('only sampled records are looked at where the reader draws them, but all pages are counted', () => {
  const statistics = new SourceStatistics(around);
  eachBatch(iisLog([{ url: '/x.aspx' }, { url: '/x.aspx' }]), frontLog, (batch) =>
    statistics.see(batch, false),
  );
  const { clients, pages } = statistics.facts();
  expect(clients.sampled).toBe(0);
  expect(pages[0]?.answers.get('GET 200')).toBe(2);
});

test('forwarded requests are counted', () => {
  const log = iisLog([]).replace('time-taken', 'time-taken X-Forwarded-For');
  const row = (forwarded: string): string =>
    `2021-03-03 10:00:00 10.0.0.5 GET / - 443 - 10.0.0.1 a - 200 0 0 15 ${forwarded}\r\n`;
  const { clients } = statisticsOf(log + row('198.51.100.7') + row('-')).facts();
  expect(clients).toMatchObject({ sampled: 2, forwarded: 1 });
});

const event = (utc: string, labelled: string): string =>
  `${JSON.stringify({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventID: 11,
    Hostname: 'EX01.corp.example',
    TimeCreated: labelled,
    '@timestamp': labelled,
    UtcTime: utc,
    SourceName: 'Microsoft-Windows-Sysmon',
  })}\n`;

test('two times in one record show how far the clock is off, in seconds', () => {
  const text =
    event('2021-03-14 06:40:13.659', '2021-03-14T01:40:13.660Z') +
    event('2021-03-14 06:40:15.000', '2021-03-14T01:40:15.010Z');
  const statistics = statisticsOf(text, 'C:\\events.json');
  const { clockDifferences, hosts } = statistics.facts();
  expect([...clockDifferences]).toEqual([[18_000, 2]]);
  expect([...hosts]).toEqual([['ex01.corp.example', 2]]);
  expect(statistics.familyFacts()).toEqual([
    expect.objectContaining({ family: 'windows:Microsoft-Windows-Sysmon/Operational', records: 2 }),
  ]);
});

test('hosts are bounded, and what is too long for a name is none', () => {
  const rows = Array.from({ length: limits.hostsCounted + 5 }, (_, i) => `2021-03-03 06:40:12 h${i} /`);
  const long = 'h'.repeat(limits.hostCharacters + 1);
  const log = ['#Fields: date time s-computername cs-uri-stem', `2021-03-03 06:40:12 ${long} /`, ...rows];
  const { hosts } = statisticsOf(log.join('\n')).facts();
  expect(hosts.size).toBe(limits.hostsCounted);
  expect(hosts.has(long)).toBe(false);
});
