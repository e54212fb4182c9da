import { compareText, formatTime, maxTime, parseTime } from '@postern/core';
import type { CampaignVerdict, Exposure, FlawCheck, Ticks, Time } from '@postern/core';
import { say } from './messages.ts';
import type { ServerPair } from './verify-servers.ts';

/** The flaws of one server that were not known to be fixed, and what AFTER says of each. */
export function checkFlaws(pair: ServerPair): FlawCheck[] {
  return pair.before.campaigns.flatMap((campaign) => {
    const other = pair.after?.campaigns.find(({ pack }) => pack === campaign.pack);
    return cvesOf(campaign, other).flatMap((cve) => {
      const before = stateOf(campaign.exposure.filter((each) => each.cve === cve));
      const now = (other?.exposure ?? []).filter((each) => each.cve === cve);
      const answer = answerOf(now, pair);
      return before === 'fixed' && answer.state !== 'open'
        ? []
        : [{ pack: campaign.pack, cve, before, ...answer }];
    });
  });
}

function cvesOf(...campaigns: readonly (CampaignVerdict | undefined)[]): string[] {
  const all = campaigns.flatMap((campaign) => (campaign?.exposure ?? []).map(({ cve }) => cve));
  return [...new Set(all)].toSorted(compareText);
}

/** The last state: what has no end, and without that what was proved once. */
function stateOf(exposure: readonly Exposure[]): Exposure['state'] {
  const order = ['fixed', 'mitigated', 'vulnerable'] as const;
  const lasting = exposure.filter(({ to }) => to === undefined);
  const state = order.find((each) => lasting.some((span) => span.state === each));
  return state ?? (exposure.some((span) => span.state === 'vulnerable') ? 'vulnerable' : 'unknown');
}

function answerOf(
  exposure: readonly Exposure[],
  { after, order, beforeEnds }: ServerPair,
): Pick<FlawCheck, 'state' | 'why'> {
  if (after === undefined) return { state: 'cannot-tell', why: say('verify.no-server') };
  if (order === 'earlier') return { state: 'cannot-tell', why: say('verify.earlier') };
  const state = stateOf(exposure);
  const lasting = exposure.find((span) => span.state === state && span.to === undefined);
  const proved = provedAfter(exposure, lasting === undefined ? beforeEnds : ticksOf(lasting.from));
  if (proved !== undefined && state !== 'unknown')
    return { state: 'open', why: say('verify.flaw-proved', { date: formatTime(proved, 'day') }) };
  if (lasting === undefined || lasting.state === 'unknown') {
    const unknown = exposure.find((span) => span.state === 'unknown');
    return { state: 'cannot-tell', why: unknown?.basis ?? say('verify.flaw-unknown') };
  }
  const states = { fixed: 'closed', mitigated: 'mitigated', vulnerable: 'open' } as const;
  return { state: states[lasting.state], why: lasting.basis };
}

/** The last moment the server was still open, if that lies after the time given. */
function provedAfter(exposure: readonly Exposure[], time: Ticks | undefined): Ticks | undefined {
  const last = exposure
    .filter(({ state }) => state === 'vulnerable')
    .reduce<Ticks | undefined>((latest, { to }) => maxTime(latest, ticksOf(to)), undefined);
  return last !== undefined && time !== undefined && last > time ? last : undefined;
}

function ticksOf(time: Time | undefined): Ticks | undefined {
  return time === undefined ? undefined : parseTime(time);
}
