import type { Build, BuildObservation } from '@postern/core';
import { say } from './messages.ts';

export type Precision = 'cu' | 'su';
export type CveState = 'vulnerable' | 'fixed' | 'unknown';

/** What a build says of one CVE, and why. */
export interface BuildAnswer {
  readonly state: CveState;
  readonly basis: string;
}

/** Where a build stands in the table. */
export interface BuildPlace {
  readonly product?: string;
  /** For people: `Exchange 2016 CU19 Mar21SU`. */
  readonly name: string;
  /** Rows of the same CU, lowest first. */
  readonly branch: readonly Build[];
}

/** Bases that see the files themselves; a header follows the CU as far as anyone has shown. */
const exactBases: ReadonlySet<BuildObservation['basis']> = new Set([
  'file-version',
  'installer-event',
  'setup-log',
]);

export function compareBuilds(a: string, b: string): number {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  for (let k = 0; k < 4; k++) {
    const difference = (x[k] ?? 0) - (y[k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The rows of a build's CU, and its name. Unknown revisions are named after the row below. */
export function placeBuild(table: readonly Build[], build: string, precision: Precision): BuildPlace {
  const key = branchKey(build);
  const branch = table
    .filter((row) => branchKey(row.build) === key)
    .toSorted((a, b) => compareBuilds(a.build, b.build));
  const [base] = branch;
  if (base === undefined) return { name: say('build.unknown', { build }), branch };
  const below = branch.findLast((row) => compareBuilds(row.build, build) <= 0) ?? base;
  return { product: base.product, name: nameOf(below, build, precision), branch };
}

/**
 * Whether a build is open to a CVE (judgement section 6): fixed if an update at or below it in the same CU lists it, or
 * the CU shipped with it. With CU precision only never *vulnerable*.
 */
export function judgeBuild(
  table: readonly Build[],
  build: string,
  precision: Precision,
  cve: string,
): BuildAnswer {
  const { product, name, branch } = placeBuild(table, build, precision);
  if (product === undefined) return { state: 'unknown', basis: say('exposure.no-table', { build }) };
  if (!table.some((row) => names(row, cve))) return { state: 'unknown', basis: say('exposure.not-listed') };
  if (!table.some((row) => row.product === product && names(row, cve))) {
    return { state: 'fixed', basis: say('exposure.not-affected', { product }) };
  }
  const included = branch.find(
    (row) => row.su === '' && row.includedFromCu.includes(cve) && compareBuilds(row.build, build) <= 0,
  );
  if (included !== undefined)
    return { state: 'fixed', basis: say('exposure.included', { name: rowName(included) }) };
  if (precision === 'cu') return { state: 'unknown', basis: say('exposure.cu-only', { name }) };
  const fixed = branch.some((row) => names(row, cve) && compareBuilds(row.build, build) <= 0);
  return fixed
    ? { state: 'fixed', basis: say('exposure.fixed', { name }) }
    : { state: 'vulnerable', basis: say('exposure.open', { name }) };
}

/** The first day on which a fix for all of these was there for this CU; undefined where none ever was. */
export function fixDay(table: readonly Build[], build: string, cves: readonly string[]): string | undefined {
  const { product, branch } = placeBuild(table, build, 'su');
  const open = cves.filter((cve) => table.some((row) => row.product === product && names(row, cve)));
  if (open.length === 0) return undefined;
  const days = open.map((cve) =>
    firstDay(branch.filter((row) => names(row, cve)).flatMap(({ released }) => released ?? [])),
  );
  return days.some((day) => day === undefined)
    ? undefined
    : days
        .flatMap((day) => day ?? [])
        .toSorted()
        .at(-1);
}

/**
 * The precision of each observation. A header or column is CU-precise unless a revision above the CU's own was seen on
 * that server: then its headers follow the updates.
 */
export function precisionOf(
  table: readonly Build[],
  observed: readonly BuildObservation[],
): (seen: BuildObservation) => Precision {
  const above = observed.filter(({ build }) => isAboveCu(table, build));
  const following = new Set(above.map(({ basis }) => basis));
  return (seen) => (exactBases.has(seen.basis) || following.has(seen.basis) ? 'su' : 'cu');
}

function isAboveCu(table: readonly Build[], build: string): boolean {
  const base = table.find((row) => row.su === '' && branchKey(row.build) === branchKey(build));
  return base !== undefined && !build.startsWith('14.') && compareBuilds(build, base.build) > 0;
}

function firstDay(days: readonly string[]): string | undefined {
  return days.toSorted()[0];
}

function names(row: Build, cve: string): boolean {
  return row.fixes.includes(cve) || row.includedFromCu.includes(cve);
}

/** Updates of a CU share three numbers; the roll-ups of Exchange 2010 share two. */
function branchKey(build: string): string {
  const numbers = numbersOf(build);
  return numbers.slice(0, numbers[0] === 14 ? 2 : 3).join('.');
}

function numbersOf(build: string): number[] {
  return build.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

function nameOf(row: Build, build: string, precision: Precision): string {
  if (precision === 'cu') return say('build.update-unknown', { name: cuName(row) });
  return compareBuilds(row.build, build) === 0 ? rowName(row) : say('build.between', { name: rowName(row) });
}

function rowName(row: Build): string {
  return row.su === '' ? cuName(row) : `${cuName(row)} ${row.su}`;
}

function cuName(row: Build): string {
  return `${row.product} ${row.cu}`;
}
