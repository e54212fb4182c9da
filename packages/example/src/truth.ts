// What really happened: written beside the collection, never into it, and read by tests only.

import type { Recorder } from './server-logs.ts';

export const VARIANTS = [
  'attack',
  'failed-only',
  'scanner',
  'quiet',
  'logs-gone',
  'front-only',
  'tools-lying-around',
  'two-servers',
  'no-sysmon',
  'security-cleared',
] as const;

/** A story the generator can tell; the README of this package's index says what each is for. */
export type Variant = (typeof VARIANTS)[number];

/** The words of `judgement.md` section 1. */
export type ExpectedVerdict =
  | 'compromised'
  | 'likely-compromised'
  | 'undetermined'
  | 'attacked'
  | 'exposed'
  | 'nothing-found';

/** A stretch of days that one family of logs does not cover; `to` is the first moment after it. */
export interface MissingSpan {
  readonly host: string;
  readonly family: 'iis' | 'httpproxy' | 'ecp-server' | 'ecp-activity' | 'file-listing' | 'web-folders';
  readonly recorders: readonly Recorder[];
  readonly from: string;
  readonly to: string;
}

export interface TrueBuild {
  readonly build: string;
  readonly from: string;
  readonly to: string;
}

export interface TrueServer {
  readonly host: string;
  readonly fqdn: string;
  readonly address: string;
  /** The server's folder, relative to the collection: holds `C`. */
  readonly root: string;
  readonly verdict: ExpectedVerdict;
  /** Verdicts that would do as well, where the evidence leaves it open; `verdict` is among them. */
  readonly acceptable: readonly ExpectedVerdict[];
  readonly builds: readonly TrueBuild[];
  readonly fixInstalledAt: string | null;
}

export interface TrueImplant {
  readonly host: string;
  readonly kind: 'web-shell' | 'virtual-directory';
  readonly family: 'oab-dump' | 'evaluator' | 'uploader' | 'command' | 'directory';
  /** Windows path. */
  readonly path: string;
  readonly url: string;
  /** Path of the collected file, relative to the collection; absent where it was not collected. */
  readonly file?: string;
  readonly sha256?: string;
  readonly placedAt: string;
  readonly placedBy: string;
  readonly usedBy: readonly string[];
  readonly firstUsedAt: string;
  readonly lastUsedAt: string;
  readonly state: 'present' | 'removed' | 'not-collected';
}

export interface TrueOperator {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
  readonly first: string;
  readonly last: string;
}

/** One run of the exploit, or of what was meant to be one. */
export interface TrueAttempt {
  readonly host: string;
  readonly at: string;
  readonly address: string;
  readonly throughHost: string;
  readonly outcome: 'failed' | 'half-way' | 'succeeded' | 'flaw-proved';
}

export interface TrueArchive {
  readonly host: string;
  readonly path: string;
  readonly url: string;
  readonly bytes: number;
  readonly stagedAt: string;
  readonly fetchedAt: string;
  readonly fetchedBy: string;
  readonly state: 'present' | 'removed' | 'not-collected';
  readonly file?: string;
}

/** An event log of Windows as it was collected. */
export interface TrueEventLog {
  readonly host: string;
  /** Path relative to the collection. */
  readonly file: string;
  readonly channel: string;
  readonly records: number;
  readonly first: string;
  readonly last: string;
  /** When it was cleared; what was before is gone. */
  readonly clearedAt?: string;
}

/** Something that was done through a page, which event logs show. */
export interface TrueDeed {
  readonly host: string;
  readonly at: string;
  readonly by: string;
  readonly what: string;
  /** File, account, task or command. */
  readonly detail?: string;
}

export interface Truth {
  readonly schema: 'postern.example-truth/1';
  readonly seed: string;
  readonly variant: Variant;
  readonly from: string;
  readonly to: string;
  /** The worst of the servers' verdicts. */
  readonly verdict: ExpectedVerdict;
  readonly servers: readonly TrueServer[];
  readonly implants: readonly TrueImplant[];
  readonly operators: readonly TrueOperator[];
  readonly attempts: readonly TrueAttempt[];
  readonly archive: TrueArchive | null;
  readonly missing: readonly MissingSpan[];
  readonly eventLogs: readonly TrueEventLog[];
  readonly deeds: readonly TrueDeed[];
}
