import type { RefusedRule } from '@postern/core';
import { didYouMean, type Diagnostic, type SigmaCode } from '../diagnostic.ts';
import type { SigmaRule } from '../parse-rules.ts';
import { ruleLimits } from '../rule-limits.ts';
import type { CorrelationRule, PlacedText } from './correlation-rule.ts';
import type { CompiledCorrelation, CorrelationSet, CorrelationSource } from './correlation-set.ts';

/** Correlations with the rules they name. */
export interface LinkedCorrelations {
  readonly set: CorrelationSet;
  /** Rule id → fields that its hits must keep for them. */
  readonly captures: ReadonlyMap<string, readonly string[]>;
  /** Ids of rules that give no hits of their own. */
  readonly silent: ReadonlySet<string>;
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Looks up what correlations name and puts them in order. One that names what is not loaded, or that needs itself, is
 * refused, and so is every one made of it.
 */
export function linkCorrelations(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): LinkedCorrelations {
  const linking = new Linking(rules, correlations);
  for (const correlation of correlations) linking.link(correlation);
  return linking.result();
}

type Named = { readonly rule: SigmaRule } | { readonly correlation: CorrelationRule };

class Linking {
  private readonly named = new Map<string, Named>();
  private readonly correlations: readonly CorrelationRule[];
  private readonly linked = new Map<CorrelationRule, CompiledCorrelation | undefined>();
  private readonly order: CompiledCorrelation[] = [];
  /** Those whose parts are being looked up. */
  private readonly open: CorrelationRule[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly reasons = new Map<CorrelationRule, string>();

  constructor(rules: readonly SigmaRule[], correlations: readonly CorrelationRule[]) {
    this.correlations = correlations;
    for (const correlation of correlations) this.name({ correlation }, correlation);
    for (const rule of rules) this.name({ rule }, rule);
  }

  /** Ids count before names, and what was loaded first before what came later. */
  private name(value: Named, { info, details }: Pick<SigmaRule, 'info' | 'details'>): void {
    for (const key of [info.id.toLowerCase(), details.name]) {
      if (key !== undefined && !this.named.has(key)) this.named.set(key, value);
    }
  }

  private find(text: string): Named | undefined {
    return this.named.get(text.toLowerCase()) ?? this.named.get(text);
  }

  link(correlation: CorrelationRule): CompiledCorrelation | undefined {
    if (this.linked.has(correlation)) return this.linked.get(correlation);
    this.open.push(correlation);
    const sources = correlation.rules.map((named) => this.source(correlation, named));
    this.open.pop();
    const compiled = sources.includes(undefined)
      ? undefined
      : compile(
          correlation,
          sources.flatMap((source) => source ?? []),
        );
    this.checkAliases(correlation);
    this.linked.set(correlation, compiled);
    if (compiled !== undefined) this.order.push(compiled);
    return compiled;
  }

  private source(correlation: CorrelationRule, named: PlacedText): CorrelationSource | undefined {
    const found = this.find(named.text);
    if (found === undefined) return this.unknown(correlation, named);
    const groupFields = correlation.groupBy.map(({ text }) =>
      this.fieldOf(correlation, found, named.text, text),
    );
    const valueFields = correlation.valueFields.map((text) =>
      this.fieldOf(correlation, found, named.text, text),
    );
    if ('rule' in found) return { rule: found.rule.info.id, groupFields, valueFields };
    return this.chained(correlation, named, found.correlation, { groupFields, valueFields });
  }

  private chained(
    correlation: CorrelationRule,
    named: PlacedText,
    part: CorrelationRule,
    fields: Omit<CorrelationSource, 'rule'>,
  ): CorrelationSource | undefined {
    if (this.open.includes(part)) {
      const message = `the correlation needs itself, by way of "${named.text}"`;
      return this.fault(correlation, 'POSTERN_SIGMA_CYCLE', message, named);
    }
    if (this.open.length >= ruleLimits.depth)
      return this.fault(correlation, 'POSTERN_SIGMA_LIMIT', 'correlations are chained too deeply', named);
    if (this.link(part) === undefined) {
      const message = `the correlation is made of "${named.text}", which is refused`;
      return this.fault(correlation, 'POSTERN_SIGMA_REFERENCE', message, named);
    }
    const known = new Set(part.groupBy.map(({ text }) => text));
    const missing = [...fields.groupFields, ...fields.valueFields].find((field) => !known.has(field));
    if (missing === undefined) return { rule: part.info.id, ...fields };
    const message = `hits of the correlation "${named.text}" have no field "${missing}": it does not group by it`;
    return this.fault(correlation, 'POSTERN_SIGMA_REFERENCE', message, named);
  }

  /** The field that stands for a name in one rule: what an alias says of it, else the name itself. */
  private fieldOf(correlation: CorrelationRule, rule: Named, as: string, name: string): string {
    const alias = correlation.aliases.find((each) => each.alias === name);
    const entry = alias?.fields.find(({ rule: key }) => key.text === as || this.find(key.text) === rule);
    return entry?.field ?? name;
  }

  private unknown(correlation: CorrelationRule, named: PlacedText): undefined {
    const message = `the correlation names "${named.text}", and no such rule is loaded`;
    const hint = didYouMean(named.text, this.named.keys());
    return this.fault(correlation, 'POSTERN_SIGMA_REFERENCE', message, named, hint);
  }

  private checkAliases(correlation: CorrelationRule): void {
    const parts = new Set(correlation.rules.map(({ text }) => this.find(text)));
    for (const { alias, fields } of correlation.aliases) {
      for (const { rule } of fields.filter(({ rule: key }) => !parts.has(this.find(key.text)))) {
        const message = `the alias "${alias}" speaks of "${rule.text}", which is no rule of this correlation`;
        this.say(correlation, 'POSTERN_SIGMA_REFERENCE', 'warning', message, rule);
      }
    }
  }

  // oxlint-disable-next-line max-params -- the parts of a diagnostic
  private fault(
    correlation: CorrelationRule,
    code: SigmaCode,
    message: string,
    place: PlacedText,
    hint?: string,
  ): undefined {
    this.say(correlation, code, 'error', message, place, hint);
    if (!this.reasons.has(correlation)) this.reasons.set(correlation, message);
    return undefined;
  }

  // oxlint-disable-next-line max-params -- the parts of a diagnostic
  private say(
    { file, info }: CorrelationRule,
    code: SigmaCode,
    severity: Diagnostic['severity'],
    message: string,
    { line, column }: PlacedText,
    hint?: string,
  ): void {
    const said = { code, severity, message, file, line, column, rule: info.title };
    this.diagnostics.push(hint === undefined ? said : { ...said, hint });
  }

  result(): LinkedCorrelations {
    const captures = new Map<string, readonly string[]>();
    const shown = new Set<string>();
    const used = new Set<string>();
    const compiled = new Map(
      this.correlations.map((correlation) => [correlation, this.linked.get(correlation)] as const),
    );
    for (const [{ generate }, rule] of compiled) {
      for (const { rule: id, groupFields, valueFields } of rule?.sources ?? []) {
        captures.set(id, [...new Set([...(captures.get(id) ?? []), ...groupFields, ...valueFields])]);
        used.add(id);
        if (generate) shown.add(id);
      }
    }
    const silent = new Set([...used].filter((id) => !shown.has(id)));
    const rules = this.order.map((rule) => ({ ...rule, isSilent: silent.has(rule.info.id) }));
    const { diagnostics } = this;
    return {
      set: { format: 'postern.correlations/1', rules },
      captures,
      silent,
      refused: this.refused(),
      diagnostics,
    };
  }

  private refused(): readonly RefusedRule[] {
    return this.correlations.flatMap((correlation) => {
      if (this.linked.get(correlation) !== undefined) return [];
      const { file, line, info } = correlation;
      const reason = this.reasons.get(correlation) ?? 'what it is made of is not there';
      return [{ source: `${file}:${line}`, title: info.title, reason }];
    });
  }
}

function compile(correlation: CorrelationRule, sources: readonly CorrelationSource[]): CompiledCorrelation {
  const { info, type, timespanSeconds, condition, percentile, groupBy } = correlation;
  return {
    info,
    type,
    timespanSeconds,
    condition,
    percentile,
    groupBy: groupBy.map(({ text }) => text),
    sources,
    isSilent: false,
  };
}
