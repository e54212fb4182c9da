import type { FindingDraft } from './findings.ts';
import { overlaps } from './ordered.ts';

/** A finding that counts for one server and one pack. */
export interface Witness {
  readonly draft: FindingDraft;
  readonly strength: 'direct' | 'indirect';
  readonly recorders: ReadonlySet<string>;
  readonly joins: ReadonlySet<string>;
}

/** Findings of success, use and after that speak of this server and count for this pack, direct ones first. */
export function witnessesFor(drafts: readonly FindingDraft[], server: string, pack: string): Witness[] {
  return drafts.flatMap((draft) => {
    const { finding } = draft;
    if (finding.setAside !== undefined || finding.witness === 'lead') return [];
    if (finding.stage === 'probe' || finding.stage === 'attempt') return [];
    if (!draft.packs.includes(pack) || !finding.targets.includes(server)) return [];
    const joins = new Set(
      draft.sightings.flatMap((s) => s.joins.map(({ kind, value }) => `${kind}:${value}`)),
    );
    return [
      {
        draft,
        strength: finding.witness,
        recorders: new Set(finding.recorders.map((recorder) => diskOf(recorder))),
        joins,
      },
    ];
  });
}

/** A file and its entry in a listing are two looks at one disk. */
function diskOf(recorder: string): string {
  return recorder === 'file-listing' ? 'file' : recorder;
}

/**
 * Another recorder **and** another act (judgement section 2). Records joined by a request id, a session or a process
 * are one witness, whoever wrote them.
 */
export function areIndependent(a: Witness, b: Witness): boolean {
  if (a.draft.finding.act === b.draft.finding.act) return false;
  if (![...a.recorders].some((one) => [...b.recorders].some((other) => one !== other))) return false;
  return !overlaps(a.joins, b.joins);
}

/** True if some two of them are independent. */
export function hasIndependentPair(witnesses: readonly Witness[]): boolean {
  return witnesses.some((a, k) => witnesses.slice(k + 1).some((b) => areIndependent(a, b)));
}
