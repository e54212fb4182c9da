/** Windows event logs: a reader of whole and of damaged ones, and a writer for tests. */
export * from './reader.ts';
export * from './writer/index.ts';
