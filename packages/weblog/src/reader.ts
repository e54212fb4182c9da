import type { Reader, ReadOptions, ReadSink, ReadSummary, SourceInput } from '@postern/core';
import { Reading } from './reading.ts';
import { recognise } from './recognise.ts';

/**
 * Reads the logs of web servers in the W3C form (IIS, HTTPERR) and the CSV logs of Exchange.
 *
 * Field names are those of the log; ECP's logs have the keys of EventData as further fields
 * ({@link eventDataKeys}). A line that does not fit its header is handed over as `text` and counted as damaged; one
 * that fits a layout that servers write by default is read so and counted as recovered. What is wrong is told as
 * issues with codes `POSTERN_WEBLOG_…` ({@link WeblogCode}), the first three of each with their place, the rest as a
 * number. Counts, hours, first and last time are made for every line, whether or not it is handed over; times in the
 * summary are exact to the millisecond.
 */
export const weblogReader: Reader = {
  kinds: ['iis', 'httperr', 'exchange-log'],
  recognise,
  read(input: SourceInput, options: ReadOptions, sink: ReadSink): ReadSummary {
    return new Reading(input, options, sink).run();
  },
};
