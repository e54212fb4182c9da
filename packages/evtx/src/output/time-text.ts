import { daysFromCivil } from '@postern/core';
import { writeDecimal, writePadded } from './number-text.ts';
import type { TextSink } from './text-sink.ts';

/** A day has 52 734 375 times 2^14 ticks: in that unit even the largest time is below 2^53, so no bigint is needed. */
const unitsPerDay = 52_734_375;
const ticksPerUnit = 16_384;
const daysTo1970 = -daysFromCivil(1601, 1, 1);
const dash = 0x2d;
const colon = 0x3a;

/** The date of the last time that was written: log times come in order, so days repeat. */
let knownDay = Number.NaN;
const known = new Uint8Array(16);
let knownLength = 0;

/** 100 ns since 1601, in two halves, as `2021-03-03T06:40:12.1234567Z`. */
export function writeFiletime(sink: TextSink, high: number, low: number): void {
  sink.reserve(40);
  const units = high * 0x4_0000 + (low >>> 14);
  const day = Math.floor(units / unitsPerDay);
  const ticks = (units - day * unitsPerDay) * ticksPerUnit + (low & 0x3fff);
  if (day === knownDay) writeKnownDay(sink);
  else writeNewDay(sink, day);
  const seconds = Math.floor(ticks / 10_000_000);
  sink.byte(0x54);
  writePadded(sink, Math.floor(seconds / 3600), 2);
  sink.byte(colon);
  writePadded(sink, Math.floor(seconds / 60) % 60, 2);
  sink.byte(colon);
  writePadded(sink, seconds % 60, 2);
  sink.byte(0x2e);
  writePadded(sink, ticks - seconds * 10_000_000, 7);
  sink.byte(0x5a);
}

function writeKnownDay(sink: TextSink): void {
  for (let i = 0; i < knownLength; i++) sink.byte(known[i] ?? 0);
}

function writeNewDay(sink: TextSink, day: number): void {
  const from = sink.length;
  writeDate(sink, day - daysTo1970);
  knownLength = sink.length - from;
  known.set(sink.bytes.subarray(from, sink.length));
  knownDay = day;
}

/** The day of the Gregorian calendar, counted from 1970. The way back of `daysFromCivil`. */
function writeDate(sink: TextSink, days: number): void {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const part = Math.floor((5 * dayOfYear + 2) / 153);
  const month = part < 10 ? part + 3 : part - 9;
  writeDecimal(sink, yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
  sink.byte(dash);
  writePadded(sink, month, 2);
  sink.byte(dash);
  writePadded(sink, dayOfYear - Math.floor((153 * part + 2) / 5) + 1, 2);
}
