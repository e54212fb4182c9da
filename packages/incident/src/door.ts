import { formatTime, parseTime } from '@postern/core';
import type { Door, Pack, Ticks } from '@postern/core';
import { fixDay, placeBuild } from './builds.ts';
import type { ExposureSpan, ServerBuild } from './exposure.ts';
import { isMessageKey, say } from './messages.ts';
import { endOfDay } from './questions.ts';

type DoorState = Pick<Door, 'state' | 'duringCampaign' | 'basis'> & { readonly closedAt?: Ticks };

/** What the door is judged by. */
interface DoorMatter {
  readonly pack: Pack;
  /** Builds that the table knows, in the order of time. */
  readonly builds: readonly ServerBuild[];
  readonly spans: readonly ExposureSpan[];
  /** The build that decides: the last exact one, else the last. */
  readonly decisive: ServerBuild | undefined;
  /** When a fix existed for this server's own CU. */
  readonly day: string | undefined;
}

/**
 * The second half of every verdict: was the door open during the campaign, and is it now; and what that rests on,
 * build, where it was read and when, in one plain sentence.
 */
export function doorOf(pack: Pack, builds: readonly ServerBuild[], spans: readonly ExposureSpan[]): Door {
  const told = builds.filter(({ build }) => placeBuild(pack.builds, build, 'su').product !== undefined);
  const decisive = told.findLast(({ precision }) => precision === 'su') ?? told.at(-1);
  const before = openBuild({ builds: told, spans }, closedSince(pack, spans)) ?? decisive;
  const day = before === undefined ? undefined : fixDay(pack.builds, before.build, pack.campaign.cves);
  const matter = { pack, builds: told, spans, decisive, day };
  const { closedAt, ...state } = stateOf(matter);
  const mitigation = mitigationOf(pack, spans);
  const basis = [state.basis, ...(mitigation === undefined ? [] : [mitigation.basis])].join('; ');
  return {
    ...state,
    basis,
    ...(closedAt === undefined ? {} : { closedAt: formatTime(closedAt) }),
    ...(mitigation?.since === undefined ? {} : { mitigatedSince: formatTime(mitigation.since) }),
    ...(day === undefined ? {} : { fixExistedSince: day }),
  };
}

/** When the last of the campaign's flaws was closed; undefined while one is open or not known. */
export function closedSince(pack: Pack, spans: readonly ExposureSpan[]): Ticks | undefined {
  let latest: Ticks | undefined;
  for (const cve of pack.campaign.cves) {
    const fixed = spans.find((span) => span.cve === cve && span.state === 'fixed');
    if (fixed?.from === undefined) return undefined;
    if (latest === undefined || fixed.from > latest) latest = fixed.from;
  }
  return latest;
}

/** The last exact build before the door was closed, where some build left it open. */
function openBuild(
  { builds, spans }: Pick<DoorMatter, 'builds' | 'spans'>,
  closed: Ticks | undefined,
): ServerBuild | undefined {
  if (!spans.some(isOpen)) return undefined;
  return builds.findLast(
    (build) => build.precision === 'su' && (closed === undefined || (build.first ?? 0n) < closed),
  );
}

function isOpen({ state }: ExposureSpan): boolean {
  return state === 'vulnerable';
}

function stateOf(matter: DoorMatter): DoorState {
  const { pack, spans, decisive } = matter;
  const closed = closedSince(pack, spans);
  if (closed !== undefined) return closedDoor(matter, closed);
  const open = spans.filter(isOpen);
  if (pack.campaign.cves.length > 0 && pack.campaign.cves.every((cve) => hasFix(spans, cve))) {
    const duringCampaign = open.length > 0 ? 'partly-open' : 'not-known';
    return { state: 'closed', duringCampaign, basis: say('door.closed-undated', told(matter, decisive)) };
  }
  if (decisive !== undefined && open.some((span) => isByBuild(spans, span)))
    return openDoor(matter, decisive);
  const proof = open.find(({ from, to }) => from !== undefined && to !== undefined);
  if (proof?.from !== undefined) {
    const date = formatTime(proof.from, 'day');
    const basis = say('door.proved', { build: unknownBasis(matter), date });
    return { state: 'not-known', duringCampaign: 'partly-open', basis };
  }
  return { state: 'not-known', duringCampaign: 'not-known', basis: unknownBasis(matter) };
}

function hasFix(spans: readonly ExposureSpan[], cve: string): boolean {
  return spans.some((span) => span.cve === cve && span.state === 'fixed');
}

/** What an answer proved has both ends; what a build leaves open lasts until a fix or a mitigation was seen. */
function isByBuild(spans: readonly ExposureSpan[], { cve, to }: ExposureSpan): boolean {
  return (
    to === undefined ||
    spans.some((other) => other.cve === cve && other.state === 'mitigated' && other.from === to)
  );
}

function openDoor(matter: DoorMatter, decisive: ServerBuild): DoorState {
  const seen = decisive.last ?? decisive.first;
  const key = seen === undefined ? 'door.open-undated' : 'door.open';
  const date = seen === undefined ? '' : formatTime(seen, 'day');
  const noFix = matter.day === undefined ? `; ${say('door.no-fix')}` : '';
  const basis = say(key, { ...told(matter, decisive), date }) + noFix;
  return { state: 'open-now', duringCampaign: 'open', basis };
}

function closedDoor(matter: DoorMatter, closed: Ticks): DoorState {
  const { pack, spans, builds } = matter;
  const [from, to] = [parseTime(pack.campaign.from) ?? 0n, endOfDay(pack.campaign.to) ?? closed];
  const fixed = builds.find(({ first }) => first !== undefined && first >= closed) ?? matter.decisive;
  const before = openBuild(matter, closed);
  const date = formatTime(closed, 'day');
  const seen = before?.last ?? before?.first;
  if (spans.some(isOpen) && before !== undefined && seen !== undefined) {
    const duringCampaign = closed <= from ? 'closed' : closed >= to ? 'open' : 'partly-open';
    const open = placeBuild(pack.builds, before.build, before.precision).name;
    const parameters = { ...told(matter, fixed), open, last: formatTime(seen, 'day'), date };
    return { state: 'closed', closedAt: closed, duringCampaign, basis: say('door.closed', parameters) };
  }
  const key = spans.some(isOpen) && isInstalled(fixed) ? 'door.installed' : 'door.closed-before';
  const basis = say(key, { ...told(matter, fixed), date });
  if (!spans.some(isOpen))
    return { state: 'closed', duringCampaign: closed <= from ? 'closed' : 'not-known', basis };
  const duringCampaign = closed <= from ? 'closed' : closed >= to ? 'open' : 'partly-open';
  return { state: 'closed', closedAt: closed, duringCampaign, basis };
}

function isInstalled(build: ServerBuild | undefined): boolean {
  return build?.bases.includes('installer-event') === true;
}

function unknownBasis(matter: DoorMatter): string {
  const { decisive, day } = matter;
  if (decisive === undefined) return say('door.unknown');
  const named = { ...told(matter, decisive), date: day ?? '' };
  return say(day === undefined ? 'door.cu-only-undated' : 'door.cu-only', named);
}

/** A build by its name, and where it was read. */
function told(
  { pack }: DoorMatter,
  build: ServerBuild | undefined,
): { readonly name: string; readonly basis: string } {
  if (build === undefined) return { name: '', basis: '' };
  const { name } = placeBuild(pack.builds, build.build, build.precision);
  return { name, basis: build.bases.map((basis) => basisText(basis)).join(', ') };
}

function basisText(basis: string): string {
  const key = `basis.${basis}`;
  return isMessageKey(key) ? say(key) : basis;
}

/** A mitigation of the campaign's first flaw, the door that all else comes through, while no fix is known. */
function mitigationOf(
  { campaign }: Pack,
  spans: readonly ExposureSpan[],
): { readonly since: Ticks | undefined; readonly basis: string } | undefined {
  const [cve] = campaign.cves;
  const span = spans.find((each) => each.cve === cve && each.state === 'mitigated' && each.to === undefined);
  if (cve === undefined || span === undefined || hasFix(spans, cve)) return undefined;
  const since = span.from;
  if (since === undefined) return { since, basis: say('door.mitigated-undated', { cve }) };
  return { since, basis: say('door.mitigated', { cve, date: formatTime(since, 'day') }) };
}
