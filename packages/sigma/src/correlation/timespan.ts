/** Seconds of each unit. Month and year are the mean ones of the reference implementation (pySigma). */
const units: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
  ['M', 2_629_746],
  ['y', 31_556_952],
]);

/** `15m` in seconds; undefined for anything but a whole number above zero and a unit (`s m h d w M y`). */
export function parseTimespan(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(text.trim()) ?? [];
  const seconds = Number(digits) * (units.get(unit) ?? 0);
  return seconds > 0 ? seconds : undefined;
}
