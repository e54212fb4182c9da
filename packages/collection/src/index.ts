/** Opens folders and archives, recognises how collectors laid them out, and restores the paths that files had. */
export type { ArchiveLimits } from './archive-limits.ts';
export type { CollectionEntry } from './assign.ts';
export type { Collection, CollectionOptions } from './collection.ts';
export type { EntryBytes, OpenEntry } from './entry-input.ts';
export type { HashedInput, Hashes } from './hash.ts';
export type { Layout } from './layout/anchor.ts';
export type { OriginalPath } from './layout/original-path.ts';
export type { Container } from './opening.ts';
export { openCollection } from './collection.ts';
export { openEntry } from './entry-input.ts';
export { hashInput, hashWhileRead } from './hash.ts';
export { originalPathOf } from './layout/original-path.ts';
