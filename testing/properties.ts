/** Runs of one property in `npm test`; `npm run test:long` asks for many more. */
const FEW_RUNS = 50;
/** Of the few runs, so that the same commit always gives the same answer. The many draw anew each time. */
const SEED = 20_210_302;

/** What `fc.assert` takes. */
export interface PropertyRuns {
  readonly numRuns: number;
  readonly seed?: number;
}

/**
 * How often fast-check runs one property, and from which seed: `POSTERN_PROPERTY_RUNS` times from any where that is
 * set, else few and always the same ones.
 *
 * @param share of the usual number, for properties that cost more (0.1) or less (10) than most
 * @returns parameters for `fc.assert(property, propertyRuns())`
 */
export function propertyRuns(share = 1): PropertyRuns {
  const asked = Number(process.env['POSTERN_PROPERTY_RUNS']);
  const isMany = Number.isFinite(asked) && asked > 0;
  const numRuns = Math.max(1, Math.round((isMany ? asked : FEW_RUNS) * share));
  return isMany ? { numRuns } : { numRuns, seed: SEED };
}
