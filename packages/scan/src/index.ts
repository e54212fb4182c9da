/** Where everything meets: readers, workers, the two passes, and the judgement at the end. */
export { didYouMean } from '@postern/sigma';
export { bootThreads } from './boot-threads.ts';
export type { FoundWitness } from './first-witness.ts';
export { explain, type ExplainedHunt, type Explanation } from './hunt/explain.ts';
export { hunt, listEvents, type HuntEvents, type HuntOptions } from './hunt/hunt.ts';
export { loadHuntRules, type HuntRules } from './hunt/hunt-rules.ts';
export { eventFormats, type EventFormat } from './hunt/hunt-task.ts';
export type { HuntSummary } from './hunt/summary.ts';
export { loadKnowledge, readFolder, type Knowledge, type KnowledgeOptions } from './knowledge.ts';
export { optimiseLater } from './optimise-later.ts';
export { scan, type FileHashes, type ScanEvents, type ScanOptions, type ScanResult } from './scan.ts';
export type { Threads } from './threads.ts';
export { posternVersion } from './version.ts';
