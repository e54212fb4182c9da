import { compareText, formatTime, maxTime, minTime } from '@postern/core';
import type { Build, BuildObservation, BuildSeen, CaseFacts, Exposure, Pack, Ticks } from '@postern/core';
import { compareBuilds, judgeBuild, placeBuild, precisionOf } from './builds.ts';
import type { BuildAnswer, Precision } from './builds.ts';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { compareTimes } from './intervals.ts';
import { say } from './messages.ts';
import { groupBy, sorted } from './ordered.ts';
import { serverNamed, serverOfSource } from './servers.ts';
import type { ServerBook } from './servers.ts';

/** One build that a server was seen to run. */
export interface ServerBuild {
  readonly build: string;
  readonly precision: Precision;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  readonly bases: readonly string[];
}

/** One state of one CVE over a time; open ends are unknown ends. */
export interface ExposureSpan {
  readonly cve: string;
  readonly state: Exposure['state'];
  readonly from: Ticks | undefined;
  readonly to: Ticks | undefined;
  readonly basis: string;
}

/** What proves or changes exposure without naming a build. */
export interface ExposureEvent {
  readonly kind: 'proved' | 'mitigated' | 'unmitigated';
  readonly cves: readonly string[];
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  readonly finding: string;
  /** The rule's title: what was done against the flaw. */
  readonly title: string;
}

/** The builds of each server, in the order of time. */
export function buildsOf(
  facts: CaseFacts,
  book: ServerBook,
  clocks: Clocks,
): ReadonlyMap<string, readonly ServerBuild[]> {
  const table = facts.packs.flatMap(({ builds }) => builds);
  const byServer = groupBy(distinctBuilds(facts, book, clocks), ({ server }) => server);
  return new Map(
    [...byServer].map(([server, list]) => [
      server,
      mergeBuilds(
        table,
        list.map(({ observed }) => observed),
      ),
    ]),
  );
}

interface ObservedBuild {
  readonly server: string;
  readonly observed: BuildObservation;
}

/** Thousands of hourly logs tell the same build in the same way: that is one observation, over all of their time. */
function distinctBuilds(facts: CaseFacts, book: ServerBook, clocks: Clocks): Iterable<ObservedBuild> {
  const distinct = new Map<string, ObservedBuild>();
  for (const source of facts.sources) {
    if (source.duplicateOf !== undefined) continue;
    for (const { build, basis, first, last, host } of source.builds) {
      const named = host === undefined ? undefined : serverNamed(book, host);
      const server = named ?? serverOfSource(book, source.id);
      const key = `${server}\0${build}\0${basis}`;
      const known = distinct.get(key)?.observed;
      const observed = {
        build,
        basis,
        first: minTime(known?.first, corrected(clocks, source.id, first)),
        last: maxTime(known?.last, corrected(clocks, source.id, last)),
      };
      distinct.set(key, { server, observed });
    }
  }
  return distinct.values();
}

function mergeBuilds(table: readonly Build[], observed: readonly BuildObservation[]): ServerBuild[] {
  const precision = precisionOf(table, observed);
  const groups = groupBy(observed, (seen) => `${seen.build}\0${precision(seen)}`);
  const merged = [...groups.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined) return [];
    return [
      {
        build: one.build,
        precision: precision(one),
        first: group.reduce<Ticks | undefined>((time, seen) => minTime(time, seen.first), undefined),
        last: group.reduce<Ticks | undefined>((time, seen) => maxTime(time, seen.last), undefined),
        bases: sorted(group.map(({ basis }) => basis)),
      },
    ];
  });
  return merged.toSorted(
    (a, b) =>
      compareTimes(a.first, b.first) ||
      compareBuilds(a.build, b.build) ||
      compareText(a.precision, b.precision),
  );
}

/** As the assessment lists them. A build without any time is placed at the end of the evidence, where it was collected. */
export function toBuildSeen(
  table: readonly Build[],
  builds: readonly ServerBuild[],
  end: Ticks | undefined,
): BuildSeen[] {
  return builds.flatMap(({ build, precision, first, last, bases }) => {
    const [from, to] = [first ?? last ?? end, last ?? first ?? end];
    if (from === undefined || to === undefined) return [];
    const { name } = placeBuild(table, build, precision);
    return [{ build, precision, name, from: formatTime(from), to: formatTime(to), seenIn: bases }];
  });
}

/**
 * How long a server was open to each CVE of a campaign, as far as its builds and answers tell. A mitigation is a third
 * state (judgement section 6): from the time it is known to be there the build alone no longer leaves the server open.
 */
export function exposureOf(
  pack: Pack,
  builds: readonly ServerBuild[],
  events: readonly ExposureEvent[],
  from: Ticks,
): ExposureSpan[] {
  return pack.campaign.cves.flatMap((cve) => {
    const own = events.filter((event) => event.cves.includes(cve));
    return withMitigation(spansByBuild(pack, builds, cve, from), mitigatedSpan(own, cve)).concat(
      provedSpan(own, cve),
    );
  });
}

interface Answered {
  readonly build: ServerBuild;
  readonly answer: BuildAnswer;
}

/** Builds only go up: a server found open was open before; one found fixed stays so. */
function spansByBuild(pack: Pack, builds: readonly ServerBuild[], cve: string, start: Ticks): ExposureSpan[] {
  const answered = builds.map((build) => ({
    build,
    answer: judgeBuild(pack.builds, build.build, build.precision, cve),
  }));
  const open = answered.filter(({ answer }) => answer.state === 'vulnerable');
  const fixed = answered.filter(({ answer }) => answer.state === 'fixed');
  if (open.length === 0 && fixed.length === 0) return [unknownSpan(cve, answered)];
  const lastOpen = open.reduce<Ticks | undefined>((time, { build }) => maxTime(time, build.last), undefined);
  const after = fixed.filter(
    ({ build }) => lastOpen === undefined || build.first === undefined || build.first >= lastOpen,
  );
  const firstFixed = after[0] ?? (open.length === 0 ? fixed[0] : undefined);
  const spans: ExposureSpan[] = [];
  const basis = open.at(-1)?.answer.basis ?? openUntilInstalled(pack, cve, firstFixed);
  if (basis !== undefined)
    spans.push({ cve, state: 'vulnerable', from: start, to: firstFixed?.build.first ?? undefined, basis });
  if (firstFixed !== undefined) {
    spans.push({
      cve,
      state: 'fixed',
      from: firstFixed.build.first,
      to: undefined,
      basis: firstFixed.answer.basis,
    });
  }
  return spans;
}

/** What an installer put in was not there before: until then the server lacked what this update is the first to fix. */
function openUntilInstalled(pack: Pack, cve: string, fixed: Answered | undefined): string | undefined {
  if (fixed?.build.first === undefined || !fixed.build.bases.includes('installer-event')) return undefined;
  const { build } = fixed.build;
  const { branch, name } = placeBuild(pack.builds, build, 'su');
  const [fix] = branch.filter((row) => row.fixes.includes(cve) || row.includedFromCu.includes(cve));
  return fix?.build === build && fix.su !== '' && fix.fixes.includes(cve)
    ? say('exposure.installed', { name, date: formatTime(fixed.build.first, 'day') })
    : undefined;
}

function unknownSpan(cve: string, answered: readonly Answered[]): ExposureSpan {
  const basis = answered.at(-1)?.answer.basis ?? say('exposure.no-build');
  return { cve, state: 'unknown', from: undefined, to: undefined, basis };
}

/** What several findings prove alike is one span. */
function provedSpan(events: readonly ExposureEvent[], cve: string): ExposureSpan[] {
  const proofs = events.filter(({ kind }) => kind === 'proved');
  if (proofs.length === 0) return [];
  const from = proofs.reduce<Ticks | undefined>((time, { first }) => minTime(time, first), undefined);
  const to = proofs.reduce<Ticks | undefined>((time, { last }) => maxTime(time, last), undefined);
  const basis = say('exposure.proved', { findings: listed(proofs.map(({ finding }) => finding)) });
  return [{ cve, state: 'vulnerable', from, to, basis }];
}

function mitigatedSpan(events: readonly ExposureEvent[], cve: string): ExposureSpan | undefined {
  const found = events.filter(({ kind }) => kind === 'mitigated');
  if (found.length === 0) return undefined;
  const from = found.reduce<Ticks | undefined>((time, { first }) => minTime(time, first), undefined);
  const parameters = {
    titles: sorted(found.map(({ title }) => title)).join('; '),
    findings: listed(found.map(({ finding }) => finding)),
  };
  const basis = say(from === undefined ? 'exposure.mitigated-undated' : 'exposure.mitigated', parameters);
  return { cve, state: 'mitigated', from, to: undoneAt(events, found), basis };
}

/** When it was undone, if nobody applied it again after that. */
function undoneAt(events: readonly ExposureEvent[], found: readonly ExposureEvent[]): Ticks | undefined {
  const applied = found.reduce<Ticks | undefined>((time, { last }) => maxTime(time, last), undefined);
  return events
    .filter(({ kind }) => kind === 'unmitigated')
    .map(({ last }) => last)
    .reduce<Ticks | undefined>(
      (time, last) =>
        last !== undefined && applied !== undefined && last > applied ? minTime(time, last) : time,
      undefined,
    );
}

/** The mitigation ends what the build left open; where the fix was there already it says nothing. */
function withMitigation(spans: readonly ExposureSpan[], mitigated: ExposureSpan | undefined): ExposureSpan[] {
  if (mitigated === undefined) return [...spans];
  const { from } = mitigated;
  const fixed = spans.find(({ state }) => state === 'fixed');
  if (from !== undefined && fixed?.from !== undefined && fixed.from <= from) return [...spans];
  const cut = spans.flatMap((span): ExposureSpan[] => {
    if (span.state !== 'vulnerable' || from === undefined) return [span];
    return span.from !== undefined && span.from >= from ? [] : [{ ...span, to: from }];
  });
  const again = reopened(mitigated, spans);
  const isFix = ({ state }: ExposureSpan): boolean => state === 'fixed';
  const before = cut.filter((span) => !isFix(span));
  return [
    ...before,
    { ...mitigated, to: mitigated.to ?? fixed?.from },
    ...again,
    ...cut.filter((span) => isFix(span)),
  ];
}

/** What the build leaves open is open again once the mitigation was undone. */
function reopened({ to }: ExposureSpan, spans: readonly ExposureSpan[]): ExposureSpan[] {
  if (to === undefined) return [];
  return spans
    .filter((span) => span.state === 'vulnerable' && (span.to === undefined || span.to > to))
    .map((span) => ({ ...span, from: to }));
}

const findingsListed = 3;

function listed(ids: readonly string[]): string {
  const all = sorted(ids);
  const rest = all.length - findingsListed;
  return rest > 0 ? `${all.slice(0, findingsListed).join(', ')} +${rest}` : all.join(', ');
}

export function toExposure(span: ExposureSpan): Exposure {
  return {
    cve: span.cve,
    state: span.state,
    ...(span.from === undefined ? {} : { from: formatTime(span.from) }),
    ...(span.to === undefined ? {} : { to: formatTime(span.to) }),
    basis: span.basis,
  };
}

/** True if the builds say that the server had the fix for all of these at that time. */
export function isFixedAt(spans: readonly ExposureSpan[], cves: readonly string[], time: Ticks): boolean {
  return (
    cves.length > 0 &&
    cves.every((cve) =>
      spans.some((s) => s.cve === cve && s.state === 'fixed' && s.from !== undefined && s.from <= time),
    )
  );
}
