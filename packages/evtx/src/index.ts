export * from './writer/index.ts';
