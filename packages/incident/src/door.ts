import { formatTime, parseTime } from '@postern/core';
import type { Door, Pack, Ticks } from '@postern/core';
import { fixDay, placeBuild } from './builds.ts';
import type { ExposureSpan, ServerBuild } from './exposure.ts';
import { say } from './messages.ts';
import { endOfDay } from './questions.ts';

type DoorState = Pick<Door, 'state' | 'duringCampaign' | 'basis'> & { readonly closedAt?: Ticks };

/** The second half of every verdict: was the door open during the campaign, and is it now. */
export function doorOf(pack: Pack, builds: readonly ServerBuild[], spans: readonly ExposureSpan[]): Door {
  const told = builds.filter(({ build }) => placeBuild(pack.builds, build, 'su').product !== undefined);
  const decisive = told.findLast(({ precision }) => precision === 'su') ?? told.at(-1);
  const before = openBuild(pack, told, spans) ?? decisive;
  const day = before === undefined ? undefined : fixDay(pack.builds, before.build, pack.campaign.cves);
  const { closedAt, ...state } = stateOf(pack, decisive, spans, day);
  return {
    ...state,
    ...(closedAt === undefined ? {} : { closedAt: formatTime(closedAt) }),
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

function openBuild(
  pack: Pack,
  builds: readonly ServerBuild[],
  spans: readonly ExposureSpan[],
): ServerBuild | undefined {
  const closed = closedSince(pack, spans);
  if (!spans.some(isOpenByBuild)) return undefined;
  return builds.findLast(
    (build) => build.precision === 'su' && (closed === undefined || (build.first ?? 0n) < closed),
  );
}

function hasFix(spans: readonly ExposureSpan[], cve: string): boolean {
  return spans.some((span) => span.cve === cve && span.state === 'fixed');
}

function isOpenByBuild(span: ExposureSpan): boolean {
  // What an answer proved has both ends; what builds prove lasts until a fix was seen.
  return span.state === 'vulnerable';
}

function stateOf(
  pack: Pack,
  decisive: ServerBuild | undefined,
  spans: readonly ExposureSpan[],
  day: string | undefined,
): DoorState {
  const closed = closedSince(pack, spans);
  const open = spans.filter(isOpenByBuild);
  if (closed !== undefined) return closedDoor(pack, closed, open.length > 0);
  if (pack.campaign.cves.length > 0 && pack.campaign.cves.every((cve) => hasFix(spans, cve))) {
    return {
      state: 'closed',
      duringCampaign: open.length > 0 ? 'partly-open' : 'not-known',
      basis: say('door.closed-undated'),
    };
  }
  const proof = open.find(({ from, to }) => from !== undefined && to !== undefined);
  const byBuild = open.some(({ to }) => to === undefined);
  if (decisive !== undefined && byBuild) {
    const { name } = placeBuild(pack.builds, decisive.build, decisive.precision);
    const noFix = day === undefined ? `; ${say('door.no-fix')}` : '';
    return { state: 'open-now', duringCampaign: 'open', basis: say('door.open', { name }) + noFix };
  }
  if (proof?.from !== undefined) {
    return {
      state: 'not-known',
      duringCampaign: 'partly-open',
      basis: say('door.proved', { date: formatTime(proof.from, 'day') }),
    };
  }
  return { state: 'not-known', duringCampaign: 'not-known', basis: unknownBasis(pack, decisive, day) };
}

function closedDoor(pack: Pack, closed: Ticks, wasOpen: boolean): DoorState {
  const [from, to] = [parseTime(pack.campaign.from) ?? 0n, endOfDay(pack.campaign.to) ?? closed];
  const date = formatTime(closed, 'day');
  if (wasOpen) {
    const duringCampaign = closed <= from ? 'closed' : closed >= to ? 'open' : 'partly-open';
    return { state: 'closed', closedAt: closed, duringCampaign, basis: say('door.closed', { date }) };
  }
  const duringCampaign = closed <= from ? 'closed' : 'not-known';
  return { state: 'closed', duringCampaign, basis: say('door.closed-before', { date }) };
}

function unknownBasis(pack: Pack, decisive: ServerBuild | undefined, day: string | undefined): string {
  if (decisive === undefined) return say('door.unknown');
  const { name } = placeBuild(pack.builds, decisive.build, decisive.precision);
  return day === undefined ? say('door.cu-only-undated', { name }) : say('door.cu-only', { name, date: day });
}
