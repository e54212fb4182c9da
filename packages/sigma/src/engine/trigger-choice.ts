import type { LiteralHits } from '@postern/match';
import { likelihoodOf } from './likelihood.ts';
import type { RuleGroup } from './rule-group.ts';
import { triggerTable, type TriggerTable } from './triggers.ts';

/**
 * The triggers of a group: chosen by a guess at first, and anew when some records have shown what is rare in them.
 * Whatever is chosen, the rules that match are the same; only how many are asked in vain is not.
 *
 * Until the first choice by evidence all literals of a column are searched together, so that all are counted alike.
 * From then on those that are no triggers are only searched when a rule asks for them.
 */
export class TriggerChoice {
  table: TriggerTable;
  private readonly group: RuleGroup;
  private readonly choosingAfter: readonly number[];
  private records = 0;
  private round = 0;
  private readonly found: Float64Array;
  /** Column → records in which all of it, and in which its triggers alone were searched. */
  private readonly searchedAll: Float64Array;
  private readonly searchedTriggers: Float64Array;

  /** @param choosingAfter so many records each of the choices by evidence is made */
  constructor(group: RuleGroup, choosingAfter: readonly number[]) {
    this.group = group;
    this.choosingAfter = choosingAfter;
    this.found = new Float64Array(group.atoms.length);
    this.searchedAll = new Float64Array(group.columns.length);
    this.searchedTriggers = new Float64Array(group.columns.length);
    this.table = this.choose();
  }

  /** Which part of its column an atom is searched with: 0 with the triggers, 1 with the others. */
  partOf(atom: number): 0 | 1 {
    return this.round > 0 && this.table.isTrigger[atom] === 0 ? 1 : 0;
  }

  searched(column: number, part: 0 | 1): void {
    if (part === 1) return;
    const counts = this.round === 0 ? this.searchedAll : this.searchedTriggers;
    counts[column] = (counts[column] ?? 0) + 1;
  }

  /**
   * Takes note of what was found in the record at hand.
   * @returns whether other triggers count from now on
   */
  saw(hits: LiteralHits): boolean {
    const after = this.choosingAfter[this.round];
    if (after === undefined) return false;
    for (let i = 0; i < hits.count; i++) {
      const atom = hits.found[i] ?? 0;
      if (this.partOf(atom) === 0) this.found[atom] = (this.found[atom] ?? 0) + 1;
    }
    if (++this.records < after) return false;
    this.table = this.choose();
    this.round++;
    return true;
  }

  private choose(): TriggerTable {
    const { atoms, literals, rules } = this.group;
    const likelihood = likelihoodOf(literals, {
      found: (atom) => this.found[atom] ?? 0,
      searched: (atom) => this.searchesOf(atom),
    });
    const conditions = rules.map(({ condition }) => condition);
    return triggerTable(conditions, atoms, likelihood);
  }

  private searchesOf(atom: number): number {
    const column = this.group.atoms[atom]?.column ?? 0;
    const ofTriggers = this.partOf(atom) === 0 ? (this.searchedTriggers[column] ?? 0) : 0;
    return (this.searchedAll[column] ?? 0) + ofTriggers;
  }
}
