import type { AdviceStep } from './assessment.ts';
import type { Claim } from './claim.ts';
import type { Question } from './coverage.ts';
import type { RuleInfo } from './rule.ts';

/** A campaign as data, loaded and checked. The compiled rules travel beside it; this is what the judgement reads. */
export interface Pack {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** Over the pack's files, sorted by name. */
  readonly sha256: string;
  readonly campaign: Campaign;
  readonly requires: readonly string[];
  readonly wants: readonly Want[];
  readonly layout: Layout;
  readonly builds: readonly Build[];
  readonly claims: readonly Claim[];
  readonly advice: readonly AdviceRule[];
  readonly rules: readonly RuleInfo[];
}

export interface Campaign {
  /** Names a server must run for the pack's ladder to apply (`Exchange`). */
  readonly products: readonly string[];
  readonly cves: readonly string[];
  readonly phases: readonly CampaignPhase[];
  /** The exploitation window: from the first phase to the day after which absence of logs says nothing. ISO dates. */
  readonly from: string;
  readonly to: string;
  readonly clusters: readonly Cluster[];
}

export interface CampaignPhase {
  readonly id: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly meaning: string;
}

export interface Cluster {
  readonly id: string;
  readonly title: string;
  readonly traits: readonly ClusterTrait[];
}

export interface ClusterTrait {
  readonly kind: 'path' | 'hash' | 'agent' | 'content' | 'parameter' | 'domain' | 'process';
  readonly value: string;
  /** Only such traits may support "consistent with". */
  readonly distinguishing: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly source: string;
}

/** A question the pack asks of the evidence; covered for an interval if one alternative is. */
export interface Want {
  readonly question: Question;
  readonly cve: string;
  /** Each inner list must be there as a whole. Families in coverage's words (`iis-front`, `httpproxy-ecp`). */
  readonly anyOf: readonly (readonly string[])[];
  readonly from: string;
  readonly to: string;
}

/** What the product looks like from outside and on disk. Paths are lower case with backslashes, URLs lower case. */
export interface Layout {
  /**
   * Folders that the web server runs pages from: the tail of the Windows path (`\inetpub\wwwroot\aspnet_client\`) and
   * the URL it is reached by (`/aspnet_client/`). The longest one counts.
   */
  readonly served: readonly { readonly path: string; readonly url: string }[];
  /** Genuine pages of the product (URL path in lower case, `*` for one run of characters): never "unknown pages". */
  readonly productPages: readonly string[];
  /** Endings that the web server would run (`.aspx`). */
  readonly pageEndings: readonly string[];
  /** Managed availability is address **and** agent or account **and** URL together. */
  readonly probes: {
    readonly addresses: readonly string[];
    readonly agents: readonly string[];
    readonly accounts: readonly string[];
    readonly urls: readonly string[];
  };
  /** What known scanners and defenders' tools leave: agent or request patterns (`*` wildcard) → kind. */
  readonly visitors: readonly {
    readonly kind: 'scanner' | 'researcher' | 'defender';
    readonly pattern: string;
    readonly in: 'agent' | 'url';
    readonly source: string;
  }[];
  /** Coverage family → title for people. */
  readonly families: Readonly<Record<string, string>>;
  /** Days that a family is kept before the product trims it; absent: never. */
  readonly retentionDays: Readonly<Record<string, number>>;
}

export interface Build {
  readonly product: string;
  readonly cu: string;
  /** Empty for the CU itself. */
  readonly su: string;
  readonly build: string;
  /** ISO date; of an interval the later day. Absent for interim builds without one. */
  readonly released?: string;
  readonly fixes: readonly string[];
  readonly includedFromCu: readonly string[];
}

/** Advice with its condition. Tags are what the judgement found: see incident's `tagsOf`. */
export interface AdviceRule {
  readonly id: string;
  readonly order: number;
  readonly title: string;
  readonly language: string;
  readonly when: {
    readonly all?: readonly string[];
    readonly any?: readonly string[];
    readonly none?: readonly string[];
  };
  /** Acts of findings and kinds of implants that are its reasons. */
  readonly because: readonly string[];
  readonly steps: readonly AdviceStep[];
  readonly doneWhen: string;
  readonly source: string;
}
