import { excerptOf, limits, maskSecrets, showControls } from '@postern/core';
import type { Sighting } from './sighting.ts';

/** Fields of an event that an excerpt names; what a rule lists first says most. */
const fieldsNamed = 6;
/** Less than this of a value tells nothing. */
const leastCharacters = 12;
const between = ' · ';
/** Fields that say where a record was made, or only join records: the excerpt has no room for them. */
const placeFields: ReadonlySet<string> = new Set([
  'Computer',
  'Channel',
  'Provider_Name',
  'EventID',
  'ProcessGuid',
  'NewProcessId',
  'ProcessId',
  'ParentProcessId',
]);
/** What rules look for in long values: script, a misled front end, the pool a process ran in, a page. */
const trait =
  /<script|<%|runat\s*=|eval\(|request[.[(]|%3c|ServerInfo~|\]:444\/|-ap "MSExchange|\.as[hpm]x|lsass|\.dmp\b/i;

/**
 * What a person needs to see of a record, masked, in one line and bounded: the record itself where it fits; of a longer
 * event the fields that made the rule fire, by name; of a longer line the part that holds them.
 */
export function excerptFor(sighting: Sighting, characters: number): string {
  const { text, recorder } = sighting;
  const isWhole = text.length < limits.excerptKept;
  if (isWhole && clean(text).length <= characters) return clean(text);
  if (recorder.startsWith('windows:')) {
    const fields = fieldsOf(sighting);
    if (fields.length > 0) return fit(fields, characters);
  }
  return around(clean(text), witnessesOf(sighting), characters);
}

interface Field {
  readonly name: string;
  readonly value: string;
}

function clean(text: string): string {
  return showControls(maskSecrets(text));
}

/** The captured fields, in the order of the rule; one that repeats another is left out. */
function fieldsOf({ captures }: Sighting): readonly Field[] {
  const fields: Field[] = [];
  for (const [name, text] of captures) {
    const value = clean(text.replaceAll(/[\r\n]+/g, ' ')).trim();
    if (value === '' || value === '-' || placeFields.has(name)) continue;
    if (fields.some((field) => field.value.includes(value))) continue;
    fields.push({ name, value });
    if (fields.length === fieldsNamed) break;
  }
  return fields;
}

/** Short values whole, long ones cut to equal shares around what a rule looks for. */
function fit(fields: readonly Field[], characters: number): string {
  for (let count = fields.length; count > 1; count--) {
    const shares = sharesOf(fields.slice(0, count), characters);
    if (shares !== undefined) return join(fields.slice(0, count), shares);
  }
  return join(fields.slice(0, 1), sharesOf(fields.slice(0, 1), characters) ?? [characters]).slice(
    0,
    characters,
  );
}

function join(fields: readonly Field[], shares: readonly number[]): string {
  return fields.map(({ name, value }, k) => `${name}: ${cut(value, shares[k] ?? 0)}`).join(between);
}

/** How many characters each value gets; undefined if some would get too few to tell anything. */
function sharesOf(fields: readonly Field[], characters: number): readonly number[] | undefined {
  const names = fields.reduce((sum, { name }) => sum + name.length + 2, between.length * (fields.length - 1));
  const shares = fields.map(() => 0);
  let room = characters - names;
  const order = fields.map((_, k) => k).toSorted((a, b) => lengthAt(fields, a) - lengthAt(fields, b));
  for (const [done, k] of order.entries()) {
    const share = Math.min(lengthAt(fields, k), Math.floor(room / (fields.length - done)));
    if (share < Math.min(leastCharacters, lengthAt(fields, k))) return undefined;
    shares[k] = share;
    room -= share;
  }
  return shares;
}

function lengthAt(fields: readonly Field[], index: number): number {
  return fields[index]?.value.length ?? 0;
}

/** The part of a value that holds what rules look for, else its beginning. */
function cut(value: string, characters: number): string {
  if (value.length <= characters) return value;
  const at = trait.exec(value)?.index ?? 0;
  return window(value, at - Math.floor(characters / 4), characters);
}

/** What the line is about: its back door, else the captured fields in the order of the rule, else who asked. */
function witnessesOf({ captures, entities, implant }: Sighting): readonly string[] {
  const own = [implant?.path, implant?.url, ...captures.values(), entities.addresses[0]?.value];
  return own.flatMap((text) => {
    const value = text === undefined ? '' : clean(text).trim();
    return value.length < 4 ? [] : [value, value.slice(0, 32)];
  });
}

function around(line: string, witnesses: readonly string[], characters: number): string {
  if (line.length <= characters) return line;
  const lower = line.toLowerCase();
  const found = witnesses.map((witness) => lower.indexOf(witness.toLowerCase())).find((at) => at >= 0) ?? 0;
  return window(line, found - Math.floor(characters / 6), characters);
}

/** So many characters from `from` on, with a sign where something was left out. */
function window(text: string, from: number, characters: number): string {
  if (from <= 1) return excerptOf(text, characters);
  const start = Math.min(from, text.length - characters + 1);
  const end = start + characters - 2;
  return end >= text.length - 1
    ? `…${text.slice(text.length - characters + 1)}`
    : `…${text.slice(start, end)}…`;
}
