import type { Clocks } from './clocks.ts';
import type { VisitorGroup } from './grouping.ts';
import type { ImplantDraft } from './implants.ts';
import { push } from './ordered.ts';
import { isIntrusion } from './sighting.ts';
import type { Sighting } from './sighting.ts';

const minutes = 600_000_000n;
/** A request this long before a file appears may have made it: the runs seen took from 13 seconds to nine minutes. */
const before = 15n * minutes;
const after = 2n * minutes;
/** Who uses a page this soon after it appeared knew of it. */
const soon = 5n * minutes;

/**
 * The one visitor whose request stands next to the making of a back door, by the best reason that names exactly one:
 * the record of the making itself, a request at that time, its first use right after. Of several none is named.
 */
export function placersOf(
  groups: readonly VisitorGroup[],
  implants: readonly ImplantDraft[],
  clocks: Clocks,
): ReadonlyMap<VisitorGroup, readonly string[]> {
  const placers = new Map<VisitorGroup, string[]>();
  for (const implant of implants) {
    const group = placerOf(groups, implant, clocks);
    if (group !== undefined) push(placers, group, implant.id);
  }
  return placers;
}

function placerOf(
  groups: readonly VisitorGroup[],
  implant: ImplantDraft,
  clocks: Clocks,
): VisitorGroup | undefined {
  const placing = new Set(implant.group.sightings.filter((s) => s.implant?.event === 'placed'));
  const using = new Set(implant.group.sightings.filter((s) => s.implant?.event === 'used'));
  // Judgement section 4: what has an unknown clock is joined with nothing by time alone.
  const isTimed = ({ source }: Sighting): boolean => clocks.get(source)?.basis !== 'unknown';
  const reasons: readonly ((sighting: Sighting) => boolean)[] = [
    (s) => placing.has(s),
    (s) => isTimed(s) && isIntrusion(s) && !using.has(s) && isNear(s, implant),
    (s) => isTimed(s) && using.has(s) && isFirstUse(s, implant),
    (s) => isTimed(s) && s.rule.stage === 'attempt' && s.visitor === undefined && isNear(s, implant),
  ];
  for (const isReason of reasons) {
    const named = groups.filter(({ sightings }) => sightings.some((s) => isReason(s)));
    if (named.length === 1) return named[0];
  }
  return undefined;
}

function isNear(s: Sighting, { placed, group: { server } }: ImplantDraft): boolean {
  if (placed === undefined || (!s.targets.includes(server) && s.recordedOn !== server)) return false;
  const { time } = placed;
  return [s.time, s.last].some((at) => at !== undefined && at >= time - before && at <= time + after);
}

function isFirstUse(s: Sighting, { placed }: ImplantDraft): boolean {
  return (
    placed !== undefined &&
    s.time !== undefined &&
    s.time >= placed.time - after &&
    s.time <= placed.time + soon
  );
}
