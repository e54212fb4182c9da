import type { LiteralHits } from '@postern/match';
import { costOf } from './atom.ts';
import { conditionCode } from './condition-code.ts';
import { likelihoodOf, type Chances } from './likelihood.ts';
import type { RuleGroup } from './rule-group.ts';
import { triggerTable, type TriggerTable } from './triggers.ts';

/** Conditions of all rules of a group, and the word at which that of each rule begins. */
export interface GroupCode {
  readonly code: Int32Array;
  readonly start: Int32Array;
}

/** An atom that rules ask for in this share of records is searched with the triggers: it would be looked for anyway. */
const hotShare = 0.005;

/**
 * The triggers of a group and the order in which conditions are asked: chosen by a guess at first, and anew when some
 * records have shown what is rare in them. Whatever is chosen, the rules that match are the same; only how many are
 * asked in vain is not.
 *
 * Until the first choice by evidence all literals of a column are searched together, so that all are counted alike.
 * From then on those that are no triggers and seldom asked for are only searched when a rule asks for them.
 */
export class TriggerChoice {
  table: TriggerTable;
  conditions: GroupCode;
  /** Atom → 0 where it is searched with the triggers of its column, 1 with the others. */
  readonly partOf: Uint8Array;
  /** Whether what rules ask for is still of interest. */
  isCounting: boolean;
  private readonly group: RuleGroup;
  private readonly choosingAfter: readonly number[];
  private records = 0;
  private recordsAtChoice = 0;
  private round = 0;
  private readonly found: Float64Array;
  /** Atom → records about which some rule asked for it since the last choice. */
  private readonly asked: Float64Array;
  /** Column → records in which all of it, and in which its triggers alone were searched. */
  private readonly searchedAll: Float64Array;
  private readonly searchedTriggers: Float64Array;

  /** @param choosingAfter so many records each of the choices by evidence is made */
  constructor(group: RuleGroup, choosingAfter: readonly number[]) {
    this.group = group;
    this.choosingAfter = choosingAfter;
    this.isCounting = choosingAfter.length > 0;
    this.partOf = new Uint8Array(group.atoms.length);
    this.found = new Float64Array(group.atoms.length);
    this.asked = new Float64Array(group.atoms.length);
    this.searchedAll = new Float64Array(group.columns.length);
    this.searchedTriggers = new Float64Array(group.columns.length);
    const chances = this.chances();
    this.table = this.tableBy(chances);
    this.conditions = this.codeBy(chances);
  }

  searched(column: number, part: number): void {
    if (part === 1) return;
    const counts = this.round === 0 ? this.searchedAll : this.searchedTriggers;
    counts[column] = (counts[column] ?? 0) + 1;
  }

  askedFor(atom: number): void {
    this.asked[atom] = (this.asked[atom] ?? 0) + 1;
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
      if (this.partOf[atom] === 0) this.found[atom] = (this.found[atom] ?? 0) + 1;
    }
    if (++this.records < after) return false;
    this.chooseAnew();
    return true;
  }

  private chooseAnew(): void {
    const chances = this.chances();
    this.table = this.tableBy(chances);
    // What was asked for under the guess says nothing of what will be.
    const hot = this.round === 0 ? Infinity : (this.records - this.recordsAtChoice) * hotShare;
    this.partOf.forEach((_, atom) => {
      const isEarly = this.table.isTrigger[atom] === 1 || (this.asked[atom] ?? 0) > hot;
      this.partOf[atom] = isEarly ? 0 : 1;
    });
    this.conditions = this.codeBy(chances);
    this.asked.fill(0);
    this.recordsAtChoice = this.records;
    this.round++;
    this.isCounting = this.round < this.choosingAfter.length;
  }

  private tableBy({ expense }: Chances): TriggerTable {
    const conditions = this.group.rules.map(({ condition }) => condition);
    return triggerTable(conditions, this.group.atoms, expense);
  }

  private codeBy({ likelihood }: Chances): GroupCode {
    const { atoms, rules } = this.group;
    const weights = {
      cost: (atom: number): number => costOf(atoms[atom], this.partOf[atom] === 1),
      likelihood: (atom: number): number => (atoms[atom]?.kind === 'literal' ? likelihood(atom) : usualShare),
      searchOf: (atom: number): number | undefined =>
        atoms[atom]?.kind === 'literal' ? atoms[atom].column * 2 + (this.partOf[atom] ?? 0) : undefined,
    };
    const words: number[] = [];
    const starts = rules.map(({ condition }) => {
      const start = words.length;
      for (const word of conditionCode(condition, weights)) words.push(word);
      return start;
    });
    return { code: Int32Array.from(words), start: Int32Array.from(starts) };
  }

  private chances(): Chances {
    return likelihoodOf(this.group.literals, {
      found: (atom) => this.found[atom] ?? 0,
      searched: (atom) => this.searchesOf(atom),
    });
  }

  private searchesOf(atom: number): number {
    const column = this.group.atoms[atom]?.column ?? 0;
    const ofTriggers = this.partOf[atom] === 0 ? (this.searchedTriggers[column] ?? 0) : 0;
    return (this.searchedAll[column] ?? 0) + ofTriggers;
  }
}

/** How often a comparison that is no matter of literals is expected to hold. */
const usualShare = 0.1;
