/** Loads and checks campaign packs: rules, indicators, builds, claims, advice and their own test cases, as data. */
export type { LoadedAdvice } from './advice.ts';
export { checkPack } from './check.ts';
export type { PackCode, PackDiagnostic } from './diagnostic.ts';
export { loadPack } from './load.ts';
export type { LoadedPack } from './load.ts';
export type { TestCase, TestEvidence } from './test-case.ts';
export { acts } from './vocabulary.ts';
export type { YaraFile } from './yara.ts';
