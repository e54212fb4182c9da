import { limits } from '@postern/core';

/** Limits for what archives may do to the disk. Each is named in the detail of what it stopped. */
export interface ArchiveLimits {
  /** Archives inside archives. */
  readonly archiveDepth: number;
  /** Entries of one archive. */
  readonly archiveEntries: number;
  /** How many times its packed size an entry may have, once it is larger than `archiveRatioFrom`. */
  readonly archiveRatio: number;
  /** Bytes up to which any ratio is fine: small files of zeros are no bombs. */
  readonly archiveRatioFrom: number;
  /** Bytes of memory for what one packed stream refers back to. */
  readonly archiveWindowBytes: number;
  /** Bytes of the list of files of one archive, where it must be in memory as a whole. */
  readonly archiveListBytes: number;
  /** Bytes unpacked from one collection in all. */
  readonly archiveBytes: number;
  /** Files in one collection. */
  readonly filesPerCollection: number;
  /** Bytes that stay free on the disk of the temporary folder. */
  readonly freeBytes: number;
}

/** Core's limits, and the two that only matter here. */
export const archiveLimits: ArchiveLimits = {
  archiveDepth: limits.archiveDepth,
  archiveEntries: limits.archiveEntries,
  archiveRatio: limits.archiveRatio,
  archiveRatioFrom: 67_108_864,
  archiveWindowBytes: limits.archiveWindowBytes,
  archiveListBytes: limits.archiveListBytes,
  archiveBytes: limits.archiveBytes,
  filesPerCollection: limits.filesPerCollection,
  freeBytes: 536_870_912,
};

/** Why an entry was not unpacked, or not to its end. */
export interface Refusal {
  readonly reason: 'limit' | 'stopped' | 'no-reader' | 'encrypted' | 'damaged';
  /** For people; names the limit. */
  readonly detail: string;
}

const unpackIt = 'if it is genuine, unpack it and scan the result';
/** What a limit is about, and what can be done. */
const words: Readonly<Record<keyof ArchiveLimits, readonly [about: string, remedy: string]>> = {
  archiveDepth: ['archives inside archives', unpackIt],
  archiveEntries: ['entries of one archive', 'unpack it and scan the folder'],
  archiveRatio: ['times its packed size, as files made to fill a disk unpack to', unpackIt],
  archiveRatioFrom: ['bytes', unpackIt],
  archiveWindowBytes: ['bytes of memory to unpack one stream', unpackIt],
  archiveListBytes: ["bytes of one archive's list of files", 'unpack it and scan the folder'],
  archiveBytes: ['bytes unpacked from one collection', 'scan its parts one by one'],
  filesPerCollection: ['files in one collection', 'scan its parts one by one'],
  freeBytes: ['bytes to stay free in the temporary folder', 'name another folder with --temp'],
};

/** Names a limit that was reached, with its value and what to do. */
export function limitReached(limits: ArchiveLimits, name: keyof ArchiveLimits): Refusal {
  const [about, remedy] = words[name];
  return { reason: 'limit', detail: `limit ${name}: ${formatCount(limits[name])} ${about}; ${remedy}` };
}

/** The run was stopped by the user. */
export const stoppedByUser: Refusal = {
  reason: 'stopped',
  detail: 'the run was stopped before this was read',
};

/** A number as people read it, in every locale: `4,194,304`. */
export function formatCount(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
