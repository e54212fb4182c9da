/**
 * The vocabulary of Postern: plain data that every other package speaks, and the few pure functions that belong to
 * it. It imports nothing.
 */
export * from './assessment.ts';
export * from './batch-builder.ts';
export * from './claim.ts';
export { isCalled } from './called.ts';
export * from './coverage.ts';
export * from './decode.ts';
export * from './facts.ts';
export * from './given-text.ts';
export * from './hit.ts';
export * from './hunt.ts';
export * from './ids.ts';
export * from './issue.ts';
export * from './limits.ts';
export * from './mask.ts';
export * from './pack.ts';
export * from './put-away.ts';
export * from './reader.ts';
export { remember } from './remember.ts';
export * from './rule.ts';
export * from './sha256.ts';
export * from './shape.ts';
export * from './slot.ts';
export * from './source.ts';
export * from './time.ts';
export * from './url-path.ts';
export * from './verification.ts';
export { viewOf } from './view-of.ts';
