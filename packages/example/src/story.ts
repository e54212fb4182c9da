// A story: what happens at which server and when, what lies on the disks afterwards, and what is missing.

import type { Deed } from './deeds.ts';
import type { Planned } from './exploit.ts';
import type { Recorder } from './server-logs.ts';
import type { Outage } from './traffic.ts';
import type { MissingSpan, TrueArchive, TrueAttempt, TrueImplant, TrueOperator } from './truth.ts';
import type { Server } from './world.ts';

/** A file of the servers' disks that the story made. */
export interface StoryFile {
  readonly server: Server;
  /** Windows path. */
  readonly path: string;
  readonly size: number;
  readonly created: number;
  readonly modified: number;
  readonly isDeleted: boolean;
  /** What the collection holds of it; absent where it was not collected. */
  readonly bytes?: Uint8Array;
}

/** Rows that did not survive. */
export interface Loss {
  readonly server: Server;
  readonly recorders: readonly Recorder[];
  readonly family: MissingSpan['family'];
  readonly from: number;
  readonly to: number;
}

/** What the event logs of Windows keep of it. */
export interface WindowsStory {
  readonly deeds: readonly Deed[];
  /** False where Sysmon was never installed. */
  readonly hasSysmon: boolean;
  /** When the Security log was cleared. */
  readonly securityClearedAt?: number;
  /** All logs begin here: what was before was overwritten. */
  readonly keptFrom?: number;
}

export interface Story {
  readonly rows: readonly Planned[];
  readonly files: readonly StoryFile[];
  readonly losses: readonly Loss[];
  /** When the fix of March 2021 was put in, the same night on all servers. */
  readonly fix?: Outage;
  readonly implants: readonly TrueImplant[];
  readonly operators: readonly TrueOperator[];
  readonly attempts: readonly TrueAttempt[];
  readonly archive: TrueArchive | null;
  readonly windows: WindowsStory;
}

export const NO_STORY: Story = {
  rows: [],
  files: [],
  losses: [],
  implants: [],
  operators: [],
  attempts: [],
  archive: null,
  windows: { deeds: [], hasSysmon: true },
};
