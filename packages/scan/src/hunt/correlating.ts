import { limits, type CorrelatedEvent, type CorrelationLine, type Issue, type Position } from '@postern/core';
import { correlate, type CorrelationEvent } from '@postern/sigma';
import type { HuntRules } from './hunt-rules.ts';
import type { RuleMatch } from './hunt-task.ts';

/** An event of correlations, and what is shown of it. */
interface KeptEvent extends CorrelationEvent {
  readonly title: string;
  readonly file: string;
  readonly at: Position;
}

/** Gathers what correlations need of all matches, and runs them at the end. */
export class Correlating {
  private readonly events: KeptEvent[] = [];
  private left = 0;
  private readonly rules: HuntRules;

  constructor(rules: HuntRules) {
    this.rules = rules;
  }

  add({ rule, record, captures }: RuleMatch): void {
    const running = this.rules.rules[rule];
    if (captures === undefined || running === undefined) return;
    if (this.events.length >= limits.correlatedHits) {
      this.left++;
      return;
    }
    const { time, file, originalPath, at, host = '', channel = '' } = record;
    const number = Number(at.record ?? at.line ?? at.offset);
    this.events.push({
      rule: running.id,
      title: running.title,
      time,
      captures,
      host: host.toLowerCase(),
      channel,
      source: `${file}\n${originalPath}`,
      record: Number.isFinite(number) ? number : at.offset,
      file,
      at,
    });
  }

  run(): { readonly lines: readonly CorrelationLine[]; readonly issues: readonly Issue[] } {
    const rules = new Map(this.rules.correlationRules.map((rule) => [rule.id, rule]));
    const { hits, issues } = correlate(this.rules.correlations, this.events);
    const lines = hits.flatMap((hit): readonly CorrelationLine[] => {
      const rule = rules.get(hit.rule);
      if (rule === undefined) return [];
      const { first, last, value, total } = hit;
      const events = hit.events.flatMap((index) => this.shown(index));
      return [{ kind: 'correlation', rule, first, last, group: [...hit.group], value, events, total }];
    });
    return { lines, issues: [...issues, ...this.limitIssue()] };
  }

  private shown(index: number): readonly CorrelatedEvent[] {
    const event = this.events[index];
    if (event?.time === undefined) return [];
    const { title: rule, time, file, at, host, channel } = event;
    return [
      { rule, time, file, at, ...(host === '' ? {} : { host }), ...(channel === '' ? {} : { channel }) },
    ];
  }

  private limitIssue(): readonly Issue[] {
    if (this.left === 0) return [];
    const message = `correlations saw the first ${limits.correlatedHits} hits of their rules; ${this.left} more were left out`;
    return [{ code: 'POSTERN_SCAN_CORRELATION_LIMIT', severity: 'warning', message, count: this.left }];
  }
}
