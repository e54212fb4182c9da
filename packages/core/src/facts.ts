import type { AssessmentContext, RefusedRule, Review, Tlp } from './assessment.ts';
import type { Hit } from './hit.ts';
import type { Issue } from './issue.ts';
import type { Pack } from './pack.ts';
import type { ImplantKind, RuleInfo } from './rule.ts';
import type { Skipped, SourceKind } from './source.ts';
import type { Ticks } from './time.ts';

/** All that a scan knows when it asks for a judgement. Plain data; `incident` needs nothing else. */
export interface CaseFacts {
  readonly version: string;
  readonly packs: readonly Pack[];
  /** Every rule that ran, by id. */
  readonly rules: ReadonlyMap<string, RuleInfo>;
  readonly refused: readonly RefusedRule[];
  readonly indicators: number;
  readonly sources: readonly SourceFacts[];
  readonly skipped: readonly Skipped[];
  readonly hits: readonly Hit[];
  readonly files: readonly FileFacts[];
  /** What was wrong with the collection as a whole: a truncated archive, a limit that was reached. */
  readonly issues?: readonly Issue[];
  readonly options: CaseOptions;
  readonly complete: boolean;
}

/** Options that change the judgement. */
export interface CaseOptions {
  readonly tlp: Tlp;
  readonly context: AssessmentContext;
  readonly reviews: ReadonlyMap<string, Review>;
  /** Host (lower case) → seconds to add to its local times. */
  readonly clocks: ReadonlyMap<string, number>;
  readonly trustedProxies: readonly string[];
  /** Server name → path prefixes (as collected) that belong to it. */
  readonly servers: ReadonlyMap<string, readonly string[]>;
  /** Server name (lower case) → since when it is in service: before, no campaign can have reached it. */
  readonly inService?: ReadonlyMap<string, Ticks>;
  /** The time that was asked for; what lies outside is read and does not count. */
  readonly asked?: AskedTime;
  /** Shown in the assessment as they are. */
  readonly shown: Readonly<Record<string, string | readonly string[]>>;
}

/** `to` is not part of it; an end that is absent is open. */
export interface AskedTime {
  readonly from?: Ticks;
  readonly to?: Ticks;
}

/** One source after both passes. */
export interface SourceFacts {
  readonly id: string;
  readonly path: string;
  readonly originalPath: string;
  readonly collection: string;
  readonly kind: SourceKind;
  /** In coverage's words: `iis-front`, `iis-back`, `httpproxy-ecp`, `ecp-server`, `windows:Security`, `file-listing`. */
  readonly families: readonly SourceFamily[];
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  readonly damaged: number;
  readonly recovered: number;
  readonly issues: readonly Issue[];
  readonly excerpt: boolean;
  readonly duplicateOf?: string;
  /** Host names in its records → how many of the looked-at records had them. */
  readonly hosts: ReadonlyMap<string, number>;
  /** Addresses of the server itself (s-ip) → count. */
  readonly serverAddresses: ReadonlyMap<string, number>;
  /** Differences between two times of one record, in seconds (corrected minus labelled) → count. */
  readonly clockDifferences: ReadonlyMap<number, number>;
  readonly builds: readonly BuildObservation[];
  readonly pages: readonly PageFacts[];
  readonly clients: ClientFacts;
  /** Records set aside as the product's own probes, among the looked-at ones. */
  readonly probes: number;
  /** When the machine went down and came up, as a System log tells (events 1074, 6006, 6005, 6008, 41), in order. */
  readonly power?: readonly PowerEvent[];
}

/** One record of a shutdown or start, by the source's own clock. */
export interface PowerEvent {
  readonly time: Ticks;
  readonly event: 'stopping' | 'stopped' | 'started' | 'started-after-crash';
  /** In lower case. */
  readonly host?: string;
}

export interface SourceFamily {
  readonly family: string;
  readonly records: number;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Hours since 1601 → records. */
  readonly hours: ReadonlyMap<number, number>;
}

export interface BuildObservation {
  /** As written, normalised to four numbers without leading zeros (`15.1.2106.2`). */
  readonly build: string;
  /** How it was told: a log header, a column, a file version, an installer's event. */
  readonly basis:
    | 'log-header'
    | 'log-column'
    | 'file-version'
    | 'installer-event'
    | 'setup-log'
    | 'page-path';
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  readonly host?: string;
}

/** Requests to one page of one site, over the whole source. Every request to a page ending is counted. */
export interface PageFacts {
  /** URL path, lower case. */
  readonly url: string;
  /** As the first request wrote it (of several at one time the first in code unit order); absent where that is `url`. */
  readonly written?: string;
  readonly site: 'front' | 'back' | 'unknown';
  /** `POST 200` → count. */
  readonly answers: ReadonlyMap<string, number>;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** First and last POST or query that was answered 200 or 500. */
  readonly firstUse: Ticks | undefined;
  readonly lastUse: Ticks | undefined;
  /** Client → what it did with this page. Bounded; the rest under `others`. */
  readonly clients: readonly PageClient[];
}

export interface PageClient {
  readonly address: string;
  /** What the request says of whom it was forwarded for, where the log has such a column. */
  readonly forwarded?: string;
  readonly agent: string;
  readonly answers: ReadonlyMap<string, number>;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Where the first of its uses stands. */
  readonly line: number;
  readonly offset: number;
  readonly text: string;
}

/** Drawn evenly from the records: who speaks to the server. */
export interface ClientFacts {
  readonly sampled: number;
  readonly addresses: ReadonlyMap<string, number>;
  /** How many sampled rows had a forwarded-for value. */
  readonly forwarded: number;
}

/** One file in a web folder or elsewhere of interest: collected, listed, or only named by a record. */
export interface FileFacts {
  /** Original Windows path. */
  readonly path: string;
  readonly collection: string;
  /** Source id, where it was collected. */
  readonly source?: string;
  readonly sha256?: string;
  readonly bytes?: number;
  /** The collection ends within it or lost a part of it: it was at least so large. */
  readonly isCut?: boolean;
  readonly listed?: ListedFile;
  /** What the content says; absent where it was not collected. */
  readonly judged?: FileJudgement;
  /** A copy that lies where no web server would run it: quarantine, backup, a tool's or our own output. */
  readonly inert?: string;
}

/** What a file listing tells of a file. */
export interface ListedFile {
  readonly basis: 'mft' | 'usn' | 'bodyfile' | 'listing';
  readonly created?: Ticks;
  readonly modified?: Ticks;
  readonly deleted?: Ticks;
  readonly bytes?: number;
  readonly source: string;
  readonly line: number;
}

/** What `webshell` says of the content of one file. */
export interface FileJudgement {
  /** `remote-control`: it runs what a request tells it; `suspicious`: parts of it; `benign`: neither was seen. */
  readonly verdict: 'remote-control' | 'suspicious' | 'benign' | 'not-judged';
  readonly traits: readonly FileTrait[];
  /** Family in the field's words, where the content tells it: `OAB dump with script`, `China Chopper` … */
  readonly family?: string;
  /** Times that the page itself carries (an OAB dump's WhenChanged), by name. */
  readonly times: ReadonlyMap<string, Ticks>;
  /** Names that the page itself carries: server, object GUID. */
  readonly names: ReadonlyMap<string, string>;
  /** Parameter or key names it listens to. */
  readonly parameters: readonly string[];
  /** Hits of YARA rules: rule ids. */
  readonly yara: readonly string[];
  readonly issues: readonly Issue[];
  /** Why its content is known to be good: nothing else was looked at. */
  readonly knownGood?: string;
  /** Entries of a configuration that are back doors themselves, or hide or stop one. */
  readonly configured?: readonly ConfiguredEntry[];
}

/** What one entry of a configuration says: its matter lies elsewhere than the file that tells of it. */
export interface ConfiguredEntry {
  readonly kind: ImplantKind | 'handler' | 'logging' | 'rewrite' | 'mitigation';
  /** The trait's code. */
  readonly code: string;
  /** `lead`: it may be what the owner wants; shown and never counted. */
  readonly strength: 'indirect' | 'lead';
  /** What the configuration calls it. */
  readonly name: string;
  /** Folder, module or assembly, as written. */
  readonly path?: string;
  /** URL path in lower case, as the layout of a pack writes it (the back end's site as `:444/…`). */
  readonly url?: string;
  /** For people: what it is and why it matters. */
  readonly text: string;
  readonly line: number;
  readonly offset: number;
}

export interface FileTrait {
  readonly code: string;
  /** For people. */
  readonly text: string;
  readonly line: number;
  readonly offset: number;
}

/** What the second pass looks for: learned from the first. */
export interface Pivots {
  /** Client addresses of attempts and uses: every request of theirs is wanted. */
  readonly addresses: readonly string[];
  /** URL paths of implants. */
  readonly urls: readonly string[];
  /** File names and paths of implants and archives, lower case. */
  readonly paths: readonly string[];
  /** Request ids, canaries. */
  readonly sessions: readonly string[];
}
