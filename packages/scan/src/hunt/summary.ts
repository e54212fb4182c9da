import type { CollectionEntry } from '@postern/collection';
import type { Issue, Level, RefusedRule, Skipped, SourceKind } from '@postern/core';
import type { HuntRules } from './hunt-rules.ts';
import type { HuntedSource } from './hunt-task.ts';

/** What a run says at its end. */
export interface HuntSummary {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly damaged: number;
  readonly loaded: number;
  readonly withoutSource: number;
  readonly refused: readonly RefusedRule[];
  /** Level → hits, the worst first; correlations counted too. */
  readonly hits: readonly (readonly [Level, number])[];
  /** Filter and rule → records it took away. */
  readonly removed: readonly { readonly filter: string; readonly rule: string; readonly count: number }[];
  /** The rules that cost most, in asking and in characters that patterns went through: work, not time. */
  readonly costly: readonly { readonly rule: string; readonly work: number }[];
  /** Sources whose records no rule is for. */
  readonly withoutRules: readonly {
    readonly file: string;
    readonly kind: SourceKind;
    readonly records: number;
  }[];
  /** Found and not read, with the reason. */
  readonly skipped: readonly Skipped[];
  readonly issues: readonly Issue[];
  readonly complete: boolean;
}

const levels: readonly Level[] = ['critical', 'high', 'medium', 'low', 'informational'];

/** Costly rules that are named. */
const costlyShown = 5;

/** Adds up what sources tell. */
export class Tally {
  private files = 0;
  private bytes = 0;
  private records = 0;
  private damaged = 0;
  private isStopped = false;
  private readonly counts = new Map<number, number>();
  private readonly work = new Map<number, number>();
  private readonly correlated = new Map<Level, number>();
  private readonly withoutRules: { file: string; kind: SourceKind; records: number }[] = [];
  private readonly skipped: Skipped[] = [];
  private readonly issues: Issue[] = [];

  source(entry: CollectionEntry, result: HuntedSource | { readonly failure: string }): void {
    const { path, size: bytes } = entry;
    if ('failure' in result) {
      this.skipped.push({ path, reason: 'unreadable', bytes, detail: result.failure });
      return;
    }
    this.files++;
    this.bytes += bytes;
    this.records += result.records;
    this.damaged += result.damaged;
    this.issues.push(...result.issues);
    this.isStopped ||= result.isStopped;
    for (const [rule, count] of result.counts) this.counts.set(rule, (this.counts.get(rule) ?? 0) + count);
    for (const [rule, done] of result.work) this.work.set(rule, (this.work.get(rule) ?? 0) + done);
    const { kind, records } = result;
    if (result.isUnread) this.skipped.push({ path, reason: bytes === 0 ? 'empty' : 'no-reader', bytes });
    else if (!result.isAsked && records > 0) this.withoutRules.push({ file: path, kind, records });
  }

  correlation(level: Level): void {
    this.correlated.set(level, (this.correlated.get(level) ?? 0) + 1);
  }

  skip(skipped: readonly Skipped[]): void {
    this.skipped.push(...skipped);
  }

  issue(...issues: readonly Issue[]): void {
    this.issues.push(...issues);
  }

  summary(rules: HuntRules | undefined, isAborted: boolean): HuntSummary {
    const { files, bytes, records, damaged, withoutRules, skipped, issues } = this;
    return {
      files,
      bytes,
      records,
      damaged,
      loaded: rules?.loaded ?? 0,
      withoutSource: rules?.withoutSource ?? 0,
      refused: rules?.refused ?? [],
      hits: this.hits(rules),
      removed: this.removed(rules),
      costly: this.costly(rules),
      withoutRules,
      skipped,
      issues,
      complete: !isAborted && !this.isStopped,
    };
  }

  private hits(rules: HuntRules | undefined): HuntSummary['hits'] {
    const shown = [...this.counts].filter(([rule]) => rules?.rules[rule]?.role === 'shown');
    return levels.map((level) => {
      const own = shown.filter(([rule]) => rules?.rules[rule]?.level === level);
      return [level, own.reduce((sum, [, count]) => sum + count, this.correlated.get(level) ?? 0)];
    });
  }

  private costly(rules: HuntRules | undefined): HuntSummary['costly'] {
    const works = [...this.work].filter(([, work]) => work > 0).toSorted(([a, x], [b, y]) => y - x || a - b);
    return works.slice(0, costlyShown).map(([rule, work]) => ({
      rule: rules?.rules[rule]?.title ?? '',
      work: Math.round(work),
    }));
  }

  private removed(rules: HuntRules | undefined): HuntSummary['removed'] {
    return [...this.counts].flatMap(([index, count]) => {
      const rule = rules?.rules[index];
      return rule?.role === 'removed' ? [{ filter: rule.filter ?? '', rule: rule.title, count }] : [];
    });
  }
}
