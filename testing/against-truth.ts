// Holds an assessment against what the generator says really happened. Each difference is a line for people, so that
// one failing seed of many can be understood from the message alone.

import type { Assessment, Gap, Implant, Server } from '@postern/core';
import type { MissingSpan, TrueImplant, TrueServer, Truth } from '@postern/example';

/** Rows are written when a request ends, in whole seconds in IIS logs; a page is placed a moment before its answer. */
const SECONDS_APART = 5;
/** The first record of a new build may be hours after the restart of a quiet server. */
const BUILD_SEEN_WITHIN_HOURS = 24;
/** The installer tells of an update some minutes before the restart that brings it to life. */
const INSTALLED_BEFORE_HOURS = 0.25;

/** What is wrong with an assessment; nothing where it tells the truth. */
export function mistakes(assessment: Assessment, truth: Truth): readonly string[] {
  return [
    ...truth.servers.flatMap((server) => mistakesOfServer(assessment, truth, server)),
    ...mistakesOfImplants(assessment, truth.implants),
    ...mistakesOfOperators(assessment, truth),
    ...truth.missing.flatMap((missing) => mistakesOfGap(assessment, truth, missing)),
    ...mistakesOfArchive(assessment, truth),
  ];
}

/** The server of a true one: by its host, or the only one there is, where no record names a host. */
export function serverOf(assessment: Assessment, truth: Truth, host: string): Server | undefined {
  const named = assessment.servers.find(({ names }) => names.includes(host.toLowerCase()));
  return named ?? (truth.variant === 'front-only' ? assessment.servers[0] : undefined);
}

function mistakesOfServer(assessment: Assessment, truth: Truth, expected: TrueServer): readonly string[] {
  const server = serverOf(assessment, truth, expected.host);
  if (server === undefined) return [`there is no server ${expected.host}`];
  const verdict = server.headline?.verdict;
  const wrong = expected.acceptable.every((each) => each !== verdict)
    ? [`${expected.host} is ${verdict ?? 'not judged'}, not ${expected.acceptable.join(' or ')}`]
    : [];
  return [...wrong, ...mistakesOfFix(server, truth, expected)];
}

function mistakesOfFix(server: Server, truth: Truth, { fixInstalledAt }: TrueServer): readonly string[] {
  if (fixInstalledAt === null || truth.variant === 'front-only') return [];
  const door = server.campaigns[0]?.door;
  const hours = (Date.parse(door?.closedAt ?? '') - Date.parse(fixInstalledAt)) / 3_600_000;
  if (door?.state !== 'closed' || !(hours >= -INSTALLED_BEFORE_HOURS && hours < BUILD_SEEN_WITHIN_HOURS))
    return [`the door is ${door?.state} since ${door?.closedAt}, the fix was put in at ${fixInstalledAt}`];
  const since = door.fixExistedSince;
  return since !== undefined && since < (door.closedAt ?? '') ? [] : [`the fix is not said to be late`];
}

function apart(a: string | undefined, b: string): number {
  return Math.abs(Date.parse(a ?? '') - Date.parse(b)) / 1000;
}

function mistakesOfImplants(assessment: Assessment, expected: readonly TrueImplant[]): readonly string[] {
  const wanted = expected.filter(({ state }) => state !== 'not-collected');
  const found = new Map(assessment.implants.map((implant) => [implant.path?.toLowerCase(), implant]));
  const more =
    wanted.length === 0 || assessment.implants.length === wanted.length
      ? []
      : [`${assessment.implants.length} implants, not ${wanted.length}`];
  const wrong = wanted.flatMap((implant) => {
    const one = found.get(implant.path.toLowerCase());
    if (one === undefined) return [`no implant ${implant.path}`];
    return checksOf(one, implant).flatMap(([isRight, what]) => (isRight ? [] : [`${implant.path} ${what}`]));
  });
  return [...more, ...wrong];
}

type Check = readonly [isRight: boolean, what: string];

function checksOf(one: Implant, implant: TrueImplant): readonly Check[] {
  const state: Check = [one.state === implant.state, `is ${one.state}, not ${implant.state}`];
  // A directory is an entry of a configuration, which does not say when it was written.
  if (implant.kind === 'virtual-directory') return [state];
  const placed = one.placedAt?.time;
  return [
    state,
    [implant.sha256 === undefined || one.sha256 === implant.sha256, `has SHA-256 ${one.sha256}`],
    [isNear(placed, implant.placedAt), `placed ${placed}, not ${implant.placedAt}`],
    [
      isNear(one.firstUsedAt, implant.firstUsedAt),
      `first used ${one.firstUsedAt}, not ${implant.firstUsedAt}`,
    ],
    [isNear(one.lastUsedAt, implant.lastUsedAt), `last used ${one.lastUsedAt}, not ${implant.lastUsedAt}`],
  ];
}

function isNear(time: string | undefined, truth: string): boolean {
  return apart(time, truth) <= SECONDS_APART;
}

/** The true number lies in the range, and no two are taken for one for sure. */
function mistakesOfOperators({ operators }: Assessment, truth: Truth): readonly string[] {
  if (truth.implants.length === 0 || truth.variant === 'logs-gone') return [];
  const { atLeast, atMost } = operators;
  const number = truth.operators.length;
  const isIn = atLeast >= 1 && atLeast <= number && number <= atMost;
  const owner = new Map(
    truth.operators.flatMap((one) => one.addresses.map((address) => [address, one.name])),
  );
  const mixed = operators.list.filter(({ strength, addresses }) => {
    const names = new Set(addresses.flatMap((address) => owner.get(address) ?? []));
    return strength === 'strong' && names.size > 1;
  });
  return [
    ...(isIn ? [] : [`${atLeast} to ${atMost} operators, not ${number}`]),
    ...mixed.map(({ name, addresses }) => `${name} is taken for one for sure: ${addresses.join(', ')}`),
  ];
}

/** The days that are gone, in the coverage of each family and in the limits of the verdict. */
function mistakesOfGap(assessment: Assessment, truth: Truth, missing: MissingSpan): readonly string[] {
  if (missing.from === truth.from && missing.to === truth.to) return [];
  const server = serverOf(assessment, truth, missing.host);
  const families = assessment.coverage.families.filter((family) => family.server === server?.id);
  const silent = missing.recorders.filter(
    (recorder) =>
      !families.some(({ family, gaps }) => family === recorder && gaps.some((gap) => holds(gap, missing))),
  );
  const limits = server?.campaigns.flatMap((campaign) => campaign.limits.map(({ text }) => text)) ?? [];
  const isNamed = limits.some((text) => text.includes(missing.from.slice(0, 10)) && /removed/.test(text));
  return [
    ...silent.map((recorder) => `no gap of ${recorder} from ${missing.from} to ${missing.to}`),
    ...(isNamed ? [] : [`no limit names the gap from ${missing.from}`]),
  ];
}

function holds(gap: Gap, missing: MissingSpan): boolean {
  const isWhole =
    Date.parse(gap.from) <= Date.parse(missing.from) && Date.parse(gap.to) >= Date.parse(missing.to);
  return isWhole && gap.cause === 'removed-or-cleared';
}

function mistakesOfArchive({ impact }: Assessment, { archive, variant }: Truth): readonly string[] {
  if (archive === null || variant === 'logs-gone') return [];
  const name = archive.path.slice(archive.path.lastIndexOf('\\') + 1).toLowerCase();
  const left = impact.filter((each) => each.kind === 'archive' && each.how === 'left');
  return left.some(({ what }) => what.toLowerCase().includes(name))
    ? []
    : [`${name} is not said to have left`];
}
