import { formatTime } from '@postern/core';
import type { AskedTime, CaseFacts } from '@postern/core';
import { earlier, later } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { say } from './messages.ts';
import type { Sighting } from './sighting.ts';

/** What `--since` and `--until` leave of a stretch of time; empty, at its beginning, where they leave nothing. */
export function cutToAsked(interval: Interval, asked: AskedTime | undefined): Interval {
  const from = asked?.from === undefined ? interval.from : later(interval.from, asked.from);
  const to = asked?.to === undefined ? interval.to : earlier(interval.to, asked.to);
  return { from, to: to < from ? from : to };
}

/**
 * Whether a sighting counts in the time that was asked for: in part is enough. What has no time counts, and so does
 * what lies on the disk, for it lay there when the evidence was collected.
 */
export function isAsked({ options: { asked } }: Pick<CaseFacts, 'options'>, sighting: Sighting): boolean {
  const { time, last = time, recorder } = sighting;
  if (asked === undefined || time === undefined || last === undefined || recorder === 'file') return true;
  return (asked.to === undefined || time < asked.to) && (asked.from === undefined || last >= asked.from);
}

/** The bounds as people say them; `to` is the last moment that counts. */
export function askedText(asked: AskedTime): string {
  const [from, to] = [
    asked.from === undefined ? undefined : formatTime(asked.from, 'second'),
    asked.to === undefined ? undefined : formatTime(asked.to - 1n, 'second'),
  ];
  if (from === undefined) return say('asked.until', { to: to ?? '' });
  return to === undefined ? say('asked.since', { from }) : say('asked.between', { from, to });
}
