import { compareText } from '@postern/core';
import type { ImplantKind, Position, RuleInfo, Ticks } from '@postern/core';
import { compareTimes } from './intervals.ts';
import type { Join } from './joins.ts';

/** An address and the field or relation that gave it. */
export interface SeenAddress {
  readonly value: string;
  readonly from: string;
}

/** What a record names, not yet masked. */
export interface SeenEntities {
  readonly addresses: readonly SeenAddress[];
  readonly accounts: readonly string[];
  readonly paths: readonly string[];
  readonly urls: readonly string[];
  readonly hashes: readonly string[];
  readonly agents: readonly string[];
  readonly mailboxes: readonly string[];
}

export const noEntities: SeenEntities = {
  addresses: [],
  accounts: [],
  paths: [],
  urls: [],
  hashes: [],
  agents: [],
  mailboxes: [],
};

/** What a record tells of a back door. */
export interface SeenImplant {
  readonly kind: ImplantKind;
  readonly event: 'placed' | 'seen' | 'used' | 'removed' | 'probed';
  readonly path?: string;
  /** URL path in lower case. */
  readonly url?: string;
  /** What tells when it was placed, where that is not the recorder. */
  readonly basis?: string;
  /** What was found of it, in one sentence: for back doors that are no file of their own. */
  readonly trait?: string;
  /** The configuration that has it is the current one. */
  readonly isThere?: boolean;
}

/** A hit, or what a check says of a file or page, with all that the judgement knows of it. Times are in UTC. */
export interface Sighting {
  readonly rule: RuleInfo;
  readonly source: string;
  readonly at: Position;
  readonly time: Ticks | undefined;
  /** Later than `time` where one sighting stands for several requests. */
  readonly last: Ticks | undefined;
  /** Requests that it stands for. */
  readonly count: number;
  readonly recorder: string;
  readonly captures: ReadonlyMap<string, string>;
  readonly text: string;
  readonly excerpt: boolean;
  readonly recordedOn: string;
  readonly targets: readonly string[];
  /** Packs whose ladder it may count for. */
  readonly packs: readonly string[];
  readonly entities: SeenEntities;
  readonly joins: readonly Join[];
  readonly implant?: SeenImplant;
  /** Why it does not count although its rule does. */
  readonly setAside?: string;
  /** The agent or the address of the request is that of a known visitor. */
  readonly visitor?: 'scanner' | 'researcher' | 'defender';
}

/** One order for all sightings, whatever order they came in. */
export function compareSightings(a: Sighting, b: Sighting): number {
  return (
    compareTimes(a.time, b.time) ||
    compareText(a.source, b.source) ||
    a.at.offset - b.at.offset ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(a.text, b.text) ||
    compareText(keyOfEntities(a), keyOfEntities(b))
  );
}

function keyOfEntities(sighting: Sighting): string {
  const { addresses, paths, urls, agents } = sighting.entities;
  return JSON.stringify([addresses.map(({ value }) => value), paths, urls, agents]);
}

/** A sighting that may move a verdict: from a rule with a declared meaning, not set aside, no lead. */
export function isWitness(sighting: Sighting): boolean {
  return sighting.setAside === undefined && sighting.rule.witness !== 'lead' && sighting.packs.length > 0;
}

/** A witness of somebody who came in, used a back door or went on from there. */
export function isIntrusion(sighting: Sighting): boolean {
  const { stage } = sighting.rule;
  return isWitness(sighting) && (stage === 'success' || stage === 'use' || stage === 'aftermath');
}
