import { formatTime, type SourceFacts } from '@postern/core';
import { defineEvent, eventBody, writeEvtx } from '@postern/evtx';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { loadKnowledge } from './knowledge.ts';
import { inlinePool } from './pool.ts';
import { SourceStatistics, surroundingsOf } from './statistics.ts';
import { eachBatch, smallLayout } from './testing/records.ts';
import { entryOf } from './testing/results.ts';

const name = 'Security Update for Exchange Server 2016 Cumulative Update 18 (KB5000871) 15.1.2106.13';
const updated = `Product: Microsoft Exchange Server - Update '${name}' installed successfully.`;
const failed = `Product: Microsoft Exchange Server - Update '${name}' could not be installed. Error code 1603.`;
const cuValues = ['Microsoft Exchange Server', '15.1.2176.2', '1033', '0', 'Microsoft Corporation', '(NULL)'];
const cuMessage = (status: number): string =>
  'Windows Installer installed the product. Product Name: Microsoft Exchange Server. Product Version: 15.1.2176.2. ' +
  `Product Language: 1033. Manufacturer: Microsoft Corporation. Installation success or error status: ${status}.`;

function buildsIn(id: number, more: object, provider = 'MsiInstaller'): readonly (readonly string[])[] {
  const statistics = new SourceStatistics(surroundingsOf([smallLayout]));
  const time = '2021-03-08T03:00:00.000Z';
  const event = {
    Channel: 'Application',
    EventID: id,
    SourceName: provider,
    Hostname: 'EX01',
    '@timestamp': time,
    ...more,
  };
  eachBatch(`${JSON.stringify(event)}\n`, 'C:\\export\\application.jsonl', (batch) =>
    statistics.see(batch, true),
  );
  return statistics
    .facts()
    .builds.map(({ build, basis, host, first }) => [
      build,
      basis,
      host ?? '',
      first === undefined ? '' : formatTime(first),
    ]);
}

test.each([
  ['an update, by its message', 1022, { Message: updated }, '15.1.2106.13'],
  ['an update, by its values', 1022, { Data: [updated, '(NULL)'] }, '15.1.2106.13'],
  ['a cumulative update, by its values', 1033, { Data: cuValues }, '15.1.2176.2'],
  ['a cumulative update, by its message', 1033, { Message: cuMessage(0) }, '15.1.2176.2'],
])('%s', (_, id, more, build) => {
  expect(buildsIn(id, more)).toEqual([[build, 'installer-event', 'ex01', '2021-03-08T03:00:00Z']]);
});

test.each([
  ['an update that failed', 1023, { Message: failed }],
  ['a cumulative update that failed, by its values', 1033, { Data: cuValues.with(3, '1603') }],
  ['a cumulative update that failed, by its message', 1033, { Message: cuMessage(1603) }],
  ['a language pack', 1033, { Data: cuValues.with(0, 'Microsoft Exchange Server Language Pack - German') }],
  [
    'an update of something else',
    1022,
    { Message: updated.replace('Exchange Server 2016', 'SQL Server 2016') },
  ],
])('%s says nothing', (_, id, more) => {
  expect(buildsIn(id, more)).toEqual([]);
});

test('nor does another program that writes the same', () => {
  expect(buildsIn(1022, { Message: updated }, 'Somebody')).toEqual([]);
});

/** One event log through the first pass, without any rule. */
async function passOver(log: Uint8Array, originalPath: string): Promise<SourceFacts> {
  const file = join(testFolder(), 'x.evtx');
  writeFileSync(file, log);
  const knowledge = loadKnowledge({ packs: [], rules: [], yara: [], indicators: [] });
  const pool = inlinePool({ knowledge, control: new SharedArrayBuffer(4) });
  const entry = entryOf('x.evtx', { file, size: log.length, originalPath });
  const [outcome] = await pool.run([{ pass: 'first', entry }], { onProgress: () => undefined });
  await pool.close();
  if (outcome === undefined || 'failure' in outcome || outcome.result.pass !== 'first')
    throw new Error('not read');
  return outcome.result.result.facts;
}

/** So many events that no rule asks for, and these behind them. */
function logOf(
  channel: string,
  provider: string,
  ids: readonly number[],
  values: readonly string[],
): Uint8Array {
  const unasked = defineEvent({ provider: 'Other', channel, id: 1, data: { form: 'unnamed' } });
  const wanted = ids.map((id) => defineEvent({ provider, channel, id, data: { form: 'unnamed' } }));
  const kinds = [...Array.from({ length: 200 }, () => unasked), ...wanted];
  return writeEvtx(
    kinds.map((kind, i) => {
      const base = { time: Date.UTC(2021, 2, 3, 4, 5, i), record: i + 1, computer: 'ex1.corp.example' };
      return { time: base.time, body: eventBody(kind, { ...base, values: [values] }) };
    }),
  );
}

test('in an event log each is seen, though no rule asks for it', async () => {
  const log = logOf('Application', 'MsiInstaller', [1022], [updated, '(NULL)']);
  const { builds } = await passOver(log, 'C:\\Windows\\System32\\winevt\\Logs\\Application.evtx');
  expect(builds).toMatchObject([
    { build: '15.1.2106.13', basis: 'installer-event', host: 'ex1.corp.example' },
  ]);
});

test('and so is each shutdown and start', async () => {
  const log = logOf('System', 'EventLog', [6006, 6005], ['x']);
  const { power } = await passOver(log, 'C:\\Windows\\System32\\winevt\\Logs\\System.evtx');
  expect(power?.map(({ event }) => event)).toEqual(['stopped', 'started']);
});
