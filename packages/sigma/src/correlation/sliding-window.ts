import type { Ticks } from '@postern/core';
import type { Item } from './item.ts';

/** Items by their end, the oldest first. They come by their beginning, which for events is the same. */
export class SlidingWindow {
  private items: Item[] = [];
  /** What lies before has been dropped. */
  private head = 0;
  private begin: Ticks = 0n;
  /** False once something that took long came before what began earlier. */
  private isByNumber = true;

  get size(): number {
    return this.items.length - this.head;
  }

  add(item: Item): void {
    let at = this.items.length;
    while (at > this.head && (this.items[at - 1]?.last ?? item.last) > item.last) at--;
    if (at === this.items.length) this.items.push(item);
    else {
      this.items.splice(at, 0, item);
      this.isByNumber = false;
    }
    this.begin = item.first;
  }

  /** Whether {@link drop} would drop something. */
  wouldDrop(oldest: Ticks): boolean {
    const first = this.items[this.head];
    return first !== undefined && first.last < oldest;
  }

  /** Whether all of it ended before `oldest`. */
  isOlder(oldest: Ticks): boolean {
    const last = this.items.at(-1);
    return this.size === 0 || last === undefined || last.last < oldest;
  }

  /** Drops what ended before `oldest`. */
  drop(oldest: Ticks, onDrop: (item: Item) => void): void {
    for (let item = this.items[this.head]; item !== undefined; item = this.items[this.head]) {
      if (item.last >= oldest) break;
      onDrop(item);
      this.head++;
    }
    if (this.head < 64 || this.head * 2 < this.items.length) return;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  /** When the item that came last began. */
  newestBegin(): Ticks {
    return this.begin;
  }

  /** The lowest number in the window, or infinity. */
  oldestNumber(): number {
    const first = this.items[this.head]?.number ?? Number.POSITIVE_INFINITY;
    if (this.isByNumber) return first;
    return this.items.slice(this.head).reduce((least, { number }) => Math.min(least, number), first);
  }

  /** Those with a higher number than `number`. */
  since(number: number, onItem: (item: Item) => void): void {
    let from = this.isByNumber ? this.items.length : this.head;
    while (from > this.head && (this.items[from - 1]?.number ?? 0) > number) from--;
    for (const item of this.items.slice(from)) if (item.number > number) onItem(item);
  }
}
