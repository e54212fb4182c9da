/** Hours (counted from 1601) in which a family has records, sorted and distinct. */
export type ActiveHours = readonly number[];

/** A run of hours without a record, `to` not included. */
export interface SilentRun {
  readonly from: number;
  readonly to: number;
}

/** A run this short is nobody's business. */
export const shortestGapHours = 6;
/** A family that sleeps now and then must have been expected to speak for a day's worth of hours. */
const expectedOfSleepers = 24;
/** Active in this share of its hours, a family never sleeps. */
const steadyShare = 0.9;
const week = 168;

/** The runs of silence between the first and the last active hour. */
export function silentRuns(hours: ActiveHours): SilentRun[] {
  const runs: SilentRun[] = [];
  for (let k = 1; k < hours.length; k++) {
    const [before, after] = [hours[k - 1] ?? 0, hours[k] ?? 0];
    if (after - before > 1) runs.push({ from: before + 1, to: after });
  }
  return runs;
}

/** How a family usually speaks, to tell a gap from a quiet night. */
export interface Rhythm {
  readonly hours: ActiveHours;
  /** Longest silence that is usual: the 95th percentile of the silences after each active hour. */
  readonly usualSilence: number;
  /** Active and all hours by hour of the week, then by hour of the day. */
  readonly weekActive: Float64Array;
  readonly weekAll: Float64Array;
  readonly dayActive: Float64Array;
  readonly dayAll: Float64Array;
}

export function rhythmOf(hours: ActiveHours): Rhythm {
  const [weekActive, weekAll] = [new Float64Array(week), new Float64Array(week)];
  const [dayActive, dayAll] = [new Float64Array(24), new Float64Array(24)];
  for (const hour of hours) {
    add(weekActive, hour % week, 1);
    add(dayActive, hour % 24, 1);
  }
  const [first, last] = [hours[0], hours.at(-1)];
  if (first !== undefined && last !== undefined) countHours({ from: first, to: last + 1 }, weekAll, dayAll);
  return { hours, usualSilence: usualSilenceOf(hours), weekActive, weekAll, dayActive, dayAll };
}

/**
 * True if a silence is longer than the family's habit: longer than 6 hours and three times its usual silence, in hours
 * in which it was expected to speak (by what it did in the same hours of other weeks, else of other days).
 */
export function isUnusual(rhythm: Rhythm, run: SilentRun): boolean {
  const length = run.to - run.from;
  if (length <= Math.max(shortestGapHours, 3 * rhythm.usualSilence)) return false;
  return expectedHours(rhythm, run) >= (isSteady(rhythm, run) ? shortestGapHours : expectedOfSleepers);
}

/** Hours of a run in which the family was expected to speak. */
export function expectedHours(rhythm: Rhythm, run: SilentRun): number {
  const [weekRun, dayRun] = [new Float64Array(week), new Float64Array(24)];
  const inside = clipToSpan(rhythm, run);
  if (inside !== undefined) countHours(inside, weekRun, dayRun);
  let expected = 0;
  for (let hour = run.from; hour < run.to; hour++) {
    const [w, d] = [hour % week, hour % 24];
    const ofWeek = at(rhythm.weekAll, w) - at(weekRun, w);
    const ofDay = at(rhythm.dayAll, d) - at(dayRun, d);
    if (ofWeek > 0) expected += at(rhythm.weekActive, w) / ofWeek;
    else if (ofDay > 0) expected += at(rhythm.dayActive, d) / ofDay;
  }
  return expected;
}

function isSteady(rhythm: Rhythm, run: SilentRun): boolean {
  const [first, last] = [rhythm.hours[0] ?? 0, rhythm.hours.at(-1) ?? 0];
  const inside = clipToSpan(rhythm, run);
  const span = last + 1 - first - (inside === undefined ? 0 : inside.to - inside.from);
  return span > 0 && rhythm.hours.length / span >= steadyShare;
}

function clipToSpan(rhythm: Rhythm, run: SilentRun): SilentRun | undefined {
  const from = Math.max(run.from, rhythm.hours[0] ?? 0);
  const to = Math.min(run.to, (rhythm.hours.at(-1) ?? 0) + 1);
  return from < to ? { from, to } : undefined;
}

function countHours(run: SilentRun, byWeek: Float64Array, byDay: Float64Array): void {
  for (let hour = run.from; hour < run.to; hour++) {
    add(byWeek, hour % week, 1);
    add(byDay, hour % 24, 1);
  }
}

function usualSilenceOf(hours: ActiveHours): number {
  const silences = hours.slice(1).map((hour, k) => hour - (hours[k] ?? hour) - 1);
  return silences.toSorted((a, b) => a - b)[Math.floor(silences.length * 0.95)] ?? 0;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = at(values, index) + amount;
}
