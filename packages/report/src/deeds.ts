import type { Assessment, Impact, Implant, Operator } from '@postern/core';
import { amountText, countText, counted, day, span } from './dates.ts';
import { groupBy } from './groups.ts';
import { defang } from './harmless.ts';
import { telling } from './paths.ts';
import { usesOf, useTitles } from './uses.ts';
import { fill, words } from './words.ts';

/** Those who came in. */
export function intrudersOf({ operators }: Assessment): readonly Operator[] {
  return operators.list.filter(({ kind }) => kind === 'intruder');
}

/** `Who came through (at least 2, at most 3 operators)`; they are told apart over all servers, not on each. */
export function operatorsHeading(assessment: Assessment): string {
  const { operators, heading } = words;
  const word = assessment.operators.atMost === 1 ? words.operator : operators;
  const isOne = assessment.servers.filter(({ headline }) => headline !== undefined).length < 2;
  return `${isOne ? heading.operators : heading.operatorsOfAll} (${rangeText(assessment)} ${word})`;
}

/** `at least 2, at most 3`. */
export function rangeText({ operators: { atLeast, atMost } }: Assessment): string {
  return atLeast === atMost
    ? countText(atLeast)
    : `at least ${countText(atLeast)}, at most ${countText(atMost)}`;
}

/** What one operator did, in a few words: what it placed, whose back doors it used, what it fetched, from where. */
export function deedsOf(operator: Operator, assessment: Assessment, yearSaid: string | undefined): string {
  const deeds = [
    ...placedText(operator, assessment, yearSaid),
    ...usedText(operator, assessment, yearSaid),
    ...takenTexts(operator, assessment),
  ];
  const acted = deeds.length > 0 ? deeds : entryText(operator, yearSaid);
  return [acted.join(', '), fromText(operator)].filter((part) => part !== '').join('; ');
}

function placedText(
  operator: Operator,
  { implants }: Assessment,
  yearSaid: string | undefined,
): readonly string[] {
  const placed = implants.filter(({ placedBy }) => placedBy === operator.id);
  const [one] = placed;
  if (one === undefined) return [];
  const what = placed.length > 1 ? counted(placed.length, 'back door', 'back doors') : shortName(one);
  const date =
    placed.length === 1 && one.placedAt !== undefined ? day(one.placedAt.time, yearSaid) : undefined;
  return [date === undefined ? fill(words.deed.placed, { what }) : fill(words.deed.placedOn, { what, date })];
}

/** `used A's web shell 4–9 Mar`; of several back doors the days are not told apart, so only the last one is said. */
function usedText(
  operator: Operator,
  assessment: Assessment,
  yearSaid: string | undefined,
): readonly string[] {
  const used = assessment.implants.filter(
    ({ id, placedBy }) => operator.implants.includes(id) && placedBy !== operator.id,
  );
  if (used.length === 0) return [];
  const texts = used.slice(0, 2).map((implant) => ownedName(implant, assessment));
  const rest = used.length > 2 ? [counted(used.length - 2, 'more', 'more')] : [];
  const text = fill(words.deed.used, { what: [...texts, ...rest].join(' and ') });
  const { first, last } = usesOf(operator, useTitles(assessment));
  if (first === undefined || last === undefined) return [text];
  if (operator.implants.length === 1) return [`${text} ${span({ from: first, to: last }, yearSaid)}`];
  return [`${text} (${fill(words.deed.last, { date: day(last, yearSaid) })})`];
}

function ownedName(implant: Implant, { operators, implants }: Assessment): string {
  const owner = operators.list.find(({ id }) => id === implant.placedBy);
  if (owner === undefined) return shortName(implant);
  const owned = implants.filter(({ placedBy }) => placedBy === owner.id);
  const what = owned.length > 1 ? shortName(implant) : words.implantKind[implant.kind];
  return fill(words.deed.others, { name: owner.name, what });
}

function shortName(implant: Implant): string {
  const place = implant.path ?? implant.url;
  return place === undefined ? words.implantKind[implant.kind] : telling(place);
}

function takenTexts(operator: Operator, { impact }: Assessment): readonly string[] {
  const own = impact.filter(
    ({ operators, how }) => operators.includes(operator.id) && how !== 'could-have-been-read',
  );
  const left = own.filter(({ how }) => how === 'left');
  const read = own.filter(({ how }) => how === 'read');
  return [
    ...(left.length === 0 ? [] : [fill(words.deed.fetched, { what: thingsText(left) })]),
    ...(read.length === 0 ? [] : [fill(words.deed.read, { what: thingsText(read) })]),
  ];
}

function thingsText(impacts: readonly Impact[]): string {
  const [one] = impacts;
  if (one !== undefined && impacts.length === 1) {
    const size = amountText(one.bytes);
    return `${words.impactKind[one.kind]} ${telling(one.what)}${size === '' ? '' : ` (${size})`}`;
  }
  const kinds = groupBy(impacts, ({ kind }) => kind);
  return [...kinds].map(([kind, list]) => `${countText(list.length)} × ${words.impactKind[kind]}`).join(', ');
}

function entryText({ actions, first, last }: Operator, yearSaid: string | undefined): readonly string[] {
  const cameIn = actions.some(({ stage }) => stage === 'success');
  if (first === undefined || last === undefined) return cameIn ? [words.deed.gotInOnce] : [];
  const when = span({ from: first, to: last }, yearSaid);
  return [fill(cameIn ? words.deed.gotIn : words.deed.seen, { when })];
}

/** Few addresses are named, many counted. */
function fromText({ addresses }: Operator): string {
  if (addresses.length === 0) return words.deed.noAddress;
  return addresses.length < 3
    ? addresses.map(defang).join(', ')
    : counted(addresses.length, 'address', 'addresses');
}
