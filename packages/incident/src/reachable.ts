import type { CaseFacts, Impact } from '@postern/core';
import type { FindingDraft } from './findings.ts';
import { say } from './messages.ts';
import type { OperatorDraft } from './operators.ts';
import { sorted } from './ordered.ts';
import { isIntrusion } from './sighting.ts';
import type { Sighting } from './sighting.ts';

/** Sighting → the operator that it is part of. */
export type Hands = ReadonlyMap<Sighting, string>;

export function handsBySighting(operators: readonly OperatorDraft[]): Hands {
  return new Map(
    operators.flatMap(({ id, group }) => group.sightings.map((sighting) => [sighting, id] as const)),
  );
}

export function operatorsOf(hands: Hands, sightings: readonly Sighting[]): string[] {
  return sorted(sightings.flatMap((sighting) => hands.get(sighting) ?? []));
}

/** Findings that one impact names; the rest stands in the findings themselves. */
const findingsListed = 20;

interface Inside {
  readonly facts: CaseFacts;
  readonly drafts: readonly FindingDraft[];
}

/** What who was inside could reach: mailboxes with a session or a shell, credentials with a shell. */
export function reachable({ facts, drafts }: Inside, hands: Hands, known: readonly Impact[]): Impact[] {
  const inside = drafts.filter(
    ({ finding, sightings }) => finding.setAside === undefined && sightings.some((s) => isIntrusion(s)),
  );
  const servers = sorted(inside.flatMap(({ finding }) => finding.targets));
  return servers.flatMap((server) => {
    const here = inside.filter(({ finding }) => finding.targets.includes(server));
    const kinds = here.some((draft) => hadShell(draft))
      ? (['mailbox', 'credential'] as const)
      : (['mailbox'] as const);
    const missing = kinds.filter(
      (kind) =>
        !known.some(
          (impact) =>
            impact.server === server && impact.kind === kind && impact.how !== 'could-have-been-read',
        ),
    );
    return missing.map((kind): Impact => ({
      kind,
      what: say(kind === 'mailbox' ? 'impact.mailboxes' : 'impact.credentials'),
      class: classOf(facts, kind),
      how: 'could-have-been-read',
      server,
      operators: operatorsOf(
        hands,
        here.flatMap(({ sightings }) => sightings),
      ),
      bytes: { lower: 0, upper: null, basis: say('impact.could') },
      findings: sorted(here.map(({ finding }) => finding.id)).slice(0, findingsListed),
    }));
  });
}

/** A back door or a command: whoever has that has the system. */
function hadShell({ finding }: FindingDraft): boolean {
  return finding.stage !== 'success' || finding.act.startsWith('page') || finding.act.startsWith('shell');
}

/** The organisation states classes as `name=class` in its context; what it says nothing of has the class "not stated". */
export function classOf({ options }: CaseFacts, what: string): string {
  const stated = (options.context.classes ?? [])
    .map((text) => text.split('='))
    .find(([name, value]) => value !== undefined && name?.trim().toLowerCase() === what.toLowerCase());
  return stated?.[1]?.trim() ?? say('impact.class');
}
