import type { Advice, AdviceCheck, Assessment, CheckState, ServerCheck } from '@postern/core';
import { say } from './messages.ts';
import { nameOf } from './verify-servers.ts';

type Answer = Pick<AdviceCheck, 'state' | 'why'>;

/**
 * One item of BEFORE's advice. It is done only where what it is about can be told from evidence: the back doors it
 * names, or the flaws, for items whose id says patch or mitigate. All others are for people: no evidence of the server
 * shows that memory was preserved or a password changed.
 */
export function checkAdvice(item: Advice, before: Assessment, servers: readonly ServerCheck[]): AdviceCheck {
  const own = servers.filter(({ id }) => item.servers.includes(id));
  const { id, order, title, doneWhen } = item;
  const named = before.servers.filter((server) => item.servers.includes(server.id)).map(nameOf);
  return { id, order, title, servers: named, ...answerOf(item, before, own), doneWhen };
}

function answerOf(item: Advice, before: Assessment, servers: readonly ServerCheck[]): Answer {
  if (/patch/i.test(item.id)) return flawsAnswer(item, servers, false);
  if (/mitigat/i.test(item.id)) return flawsAnswer(item, servers, true);
  const implants = servers.flatMap((server) => server.implants).filter(({ id }) => item.why.includes(id));
  if (implants.length === 0) return { state: 'people', why: say('verify.advice.people') };
  const closed = implants.filter(({ state }) => state === 'closed').length;
  const why = say('verify.advice.implants', { closed, count: implants.length });
  const state = worst(implants.map((implant) => implant.state));
  if (state !== 'closed') return { state, why };
  const told = new Set(
    before.implants
      .filter(({ id }) => item.why.includes(id))
      .flatMap(({ id, findings }) => [id, ...findings]),
  );
  if (item.why.every((id) => told.has(id))) return { state: 'done', why };
  return { state: 'people', why: say('verify.advice.more', { count: implants.length }) };
}

/** A server without a known state keeps the item from being done. */
function flawsAnswer(item: Advice, servers: readonly ServerCheck[], isMitigation: boolean): Answer {
  const flaws = servers.flatMap((server) => server.flaws);
  const isMissing = item.servers.some((id) => !servers.some((one) => one.id === id && one.flaws.length > 0));
  if (isMissing || flaws.length === 0) return { state: 'cannot-tell', why: say('verify.advice.no-flaws') };
  const fixed = flaws.filter(({ state }) => state === 'closed').length;
  const mitigated = flaws.filter(({ state }) => state === 'mitigated').length;
  const parameters = { closed: isMitigation ? fixed + mitigated : fixed, count: flaws.length };
  const states = flaws.map(({ state }) =>
    state === 'mitigated' ? (isMitigation ? 'closed' : 'open') : state,
  );
  const state = worst(states);
  if (isMitigation && mitigated > 0)
    return { state: state === 'closed' ? 'people' : state, why: say('verify.advice.mitigated', parameters) };
  return { state: state === 'closed' ? 'done' : state, why: say('verify.advice.flaws', parameters) };
}

function worst(states: readonly CheckState[]): CheckState {
  if (states.includes('open')) return 'open';
  return states.includes('cannot-tell') ? 'cannot-tell' : 'closed';
}
