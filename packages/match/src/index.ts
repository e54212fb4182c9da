/** Finding things in text and bytes: regular expressions in linear time, many literals at once, address ranges, letter case. */
export * from './cidr.ts';
export * from './fold.ts';
export { LiteralHits, type Anchor, type Folding, type Literal } from './literal.ts';
export { LiteralScanner } from './literal-scanner.ts';
export { compileLiterals, type LiteralTables } from './literal-set.ts';
export * from './regex.ts';
export { requiredTexts, type RequiredTexts } from './regex-literal.ts';
export { compileScanner, shortestLiteral } from './scanner.ts';
export * as wasm from './wasm-code.ts';
export type { KernelFunction } from './wasm-module.ts';
export { arrayPlace, makeWorkMemory, workMemoryOf, type Kernel, type WorkMemory } from './work-memory.ts';
