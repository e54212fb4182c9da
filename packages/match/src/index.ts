/** Finding things in text and bytes: regular expressions in linear time, address ranges, letter case. */
export * from './cidr.ts';
export * from './fold.ts';
export * from './regex.ts';
export { compileScanner, shortestLiteral } from './scanner.ts';
