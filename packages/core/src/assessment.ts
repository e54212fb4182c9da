import type { Claim } from './claim.ts';
import type { Coverage } from './coverage.ts';
import type { Position } from './issue.ts';
import type { ImplantKind, Level, RuleKind, Stage, Witness } from './rule.ts';

/** From the worst to the best, as {@link verdictOrder} has it. There is no word for "clean". */
export type Verdict =
  | 'compromised'
  | 'likely-compromised'
  | 'undetermined'
  | 'attacked'
  | 'exposed'
  | 'nothing-found';

export const verdictOrder: readonly Verdict[] = [
  'compromised',
  'likely-compromised',
  'undetermined',
  'attacked',
  'exposed',
  'nothing-found',
];

export type Confidence = 'high' | 'moderate' | 'low';
export type Tlp = 'RED' | 'AMBER+STRICT' | 'AMBER' | 'GREEN' | 'CLEAR';
/** ISO 8601, UTC, with the precision of its source. */
export type Time = string;

/** A stretch of time as people say it: `to` is the last moment (the last second) that belongs to it. */
export interface Window {
  readonly from: Time;
  readonly to: Time;
}

/** The whole result of a scan: `assessment.json`, schema `postern.assessment/1`. Deterministic: no clock, no host. */
export interface Assessment {
  readonly schema: 'postern.assessment/1';
  readonly generator: { readonly name: 'postern'; readonly version: string };
  readonly tlp: Tlp;
  readonly share: { readonly profile: 'full' | 'cert' | 'public' };
  readonly context: AssessmentContext;
  /** Those that change results, by name, sorted. */
  readonly options: Readonly<Record<string, string | readonly string[]>>;
  readonly packs: readonly {
    readonly id: string;
    readonly title: string;
    readonly version: string;
    readonly sha256: string;
  }[];
  readonly rules: {
    readonly loaded: number;
    readonly indicators: number;
    readonly refused: readonly RefusedRule[];
  };
  /** False if the run was stopped. */
  readonly complete: boolean;
  readonly coverage: Coverage;
  readonly servers: readonly Server[];
  readonly findings: readonly Finding[];
  readonly implants: readonly Implant[];
  readonly operators: Operators;
  readonly phases: readonly Phase[];
  readonly timeline: readonly TimelineEntry[];
  readonly impact: readonly Impact[];
  readonly advice: readonly Advice[];
  readonly claims: readonly Claim[];
}

export interface AssessmentContext {
  readonly organisation?: string;
  readonly sector?: string;
  readonly country?: string;
  readonly classes?: readonly string[];
}

export interface RefusedRule {
  readonly source: string;
  readonly title: string;
  readonly reason: string;
}

export interface Server {
  readonly id: string;
  readonly names: readonly string[];
  /** `Exchange 2016`, or absent where no campaign's product was seen on it. */
  readonly product?: string;
  readonly builds: readonly BuildSeen[];
  /** Absent where the host is no server of any pack's product. */
  readonly headline?: { readonly pack: string; readonly verdict: Verdict };
  readonly campaigns: readonly CampaignVerdict[];
  /** What the records of this host span. */
  readonly seen?: Window;
}

export interface BuildSeen {
  readonly build: string;
  /** `cu`: the update level is not told; `su`: it is. */
  readonly precision: 'cu' | 'su';
  readonly name: string;
  readonly from: Time;
  readonly to: Time;
  readonly seenIn: readonly string[];
}

export interface CampaignVerdict {
  readonly pack: string;
  readonly verdict: Verdict;
  /** With *undetermined*: what is certain all the same. */
  readonly atLeast?: Verdict;
  readonly confidence: Confidence;
  readonly door: Door;
  /** Finding ids, the strongest first. */
  readonly because: readonly string[];
  /** Finding ids or sentences that speak against it. */
  readonly against: readonly string[];
  readonly limits: readonly Limit[];
  readonly wouldChange: readonly string[];
  readonly exposure: readonly Exposure[];
  /** What the verdict speaks for, and, for negative ones, how long that holds. */
  readonly window?: Window;
}

/** The second half of every verdict: could they come in, and can they still. */
export interface Door {
  readonly state: 'open-now' | 'closed' | 'not-known';
  readonly closedAt?: Time;
  /** Where no fix was seen: since when a mitigation of the way in is known to be there. */
  readonly mitigatedSince?: Time;
  /** When a fix existed for this server's own CU. */
  readonly fixExistedSince?: Time;
  readonly duringCampaign: 'open' | 'closed' | 'partly-open' | 'not-known';
  /** What it rests on, in one sentence: the builds, where they were read and when. */
  readonly basis: string;
}

export interface Limit {
  readonly text: string;
  /** A family, a source id or a question that the limit comes from. */
  readonly coverageRef: string;
}

export interface Exposure {
  readonly cve: string;
  readonly state: 'vulnerable' | 'mitigated' | 'fixed' | 'unknown';
  readonly from?: Time;
  /** When the state was over: the first moment at which another was seen. */
  readonly to?: Time;
  readonly basis: string;
}

export interface Evidence extends Position {
  readonly source: string;
  readonly time?: Time;
  readonly excerpt: string;
}

export interface Finding {
  readonly id: string;
  readonly rule: {
    readonly id: string;
    readonly title: string;
    readonly kind: RuleKind;
    readonly level: Level;
    readonly pack?: string;
  };
  readonly meaning: string;
  readonly stage: Stage;
  readonly witness: Witness;
  readonly act: string;
  readonly cves: readonly string[];
  readonly flawProved?: boolean;
  /** Server whose records show it, and the servers it was done to. */
  readonly recordedOn: string;
  readonly targets: readonly string[];
  /** Recorders: families, for people and for independence. */
  readonly recorders: readonly string[];
  readonly first?: Time;
  readonly last?: Time;
  readonly count: number;
  readonly entities: FindingEntities;
  readonly techniques: readonly string[];
  /** At most {@link limits.evidencePerFinding}: first, last, then one per recorder. */
  readonly evidence: readonly Evidence[];
  readonly evidenceTotal: number;
  readonly falsePositiveNotes: readonly string[];
  /** Why a finding that would count does not: a defender's file, an excerpt, a known scanner. */
  readonly setAside?: string;
  readonly review?: Review;
}

/** A finding with every record it is made of, as findings.jsonl has it. Excerpts are masked and up to 4,096 characters. */
export interface FullFinding {
  readonly finding: Finding;
  readonly evidence: readonly Evidence[];
}

export interface FindingEntities {
  readonly addresses: readonly { readonly value: string; readonly from: string }[];
  readonly accounts: readonly string[];
  readonly paths: readonly string[];
  readonly urls: readonly string[];
  readonly hashes: readonly string[];
  readonly agents: readonly string[];
}

export interface Review {
  readonly disposition: 'confirmed' | 'false-positive' | 'benign-known' | 'own-test';
  readonly author: string;
  readonly date: string;
  readonly reason: string;
}

export interface Implant {
  readonly id: string;
  readonly kind: ImplantKind;
  readonly server: string;
  /** Original Windows path, where known. */
  readonly path?: string;
  readonly url?: string;
  readonly sha256?: string;
  readonly family?: string;
  readonly traits: readonly string[];
  /** The best of the placements. */
  readonly placedAt?: { readonly time: Time; readonly basis: string };
  /** When it was made, by everything that tells of it: file times, a record of the drop, a cmdlet, its own text, its compiling. */
  readonly placements: readonly { readonly time: Time; readonly basis: string }[];
  readonly firstUsedAt?: Time;
  readonly lastUsedAt?: Time;
  readonly uses: number;
  /** Requests for it that sent nothing: somebody looked whether it was there. */
  readonly probes: number;
  readonly state: 'present' | 'removed' | 'returned' | 'unknown';
  /** Of pages: what the collection shows of the file itself. */
  readonly file?: 'collected' | 'listed' | 'deleted' | 'never-seen';
  /** Operator id. */
  readonly placedBy?: string;
  readonly operators: readonly string[];
  readonly findings: readonly string[];
}

export interface Operators {
  readonly atLeast: number;
  readonly atMost: number;
  /** Why the number is a range. */
  readonly basis: string;
  readonly list: readonly Operator[];
}

export type OperatorKind = 'intruder' | 'scanner' | 'researcher' | 'defender' | 'unknown';

export interface Operator {
  readonly id: string;
  /** A, B, C … by first appearance; intruders first. */
  readonly name: string;
  readonly kind: OperatorKind;
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
  readonly first?: Time;
  readonly last?: Time;
  readonly implants: readonly string[];
  readonly actions: readonly OperatorAction[];
  readonly bytesOut: Amount;
  readonly reasons: readonly string[];
  readonly strength: 'strong' | 'moderate' | 'weak';
  readonly consistentWith: readonly {
    readonly cluster: string;
    readonly because: readonly string[];
    readonly strength: string;
  }[];
}

export interface OperatorAction {
  readonly stage: Stage;
  readonly what: string;
  readonly count: number;
  readonly first?: Time;
  readonly last?: Time;
}

/** A quantity that is seldom known exactly: `upper` null means unknown, never zero. */
export interface Amount {
  readonly lower: number;
  readonly upper: number | null;
  readonly basis: string;
}

/** `to` is the last second of its last day. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly from: Time;
  readonly to: Time;
  readonly servers: readonly string[];
  readonly operators: readonly string[];
}

export interface TimelineEntry {
  readonly time: Time;
  readonly lane: 'attacker' | 'defender' | 'statement';
  readonly title: string;
  /** Finding, implant, claim or server id. */
  readonly ref: string;
}

export interface Impact {
  readonly kind: 'mailbox' | 'archive' | 'credential' | 'directory' | 'file';
  readonly what: string;
  readonly class?: string;
  readonly how: 'read' | 'could-have-been-read' | 'left';
  readonly server: string;
  readonly operators: readonly string[];
  readonly bytes: Amount;
  readonly findings: readonly string[];
}

export interface AdviceStep {
  readonly text: string;
  readonly command?: string;
  readonly destroys?: string;
}

export interface Advice {
  readonly id: string;
  readonly order: number;
  readonly title: string;
  /** Ids of the servers on which it is to be done. */
  readonly servers: readonly string[];
  /** Finding and implant ids. */
  readonly why: readonly string[];
  readonly steps: readonly AdviceStep[];
  readonly doneWhen: string;
  readonly source: string;
}
