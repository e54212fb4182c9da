import {
  verdictOrder,
  type Assessment,
  type CampaignVerdict,
  type Implant,
  type Server,
  type Window,
} from '@postern/core';
import { day, humanDates } from './dates.ts';
import { fill, words } from './words.ts';

/** The worst first; hosts that are no server of a campaign's product come last. */
export function byUrgency(servers: readonly Server[]): readonly Server[] {
  const rank = (server: Server): number =>
    server.headline === undefined ? verdictOrder.length : verdictOrder.indexOf(server.headline.verdict);
  return servers.toSorted((a, b) => rank(a) - rank(b));
}

/** The campaign whose verdict heads the server. */
export function headlineOf({ campaigns, headline }: Server): CampaignVerdict | undefined {
  return campaigns.find(({ pack, verdict }) => pack === headline?.pack && verdict === headline.verdict);
}

export function nameOf(server: Server): string {
  return server.names[0] ?? server.id;
}

/** What could be given to no server stands under this name among them (`name.unassigned` of `incident`); it is no host. */
export function isUnassigned({ names: [name], headline }: Server): boolean {
  return headline === undefined && name === 'unassigned';
}

/** `LIKELY COMPROMISED`. */
export function label(verdict: string): string {
  return verdict.toUpperCase().replaceAll('-', ' ');
}

export function isIntrusion({ verdict }: CampaignVerdict): boolean {
  return verdict === 'compromised' || verdict === 'likely-compromised';
}

/** The verdict in judgement's words, with its window where it needs one. */
export function sentenceOf(campaign: CampaignVerdict): string {
  const window = campaign.verdict === 'exposed' ? openWindow(campaign) : campaign.window;
  if (window === undefined) return words.verdict[campaign.verdict];
  const parameters = { from: day(window.from), to: day(window.to) };
  if (campaign.verdict === 'exposed') return fill(words.exposedFrom, parameters);
  if (campaign.verdict === 'nothing-found') return fill(words.nothingFrom, parameters);
  return words.verdict[campaign.verdict];
}

/** When some flaw was open, as far as that is known; else what the verdict speaks for. */
function openWindow({ exposure, door, window }: CampaignVerdict): Window | undefined {
  const open = exposure.filter(({ state }) => state === 'vulnerable');
  const from = open.flatMap((each) => each.from ?? []).toSorted()[0] ?? window?.from;
  const to =
    door.closedAt ??
    open
      .flatMap((each) => each.to ?? [])
      .toSorted()
      .at(-1) ??
    window?.to;
  return from === undefined || to === undefined || from > to ? window : { from, to };
}

/** `open until 8 Mar 2021 · the fix existed since 2 Mar · closed now, intruders stayed`. */
export function doorText(campaign: CampaignVerdict, implants: readonly Implant[]): string {
  const { door } = campaign;
  const fix = door.fixExistedSince;
  const wasOpen = door.duringCampaign !== 'closed' && door.duringCampaign !== 'not-known';
  const closedYear = door.closedAt?.slice(0, 4);
  const parts = [
    ...stateParts(campaign),
    ...(fix === undefined || door.state === 'not-known'
      ? []
      : [fill(words.door.fixSince, { date: day(fix, wasOpen ? closedYear : undefined) })]),
    ...closingParts(campaign, implants),
    ...(door.state === 'not-known' ? [humanDates(door.basis)] : []),
  ];
  return parts.join(' · ');
}

function stateParts({ door }: CampaignVerdict): readonly string[] {
  const during = {
    open: words.door.openDuring,
    'partly-open': words.door.partlyOpen,
    closed: words.door.closedDuring,
    'not-known': words.door.duringNotKnown,
  }[door.duringCampaign];
  if (door.state === 'open-now' && door.mitigatedSince !== undefined)
    return [fill(words.door.mitigated, { date: day(door.mitigatedSince) })];
  if (door.state === 'open-now') return [words.door.openNow];
  if (door.state === 'not-known')
    return door.duringCampaign === 'not-known' ? [words.door.neverKnown] : [during, words.door.nowNotKnown];
  const wasOpen = door.duringCampaign === 'open' || door.duringCampaign === 'partly-open';
  if (wasOpen && door.closedAt !== undefined)
    return [fill(words.door.openUntil, { date: day(door.closedAt) })];
  if (door.closedAt === undefined) return [words.door.closed, during];
  return [fill(words.door.closedOn, { date: day(door.closedAt) }), during];
}

/** A closed door evicts nobody: what is known of who stayed inside. */
function closingParts(campaign: CampaignVerdict, implants: readonly Implant[]): readonly string[] {
  const { door } = campaign;
  if (door.state !== 'closed' || door.closedAt === undefined) return [];
  const { closedAt } = door;
  if (!isIntrusion(campaign)) return door.duringCampaign.endsWith('open') ? [words.door.closed] : [];
  if (implants.some(({ lastUsedAt }) => lastUsedAt !== undefined && lastUsedAt > closedAt))
    return [words.door.stayed];
  const remains = implants.some(({ state }) => state === 'present' || state === 'returned');
  return [remains ? words.door.backDoorsStayed : words.door.mayHaveStayed];
}

/** For a list of servers: `door open now`, `door closed 9 Mar 2021`. */
export function doorBrief({ door }: CampaignVerdict): string {
  const since = door.state === 'closed' && door.closedAt !== undefined ? ` ${day(door.closedAt)}` : '';
  return words.doorState[door.state] + since;
}

/**
 * Whether it is still there, and, where the file itself was never seen, that only the logs say so, or only what the web
 * server compiled of it (all its recorders are files).
 */
export function stateText({ state, file }: Implant, recorders: readonly string[] = []): string {
  if (file !== 'never-seen') return words.state[state];
  const isCompiled = recorders.length > 0 && recorders.every((recorder) => recorder === 'file');
  return isCompiled && state === 'unknown' ? words.compiledOnly : words.stateByLog[state];
}

/** Implants of one server. */
export function implantsOf({ implants }: Assessment, server: string): readonly Implant[] {
  return implants.filter((implant) => implant.server === server);
}
