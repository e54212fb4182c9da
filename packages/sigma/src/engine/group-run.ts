import { slotTypes, type Batch } from '@postern/core';
import { LiteralHits, LiteralScanner } from '@postern/match';
import { leafTextsAt, isPresent, RecordValues, slotTexts } from '../record-values.ts';
import { relates } from '../value-predicates.ts';
import type { Atom } from './atom.ts';
import { composed, nowhere, type ColumnPlaces } from './column-place.ts';
import { headWords, operations } from './condition-code.ts';
import type { LiteralTableCache } from './literal-tables.ts';
import type { Predicates } from './predicates.ts';
import type { RuleAccount } from './rule-account.ts';
import { searchRequest } from './request-search.ts';
import type { RuleGroup } from './rule-group.ts';
import { fitsBinary, isBinary, searchSlot } from './slot-search.ts';
import { TriggerChoice } from './trigger-choice.ts';

/** What groups share. */
export interface GroupTools {
  readonly fold: (text: string) => string;
  readonly predicates: Predicates;
  readonly tables: LiteralTableCache;
  readonly account: RuleAccount;
  /** Records of a group after which its triggers are chosen anew. */
  readonly choosingAfter: readonly number[];
}

/**
 * Asks the rules of one group about one record after the other. All that is remembered of a record carries its number
 * (epoch), so that nothing is cleared or made between records.
 */
export class GroupRun {
  private readonly group: RuleGroup;
  private readonly predicates: Predicates;
  private readonly account: RuleAccount;
  private readonly hits: LiteralHits;
  private readonly tables: LiteralTableCache;
  /** Column * 2 + part → what searches it, made when it is first searched. */
  private scanners: (LiteralScanner | undefined)[] = [];
  /** Column → whether its literals can stand in numbers and the like. */
  private readonly fitsBinary: readonly boolean[];
  private readonly choice: TriggerChoice;
  private readonly values: RecordValues;
  private batch: Batch | undefined;
  private record = 0;
  private places: ColumnPlaces | undefined;
  /** The rule that is being asked, for the account. */
  private asking = -1;
  private readonly searchedAt: Int32Array;
  private readonly answeredAt: Int32Array;
  private readonly answers: Uint8Array;
  private readonly askedAt: Int32Array;
  private readonly matched: Int32Array;
  private matches = 0;
  /** Atom → column * 2, as {@link scanners} counts. */
  private readonly columnOf: Int32Array;

  constructor(group: RuleGroup, tools: GroupTools) {
    const { fold, predicates, tables, account } = tools;
    this.group = group;
    this.predicates = predicates;
    this.account = account;
    const hits = new LiteralHits(group.atoms.length);
    this.hits = hits;
    this.tables = tables;
    this.fitsBinary = group.literals.map((literals) => fitsBinary(literals));
    this.choice = new TriggerChoice(group, tools.choosingAfter);
    this.values = new RecordValues(group.columns.length, fold, account);
    this.searchedAt = hits.makeStamps(group.columns.length * 2);
    this.answeredAt = hits.makeStamps(group.atoms.length);
    this.answers = new Uint8Array(group.atoms.length);
    this.askedAt = hits.makeStamps(group.rules.length);
    this.matched = new Int32Array(group.rules.length);
    this.columnOf = Int32Array.from(group.atoms, ({ column }) => column * 2);
  }

  /** Calls back with the position in the rule set of each rule that matches, in rising order. */
  // oxlint-disable-next-line max-params -- one object for them would be made for each record
  match(batch: Batch, record: number, places: ColumnPlaces, onRule: (rule: number) => void): void {
    this.begin(batch, record, places);
    const { start, rules, always, columns } = this.choice.table;
    for (let i = 0; i < columns.length; i++) this.search(columns[i] ?? 0, 0);
    const triggers = this.hits.count;
    for (let i = 0; i < triggers; i++) {
      const atom = this.hits.found[i] ?? 0;
      const end = start[atom + 1] ?? 0;
      for (let r = start[atom] ?? 0; r < end; r++) this.ask(rules[r] ?? 0);
    }
    for (let i = 0; i < always.length; i++) this.ask(always[i] ?? 0);
    if (this.choice.isCounting && this.choice.saw(this.hits)) this.scanners = [];
    if (this.matches > 0) this.tell(onRule);
  }

  private begin(batch: Batch, record: number, places: ColumnPlaces): void {
    this.batch = batch;
    this.record = record;
    this.places = places;
    this.hits.next();
    this.matches = 0;
    this.account.records++;
    this.values.begin(batch, record, places.readings);
  }

  private ask(rule: number): void {
    if (this.askedAt[rule] === this.hits.epoch) return;
    this.askedAt[rule] = this.hits.epoch;
    this.asking = this.group.rules[rule]?.index ?? -1;
    this.account.asked(this.asking);
    const { code, start } = this.choice.conditions;
    if (this.holds(code, start[rule] ?? 0)) this.matched[this.matches++] = rule;
  }

  /** Whether the condition at a word of the code holds; no more atoms are asked for than it takes. */
  private holds(code: Int32Array, at: number): boolean {
    const operation = code[at] ?? 0;
    const end = at + (code[at + 1] ?? 0);
    const first = at + headWords;
    switch (operation) {
      case operations.anyLiteral:
        for (let i = first; i < end; i++) if (this.isFound(code[i] ?? 0)) return true;
        return false;
      case operations.allLiterals:
        for (let i = first; i < end; i++) if (!this.isFound(code[i] ?? 0)) return false;
        return true;
      case operations.not:
        return !this.holds(code, first);
      case operations.test:
        return this.isTrue(code[first] ?? 0);
      case operations.constant:
        return code[first] === 1;
      default: {
        const isAnd = operation === operations.and;
        for (let part = first; part < end; part += code[part + 1] ?? headWords) {
          if (this.holds(code, part) !== isAnd) return !isAnd;
        }
        return isAnd;
      }
    }
  }

  private tell(onRule: (rule: number) => void): void {
    const matched = this.matched.subarray(0, this.matches);
    if (this.matches > 1) matched.sort();
    for (const rule of matched) onRule(this.group.rules[rule]?.index ?? 0);
  }

  private isTrue(number: number): boolean {
    const atom = this.group.atoms[number];
    if (atom === undefined || atom.kind === 'literal') return this.isFound(number);
    if (this.answeredAt[number] === this.hits.epoch) return this.answers[number] === 1;
    const answer = this.answer(atom);
    this.answeredAt[number] = this.hits.epoch;
    this.answers[number] = answer ? 1 : 0;
    return answer;
  }

  private isFound(atom: number): boolean {
    const { partOf, isCounting } = this.choice;
    const place = (this.columnOf[atom] ?? 0) + (partOf[atom] ?? 0);
    if (this.searchedAt[place] !== this.hits.epoch) this.search(place >> 1, place & 1);
    if (isCounting && (place & 1) === 1) this.choice.askedFor(atom);
    return this.hits.has(atom);
  }

  private answer(atom: Exclude<Atom, { kind: 'literal' }>): boolean {
    if (atom.kind === 'presence') return this.presence(atom.column, atom.wanted);
    if (atom.kind === 'reference') return this.refers(atom);
    for (const guard of atom.guards) if (!this.isFound(guard)) return false;
    if (atom.shortest > 0 && this.isShorter(atom.column, atom.shortest)) return false;
    const { test } = this.predicates.of(atom.test, atom.value);
    for (const text of this.texts(atom.column, atom.isFolded)) {
      if (text.length < atom.shortest) continue;
      if (atom.value.kind === 'regex') this.account.ran(this.asking, text);
      if (test(text)) return true;
    }
    return false;
  }

  /** Whether the value is one text of fewer letters than this, as far as that is told without decoding it. */
  private isShorter(column: number, letters: number): boolean {
    const { batch, record, places } = this;
    const slot = places?.slots[column] ?? nowhere;
    if (batch === undefined || slot < 0) return false;
    const s = (batch.slotStart[record] ?? 0) + slot;
    return batch.type[s] === slotTypes.utf16 && (batch.length[s] ?? 0) < letters * 2;
  }

  private refers({ column, other, value }: Extract<Atom, { kind: 'reference' }>): boolean {
    const others = this.texts(other, !value.cased);
    return this.texts(column, !value.cased).some((text) =>
      others.some((otherText) => relates(text, otherText, value.how)),
    );
  }

  private texts(column: number, isFolded: boolean): readonly string[] {
    return (isFolded ? this.values.folded(column) : this.values.of(column)) ?? [];
  }

  /** A null exists, and is null. */
  private presence(column: number, wanted: 'null' | 'exists'): boolean {
    const { batch, record, places } = this;
    const slot = places?.presence[column] ?? nowhere;
    if (batch === undefined || slot < 0) return (slot === composed) === (wanted === 'exists');
    return wanted === 'exists'
      ? isPresent(batch, record, slot)
      : slotTexts(batch, record, slot) === undefined;
  }

  /** Looks for the literals of a column that are triggers, or for the others, once per record. */
  private search(column: number, part: number): void {
    const { batch, record, places } = this;
    this.searchedAt[column * 2 + part] = this.hits.epoch;
    if (batch === undefined || places === undefined) return;
    const scanner = this.scanners[column * 2 + part] ?? this.makeScanner(column, part);
    this.choice.searched(column, part);
    const slot = places.slots[column] ?? nowhere;
    if (slot === nowhere) return;
    if (slot >= 0 && searchSlot(scanner, batch, record, slot)) return;
    const reading = places.readings[column];
    if (reading?.kind === 'request' && searchRequest(scanner, batch, record, reading.slot, reading.bare))
      return;
    if (reading?.kind === 'leaves' && reading.url === undefined && reading.requests.length === 0)
      this.searchLeaves(scanner, reading.slots, this.fitsBinary[column] === true);
    else for (const text of this.values.of(column) ?? []) scanner.text(text);
  }

  private makeScanner(column: number, part: number): LiteralScanner {
    const literals = this.group.literals[column] ?? [];
    const own = literals.filter(({ id }) => this.choice.partOf[id] === part);
    const { tables, ids } = this.tables.tablesFor(own);
    const scanner = new LiteralScanner(tables, this.hits, ids);
    this.scanners[column * 2 + part] = scanner;
    return scanner;
  }

  private searchLeaves(scanner: LiteralScanner, slots: number, mayBeBinary: boolean): void {
    const { batch, record } = this;
    if (batch === undefined) return;
    for (let slot = 0; slot < slots; slot++) {
      if (isBinary(batch, record, slot) && !mayBeBinary) continue;
      if (searchSlot(scanner, batch, record, slot)) continue;
      for (const text of leafTextsAt(batch, record, slot)) scanner.text(text);
    }
  }
}
