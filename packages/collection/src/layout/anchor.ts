import type { Segment } from './segments.ts';

/** How a collection was laid out by the tool or person that made it. */
export type Layout = 'kape' | 'velociraptor' | 'exchange-log-collector' | 'plain';

/** A place in a path from which on the original Windows path is known. */
export interface Anchor {
  readonly layout: Layout;
  /** Index of the first segment that belongs to the layout; those before it say where the copy was put, or of which host. */
  readonly at: number;
  readonly originalPath: string;
  /**
   * What a host has once: a drive, the log collector's folders, a folder at the root of a drive. Two hosts in one
   * collection both have it. Absent where the anchor says nothing of hosts.
   */
  readonly root?: string;
}

/** Recognises one layout. Pure; undefined where the path has no sign of it. */
export type Recogniser = (segments: readonly Segment[]) => Anchor | undefined;
