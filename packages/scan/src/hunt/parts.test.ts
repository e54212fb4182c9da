import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf, type HuntLine, type Issue } from '@postern/core';
import { openCollection } from '@postern/collection';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../../../collection/src/testing/evidence.ts';
import { defineEvent, eventBody, evtxReaderWith, writeEvtx } from '../../../evtx/src/index.ts';
import { hunt, listEvents, type EventsOptions } from './hunt.ts';
import { loadHuntRules } from './hunt-rules.ts';
import { partsOf } from './parts.ts';

const started = defineEvent({
  provider: 'Microsoft-Windows-Security-Auditing',
  guid: '54849625-5478-4994-a5ba-3e3b0328c30d',
  channel: 'Security',
  id: 4688,
  data: {
    form: 'named',
    fields: [
      ['CommandLine', 'string'],
      ['NewProcessName', 'string'],
    ],
  },
});

const records = 1700;
const chunkBytes = 65_536;
const headerBytes = 4096;

/** A log of more than three parts, ten events a chunk. */
function largeLog(): Uint8Array {
  return writeEvtx(
    Array.from({ length: records }, (_, index) => {
      const time = Date.UTC(2021, 2, 3) + 1000 * index;
      const values = [
        `cmd.exe /c ${index % 7 === 0 ? 'whoami' : 'dir'} ${'x'.repeat(2700)}`,
        `C:\\${index}.exe`,
      ];
      return { time, body: eventBody(started, { time, record: index + 1, computer: 'ex1', values }) };
    }),
  );
}

/** Chunks that are gone or spoiled, at borders of parts and in the middle of them. */
function spoiled(log: Uint8Array): Uint8Array {
  const bytes = log.slice();
  const at = (chunk: number): number => headerBytes + chunk * chunkBytes;
  bytes.fill(0, at(63), at(65));
  bytes[at(100)] = 0;
  bytes.fill(0x77, at(110) + 512 + 24, at(110) + 512 + 60);
  bytes.fill(0x77, at(128) + 512 + 24, at(128) + 512 + 60);
  return bytes;
}

const log = spoiled(largeLog());

function logPath(): string {
  const path = join(testFolder(), 'Security.evtx');
  writeFileSync(path, log);
  return path;
}

/** What is printed, and the issues, without the path, which differs from test to test. */
async function events(
  options: EventsOptions,
): Promise<{ readonly text: string; readonly issues: readonly Issue[] }> {
  const path = logPath();
  const texts: string[] = [];
  const { issues } = await listEvents([path], options, (text) => texts.push(text));
  const bare = issues.map(({ source, ...issue }) => (expect(source).toBe('Security.evtx'), issue));
  return { text: texts.join('').replaceAll(path, ''), issues: bare };
}

describe('a large event log', () => {
  test('is cut at borders of chunks; what has no header, and with recovery, is not', async () => {
    const collection = await openCollection([logPath()], {});
    const parts = partsOf(collection.entries, false);
    const count = Math.ceil((log.length - headerBytes) / chunkBytes);
    expect(parts.map(({ chunks }) => chunks)).toEqual([
      { from: 0, to: 64 },
      { from: 64, to: 128 },
      { from: 128, to: count },
    ]);
    expect(parts.map(({ isLast }) => isLast)).toEqual([false, false, true]);
    expect(partsOf(collection.entries, true)).toHaveLength(1);
    collection.close();
    const bare = join(testFolder(), 'bare.evtx');
    writeFileSync(bare, log.subarray(headerBytes));
    const other = await openCollection([bare], {});
    expect(partsOf(other.entries, false)).toHaveLength(1);
    other.close();
  });

  test('gives the same events in the same order, and the same issues, on any number of threads', async () => {
    const one = await events({ jobs: 1 });
    const numbers = one.text
      .trimEnd()
      .split('\n')
      .flatMap((line) => /"record":"(\d+)"/.exec(line)?.[1] ?? []);
    expect(numbers.map(Number)).toEqual(numbers.map(Number).toSorted((a, b) => a - b));
    expect(numbers.length).toBeGreaterThan(1500);
    for (const jobs of [2, 3]) expect(await events({ jobs })).toEqual(one);
  });

  test('tells the same as when it is read whole', async () => {
    const whole: Issue[] = [];
    const summary = evtxReaderWith().read(
      inputOf(log),
      { kind: 'evtx', name: 'x' },
      { onBatch: () => undefined, onIssue: (issue) => whole.push(issue) },
    );
    const { text, issues } = await events({ jobs: 2 });
    expect(text.trimEnd().split('\n')).toHaveLength(summary.records);
    const told = (list: readonly Issue[]): ReadonlyMap<string, number | undefined> =>
      new Map(list.map(({ code, count }) => [code, count]));
    expect(told(issues)).toEqual(told(whole));
    expect([...told(issues).keys()]).toEqual(
      expect.arrayContaining([
        'POSTERN_EVTX_EMPTY_CHUNK',
        'POSTERN_EVTX_MISSING_RECORDS',
        'POSTERN_EVTX_TOKEN',
      ]),
    );
  });

  test('has the same matches in the same order on any number of threads', async () => {
    const rule = join(testFolder(), 'rule.yml');
    writeFileSync(
      rule,
      'title: whoami\nid: 10000000-0000-4000-8000-000000000009\nlevel: low\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  s:\n    CommandLine|contains: whoami\n  condition: s\n',
    );
    const rules = loadHuntRules({ rules: [rule] });
    const path = logPath();
    const matches = async (jobs: number): Promise<readonly HuntLine[]> => {
      const lines: HuntLine[] = [];
      await hunt([path], { rules, jobs }, (line) => line.kind === 'match' && lines.push(line));
      return lines;
    };
    const one = await matches(1);
    expect(one.length).toBeGreaterThan(200);
    expect(await matches(2)).toEqual(one);
  });
});

describe('events alone', () => {
  test('nested, flat and as XML, one a line', async () => {
    const lines = async (format: 'nested' | 'flat' | 'xml'): Promise<readonly string[]> =>
      (await events({ jobs: 2, format })).text.trimEnd().split('\n');
    const [nested, flat, xml] = [await lines('nested'), await lines('flat'), await lines('xml')];
    expect([nested.length, flat.length, xml.length]).toEqual(Array(3).fill(nested.length));
    expect(JSON.parse(nested[0] ?? '')).toMatchObject({
      Event: { System: { EventID: 4688 }, EventData: { NewProcessName: 'C:\\0.exe' } },
    });
    expect(JSON.parse(flat[0] ?? '')).toMatchObject({ EventID: 4688, NewProcessName: 'C:\\0.exe' });
    expect(xml[0]).toContain('<Data Name="NewProcessName">C:\\0.exe</Data>');
  });

  test.each([
    ['jsonl', '"Recovered":"carved"'],
    ['nested', ',"Recovered":"carved"}'],
    ['flat', '"Recovered":"carved"'],
    ['xml', '<?recovered carved?><Event'],
  ] as const)('that were recovered say so in %s', async (format, mark) => {
    const plain = await events({ format, jobs: 1 });
    const { text } = await events({ format, jobs: 2, recover: true });
    expect(plain.text).not.toContain(mark);
    expect(text.split('\n').filter((line) => line.includes(mark)).length).toBeGreaterThan(5);
  });
});
