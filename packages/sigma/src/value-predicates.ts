import { daysFromCivil } from '@postern/core';
import { compileRegex, matchCidr, parseCidr } from '@postern/match';
import type { Comparison, DatePart, FieldRelation, ValueTest } from './field-test.ts';
import { mapLiterals } from './pattern.ts';
import { compilePattern, type TextPredicate } from './text-match.ts';

/** A test of one text. */
export interface ValuePredicate {
  /** It wants the text with its letter case folded. */
  readonly isFolded: boolean;
  readonly test: TextPredicate;
}

/** Tests that look at one text alone; the others look at the record. */
export type TextTest = Exclude<ValueTest, { kind: 'null' | 'exists' | 'field' }>;

/** Compiles a test. `fold` is what the texts of the record are folded with. */
export function predicateOf(value: TextTest, fold: (text: string) => string): ValuePredicate {
  switch (value.kind) {
    case 'text': {
      const pattern = value.cased ? value.pattern : mapLiterals(value.pattern, fold);
      return { isFolded: !value.cased, test: compilePattern(pattern) };
    }
    case 'number':
      return { isFolded: true, test: equalsNumber(value.value, value.text.toLowerCase()) };
    case 'boolean':
      return { isFolded: true, test: (text) => text === String(value.value) };
    case 'regex':
      return { isFolded: false, test: compileRegex(value.pattern, value).test };
    case 'cidr': {
      const network = parseCidr(value.network);
      return { isFolded: false, test: (text) => matchCidr(network, text) };
    }
    case 'compare':
      return { isFolded: false, test: compares(value.op, value.value, value.part) };
  }
}

const decimal = /^-?\d+(?:\.\d+)?$/;
/** Digits that a JavaScript number surely holds. */
const exactDigits = 15;

function equalsNumber(value: number, written: string): TextPredicate {
  return (text) => {
    if (text === written) return true;
    if (text.length > exactDigits) return decimal.test(text) && canonical(text) === canonical(written);
    return decimal.test(text) && Number(text) === value;
  };
}

function canonical(text: string): string {
  return text.replace(/^(-?)0+(?=\d)/, '$1');
}

function compares(op: Comparison, value: number, part: DatePart | undefined): TextPredicate {
  return (text) => {
    const found = part === undefined ? numberIn(text) : datePartOf(text, part);
    return found !== undefined && holds(found, op, value);
  };
}

function holds(found: number, op: Comparison, value: number): boolean {
  switch (op) {
    case 'eq':
      return found === value;
    case 'gt':
      return found > value;
    case 'gte':
      return found >= value;
    case 'lt':
      return found < value;
    case 'lte':
      return found <= value;
  }
}

function numberIn(text: string): number | undefined {
  return decimal.test(text) || /^0x[0-9a-f]+$/i.test(text) ? Number(text) : undefined;
}

const dateAndTime = /^(?:(\d{4})-(\d{2})-(\d{2}))?[T ]?(?:(\d{2}):(\d{2}))?/;

/** A part of a date as it is written: no conversion between zones. Undefined where the text has no such part. */
export function datePartOf(text: string, part: DatePart): number | undefined {
  const [, year, month, day, hour, minute] = dateAndTime.exec(text) ?? [];
  const parts = { year, month, day, hour, minute };
  if (part === 'week')
    return year === undefined ? undefined : isoWeek(Number(year), Number(month), Number(day));
  const digits = parts[part];
  return digits === undefined ? undefined : Number(digits);
}

/** ISO 8601: the week of its Thursday, 1 to 53. */
function isoWeek(year: number, month: number, day: number): number {
  const days = daysFromCivil(year, month, day);
  // 1970-01-01 was a Thursday; Monday is 0 here.
  const weekday = (((days + 3) % 7) + 7) % 7;
  const thursday = days - weekday + 3;
  const inLastYear = thursday < daysFromCivil(year, 1, 1);
  const inNextYear = thursday >= daysFromCivil(year + 1, 1, 1);
  const ofYear = inLastYear ? year - 1 : inNextYear ? year + 1 : year;
  return Math.floor((thursday - daysFromCivil(ofYear, 1, 1)) / 7) + 1;
}

/** Whether a value stands so to that of another field. */
export function relates(text: string, other: string, how: FieldRelation): boolean {
  switch (how) {
    case 'equals':
      return text === other;
    case 'contains':
      return text.includes(other);
    case 'startswith':
      return text.startsWith(other);
    case 'endswith':
      return text.endsWith(other);
  }
}
