/** Where everything meets: readers, workers, the two passes, and the judgement at the end. */
export { loadKnowledge, readFolder, type Knowledge, type KnowledgeOptions } from './knowledge.ts';
export { scan, type FileHashes, type ScanEvents, type ScanOptions, type ScanResult } from './scan.ts';
export { posternVersion } from './version.ts';
