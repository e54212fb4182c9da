import type { Assessment, Finding, Implant, Server, ServerCheck, Tlp, Verification } from '@postern/core';
import { say } from './messages.ts';
import { isDefence } from './defence.ts';
import { checkAdvice } from './verify-advice.ts';
import { checkFlaws } from './verify-flaws.ts';
import { checkImplant, counts, isAfter, isSame, removal } from './verify-implants.ts';
import { nameOf, pairServers } from './verify-servers.ts';
import type { ServerPair } from './verify-servers.ts';

/**
 * What the advice of one assessment closed, and what is still open, as a later one of the same servers shows it
 * (judgement section 9). Closed is only what AFTER would show if it were still there; of all else it says that it cannot
 * tell. Pure and deterministic.
 *
 * @throws PosternError `POSTERN_INCIDENT_SERVERS` where they have no judged server in common, `POSTERN_INCIDENT_ORDER`
 *   where AFTER ends before BEFORE
 */
export function verifyAdvice(before: Assessment, after: Assessment): Verification {
  const pairs = pairServers(before, after);
  const servers = pairs.map((pair) => checkServer(pair, before, after)).filter(saysSomething);
  const matched = new Set(pairs.flatMap((pair) => pair.after?.id ?? []));
  return {
    schema: 'postern.verification/1',
    generator: after.generator,
    tlp: stricter(before.tlp, after.tlp),
    complete: after.complete,
    servers,
    advice: before.advice.map((item) => checkAdvice(item, before, servers)),
    onlyBefore: pairs
      .filter((pair) => pair.after === undefined)
      .flatMap((pair) => tellingName(pair.before, before)),
    onlyAfter: after.servers
      .filter(({ id }) => !matched.has(id))
      .flatMap((server) => tellingName(server, after)),
  };
}

function checkServer(pair: ServerPair, before: Assessment, after: Assessment): ServerCheck {
  const implants = implantsOf(before, pair.before);
  const afterImplants = pair.after === undefined ? [] : implantsOf(after, pair.after);
  const mute = muteReason(before, after);
  const matter = { before, after, pair, implants, afterImplants, mute };
  const [beforeEnds, afterEnds] = [pair.before.seen?.to, pair.after?.seen?.to];
  return {
    id: pair.before.id,
    name: nameOf(pair.before),
    inAfter: pair.after !== undefined,
    ...(beforeEnds === undefined ? {} : { beforeEnds }),
    ...(afterEnds === undefined ? {} : { afterEnds }),
    implants: implants.map((implant) => checkImplant(implant, matter)),
    flaws: checkFlaws(pair),
    newImplants: afterImplants.filter((other) => !implants.some((implant) => isSame(implant, other))),
    newFindings: newFindings(pair, after),
  };
}

/** Hosts that are no server of a campaign have nothing to close. */
function saysSomething({ implants, flaws, newImplants, newFindings: found }: ServerCheck): boolean {
  return [implants, flaws, newImplants, found].some((list) => list.length > 0);
}

function implantsOf({ implants }: Assessment, { id }: Server): readonly Implant[] {
  return implants.filter(({ server }) => server === id);
}

/** Why AFTER's silence means nothing: not all was read, or not all counted, or something else was looked for. */
function muteReason(before: Assessment, after: Assessment): string | undefined {
  if (!after.complete) return say('verify.incomplete');
  if (after.options['since'] !== undefined || after.options['until'] !== undefined)
    return say('verify.asked');
  const judges = new Set(judgesOf(after));
  const packs = judgesOf(before)
    .filter((judge) => !judges.has(judge))
    .map((judge) => judge.slice(0, judge.indexOf('\0')));
  if (packs.length > 0) return say('verify.packs', { packs: packs.join(', ') });
  if (String(before.options['baseline']) !== String(after.options['baseline'])) return say('verify.baseline');
  const issue = after.coverage.issues?.find(({ severity }) => severity !== 'info');
  return issue === undefined ? undefined : say('verify.damaged', { code: issue.code });
}

/** What decides what is found: another version or pack may miss what was found before. */
function judgesOf({ generator, packs }: Assessment): string[] {
  return [`postern\0${generator.version}`, ...packs.map(({ id, sha256 }) => `${id}\0${sha256}`)];
}

const stages: ReadonlySet<string> = new Set(['success', 'use', 'aftermath']);

/** What happened after BEFORE's records end; that something was taken away is no intrusion. */
function newFindings(
  { after, beforeEnds }: ServerPair,
  { findings }: Assessment,
): ServerCheck['newFindings'] {
  if (after === undefined) return [];
  return findings
    .filter(({ recordedOn, targets }) => recordedOn === after.id || targets.includes(after.id))
    .filter((finding) => stages.has(finding.stage) && !isRemoval(finding) && counts(finding))
    .filter(({ first, last }) => isAfter(last ?? first, beforeEnds))
    .map(({ id, rule, stage, act, first, last, count }) => ({
      id,
      rule,
      stage,
      act,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      count,
    }));
}

/** Done by those who defend the server, or by intruders who went. */
function isRemoval({ act }: Finding): boolean {
  return act === removal || isDefence(act);
}

/** Of hosts that are no server of a campaign, those with a back door are named too. */
function tellingName(server: Server, assessment: Assessment): string[] {
  const tells = server.headline !== undefined || implantsOf(assessment, server).length > 0;
  return tells ? [nameOf(server)] : [];
}

const strictness: readonly Tlp[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'];

function stricter(a: Tlp, b: Tlp): Tlp {
  return strictness.indexOf(a) >= strictness.indexOf(b) ? a : b;
}
