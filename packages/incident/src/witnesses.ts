import { isScannerFind } from './defence.ts';
import type { FindingDraft } from './findings.ts';
import { overlaps } from './ordered.ts';
import type { Sighting } from './sighting.ts';

/** A finding that counts for one server and one pack. */
export interface Witness {
  readonly draft: FindingDraft;
  readonly strength: 'direct' | 'indirect';
  readonly records: readonly WitnessRecord[];
}

/** One record of a witness: who wrote it, and the values that join it with others. */
interface WitnessRecord {
  readonly recorder: string;
  readonly joins: readonly string[];
}

/** Findings of success, use and after that speak of this server and count for this pack, direct ones first. */
export function witnessesFor(drafts: readonly FindingDraft[], server: string, pack: string): Witness[] {
  return drafts.flatMap((draft) => {
    const { finding } = draft;
    if (finding.setAside !== undefined || finding.witness === 'lead') return [];
    if (finding.stage === 'probe' || finding.stage === 'attempt') return [];
    if (!draft.packs.includes(pack) || !finding.targets.includes(server)) return [];
    return [{ draft, strength: finding.witness, records: draft.sightings.map(recordOf) }];
  });
}

function recordOf({ rule, recorder, joins }: Sighting): WitnessRecord {
  return {
    recorder: isScannerFind(rule.act) ? 'file' : diskOf(recorder),
    joins: joins.map(({ kind, value }) => `${kind}:${value}`),
  };
}

/** A file, its entry in a listing and what a scanner made of it are looks at one disk. */
function diskOf(recorder: string): string {
  return recorder === 'file-listing' ? 'file' : recorder;
}

/**
 * Another recorder **and** another act (judgement section 2). Records joined by a request id, a session or a process
 * are one witness, whoever wrote them. Looked at record by record, so that one more record of an act, joined with
 * something else, takes nothing from what the others witness.
 */
export function areIndependent(a: Witness, b: Witness): boolean {
  if (actOf(a) === actOf(b)) return false;
  const here = new Set(joinsOf(a));
  const shared = new Set(joinsOf(b).filter((join) => here.has(join)));
  const others = distinct(b, shared);
  return distinct(a, shared).some((one) =>
    others.some((other) => one.recorder !== other.recorder && !overlaps(one.joins, other.joins)),
  );
}

/** That a scanner found a page and that it, or another one, removed it is one act. */
function actOf({ draft: { finding } }: Witness): string {
  return isScannerFind(finding.act) ? 'defender-detection' : finding.act;
}

function joinsOf({ records }: Witness): string[] {
  return records.flatMap(({ joins }) => joins);
}

/** The records that differ in what matters here: a value that only one side has joins nothing. */
function distinct({ records }: Witness, shared: ReadonlySet<string>): DistinctRecord[] {
  const found = new Map<string, DistinctRecord>();
  for (const { recorder, joins } of records) {
    const kept = joins.filter((join) => shared.has(join)).toSorted();
    found.set(JSON.stringify([recorder, kept]), { recorder, joins: new Set(kept) });
  }
  return [...found.values()];
}

interface DistinctRecord {
  readonly recorder: string;
  readonly joins: ReadonlySet<string>;
}

/** True if some two of them are independent. */
export function hasIndependentPair(witnesses: readonly Witness[]): boolean {
  return witnesses.some((a, k) => witnesses.slice(k + 1).some((b) => areIndependent(a, b)));
}
