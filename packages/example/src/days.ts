// When things happen. The days vary with the seed; what they stand to each other does not.

import { DAY, dayOf2021, HOUR, MINUTE } from './calendar.ts';
import type { Random } from './random.ts';
import type { Outage } from './traffic.ts';
import type { World } from './world.ts';

/** A night in which the fix is put in: local hours, 35 to 75 minutes without service. */
export function fixNight(random: Random, world: World, firstOfMarch: number, choices: number): Outage {
  const day = dayOf2021(3, firstOfMarch + random.below(choices));
  const from = day + (random.between(22, 24) - world.zone) * HOUR + random.below(HOUR);
  return { from, to: from + random.between(35, 75) * MINUTE };
}

/** The first run: in the last days before the fix was published or the first days after. */
export function firstRun(random: Random): number {
  return dayOf2021(2, 26) + random.below(7) * DAY + random.below(22 * HOUR) + 30 * MINUTE;
}

/** Length that no sitting exceeds. */
const SITTING: number = 90 * MINUTE;

/** Moves the start of a sitting behind an outage that it would run into. */
export function clearOf(start: number, outage: Outage | undefined): number {
  const meets = outage !== undefined && start + SITTING > outage.from && start < outage.to + MINUTE;
  return meets ? outage.to + 7 * MINUTE + (start % (20 * MINUTE)) : start;
}

/** Short restarts by night, away from everything in `keepClear`. */
export function restarts(random: Random, world: World, keepClear: readonly number[]): Outage[] {
  const from = Array.from({ length: random.between(4, 7) }, () => {
    const day = dayOf2021(2, 2) + random.below(42) * DAY;
    return day + (random.between(20, 27) - world.zone) * HOUR + random.below(HOUR);
  });
  return from
    .map((start) => ({ from: start, to: start + random.between(70, 260) * 1000 }))
    .filter((outage) => !keepClear.some((time) => time > outage.from - HOUR && time < outage.to + HOUR))
    .toSorted((one, other) => one.from - other.from)
    .filter((outage, index, all) => index === 0 || outage.from > (all[index - 1]?.to ?? 0));
}

/** A week of whole days that ends before the day of `before`, or undefined where none fits. */
export function lostWeek(random: Random, before: number): { from: number; to: number } {
  const lastStart = Math.floor((before - dayOf2021(2, 2)) / DAY) - 9;
  const from = dayOf2021(2, 2) + random.below(Math.max(1, lastStart)) * DAY;
  return { from, to: from + 7 * DAY };
}
