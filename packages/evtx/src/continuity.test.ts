import { formatTime, type LogContinuity } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { Chunk } from './chunk.ts';
import { Continuity, joinContinuity } from './continuity.ts';
import { chunkBytes, fileHeaderBytes } from './format.ts';
import { continuityIssues } from './problems.ts';
import { firstTime, readWhole, someLog, someRecords } from './testing/logs.ts';
import { defineEvent, eventBody, writeEvtx, type EvtxRecord } from './writer/index.ts';

const cleared = defineEvent({
  provider: 'Microsoft-Windows-Eventlog',
  guid: 'fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148',
  channel: 'Security',
  id: 1102,
  data: {
    form: 'user',
    element: 'LogFileCleared',
    namespace: 'urn:x',
    fields: [['SubjectUserName', 'string']],
  },
});

describe('what ids and times of records tell', () => {
  test('nothing is missing, whatever the order of the chunks', () => {
    const { summary } = readWhole(someLog(300, { firstRecord: 77 }));
    expect(summary.continuity).toMatchObject({
      first: 77,
      last: 376,
      missing: [],
      missingTotal: 0,
      setBackTotal: 0,
      clearedTotal: 0,
    });
  });

  test('records that are gone, between which times', () => {
    const log = someLog(400);
    const at = fileHeaderBytes + chunkBytes;
    const [before, behind] = [
      readWhole(log, { chunks: { from: 0, to: 1 } }),
      readWhole(log, { chunks: { from: 2, to: 9 } }),
    ];
    log.fill(0, at, at + chunkBytes);
    const { summary, codes } = readWhole(log);
    const [gap] = summary.continuity?.missing ?? [];
    const count = 400 - before.records.length - behind.records.length;
    expect([gap?.after, gap?.before, gap?.count]).toEqual([
      before.records.length,
      before.records.length + count + 1,
      count,
    ]);
    expect([gap?.from, gap?.to]).toEqual([before.records.at(-1)?.time, behind.records[0]?.time]);
    expect(codes.get('MISSING_RECORDS')).toBe(count);
  });

  test('a clock that was set back, by more than a minute', () => {
    const records = someRecords(6).map(({ body, time }, index): EvtxRecord => {
      const back = index === 2 ? 30_000 : index >= 4 ? 7_200_000 : 0;
      return { body, time: Number(time) - back };
    });
    const { summary, issues } = readWhole(writeEvtx(records));
    const { continuity } = summary;
    expect(issues.find(({ code }) => code === 'POSTERN_EVTX_CLOCK_SET_BACK')?.found).toBe(
      'first: at record 5, from 2021-03-03T04:05:09.789Z to 2021-03-03T02:05:10.789Z',
    );
    expect(continuity?.setBack.map(({ record }) => record)).toEqual([5]);
    expect(formatTime(continuity?.setBack[0]?.to ?? 0n)).toBe('2021-03-03T02:05:10.789Z');
  });

  test('that a log was cleared', () => {
    const base = { time: firstTime, record: 1, computer: 'ex1', values: ['admin'] };
    const { summary, issues } = readWhole(
      writeEvtx([{ time: firstTime, body: eventBody(cleared, base) }, ...someRecords(3)]),
    );
    expect(summary.continuity?.cleared.map(({ record, channel }) => [record, channel])).toEqual([
      [1, 'Security'],
    ]);
    expect(issues.find(({ code }) => code === 'POSTERN_EVTX_CLEARED')?.found).toBe(
      'first: Security, record 1, 2021-03-03T04:05:06.789Z',
    );
  });
});

describe('ids that jump about', () => {
  /** Ids as if each stood in a record of its own. */
  function seen(ids: Iterable<number>): LogContinuity {
    const chunk = new Chunk(new Uint8Array(24));
    const continuity = new Continuity();
    for (const id of ids) {
      chunk.view.setBigUint64(8, BigInt(id), true);
      chunk.view.setBigUint64(16, 132_592_107_067_891_234n, true);
      continuity.see(chunk, 0);
    }
    return continuity.facts();
  }

  test('are watched up to a limit, which is said', () => {
    const facts = seen(Array.from({ length: 100_000 }, (_, index) => 2 * index + 1));
    expect([facts.isWhole, facts.runs.length]).toEqual([false, 65_536]);
    expect(continuityIssues(facts).map(({ code }) => code)).toContain('POSTERN_EVTX_IDS_LIMIT');
  });

  test('and close up again are no harm, however many', () => {
    const odd = Array.from({ length: 60_000 }, (_, index) => 2 * index + 1);
    const even = odd.map((id) => id + 1);
    const facts = seen([...odd, ...even]);
    expect(facts).toMatchObject({ isWhole: true, first: 1, last: 120_000, missingTotal: 0 });
  });

  test('tell the same in pieces as in one', () => {
    const ids = [5, 6, 7, 20, 21, 1, 2, 9, 10, 30];
    const pieces = [ids.slice(0, 4), ids.slice(4, 7), ids.slice(7)].map(seen);
    expect(joinContinuity(pieces)).toEqual(seen(ids));
  });
});
