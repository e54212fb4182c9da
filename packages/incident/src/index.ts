/**
 * From hits to a verdict: findings, back doors and operators, exposure, coverage, impact, advice. Two functions; all
 * else is how. The rules are those of the project's judgement notes, section by section.
 */
export { assess, type FullAssessment } from './assess.ts';
export { openCase, type OpenCase } from './open-case.ts';
export type { Followed } from './seen.ts';
export { tagsOf } from './advice.ts';
export { verifyAdvice } from './verify.ts';
export type { AdviceMatter } from './advice.ts';
