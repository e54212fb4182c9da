/**
 * Reads IIS W3C, HTTPERR and Exchange protocol logs.
 */
export { eventDataKeys } from './event-data.ts';
export type { WeblogFamily } from './family.ts';
export { weblogReader } from './reader.ts';
