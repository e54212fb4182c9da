import type { LiteralHits } from '@postern/match';
import { choosingAfter, likelihoodOf } from './likelihood.ts';
import type { RuleGroup } from './rule-group.ts';
import { triggerTable, type TriggerTable } from './triggers.ts';

/**
 * The triggers of a group: chosen by a guess at first, and anew when some records have shown what is rare in them.
 * Whatever is chosen, the rules that match are the same; only how many are asked in vain is not.
 */
export class TriggerChoice {
  table: TriggerTable;
  private readonly group: RuleGroup;
  private records = 0;
  private round = 0;
  private readonly found: Float64Array;
  private readonly searches: Float64Array;

  constructor(group: RuleGroup) {
    this.group = group;
    this.found = new Float64Array(group.atoms.length);
    this.searches = new Float64Array(group.columns.length);
    this.table = this.choose();
  }

  searched(column: number): void {
    this.searches[column] = (this.searches[column] ?? 0) + 1;
  }

  /** Takes note of what was found in the record at hand. */
  saw(hits: LiteralHits): void {
    const after = choosingAfter[this.round];
    if (after === undefined) return;
    for (let i = 0; i < hits.count; i++) {
      const atom = hits.found[i] ?? 0;
      this.found[atom] = (this.found[atom] ?? 0) + 1;
    }
    if (++this.records < after) return;
    this.round++;
    this.table = this.choose();
  }

  private choose(): TriggerTable {
    const { atoms, literals, rules } = this.group;
    const likelihood = likelihoodOf(literals, (atom) => atoms[atom]?.column ?? 0, {
      found: this.found,
      searched: this.searches,
    });
    const conditions = rules.map(({ condition }) => condition);
    return triggerTable(conditions, atoms, likelihood);
  }
}
