import type { Reader, ReadOptions, ReadSink, ReadSummary, SourceInput } from '@postern/core';
import { EventOutput } from './event-output.ts';
import { Feed } from './feed.ts';
import { ObjectReading } from './object-reading.ts';
import { ObjectScanner } from './object-scanner.ts';
import { Problems } from './problems.ts';
import { recogniseEvents } from './recognise-events.ts';

/**
 * Reads Windows events that were written as JSON: one object per line, a list of objects, or pretty-printed ones.
 * Which fields there are and how they are called: `event-names.ts`. The time is the best of `TimeCreated`,
 * `@timestamp`, `EventTime` …; the name of its slot says which. All other times stay reachable as fields, so that a
 * wrongly labelled clock can be found from two of them.
 *
 * It hands over every record, whatever `scannerFor` and `sampleEvery` say: a literal can stand in JSON in many
 * spellings (`\\` for `\`, `\u003c` for `<`), so that a search in the raw line could miss it. For the same reason
 * keyword rules must look at the decoded values of a record and not at its raw text.
 *
 * Lists of unnamed data are the field `Data` (see `dataTexts`). What is no well-formed object stays as a record
 * `text`, is counted as damaged and said in one issue per kind, `POSTERN_JSONLOG_…`.
 */
export const jsonlogReader: Reader = {
  kinds: ['windows-events-json'],
  recognise: (head) => (recogniseEvents(head) ? 'windows-events-json' : undefined),
  read: readEvents,
};

function readEvents(input: SourceInput, options: ReadOptions, sink: ReadSink): ReadSummary {
  const feed = new Feed(input);
  const scanner = new ObjectScanner();
  const output = new EventOutput(feed, scanner, sink, new Problems());
  return new ObjectReading(feed, scanner, output).run(options, sink);
}
