import { limits, type Batch, type Shape } from '@postern/core';
import { composed, nowhere, placesOf, type ColumnPlaces } from './engine/column-place.ts';
import type { Atom } from './engine/atom.ts';
import type { RunningGroup } from './engine/group-table.ts';
import type { GroupRule } from './engine/rule-group.ts';
import { constant, mapTests, type Expression } from './expression.ts';
import { requestUrl } from './fold-request.ts';
import { joinLiterals, literalOfTest, literalsOf, runKindOf, type LiteralSet } from './literals.ts';
import { slotTexts, type Reading } from './record-values.ts';
import type { RuleSet } from './rule-set.ts';
import { ShapeFields, type FieldPlace } from './shape-fields.ts';

/**
 * The rules that can match records of one shape. It keeps the values of the record at hand, so one matcher serves one
 * batch at a time.
 */
export interface Matcher {
  /**
   * Lower case, sorted, at least 4 bytes each, and where requests are percent-decoded also `%2e` and the like
   * (`percentEscapeLiterals`): the bytes of every record that some rule matches hold one of them, ASCII
   * letters in any case. Undefined: every record is a candidate.
   */
  readonly literals: readonly string[] | undefined;
  /** Ids of the rules without a literal, the reason for `literals` being undefined. */
  readonly unguarded: readonly string[];
  /** Indexes of the rules that are asked. */
  readonly rules: readonly number[];
  /** Calls back with the index (in {@link OpenRuleSet.rules}) of each rule that matches, in rising order. */
  match(batch: Batch, record: number, onRule: (rule: number) => void): void;
  /** The fields that a hit of the rule keeps, under the names in the rule; absent ones are left out. */
  captures(batch: Batch, record: number, rule: number): Map<string, string>;
}

/** Makes the matcher for a shape of the group, or undefined if no rule can match it. */
export function makeMatcher(
  ruleSet: RuleSet,
  { group, run }: RunningGroup,
  shape: Shape,
): Matcher | undefined {
  const fields = new ShapeFields(shape);
  const places = placesOf(group.columns, shape, fields);
  const settled = settledBy(group.atoms, places);
  const rules = group.rules.filter(({ condition }) => settlement(condition, settled) !== false);
  return rules.length === 0
    ? undefined
    : new ShapeMatcher({ ruleSet, group, run, shape, fields, places, rules });
}

/** The answer to an atom that a shape gives by what it lacks; undefined: it depends on the record. */
type Settled = (atom: number) => boolean | undefined;

function settledBy(atoms: readonly Atom[], { readings, presence }: ColumnPlaces): Settled {
  return (number) => {
    const atom = atoms[number];
    if (atom?.kind === 'presence') {
      const slot = presence[atom.column] ?? nowhere;
      return slot >= 0 ? undefined : (slot === composed) === (atom.wanted === 'exists');
    }
    const isMissing =
      atom === undefined ||
      readings[atom.column] === undefined ||
      (atom.kind === 'reference' && readings[atom.other] === undefined);
    return isMissing ? false : undefined;
  };
}

/** What is left of a condition: true, false, or (undefined) it depends on the record. */
function settlement(condition: Expression<number>, settled: Settled): boolean | undefined {
  switch (condition.op) {
    case 'test':
      return settled(condition.test);
    case 'constant':
      return condition.value;
    case 'not': {
      const part = settlement(condition.of, settled);
      return part === undefined ? undefined : !part;
    }
    default: {
      const decisive = condition.op === 'or';
      let isOpen = false;
      for (const inner of condition.of) {
        const part = settlement(inner, settled);
        if (part === decisive) return decisive;
        if (part === undefined) isOpen = true;
      }
      return isOpen ? undefined : !decisive;
    }
  }
}

/** The condition without what the shape settles. */
function conditionHere(condition: Expression<number>, settled: Settled): Expression<number> {
  return mapTests(condition, (number): Expression<number> => {
    const answer = settled(number);
    return answer === undefined ? { op: 'test', test: number } : constant(answer);
  });
}

interface Parts extends RunningGroup {
  readonly ruleSet: RuleSet;
  readonly shape: Shape;
  readonly fields: ShapeFields;
  readonly places: ColumnPlaces;
  readonly rules: readonly GroupRule[];
}

class ShapeMatcher implements Matcher {
  readonly rules: readonly number[];
  private readonly parts: Parts;
  private sets: readonly LiteralSet[] | undefined;
  private joined: { readonly literals: LiteralSet } | undefined;
  private readonly capturePlaces = new Map<number, readonly (readonly [string, FieldPlace])[]>();

  constructor(parts: Parts) {
    this.parts = parts;
    this.rules = parts.rules.map(({ index }) => index);
  }

  match(batch: Batch, record: number, onRule: (rule: number) => void): void {
    this.parts.run.match(batch, record, this.parts.places, onRule);
  }

  get literals(): readonly string[] | undefined {
    this.joined ??= {
      literals: joinLiterals(
        this.literalSets(),
        this.parts.shape.family === 'windows-event',
        this.parts.places.readings.some(isDecoded),
      ),
    };
    return this.joined.literals;
  }

  get unguarded(): readonly string[] {
    const sets = this.literalSets();
    const open = this.parts.rules.filter((_, i) => sets[i] === undefined);
    return open.map(({ index }) => this.parts.ruleSet.rules[index]?.info.id ?? '');
  }

  /** For each rule. Only readers that scan blocks ask for them. */
  private literalSets(): readonly LiteralSet[] {
    const { rules, group, places } = this.parts;
    const settled = settledBy(group.atoms, places);
    this.sets ??= rules.map(({ condition }) =>
      literalsOf(conditionHere(condition, settled), (atom) => this.literalOf(group.atoms[atom])),
    );
    return this.sets;
  }

  private literalOf(atom: Atom | undefined): string | undefined {
    const { places, shape } = this.parts;
    const reading = places.readings[atom?.column ?? nowhere];
    if (reading === undefined || atom === undefined || atom.kind === 'presence' || atom.kind === 'reference')
      return undefined;
    return atom.value === undefined ? undefined : literalOfTest(atom.value, runKindOf(shape.family, reading));
  }

  captures(batch: Batch, record: number, rule: number): Map<string, string> {
    const captured = new Map<string, string>();
    for (const [name, place] of this.placesFor(rule)) {
      const text = textAt(batch, record, place);
      if (text !== undefined) captured.set(name, text.slice(0, limits.captureCharacters));
    }
    return captured;
  }

  private placesFor(rule: number): readonly (readonly [string, FieldPlace])[] {
    let places = this.capturePlaces.get(rule);
    if (places === undefined) {
      const names = this.parts.ruleSet.rules[rule]?.captures ?? [];
      places = names.flatMap((name): (readonly [string, FieldPlace])[] => {
        const place = this.parts.fields.find(name);
        return place === undefined ? [] : [[name, place]];
      });
      this.capturePlaces.set(rule, places);
    }
    return places;
  }
}

/** Whether a literal of such a column can hide behind percent escapes. */
function isDecoded(reading: Reading | undefined): boolean {
  if (reading?.kind === 'leaves') return reading.requests.length > 0;
  return reading?.kind === 'request' || reading?.kind === 'url';
}

function textAt(batch: Batch, record: number, place: FieldPlace): string | undefined {
  if (place.kind === 'constant') return place.text;
  if (place.kind === 'slot') return slotTexts(batch, record, place.slot)?.join(', ');
  const stem = slotTexts(batch, record, place.stem)?.[0];
  const query = place.query === undefined ? undefined : slotTexts(batch, record, place.query)?.[0];
  return stem === undefined ? undefined : requestUrl(stem, query);
}
