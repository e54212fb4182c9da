import { compareText } from '@postern/core';

/** Distinct texts in the order that is the same everywhere. */
export function sorted(texts: Iterable<string>): string[] {
  return [...new Set(texts)].toSorted(compareText);
}

/** Adds to the list that a key holds. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Groups by key, in the order of first appearance. */
export function groupBy<K, V>(list: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of list) push(groups, keyOf(value), value);
  return groups;
}

/** The key with the highest count; of equal ones the first by text. */
export function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const key of sorted(counts.keys())) {
    if (best === undefined || (counts.get(key) ?? 0) > (counts.get(best) ?? 0)) best = key;
  }
  return best;
}

/** True if the two share an entry. */
export function overlaps<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const value of small) if (large.has(value)) return true;
  return false;
}
