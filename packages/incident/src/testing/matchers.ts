import { expect } from 'vitest';

/** Matches any text that holds this one. Typed as unknown, so that it may stand for a value. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** Matches any list that holds these. */
export function listing(values: readonly string[]): unknown {
  return expect.arrayContaining([...values]);
}
