import { compareText, formatTime } from '@postern/core';
import type { Claim, Ticks, TimelineEntry } from '@postern/core';
import type { FindingDraft } from './findings.ts';
import { shown } from './findings.ts';
import type { ImplantDraft } from './implants.ts';
import { mayBeCourtRemoval } from './limit-texts.ts';
import { say } from './messages.ts';

export interface TimelineMatter {
  readonly drafts: readonly FindingDraft[];
  readonly implants: readonly ImplantDraft[];
  /** Builds seen for the first time: server id, name, time. */
  readonly builds: readonly {
    readonly server: string;
    readonly name: string;
    readonly first: Ticks | undefined;
  }[];
  readonly claims: readonly Claim[];
}

/** Lanes for attackers, defenders and public statements. Statements are about the campaign, never about this server. */
export function timelineOf({ drafts, implants, builds, claims }: TimelineMatter): TimelineEntry[] {
  const entries = [
    ...drafts.flatMap((draft) => findingEntries(draft)),
    ...implants.flatMap((implant) => implantEntries(implant)),
    ...builds.flatMap(({ server, name, first }) =>
      entry(first, 'defender', say('timeline.build', { name }), server),
    ),
    ...claims.flatMap((claim) => claimEntries(claim)),
  ];
  return entries.toSorted(
    (a, b) => compareText(a.time, b.time) || compareText(a.ref, b.ref) || compareText(a.title, b.title),
  );
}

function entry(
  time: Ticks | undefined,
  lane: TimelineEntry['lane'],
  title: string,
  ref: string,
): TimelineEntry[] {
  return time === undefined ? [] : [{ time: formatTime(time), lane, title, ref }];
}

function findingEntries({ finding, first }: FindingDraft): TimelineEntry[] {
  if (isDefence(finding.act) || finding.recorders.some((recorder) => /Windows Defender/i.test(recorder)))
    return entry(first, 'defender', finding.rule.title, finding.id);
  if (finding.setAside !== undefined || finding.witness === 'lead') return [];
  return entry(first, 'attacker', finding.rule.title, finding.id);
}

/** Acts of those who defend the server. */
export function isDefence(act: string): boolean {
  return (
    act.startsWith('mitigation') ||
    act.startsWith('removed-by') ||
    act.startsWith('update-') ||
    act.startsWith('defender')
  );
}

function implantEntries({ id, name, placed, use, removed }: ImplantDraft): TimelineEntry[] {
  const title = shown(name);
  const court = mayBeCourtRemoval(use.count, use.first)
    ? entry(use.first, 'defender', say('timeline.court', { name: title }), id)
    : [];
  return [
    ...entry(placed?.time, 'attacker', say('timeline.placed', { name: title }), id),
    ...(use.count > 0 ? entry(use.first, 'attacker', say('timeline.used', { name: title }), id) : []),
    ...entry(removed, 'defender', say('timeline.removed', { name: title }), id),
    ...court,
  ];
}

function claimEntries({ id, date, datePrecision, claimant, statement, status }: Claim): TimelineEntry[] {
  if (status !== 'published' || datePrecision !== 'day') return [];
  return [{ time: date, lane: 'statement', title: say('timeline.claim', { claimant, statement }), ref: id }];
}
