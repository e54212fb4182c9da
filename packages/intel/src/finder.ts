import { remember } from '@postern/core';
import type { Indicator } from './indicator.ts';

/** The indicators that one value of a field holds. */
export type Finder = (text: string) => readonly Indicator[];

/**
 * The same finder with a memory: addresses, agents and URLs repeat from line to line, and reading one is many times
 * dearer than looking it up.
 */
export function remembered(find: Finder): Finder {
  return remember(find, memory);
}

const memory = { kept: 4096, longestKey: 256 };

/** Whether one value of a field holds anything. */
export type Asker = (text: string) => boolean;

/** Askers for several finders together, one for each set of them: thousands of shapes have the same few. */
export class AskerTable {
  private readonly finders: Finder[] = [];
  private readonly made = new Map<string, Asker>();

  of(finders: readonly Finder[]): Asker {
    const key = finders.map((find) => this.numberOf(find)).join();
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const asker = remember((text) => finders.some((find) => find(text).length > 0), memory);
    this.made.set(key, asker);
    return asker;
  }

  private numberOf(find: Finder): number {
    const at = this.finders.indexOf(find);
    return at < 0 ? this.finders.push(find) - 1 : at;
  }
}
