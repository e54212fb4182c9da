/** Windows event logs: a reader of whole and of damaged ones, records as JSON and XML, and a writer for tests. */
export { joinContinuity } from './continuity.ts';
export { countChunks } from './file-header.ts';
export { continuityIssues } from './problems.ts';
export { eventToFlatJson, writeFlatJson } from './output/flat-json.ts';
export { eventToJson, writeJson } from './output/json.ts';
export { eventToXml, writeXml } from './output/xml.ts';
export { TextSink } from './output/text-sink.ts';
export * from './read-events.ts';
export * from './reader.ts';
export * from './writer/index.ts';
