/** Every format an assessment is written in. Pure: text in pieces, no files, no clock. */
export { assessmentJson, findingsJsonl } from './json.ts';
export { assessmentJsonSchema, assessmentSchema } from './schema.ts';
export { renderTerminal, type RunFigures, type TerminalOptions } from './terminal.ts';
export { timelineCsv } from './timeline-csv.ts';
export { huntFormats, huntWriter, type HuntFormat } from './hunt-lines.ts';
export { hashesCsv } from './hashes-csv.ts';
export { renderHtml } from './html.ts';
export { telling } from './paths.ts';
export { renderVerification, verificationJson } from './verification.ts';
export { skipReasonText } from './words.ts';
