/** Which of the first two numbers of `3/4/2021` is the month. */
export type DateOrder = 'month-first' | 'day-first';

const pattern =
  /^(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?,?[ T\u00A0\u202F]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?[ \u00A0\u202F]*(AM|PM|a\.m\.|p\.m\.)?$/i;

/**
 * What one date in the culture of the computer that wrote it (`Export-Csv` renders times that way) says of the order
 * of day and month: dots and hyphens are day first, a number above 12 is the day. Undefined: it could be either.
 */
export function dateOrderOf(text: string): DateOrder | undefined {
  const [, first = '', separator, second = ''] = pattern.exec(text) ?? [];
  if (separator === undefined || first.length > 2) return undefined;
  if (separator !== '/') return 'day-first';
  if (Number(first) > 12) return 'day-first';
  return Number(second) > 12 ? 'month-first' : undefined;
}

/** True if the text is a date of which only {@link dateOrderOf} of others can tell the order. */
export function needsDateOrder(text: string): boolean {
  return pattern.exec(text)?.[2] === '/' && !/^\d{4}/.test(text);
}

/** The time in the culture's form as ISO 8601, taken as UTC. Undefined if it is none or its order is not known. */
export function cultureTime(text: string, order: DateOrder | undefined): string | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, first = '', , second = '', third = '', hours = '', minutes = '', seconds = '00', half = ''] =
    found;
  const hour = hourOf(Number(hours), half.charAt(0).toLowerCase());
  const isYearFirst = first.length === 4;
  const own = needsDateOrder(text) ? order : 'day-first';
  if (hour === undefined || (own === undefined && !isYearFirst)) return undefined;
  const [year, month, day] = isYearFirst
    ? [first, second, third]
    : own === 'month-first'
      ? [third, first, second]
      : [third, second, first];
  if (year.length !== 4 || Number(month) > 12 || Number(day) > 31) return undefined;
  return `${year}-${two(month)}-${two(day)}T${two(String(hour))}:${minutes}:${seconds}Z`;
}

function hourOf(hour: number, half: string): number | undefined {
  if (half === '') return hour < 24 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
