import { limits, ticksPerSecond, type Issue, type Ticks } from '@postern/core';
import { foldText } from '@postern/match';
import type { CompiledCorrelation, CorrelationSource } from './correlation-set.ts';
import { Group } from './group.ts';
import type { CorrelationHit, Item } from './item.ts';
import { numberOf } from './measures.ts';

/** What one correlation takes in: an event or the hit of another. */
export interface Input {
  readonly first: Ticks;
  readonly last: Ticks;
  readonly fields: ReadonlyMap<string, string>;
  readonly events: readonly number[];
  readonly total: number;
  /** Hits of one record have the same; undefined for hits of correlations. */
  readonly record: string | undefined;
}

/** The groups of one correlation that something can still be added to. */
export class Groups {
  /** Key → group, the one touched last behind all others. */
  private readonly open = new Map<string, Group>();
  private readonly rule: CompiledCorrelation;
  private readonly span: Ticks;
  private readonly onHit: (hit: CorrelationHit) => void;
  private held = 0;
  private items = 0;
  private ungrouped = 0;
  private evicted = 0;
  /** Records of this moment by group, so that one that two rules match is counted once. */
  private readonly counted = new Set<string>();
  private now: Ticks | undefined;

  constructor(rule: CompiledCorrelation, onHit: (hit: CorrelationHit) => void) {
    this.rule = rule;
    this.onHit = onHit;
    this.span = BigInt(rule.timespanSeconds) * ticksPerSecond;
  }

  add(input: Input, index: number): void {
    const source = this.rule.sources[index];
    const values = source === undefined ? undefined : fieldValues(input, source.groupFields);
    if (source === undefined || values === undefined) {
      this.ungrouped++;
      return;
    }
    const measured = this.measured(input, source);
    if (measured === undefined) return;
    const { value } = measured;
    const key = JSON.stringify(values.map(foldText));
    if (this.isAgain(input, key)) return;
    this.sweep(input.first);
    const group = this.touch(key, values);
    const before = group.size;
    const { first, last, events, total } = input;
    group.add({ first, last, source: index, value, events, total, number: this.items++ });
    this.held += group.size - before;
    this.keepBounded();
  }

  /** What the measure takes of it; undefined: it has nothing to do with this correlation. */
  private measured(input: Input, { valueFields }: CorrelationSource): Pick<Item, 'value'> | undefined {
    if (valueFields.length === 0) return { value: undefined };
    const texts = fieldValues(input, valueFields);
    if (texts === undefined) return undefined;
    if (this.rule.type === 'value_count') return { value: JSON.stringify(texts.map(foldText)) };
    const value = numberOf(texts[0] ?? '');
    return value === undefined ? undefined : { value };
  }

  private isAgain({ first, record }: Input, key: string): boolean {
    if (first !== this.now) this.counted.clear();
    this.now = first;
    if (record === undefined || this.rule.type.startsWith('temporal')) return false;
    const mark = `${key} ${record}`;
    if (this.counted.has(mark)) return true;
    this.counted.add(mark);
    return false;
  }

  private touch(key: string, values: readonly string[]): Group {
    const known = this.open.get(key);
    if (known !== undefined) this.open.delete(key);
    const shown = new Map(this.rule.groupBy.map((name, i) => [name, values[i] ?? ''] as const));
    const group = known ?? new Group(this.rule, this.span, shown, this.onHit);
    this.open.set(key, group);
    return group;
  }

  /** Ends groups that are too old for anything still to come; they lie in front, unless hits took long. */
  private sweep(now: Ticks): void {
    for (const [key, group] of this.open) {
      if (!group.isOver(now)) return;
      this.endGroup(key, group);
    }
  }

  private endGroup(key: string, group: Group): void {
    this.held -= group.size;
    this.open.delete(key);
    group.end();
  }

  /** Past the limit the group that was quiet for longest goes: its burst is told, what would still come is another. */
  private keepBounded(): void {
    while (this.held > limits.correlationItems) {
      const [oldest] = this.open;
      if (oldest === undefined) return;
      this.evicted++;
      this.endGroup(...oldest);
    }
  }

  end(): void {
    for (const group of this.open.values()) group.end();
    this.open.clear();
  }

  issues(): readonly Issue[] {
    const { title } = this.rule.info;
    const issues: Issue[] = [];
    if (this.ungrouped > 0) issues.push(noGroup(title, this.rule, this.ungrouped));
    if (this.evicted > 0) issues.push(overLimit(title, this.evicted));
    return issues;
  }
}

/** The values of fields; undefined where one is missing. */
function fieldValues({ fields }: Input, names: readonly string[]): readonly string[] | undefined {
  const values = names.flatMap((name) => fields.get(name) ?? []);
  return values.length < names.length ? undefined : values;
}

function noGroup(title: string, { groupBy }: CompiledCorrelation, count: number): Issue {
  const message = `${title}: ${count} hits have no ${groupBy.join(', ')} to be grouped by and are left out`;
  return { code: 'POSTERN_SIGMA_CORRELATION_NO_GROUP', severity: 'info', message, count };
}

function overLimit(title: string, count: number): Issue {
  const message = `${title}: more than ${limits.correlationItems} hits lie within its timespan; ${count} groups were ended early`;
  return { code: 'POSTERN_SIGMA_CORRELATION_LIMIT', severity: 'warning', message, count };
}
