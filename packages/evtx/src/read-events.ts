import type { Batch, Issue, ReadOptions, ReadSummary, SourceInput } from '@postern/core';
import { evtxReader } from './reader.ts';

export interface EventsRead {
  readonly summary: ReadSummary;
  readonly issues: readonly Issue[];
}

/** Told of each event. The batch is valid until the call returns: `keepRecord` copies an event out of it. */
export type OnEvent = (batch: Batch, record: number) => void;

/**
 * Reads all events of a log in the order in which they stand in it. It is {@link evtxReader} for those who want one
 * event after the other; what is wrong with the log is in `issues`.
 */
export function readEvents(
  input: SourceInput,
  onEvent: OnEvent,
  options: Partial<ReadOptions> = {},
): EventsRead {
  const issues: Issue[] = [];
  const summary = evtxReader.read(
    input,
    { kind: 'evtx', name: '', ...options },
    {
      onIssue: (issue) => issues.push(issue),
      onBatch: (batch) => {
        for (let record = 0; record < batch.count; record++) onEvent(batch, record);
      },
    },
  );
  return { summary, issues };
}
