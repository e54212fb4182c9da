import type { Pack, RuleInfo, Ticks } from '@postern/core';
import type { Surroundings } from './sightings.ts';

/** The packs whose ladder a finding without a pack of its own counts for: those of its time, else all. */
export function packsOf(
  given: Surroundings,
  rule: RuleInfo,
  isServed: boolean,
  time: Ticks | undefined,
): string[] {
  if (rule.pack !== undefined) return given.facts.packs.some(({ id }) => id === rule.pack) ? [rule.pack] : [];
  if (!isServed) return [];
  const day = time === undefined ? undefined : dayOf(time);
  const ofTime = given.facts.packs.filter((pack) => day !== undefined && isInCampaign(pack, day));
  return (ofTime.length > 0 ? ofTime : given.facts.packs).map(({ id }) => id).toSorted();
}

/** True if a day (ISO date) lies in the campaign of a pack. */
export function isInCampaign(pack: Pack, day: string): boolean {
  return pack.campaign.from <= day && day <= pack.campaign.to;
}

/** The day of a time, as an ISO date. */
export function dayOf(time: Ticks): string {
  return new Date(Number((time - 116_444_736_000_000_000n) / 10_000n)).toISOString().slice(0, 10);
}
