import type { CollectionEntry } from '@postern/collection';
import type { SourceFacts } from '@postern/core';
import type { FirstPass } from '../first-pass.ts';

/** An entry for tests that never open it, or that wrote `file`. */
export function entryOf(path: string, more: Partial<CollectionEntry> = {}): CollectionEntry {
  const originalPath = `C:\\${path.replaceAll('/', '\\')}`;
  return {
    path,
    originalPath,
    collection: 'evidence',
    layout: 'plain',
    size: 1,
    file: path,
    offset: 0,
    ...more,
  };
}

/** Facts of a log with one record; what a test does not say is empty. */
export function sourceFacts(more: Partial<SourceFacts> = {}): SourceFacts {
  return {
    id: 'source-1',
    path: 'a.log',
    originalPath: 'C:\\a.log',
    collection: 'evidence',
    kind: 'iis',
    families: [{ family: 'iis-front', records: 1, first: undefined, last: undefined, hours: new Map() }],
    sha256: 'aa',
    bytes: 10,
    records: 1,
    damaged: 0,
    recovered: 0,
    issues: [],
    excerpt: false,
    hosts: new Map(),
    serverAddresses: new Map(),
    clockDifferences: new Map(),
    builds: [],
    pages: [],
    clients: { sampled: 1, addresses: new Map([['198.51.100.7', 1]]), forwarded: 0 },
    probes: 1,
    ...more,
  };
}

/** What the first pass would say of such a source. */
export function firstPassOf(facts: Partial<SourceFacts>, more: Partial<FirstPass> = {}): FirstPass {
  const whole = sourceFacts(facts);
  const { originalPath: path, collection, id: source, sha256, bytes } = whole;
  const files = [{ path, collection, source, sha256, bytes }];
  return { facts: whole, hashes: { sha256 }, hits: [], files, ...more };
}
