import type { Assessment, Implant, Operator, Time } from '@postern/core';
import { usesOf, useTitles, type Uses } from '../uses.ts';

/** What is known of one operator's use of one back door. */
export interface Cell {
  readonly placed: boolean;
  readonly used: boolean;
  /** Absent where the records do not tell one operator's uses from another's. */
  readonly count?: number;
  readonly first?: Time;
  readonly last?: Time;
}

/**
 * The matrix of back doors (rows) and operators (columns), from what the assessment gives: an implant's uses belong to
 * its only user; an operator's uses to its only back door, or to the one that is left when the others are known. Nothing
 * is guessed beyond that.
 */
export function cellsOf(
  assessment: Assessment,
  implants: readonly Implant[],
  operators: readonly Operator[],
): readonly (readonly (Cell | undefined)[])[] {
  const titles = useTitles(assessment);
  return implants.map((implant) => {
    const row = operators.map((operator): Cell | undefined => {
      const placed = implant.placedBy === operator.id;
      if (!implant.operators.includes(operator.id)) return placed ? { placed, used: false } : undefined;
      const total = usesOf(operator, titles);
      const known = usesKnown(implant, operator, assessment, total);
      const used = known === undefined ? total.count > 0 || !placed : known.count > 0;
      return { placed, used, ...known };
    });
    return addsUp(implant, row) ? row : row.map(uncounted);
  });
}

/** Some uses may be nobody's: then what is left of an operator's uses says nothing of one back door. */
function addsUp({ uses, operators }: Implant, row: readonly (Cell | undefined)[]): boolean {
  if (operators.length < 2) return true;
  const users = row.filter((cell) => cell?.used === true);
  const counted = users.flatMap((cell) => cell?.count ?? []);
  return counted.length < users.length || counted.reduce((sum, count) => sum + count, 0) === uses;
}

/** Without the counts that were worked out; those that an operator's only back door gives have their times. */
function uncounted(cell: Cell | undefined): Cell | undefined {
  if (cell === undefined || cell.first !== undefined) return cell;
  const { placed, used } = cell;
  return { placed, used };
}

function usesKnown(
  implant: Implant,
  operator: Operator,
  assessment: Assessment,
  total: Uses,
): Uses | undefined {
  if (isOnlyUser(implant, operator)) return ownUses(implant);
  if (operator.implants.length === 1) return total;
  const others = assessment.implants.filter(
    ({ id, operators }) => id !== implant.id && operators.includes(operator.id),
  );
  if (others.length === 0 || !others.every((other) => isOnlyUser(other, operator))) return undefined;
  const count = total.count - others.reduce((sum, { uses }) => sum + uses, 0);
  // The times of the rest lie within those of all: not told apart, so not shown.
  return count >= 0 ? { count } : undefined;
}

function isOnlyUser({ operators }: Implant, { id }: Operator): boolean {
  return operators.length === 1 && operators[0] === id;
}

function ownUses({ uses, firstUsedAt, lastUsedAt }: Implant): Uses {
  return {
    count: uses,
    ...(firstUsedAt === undefined ? {} : { first: firstUsedAt }),
    ...(lastUsedAt === undefined ? {} : { last: lastUsedAt }),
  };
}
