/** How far a request or an act went. A request is not an intrusion: every finding carries its stage. */
export type Stage = 'probe' | 'attempt' | 'success' | 'use' | 'aftermath';

/** How much a finding says of an intrusion (judgement section 2). Leads are shown and never counted. */
export type Witness = 'direct' | 'indirect' | 'lead';

export type RuleKind = 'sigma' | 'yara' | 'indicator' | 'correlation' | 'check';

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';

export type EntityKind = 'address' | 'account' | 'path' | 'url' | 'hash' | 'agent' | 'mailbox' | 'host';

export type ImplantKind =
  | 'web-shell'
  | 'iis-module'
  | 'virtual-directory'
  | 'transport-agent'
  | 'scheduled-task'
  | 'service'
  | 'account'
  | 'other';

/**
 * What the judgement needs to know of a rule, whatever engine runs it. The Sigma rules of packs carry it as their
 * `postern:` block; rules without one are leads.
 */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly kind: RuleKind;
  readonly level: Level;
  /** The pack it came with; absent for `--rules`, `--yara` and `--indicators`. */
  readonly pack?: string;
  /** What it means if it is true, in one sentence for people. */
  readonly meaning: string;
  readonly stage: Stage;
  readonly witness: Witness;
  /**
   * Names the act, so that two recorders of one act count once: `ssrf-request`, `session`, `script-in-configuration`,
   * `page-written`, `page-content`, `page-used`, `shell-process`, `archive-fetched`, `credentials-dumped` …
   */
  readonly act: string;
  /** CVEs it speaks of. */
  readonly cves: readonly string[];
  /** A hit proves that the server was open to `cves`, even where nobody got further. */
  readonly flawProved: boolean;
  readonly techniques: readonly string[];
  readonly falsePositives: readonly string[];
  /** Entity → names of the captured fields that hold it, the first present one counts. */
  readonly entities: Readonly<Partial<Record<EntityKind, readonly string[]>>>;
  /** A hit tells of an implant: its kind, and the captured field with its path or URL. */
  readonly implant?: {
    readonly kind: ImplantKind;
    readonly field: string;
    readonly is: 'path' | 'url';
    /** What the record tells of it. */
    readonly event: 'placed' | 'seen' | 'used' | 'removed' | 'probed';
  };
  /** Captured fields whose equal values join records of one act (request ids, canaries, process ids). */
  readonly joins: readonly string[];
  readonly references: readonly string[];
}
