/** Runs of one property in `npm test`; `npm run test:long` asks for many more. */
const FEW_RUNS = 50;

/**
 * How often fast-check runs one property: `POSTERN_PROPERTY_RUNS` where it is set, else few.
 *
 * @param share of the usual number, for properties that cost more (0.1) or less (10) than most
 * @returns parameters for `fc.assert(property, propertyRuns())`
 */
export function propertyRuns(share = 1): { readonly numRuns: number } {
  const asked = Number(process.env['POSTERN_PROPERTY_RUNS'] ?? FEW_RUNS);
  const runs = Number.isFinite(asked) && asked > 0 ? asked : FEW_RUNS;
  return { numRuns: Math.max(1, Math.round(runs * share)) };
}
