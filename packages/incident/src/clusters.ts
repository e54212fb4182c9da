import type { ClusterTrait, Operator, Pack, Ticks } from '@postern/core';
import { parseTime } from '@postern/core';
import type { ImplantDraft } from './implants.ts';
import type { OperatorDraft } from './operators.ts';
import { sorted } from './ordered.ts';
import { endOfDay } from './questions.ts';
import { canonicalPath, matchesPattern } from './served.ts';

/**
 * "Consistent with" a known cluster: only traits that the pack marks distinguishing, inside their window of time. All
 * clusters with the most traits are listed. Never says who somebody is.
 */
export function consistentWith(
  packs: readonly Pack[],
  operator: OperatorDraft,
  implants: readonly ImplantDraft[],
): Operator['consistentWith'] {
  if (operator.kind !== 'intruder') return [];
  const placed = implants.filter(({ id }) => operator.placed.includes(id));
  const found = packs
    .flatMap(({ campaign }) => campaign.clusters)
    .map((cluster) => ({
      cluster: cluster.id,
      because: sorted(
        cluster.traits
          .filter((trait) => hasTrait(trait, operator, placed))
          .map(({ kind, value, source }) => `${kind}: ${value} (${source})`),
      ),
    }))
    .filter(({ because }) => because.length > 0);
  const most = Math.max(0, ...found.map(({ because }) => because.length));
  const strength = most > 2 ? 'moderate' : 'weak';
  return found
    .filter(({ because }) => because.length === most)
    .map((entry) => ({ ...entry, strength }))
    .toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

function hasTrait(trait: ClusterTrait, { group }: OperatorDraft, placed: readonly ImplantDraft[]): boolean {
  if (!trait.distinguishing || !isInTime(trait, group.first)) return false;
  const value = trait.value.toLowerCase();
  const files = placed.flatMap((implant) => implant.group.files);
  switch (trait.kind) {
    case 'hash':
      return files.some(({ sha256 }) => sha256 === value);
    case 'parameter':
      return files.some(
        ({ judged }) => judged?.parameters.some((name) => name.toLowerCase() === value) === true,
      );
    case 'content':
      return files.some(
        ({ judged }) => judged?.traits.some(({ code }) => code.toLowerCase() === value) === true,
      );
    case 'path':
      return placed.some((implant) => matchesPattern(canonicalPath(implant.group.path ?? ''), value));
    case 'agent':
      return group.agents.some((agent) => matchesPattern(agent.toLowerCase(), value));
    case 'domain':
    case 'process':
      return group.sightings.some(({ captures }) =>
        [...captures.values()].some((text) => text.toLowerCase().includes(value)),
      );
  }
}

function isInTime(trait: ClusterTrait, time: Ticks | undefined): boolean {
  if (trait.from === undefined && trait.to === undefined) return true;
  if (time === undefined) return false;
  const [from, to] = [parseTime(trait.from ?? ''), endOfDay(trait.to ?? '')];
  return (from === undefined || time >= from) && (to === undefined || time < to);
}
