import {
  hashInput,
  openCollection,
  openEntry,
  type Collection,
  type CollectionEntry,
} from '@postern/collection';
import { PosternError, readBytes, sha256Hex, type Skipped } from '@postern/core';

/** Evidence of a hunt: what is read, and what is left out because its content came before. */
export interface HuntSources {
  readonly collection: Collection;
  readonly entries: readonly CollectionEntry[];
  readonly duplicates: readonly Skipped[];
  readonly bytes: number;
}

export interface SourceOptions {
  /** Where archives are unpacked; absent: the system's temporary folder. */
  readonly temp?: string;
  /** Our own output: refused inside the evidence. */
  readonly output?: string;
  readonly signal?: AbortSignal;
}

/**
 * Opens the evidence. What is collected twice is read once: its records would be counted twice.
 *
 * @throws PosternError `POSTERN_SCAN_NO_EVIDENCE` where there is no file; `POSTERN_COLLECTION_…` for wrong paths
 */
export async function openSources(paths: readonly string[], options: SourceOptions): Promise<HuntSources> {
  const { temp, output, signal } = options;
  const collection = await openCollection(paths, {
    isStopped: () => signal?.aborted === true,
    ...(temp === undefined ? {} : { temp }),
    ...(output === undefined ? {} : { output }),
  });
  if (collection.entries.length === 0) {
    collection.close();
    throw noEvidence(collection);
  }
  const { entries, duplicates } = withoutDuplicates(collection.entries);
  return { collection, entries, duplicates, bytes: entries.reduce((sum, { size }) => sum + size, 0) };
}

function noEvidence({ skipped }: Collection): PosternError {
  const reasons = skipped.map(({ path, reason }) => `${path}: ${reason}`).slice(0, 5);
  return new PosternError({
    code: 'POSTERN_SCAN_NO_EVIDENCE',
    message:
      reasons.length === 0
        ? 'there is no file in what was given'
        : `no file could be read (${reasons.join('; ')})`,
    hint: 'Give a folder, a file or an archive (zip, 7z, tar, tar.gz, gz) with logs.',
  });
}

/** Only files of one size can be the same; of those the first bytes are compared before all of them are. */
function withoutDuplicates(entries: readonly CollectionEntry[]): Pick<HuntSources, 'entries' | 'duplicates'> {
  const sizes = new Map<number, number>();
  for (const { size } of entries) sizes.set(size, (sizes.get(size) ?? 0) + 1);
  const heads = new Map<string, CollectionEntry[]>();
  const duplicates: Skipped[] = [];
  const kept = entries.filter((entry) => {
    if (entry.size === 0 || sizes.get(entry.size) === 1) return true;
    const key = `${entry.size} ${headOf(entry)}`;
    const alike = heads.get(key) ?? [];
    heads.set(key, alike);
    const same = alike.find((other) => hashOf(other) === hashOf(entry));
    if (same === undefined) alike.push(entry);
    else
      duplicates.push({
        path: entry.path,
        reason: 'duplicate',
        bytes: entry.size,
        detail: `the same as ${same.path}`,
      });
    return same === undefined;
  });
  return { entries: kept, duplicates };
}

const headBytes = 16_384;

function headOf(entry: CollectionEntry): string {
  return reading(entry, '', ({ input }) => sha256Hex(readBytes(input, 0, headBytes)));
}

const hashes = new WeakMap<CollectionEntry, string>();

function hashOf(entry: CollectionEntry): string {
  const known = hashes.get(entry);
  if (known !== undefined) return known;
  // A file that cannot be read is like no other.
  const hash = reading(entry, entry.path, ({ input }) => hashInput(input, { all: false }).sha256);
  hashes.set(entry, hash);
  return hash;
}

function reading<T>(
  entry: CollectionEntry,
  otherwise: T,
  read: (opened: ReturnType<typeof openEntry>) => T,
): T {
  try {
    const opened = openEntry(entry);
    try {
      return read(opened);
    } finally {
      opened.close();
    }
  } catch {
    return otherwise;
  }
}
