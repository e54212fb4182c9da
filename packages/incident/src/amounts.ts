import type { Amount, CaseFacts, Layout } from '@postern/core';
import { say } from './messages.ts';
import { servedPlace } from './served.ts';
import type { Sighting } from './sighting.ts';

/** Files that were collected or listed, by path and by the URL they are served at, all in lower case. */
export interface FileSizes {
  /** URL → path as collected or listed, the first by text. */
  readonly byUrl: ReadonlyMap<string, string>;
  /** Path or URL → bytes, the largest that is known. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Those of which only a part was collected, and no listing tells the size. */
  readonly cut: ReadonlySet<string>;
}

export function lookUpFiles({
  facts,
  layout,
}: {
  readonly facts: CaseFacts;
  readonly layout: Layout;
}): FileSizes {
  const byUrl = new Map<string, string>();
  const sizes = new Map<string, number>();
  const cut = new Set<string>();
  for (const { path, bytes, listed, isCut = false } of facts.files) {
    const url = servedPlace(layout, path)?.url;
    const known = url === undefined ? undefined : byUrl.get(url);
    if (url !== undefined && (known === undefined || path < known)) byUrl.set(url, path);
    const size = bytes ?? listed?.bytes;
    if (size === undefined) continue;
    for (const key of [path.toLowerCase(), ...(url === undefined ? [] : [url])]) {
      const other = sizes.get(key);
      if (other === undefined || size > other) setCut(key, isCut);
      sizes.set(key, Math.max(size, other ?? 0));
    }
  }
  return { byUrl, sizes, cut };

  function setCut(key: string, isCut: boolean): void {
    if (isCut) cut.add(key);
    else cut.delete(key);
  }
}

const sentFields = ['sc-bytes', 'ResponseBytes', 'ResponseSize'];
const statusFields = ['sc-status', 'HttpStatus'];

/** Bytes as logged; else the file's size times completed requests; else unknown, never 0 (section 8). */
export function amountOf(files: FileSizes, sightings: readonly Sighting[], what: string): Amount {
  const sent = sightings.map(({ captures }) => numberIn(captures, sentFields));
  if (sent.length > 0 && sent.every((bytes) => bytes !== undefined)) {
    const sum = sent.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
    return { lower: sum, upper: sum, basis: say('impact.status.bytes') };
  }
  const size = files.sizes.get(what.toLowerCase());
  const completed = sightings.filter(({ captures }) => isComplete(captures)).length;
  if (size !== undefined && completed > 0) {
    const isCut = files.cut.has(what.toLowerCase());
    return {
      lower: size * completed,
      upper: isCut ? null : size * sightings.length,
      basis: say(isCut ? 'impact.status.part' : 'impact.status.size', { count: completed }),
    };
  }
  const logged = sent.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
  return { lower: logged, upper: null, basis: say('impact.status.unknown') };
}

function isComplete(captures: ReadonlyMap<string, string>): boolean {
  return numberIn(captures, statusFields) === 200 && (numberIn(captures, ['sc-win32-status']) ?? 0) === 0;
}

function numberIn(captures: ReadonlyMap<string, string>, fields: readonly string[]): number | undefined {
  for (const field of fields) {
    const text = captures.get(field)?.trim() ?? '';
    if (/^\d{1,15}$/.test(text)) return Number(text);
  }
  return undefined;
}

/** Bounds of two tellings of one thing. */
export function widen(a: Amount, b: Amount): Amount {
  const better = b.lower > a.lower ? b : a;
  const upper = a.upper === null || b.upper === null ? null : Math.max(a.upper, b.upper);
  return { lower: better.lower, upper, basis: better.basis };
}

/** What two things amount to together. */
export function addAmounts(a: Amount, b: Amount): Amount {
  const upper = a.upper === null || b.upper === null ? null : a.upper + b.upper;
  return { lower: a.lower + b.lower, upper, basis: b.basis };
}
