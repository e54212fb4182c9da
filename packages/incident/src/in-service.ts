import { formatTime, isCalled, minTime } from '@postern/core';
import type { Limit, Ticks } from '@postern/core';
import type { Found } from './found.ts';
import { evidenceSpan } from './families.ts';
import { say } from './messages.ts';

interface Stated {
  readonly since: Ticks;
  /** Its first record, where that is older: then the statement is not gone by. */
  readonly older: Ticks | undefined;
}

/**
 * Since when a server is in service (judgement section 3: the window is cut to the time in which it existed). Nothing
 * in the evidence tells it: a folder of the product is made anew by updates and restores. So it is stated, and records
 * of its own that are older refute it.
 */
export function inServiceSince(found: Found, server: string): Ticks | undefined {
  const stated = statedOf(found, server);
  return stated === undefined || stated.older !== undefined ? undefined : stated.since;
}

/** A verdict that rests on the statement says so. */
export function inServiceLimits(found: Found, server: string): Limit[] {
  const stated = statedOf(found, server);
  if (stated === undefined) return [];
  const date = formatTime(stated.since).slice(0, 10);
  const text =
    stated.older === undefined
      ? say('limit.in-service', { date })
      : say('limit.in-service-older', { date, first: formatTime(stated.older).slice(0, 10) });
  return [{ text, coverageRef: 'servers' }];
}

function statedOf({ given, spans }: Found, server: string): Stated | undefined {
  const all = [...(given.facts.options.inService ?? [])];
  const names = given.book.entries.get(server)?.names ?? [];
  const since = all
    .filter(([name]) => isCalled(names, name))
    .reduce<Ticks | undefined>((time, [, stated]) => minTime(time, stated), undefined);
  if (since === undefined) return undefined;
  const first = evidenceSpan(spans, server)?.from;
  return { since, older: first !== undefined && first < since ? first : undefined };
}
