import type { Expression } from '../expression.ts';
import type { Atom } from './atom.ts';

/** How often an atom is expected to be found, as a share of records. */
export type Likelihood = (atom: number) => number;

/** Atoms of which one is found in every record for which a condition holds. */
export interface Trigger {
  readonly atoms: readonly number[];
  /** The sum of their likelihoods. */
  readonly likelihood: number;
}

/**
 * The rarest trigger of a condition: of parts that must all hold the best one counts, of alternatives each must have
 * its own. Undefined: the condition may hold where nothing is found.
 */
export function triggerOf(
  expression: Expression<number>,
  atoms: readonly Atom[],
  likelihood: Likelihood,
): Trigger | undefined {
  const visit = (part: Expression<number>, isNegated: boolean): Trigger | undefined => {
    switch (part.op) {
      case 'test':
        return isNegated ? undefined : triggerOfAtom(part.test, atoms, likelihood);
      case 'constant':
        return part.value === isNegated ? { atoms: [], likelihood: 0 } : undefined;
      case 'not':
        return visit(part.of, !isNegated);
      default: {
        const triggers = part.of.map((inner) => visit(inner, isNegated));
        return (part.op === 'and') === isNegated ? union(triggers) : rarest(triggers);
      }
    }
  };
  return visit(expression, false);
}

function triggerOfAtom(number: number, atoms: readonly Atom[], likelihood: Likelihood): Trigger | undefined {
  const atom = atoms[number];
  if (atom?.kind === 'literal') return { atoms: [number], likelihood: likelihood(number) };
  if (atom?.kind !== 'text') return undefined;
  return rarest(atom.guards.map((guard) => ({ atoms: [guard], likelihood: likelihood(guard) })));
}

function union(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  const atoms = new Set<number>();
  let likelihood = 0;
  for (const trigger of triggers) {
    if (trigger === undefined) return undefined;
    for (const atom of trigger.atoms) atoms.add(atom);
    likelihood += trigger.likelihood;
  }
  return { atoms: [...atoms], likelihood };
}

function rarest(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  let best: Trigger | undefined;
  for (const trigger of triggers) {
    if (trigger !== undefined && (best === undefined || trigger.likelihood < best.likelihood)) best = trigger;
  }
  return best;
}

/** Which rules to ask, by what was found. */
export interface TriggerTable {
  /** Atom → its first rule in `rules`; one entry more than atoms. Rules are numbered within their group. */
  readonly start: Int32Array;
  readonly rules: Int32Array;
  /** Atom → 1 if it is part of a trigger. */
  readonly isTrigger: Uint8Array;
  /** Those to ask about every record. */
  readonly always: Int32Array;
  /** Columns that must be searched in every record. */
  readonly columns: Int32Array;
}

export function triggerTable(
  conditions: readonly Expression<number>[],
  atoms: readonly Atom[],
  likelihood: Likelihood,
): TriggerTable {
  const always: number[] = [];
  const pairs: (readonly [atom: number, rule: number])[] = [];
  for (const [rule, condition] of conditions.entries()) {
    const trigger = triggerOf(condition, atoms, likelihood);
    if (trigger === undefined) always.push(rule);
    else for (const atom of trigger.atoms) pairs.push([atom, rule]);
  }
  const isTrigger = new Uint8Array(atoms.length);
  for (const [atom] of pairs) isTrigger[atom] = 1;
  const columns = new Set(pairs.map(([atom]) => atoms[atom]?.column ?? 0));
  return {
    ...byAtom(pairs, atoms.length),
    isTrigger,
    always: Int32Array.from(always),
    columns: Int32Array.from([...columns].toSorted((a, b) => a - b)),
  };
}

function byAtom(
  pairs: readonly (readonly [atom: number, rule: number])[],
  atoms: number,
): Pick<TriggerTable, 'start' | 'rules'> {
  const sorted = pairs.toSorted(([a, ruleA], [b, ruleB]) => a - b || ruleA - ruleB);
  const start = new Int32Array(atoms + 1);
  for (const [atom] of sorted) start[atom + 1] = (start[atom + 1] ?? 0) + 1;
  for (let atom = 0; atom < atoms; atom++) start[atom + 1] = (start[atom + 1] ?? 0) + (start[atom] ?? 0);
  return { start, rules: Int32Array.from(sorted, ([, rule]) => rule) };
}
