import { crc32 } from 'node:zlib';
import type { Reader, SourceKind } from '@postern/core';
import { evtxReaderWith } from '@postern/evtx';
import { eventCsvReader, fileListingReader, jsonlogReader, scannerLogReader } from '@postern/jsonlog';
import { weblogReader } from '@postern/weblog';
import { fileClassOf, recognisePage } from '@postern/webshell';

/** Every reader of records. Nothing registers itself: this array is the whole truth. */
export const readers: readonly Reader[] = [
  weblogReader,
  jsonlogReader,
  eventCsvReader,
  fileListingReader,
  scannerLogReader,
  evtxReaderWith({ checksum: crc32 }),
];

/** The kind of a source, from its first bytes and then its name (original path). */
export function classify(head: Uint8Array, name: string): SourceKind {
  for (const reader of readers) {
    const kind = reader.recognise(head, name);
    if (kind !== undefined) return kind;
  }
  return recognisePage(head, name) ?? 'unknown';
}

export function readerOf(kind: SourceKind): Reader | undefined {
  return readers.find((reader) => reader.kinds.includes(kind));
}

/** Kinds that are judged as files, by what they say and not by their records. */
export function isPageKind(kind: SourceKind): boolean {
  return kind === 'web-page' || kind === 'web-config' || kind === 'compiled-page';
}

/** Names by which pages, compiled ones and configurations are known before their content is. */
export function isPageName(path: string): boolean {
  return fileClassOf(path) !== 'inert';
}
