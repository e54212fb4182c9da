import { remember } from '@postern/core';
import type { Indicator } from './indicator.ts';

/** The indicators that one value of a field holds. */
export type Finder = (text: string) => readonly Indicator[];

/**
 * The same finder with a memory: addresses, agents and URLs repeat from line to line, and reading one is many times
 * dearer than looking it up.
 */
export function remembered(find: Finder): Finder {
  return remember(find, { kept: 4096, longestKey: 256 });
}
