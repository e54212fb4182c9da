// What grows while an attack is told, and what is true in the end.

import { createHash } from 'node:crypto';
import { isoTime } from './calendar.ts';
import type { Deed } from './deeds.ts';
import type { Planned } from './exploit.ts';
import type { Intruder } from './intruders.ts';
import { pathAt, urlAt, type WebPlace } from './places.ts';
import type { Random } from './random.ts';
import type { StoryFile } from './story.ts';
import type { Outage } from './traffic.ts';
import type { TrueImplant, TrueOperator } from './truth.ts';
import type { Server, World } from './world.ts';

/** What the attack needs to know of the variant. */
export interface AttackOptions {
  /** The server that is asked, and the one that answers and gets the page. */
  readonly front: Server;
  readonly target: Server;
  /** Days after the entry within which everything happens, or undefined for "until the collection". */
  readonly within?: number;
  /** False where the intruders' files did not come into the collection. */
  readonly isCollected: boolean;
  /** True for the doors that are easily overlooked. */
  readonly hasMoreDoors?: boolean;
}

/** A page that intruders left. */
export interface Page {
  readonly place: WebPlace;
  readonly placedAt: number;
  readonly placedBy: string;
  readonly family: TrueImplant['family'];
  readonly bytes: Uint8Array;
  readonly isRemoved: boolean;
  /** When the file was made, where it was only changed by intruders. */
  readonly createdAt?: number;
}

/** One use of one page. */
export interface Use {
  readonly place: WebPlace;
  readonly who: string;
  readonly at: number;
}

/** What grows while the story is told. */
export interface Telling {
  readonly world: World;
  readonly random: Random;
  readonly options: AttackOptions;
  readonly fix: Outage;
  readonly rows: Planned[];
  readonly uses: Use[];
  readonly files: StoryFile[];
  /** Deeds that are told beside what the uses of pages say. */
  readonly deeds: Deed[];
}

/** Notes that rows are uses of a page by somebody. */
export function use(telling: Telling, who: Intruder, place: WebPlace, planned: readonly Planned[]): void {
  telling.rows.push(...planned);
  telling.uses.push(...planned.map(({ request }) => ({ place, who: who.name, at: request.end })));
}

/** Leaves a page on the disk and says what is true about it; called when all its uses are told. */
export function trueImplant(telling: Telling, page: Page): TrueImplant {
  const { options } = telling;
  const uses = telling.uses
    .filter(({ place }) => place === page.place)
    .toSorted((one, other) => one.at - other.at);
  const isPresent = options.isCollected && !page.isRemoved;
  const path = pathAt(page.place);
  telling.files.push({
    server: options.target,
    path,
    size: page.bytes.length,
    created: page.createdAt ?? page.placedAt,
    modified: page.placedAt,
    isDeleted: page.isRemoved,
    ...(isPresent && { bytes: page.bytes }),
  });
  return {
    host: options.target.host,
    kind: 'web-shell',
    family: page.family,
    path,
    url: urlAt(page.place),
    ...(isPresent && { sha256: createHash('sha256').update(page.bytes).digest('hex') }),
    placedAt: isoTime(page.placedAt),
    placedBy: page.placedBy,
    usedBy: [...new Set(uses.map(({ who }) => who))].toSorted(),
    firstUsedAt: isoTime(uses.at(0)?.at ?? page.placedAt),
    lastUsedAt: isoTime(uses.at(-1)?.at ?? page.placedAt),
    state: options.isCollected ? (page.isRemoved ? 'removed' : 'present') : 'not-collected',
  };
}

/** Says of each intruder what the rows say. */
export function trueOperators(intruders: readonly Intruder[], rows: readonly Planned[]): TrueOperator[] {
  return intruders.map((who) => {
    const own = rows.filter(({ request }) => who.addresses.includes(request.client));
    const times = own.map(({ request }) => request.end).toSorted((one, other) => one - other);
    const addresses = who.addresses.filter((address) =>
      own.some(({ request }) => request.client === address),
    );
    const agents = who.agentTexts.filter((_, index) =>
      own.some(({ request }) => request.agent === who.agents[index]),
    );
    return {
      name: who.name,
      addresses,
      agents,
      first: isoTime(times.at(0) ?? 0),
      last: isoTime(times.at(-1) ?? 0),
    };
  });
}
