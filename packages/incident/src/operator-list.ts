import { formatTime, limits, maxTime, minTime } from '@postern/core';
import type { Amount, Operator, OperatorAction, Operators, Ticks } from '@postern/core';
import { isLoopback } from './addresses.ts';
import { foldAgent } from './entities.ts';
import { shown } from './findings.ts';
import { bytesLogged, otherRequests } from './followed.ts';
import type { VisitorGroup } from './grouping.ts';
import { say } from './messages.ts';
import type { OperatorDraft, OperatorsDraft } from './operators.ts';
import { groupBy, sorted } from './ordered.ts';
import type { Sighting } from './sighting.ts';

/** What else the list needs, known only later. */
export interface OperatorExtras {
  readonly bytesOut: ReadonlyMap<string, Amount>;
  readonly consistentWith: (draft: OperatorDraft) => Operator['consistentWith'];
}

export function toOperators(draft: OperatorsDraft, { bytesOut, consistentWith }: OperatorExtras): Operators {
  const nothing: Amount = { lower: 0, upper: null, basis: say('operator.bytes-unknown') };
  const list = draft.list.map((one, index): Operator => {
    const { id, kind, group, placed, used } = one;
    return {
      id,
      name: letterOf(index),
      kind,
      addresses: fromOutside(group).slice(0, limits.pivots),
      agents: group.agents.slice(0, 50).map((agent) => shown(foldAgent(agent))),
      ...(group.first === undefined ? {} : { first: formatTime(group.first) }),
      ...(group.last === undefined ? {} : { last: formatTime(group.last) }),
      implants: sorted([...placed, ...used]),
      actions: actionsOf(group),
      bytesOut: sentTo(bytesOut.get(id), group.followed) ?? nothing,
      reasons: reasonsOf(one),
      strength: strengthOf(group),
      consistentWith: consistentWith(one),
    };
  });
  return { atLeast: draft.atLeast, atMost: draft.atMost, basis: draft.basis, list };
}

/** Loopback is the server itself and no place that somebody came from. */
function fromOutside({ addresses }: VisitorGroup): readonly string[] {
  return addresses.filter((address) => !isLoopback(address));
}

/** A, B … Z, AA, AB … */
export function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterOf(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** What the findings tell it did, and, apart, what else the same visitor asked for. */
function actionsOf({ sightings, followed }: VisitorGroup): OperatorAction[] {
  const others = otherRequests(followed, sightings);
  const told = [...groupBy(sightings, ({ rule }) => `${rule.stage}\0${rule.act}`).values()];
  return [...told.flatMap((list) => actionOf(list)), ...otherAction(others)];
}

function otherAction(others: readonly Sighting[]): OperatorAction[] {
  return actionOf(others).map((action) => ({ ...action, what: say('operator.followed') }));
}

/** The larger of what is known to have left and what was sent in all. */
function sentTo(left: Amount | undefined, followed: readonly Sighting[]): Amount | undefined {
  const logged = bytesLogged(followed);
  if (left === undefined || logged === undefined) return left ?? logged;
  if (logged.lower <= left.lower) return left;
  const upper = left.upper === null || logged.upper === null ? null : Math.max(left.upper, logged.upper);
  return { ...logged, upper };
}

function actionOf(list: readonly Sighting[]): OperatorAction[] {
  const [one] = list;
  if (one === undefined) return [];
  const first = list.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined);
  const last = list.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined);
  return [
    {
      stage: one.rule.stage,
      what: sorted(list.map(({ rule }) => rule.title))[0] ?? one.rule.act,
      count: list.reduce((sum, { count }) => sum + count, 0),
      ...(first === undefined ? {} : { first: formatTime(first) }),
      ...(last === undefined ? {} : { last: formatTime(last) }),
    },
  ];
}

function reasonsOf({ group, placed, used }: OperatorDraft): string[] {
  const reasons = group.reasons.map((reason) => say(`operator.${reason}`));
  if (group.isHidden) reasons.push(say('operator.proxy'));
  if (fromOutside(group).length === 0) reasons.push(say('operator.no-address'));
  if (placed.length > 0) reasons.push(say('operator.placed'));
  if (used.some((implant) => !placed.includes(implant))) reasons.push(say('operator.shared'));
  return reasons;
}

function strengthOf(group: VisitorGroup): 'strong' | 'moderate' | 'weak' {
  const { reasons, isHidden, addresses } = group;
  if (isHidden || fromOutside(group).length === 0) return 'weak';
  if ((reasons.includes('agent') || reasons.includes('file')) && !reasons.includes('session')) return 'weak';
  if (reasons.includes('network') && !reasons.includes('session')) return 'moderate';
  return addresses.length === 1 || reasons.includes('session') ? 'strong' : 'moderate';
}
