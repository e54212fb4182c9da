import type { AdviceCheck, FlawCheck, ImplantCheck, ServerCheck, Verification } from '@postern/core';
import { countText, counted, day, humanDates, moment, times } from './dates.ts';
import { harmlessJson, visible } from './harmless.ts';
import { stateText } from './headline.ts';
import { hang, spread, wrap } from './layout.ts';
import { telling } from './paths.ts';
import { verificationWords as said } from './verification-words.ts';
import { fill, words } from './words.ts';

/** `verification.json`: harmless in any viewer, byte-identical for the same two assessments. */
export function verificationJson(verification: Verification): string {
  return `${harmlessJson(verification, 2)}\n`;
}

/**
 * What a tired person reads after `verify`: one sentence that says it all, then each back door, flaw, new thing and item
 * of advice with its state and why. What is open comes first. Times are UTC.
 */
export function renderVerification(verification: Verification, given: { readonly columns: number }): string {
  const columns = Math.max(60, Math.min(given.columns, 110));
  const lines = [
    ...head(verification, columns),
    '',
    ...wrap(summaryOf(verification), columns),
    ...notes(verification).flatMap((note) => wrap(visible(note), columns)),
    '',
    ...verification.servers.flatMap((server) => serverLines(server, columns)),
    ...section(said.heading.advice, adviceLines(verification, columns)),
  ];
  return `${lines
    .map((line) => visible(line).trimEnd())
    .join('\n')
    .trimEnd()}\n`;
}

function head({ generator, tlp }: Verification, columns: number): readonly string[] {
  return spread(`postern ${generator.version} · ${said.title} · ${words.utc}`, `TLP:${tlp}`, columns);
}

/** `2 of 3 back doors closed, 1 cannot be told; the door: all 4 flaws fixed.` */
function summaryOf({ servers }: Verification): string {
  const doors = doorsText(servers.flatMap(({ implants }) => implants));
  const door = fill(said.door.label, { text: flawsText(servers.flatMap(({ flaws }) => flaws)) });
  return [`${doors}; ${door}.`, ...freshText(servers)].join(' ');
}

function doorsText(implants: readonly ImplantCheck[]): string {
  if (implants.length === 0) return said.doors.none;
  const part = (text: string, state: ImplantCheck['state']): readonly string[] =>
    countedPart(text, implants, state);
  const closed = implants.filter(({ state }) => state === 'closed').length;
  const first = fill(said.doors.closed, { count: countText(closed), all: countText(implants.length) });
  return [first, ...part(said.doors.open, 'open'), ...part(said.doors.unknown, 'cannot-tell')].join(', ');
}

function flawsText(flaws: readonly FlawCheck[]): string {
  if (flaws.length === 0) return said.door.none;
  const part = (text: string, state: FlawCheck['state']): readonly string[] =>
    countedPart(text, flaws, state);
  const fixed = flaws.filter(({ state }) => state === 'closed').length;
  const all = { count: countText(fixed), all: countText(flaws.length) };
  return [
    fill(fixed === flaws.length ? said.door.fixed : said.door.some, all),
    ...part(said.door.open, 'open'),
    ...part(said.door.mitigated, 'mitigated'),
    ...part(said.door.unknown, 'cannot-tell'),
  ].join(', ');
}

function countedPart<S extends string>(
  text: string,
  checks: readonly { readonly state: S }[],
  wanted: S,
): readonly string[] {
  const count = checks.filter(({ state }) => state === wanted).length;
  return count === 0 ? [] : [fill(text, { count: countText(count) })];
}

function freshText(servers: readonly ServerCheck[]): readonly string[] {
  const doors = servers.flatMap(({ newImplants }) => newImplants).length;
  const findings = servers.flatMap(({ newFindings }) => newFindings).length;
  const parts = [
    ...(doors === 0 ? [] : [counted(doors, said.freshDoor, said.freshDoors)]),
    ...(findings === 0 ? [] : [counted(findings, said.freshFinding, said.freshFindings)]),
  ];
  return parts.length === 0 ? [] : [fill(said.fresh, { what: parts.join(', ') })];
}

function notes({ complete, onlyBefore, onlyAfter }: Verification): readonly string[] {
  const named = (text: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [fill(text, { names: names.join(', ') })];
  return [
    ...(complete ? [] : [said.incomplete]),
    ...named(said.onlyBefore, onlyBefore),
    ...named(said.onlyAfter, onlyAfter),
  ];
}

function serverLines(server: ServerCheck, columns: number): readonly string[] {
  const { heading } = said;
  return [
    ...wrap(visible(titleOf(server)), columns),
    '',
    ...section(
      heading.implants,
      byState(server.implants).flatMap((each) => implantLines(each, columns)),
    ),
    ...section(heading.flaws, flawLines(server.flaws, columns)),
    ...section(heading.fresh, freshLines(server, columns)),
  ];
}

function titleOf({ name, inAfter, beforeEnds, afterEnds }: ServerCheck): string {
  const parts = [
    name,
    ...(beforeEnds === undefined ? [] : [fill(said.beforeEnds, { date: day(beforeEnds) })]),
    ...(afterEnds === undefined ? [] : [fill(said.afterEnds, { date: day(afterEnds) })]),
    ...(inAfter ? [] : [said.noAfter]),
  ];
  return parts.join(' · ');
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines, ''];
}

const stateColumns = 15;

function row(state: string, text: string, columns: number): readonly string[] {
  return hang(`  ${state}`, visible(humanDates(text)), stateColumns, columns);
}

const urgency: readonly string[] = ['open', 'cannot-tell', 'mitigated', 'closed'];

function byState<T extends { readonly state: string }>(checks: readonly T[]): readonly T[] {
  return checks.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
}

function implantLines({ state, why, ...implant }: ImplantCheck, columns: number): readonly string[] {
  return row(said.state[state], `${implantName(implant)}: ${why}`, columns);
}

function implantName({ kind, path, url }: Pick<ImplantCheck, 'kind' | 'path' | 'url'>): string {
  const place = path === undefined ? (url ?? '') : telling(path);
  return `${words.implantKind[kind]} ${place}`.trimEnd();
}

/** Flaws of one state and reason stand together. */
function flawLines(flaws: readonly FlawCheck[], columns: number): readonly string[] {
  const groups = new Map<string, FlawCheck[]>();
  for (const flaw of byState(flaws)) {
    const key = JSON.stringify([flaw.state, flaw.why]);
    groups.set(key, [...(groups.get(key) ?? []), flaw]);
  }
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined) return [];
    const names = group.map(({ cve }) => cve).join(', ');
    return row(said.state[one.state], `${names}: ${one.why}`, columns);
  });
}

const freshListed = 20;

function freshLines({ newImplants, newFindings }: ServerCheck, columns: number): readonly string[] {
  const implants = newImplants.map((implant) => {
    const placed =
      implant.placedAt === undefined ? '' : fill(said.placed, { date: moment(implant.placedAt.time) });
    return `${implantName(implant)}, ${stateText(implant)}${placed}`;
  });
  const findings = newFindings.map(({ rule, first, last, count }) => {
    const time = first ?? last;
    const when = time === undefined ? '' : `${moment(time)}  `;
    return `${when}${rule.title}${count > 1 ? fill(said.times, { times: times(count) }) : ''}`;
  });
  const all = [...implants, ...findings];
  const hidden = all.length - freshListed;
  return [
    ...all.slice(0, freshListed).flatMap((text) => row(said.fresher, text, columns)),
    ...(hidden > 0 ? [`  ${fill(said.more, { count: countText(hidden) })}`] : []),
  ];
}

const toDo: readonly string[] = ['open', 'cannot-tell', 'done'];

/** What evidence tells of, the open first, with what it takes; then by their titles what only people know. */
function adviceLines({ advice, servers }: Verification, columns: number): readonly string[] {
  const told = toDo.flatMap((state) => advice.filter((item) => item.state === state));
  const people = advice.filter(({ state }) => state === 'people');
  const isSeveral = servers.length > 1;
  return [
    ...told.flatMap((item) => toldLines(item, isSeveral, columns)),
    ...people.flatMap((item) => row(said.state.people, `${item.order}  ${titled(item, isSeveral)}`, columns)),
    ...(people.length === 0 ? [] : hang('', said.people, stateColumns, columns)),
  ];
}

function toldLines(item: AdviceCheck, isSeveral: boolean, columns: number): readonly string[] {
  const { order, state, why, doneWhen } = item;
  const rest = state === 'done' ? '' : `; ${fill(said.doneWhen, { text: doneWhen })}`;
  return row(said.state[state], `${order}  ${titled(item, isSeveral)}: ${why}${rest}`, columns);
}

function titled({ title, servers }: AdviceCheck, isSeveral: boolean): string {
  return isSeveral ? `${title} (${fill(words.on, { name: servers.join(', ') })})` : title;
}
