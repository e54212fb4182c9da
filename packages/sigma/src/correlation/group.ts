import { limits, type Ticks } from '@postern/core';
import type { CompiledCorrelation } from './correlation-set.ts';
import type { CorrelationHit, Item } from './item.ts';
import { makeJudge, needsWholeWindow, type Judge } from './judgement.ts';
import { SlidingWindow } from './sliding-window.ts';

/** A stretch in which the condition holds. */
interface Burst {
  readonly items: Item[];
  first: Ticks;
  last: Ticks;
  value: number;
  total: number;
  events: number;
  /** Number of the last item in it. */
  newest: number;
}

/** The items of one group of a correlation, and the bursts they make. */
export class Group {
  private readonly rule: CompiledCorrelation;
  private readonly span: Ticks;
  private readonly judge: Judge;
  private readonly window = new SlidingWindow();
  private readonly wholeOnly: boolean;
  private readonly shown: ReadonlyMap<string, string>;
  private readonly onHit: (hit: CorrelationHit) => void;
  private burst: Burst | undefined;

  // oxlint-disable-next-line max-params -- the parts of a group
  constructor(
    rule: CompiledCorrelation,
    span: Ticks,
    shown: ReadonlyMap<string, string>,
    onHit: (hit: CorrelationHit) => void,
  ) {
    this.rule = rule;
    this.span = span;
    this.shown = shown;
    this.onHit = onHit;
    this.judge = makeJudge(rule, span);
    this.wholeOnly = needsWholeWindow(rule);
  }

  /** Items in the window. */
  get size(): number {
    return this.window.size;
  }

  /** Nothing that begins at `now` or later can meet what is in the window. */
  isOver(now: Ticks): boolean {
    return this.window.isOlder(now - this.span);
  }

  /** Items come by their beginning. */
  add(item: Item): void {
    const oldest = item.first - this.span;
    // A window that is about to lose something has all it will ever have.
    if (this.wholeOnly && this.window.wouldDrop(oldest)) this.look();
    this.window.drop(oldest, (gone) => this.judge.remove(gone));
    this.window.add(item);
    this.judge.add(item);
    if (!this.wholeOnly) this.look();
  }

  /** Nothing more comes. */
  end(): void {
    if (this.wholeOnly && this.window.size > 0) this.look();
    this.close();
  }

  private look(): void {
    const { holds, value } = this.judge.judge(this.window.newestBegin());
    if (!holds) return this.close();
    // What it began with has left the window: that burst is over, this is another.
    if (this.burst !== undefined && this.window.oldestNumber() > this.burst.newest) this.close();
    this.burst ??= emptyBurst(value);
    this.burst.value = this.wholeOnly ? this.burst.value : Math.max(this.burst.value, value);
    this.window.since(this.burst.newest, (item) => this.extend(item));
  }

  private extend(item: Item): void {
    const { burst } = this;
    if (burst === undefined) return;
    if (burst.total === 0 || item.first < burst.first) burst.first = item.first;
    if (burst.total === 0 || item.last > burst.last) burst.last = item.last;
    burst.total += item.total;
    burst.newest = Math.max(burst.newest, item.number);
    if (burst.events >= limits.correlationEvidence) return;
    burst.items.push(item);
    burst.events += item.events.length;
  }

  private close(): void {
    const { burst } = this;
    this.burst = undefined;
    if (burst === undefined || burst.total === 0) return;
    const events = [...new Set(burst.items.flatMap((item) => item.events))];
    this.onHit({
      rule: this.rule.info.id,
      first: burst.first,
      last: burst.last,
      group: this.shown,
      value: burst.value,
      events: events.slice(0, limits.correlationEvidence),
      total: burst.total,
    });
  }
}

function emptyBurst(value: number): Burst {
  return { items: [], first: 0n, last: 0n, value, total: 0, events: 0, newest: -1 };
}
