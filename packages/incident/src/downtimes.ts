import { hourOf, ticksOfHour, ticksPerSecond } from '@postern/core';
import type { CaseFacts, PowerEvent, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { isListing } from './families.ts';
import type { FamilySpan } from './families.ts';
import { unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { groupBy } from './ordered.ts';
import { serverNamed, serverOfSource } from './servers.ts';
import type { ServerBook } from './servers.ts';

/** Server id → when it was down, in whole hours, as its System log tells. */
export type Downtimes = ReadonlyMap<string, readonly Interval[]>;

export interface DowntimeMatter {
  readonly facts: CaseFacts;
  readonly book: ServerBook;
  readonly clocks: Clocks;
  readonly spans: readonly FamilySpan[];
}

/** What one start of the machine writes comes within this time. */
const bootTicks = 600n * ticksPerSecond;

/**
 * Judgement section 3: a server was down from the shutdown that its System log records (1074, 6006) to the next start
 * (6005, 6008, 41), or, before a start after a crash, from the last record of any log on; and only where all logs are
 * silent in between: one that speaks there says that a start is missing.
 */
export function downtimesOf(matter: DowntimeMatter): Downtimes {
  const byServer = groupBy(eventsOf(matter), ({ server }) => server);
  return new Map(
    [...byServer].map(([server, events]) => {
      const spoken = spokenHours(matter.spans, server);
      const list = bootsOf(events).flatMap((boot) => downBefore(boot, spoken));
      return [server, unite(list)];
    }),
  );
}

interface PowerRecord extends Pick<PowerEvent, 'time' | 'event'> {
  readonly server: string;
}

function eventsOf({ facts, book, clocks }: DowntimeMatter): PowerRecord[] {
  return facts.sources
    .filter(({ excerpt, duplicateOf }) => !excerpt && duplicateOf === undefined)
    .flatMap((source) =>
      (source.power ?? []).map(({ time, event, host }) => ({
        server: serverNamed(book, host ?? '') ?? serverOfSource(book, source.id),
        time: corrected(clocks, source.id, time),
        event,
      })),
    )
    .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.event < b.event ? -1 : 1));
}

/** One start, and what is known of the shutdown before it. */
interface Boot {
  readonly at: Ticks;
  /** When the shutdown was recorded. */
  readonly stopped: Ticks | undefined;
  readonly afterCrash: boolean;
}

function bootsOf(events: readonly PowerRecord[]): Boot[] {
  const boots: Boot[] = [];
  let stopped: Ticks | undefined;
  for (const { time, event } of events) {
    const last = boots.at(-1);
    if (event === 'stopping' || event === 'stopped') {
      stopped = time;
    } else if (last !== undefined && stopped === undefined && time - last.at <= bootTicks) {
      boots[boots.length - 1] = { ...last, afterCrash: last.afterCrash || event === 'started-after-crash' };
    } else {
      boots.push({ at: time, stopped, afterCrash: event === 'started-after-crash' });
      stopped = undefined;
    }
  }
  return boots;
}

/** Hours in which some log of the server has a record, in order. */
function spokenHours(spans: readonly FamilySpan[], server: string): readonly number[] {
  const own = spans.filter((span) => span.server === server && !isListing(span.family));
  return [...new Set(own.flatMap(({ hours }) => hours))].toSorted((a, b) => a - b);
}

function downBefore({ at, stopped, afterCrash }: Boot, spoken: readonly number[]): Interval[] {
  const end = hourOf(at);
  if (stopped === undefined && !afterCrash) return [];
  const lastSpoken = spoken.findLast((hour) => hour < end);
  const begin =
    stopped === undefined ? (lastSpoken === undefined ? undefined : lastSpoken + 1) : hourOf(stopped);
  if (begin === undefined) return [];
  // A record inside says that the machine ran: its start is missing from the log.
  if (spoken.some((hour) => hour > begin && hour < end)) return [];
  return [{ from: ticksOfHour(begin), to: ticksOfHour(end + 1) }];
}
