// A story: what happens at which server and when, what lies on the disks afterwards, and what is missing.

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
}

export const NO_STORY: Story = {
  rows: [],
  files: [],
  losses: [],
  implants: [],
  operators: [],
  attempts: [],
  archive: null,
};
