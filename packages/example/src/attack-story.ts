// The whole attack: a run that fails half way, one that succeeds, a page, two more who use it, an archive taken out.

import { createHash } from 'node:crypto';
import { DAY, HOUR, isoTime, MINUTE, SECOND } from './calendar.ts';
import { clearOf, firstRun, fixNight } from './days.ts';
import {
  completeSteps,
  exploitRows,
  halfWaySteps,
  otherHost,
  type ExploitTool,
  type Planned,
} from './exploit.ts';
import { inventIntruders, placePage, type Intruder } from './intruders.ts';
import { pathAt, urlAt, WEB_FOLDERS, type WebPlace } from './places.ts';
import { createRandom, LOWER, type Random } from './random.ts';
import { ownPage, scriptFor, settingsDump, urlPrefix } from './shell-text.ts';
import { fetchFile, look, order, orders, probeNames, sit } from './shell-use.ts';
import { storedZip } from './stored-zip.ts';
import type { Story, StoryFile } from './story.ts';
import type { Outage } from './traffic.ts';
import type { TrueArchive, TrueAttempt, TrueImplant, TrueOperator } from './truth.ts';
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
}

interface Page {
  readonly place: WebPlace;
  readonly placedAt: number;
  readonly placedBy: string;
  readonly family: TrueImplant['family'];
  readonly bytes: Uint8Array;
  readonly isRemoved: boolean;
}

/** One use of one page. */
interface Use {
  readonly place: WebPlace;
  readonly who: string;
  readonly at: number;
}

/** What grows while the story is told. */
interface Telling {
  readonly world: World;
  readonly random: Random;
  readonly options: AttackOptions;
  readonly fix: Outage;
  readonly rows: Planned[];
  readonly uses: Use[];
  readonly files: StoryFile[];
}

const STATIC_ENDINGS = ['js', 'js', 'css', 'png', 'gif', 'ico'];

/** The habits of a tool that nobody else has. */
export function inventTool(random: Random, who: Intruder): ExploitTool {
  return {
    stem: `/ecp/${random.text(LOWER, random.between(1, 8))}.${random.pick(STATIC_ENDINGS)}`,
    prefix: `${random.text(LOWER, random.between(1, 6))}]@`,
    ending: random.pick(['#', '#', '&a=', '']),
    usesFullName: random.chance(0.5),
    agents: who.agents,
    externalUrl: `${urlPrefix(random)}${scriptFor(random)}`,
    directoryId: random.guid(),
  };
}

function tellEntry(telling: Telling, who: Intruder): { attempts: TrueAttempt[]; entry: number; shell: Page } {
  const { world, random, options } = telling;
  const { front, target } = options;
  const tool = inventTool(random, who);
  const client = who.addresses[0] ?? '';
  const base = { world, random, front, target, tool, client };
  const hostA = otherHost(world, front, random);
  const start = clearOf(firstRun(random), telling.fix);
  const first = exploitRows({ ...base, start, throughHost: hostA, steps: halfWaySteps(random, tool) });
  const again = first.end + random.between(3, 24) * MINUTE + random.below(MINUTE);
  const hostB = otherHost(world, front, random, hostA);
  const second = exploitRows({
    ...base,
    start: again,
    throughHost: hostB,
    steps: completeSteps(target, tool),
  });
  telling.rows.push(...first.rows, ...second.rows);
  // The reset is the last request but one: it writes the page shortly before it is answered.
  const reset = second.rows.filter(({ server }) => server === target).at(-2)?.request.end ?? second.end;
  const placedAt = reset - random.between(200, 1500);
  const dump = settingsDump(world, target, {
    externalUrl: tool.externalUrl,
    guid: tool.directoryId,
    changed: placedAt,
  });
  const attempt = { host: front.host, address: client };
  return {
    attempts: [
      { ...attempt, at: isoTime(start), throughHost: hostA, outcome: 'half-way' },
      { ...attempt, at: isoTime(again), throughHost: hostB, outcome: 'succeeded' },
    ],
    entry: second.end,
    shell: {
      place: placePage(random),
      placedAt,
      placedBy: who.name,
      family: 'oab-dump',
      bytes: Buffer.from(dump),
      isRemoved: false,
    },
  };
}

function use(telling: Telling, who: Intruder, place: WebPlace, planned: readonly Planned[]): void {
  telling.rows.push(...planned);
  telling.uses.push(...planned.map(({ request }) => ({ place, who: who.name, at: request.end })));
}

/** One intruder's sittings with the first page: one soon, others on later days. */
function tellUses(telling: Telling, who: Intruder, shell: Page, starts: readonly number[]): number {
  const { world, random, options } = telling;
  let end = 0;
  for (const start of starts) {
    const sitting = sit(world, options.target, random, who);
    const done = orders(sitting, shell.place, clearOf(start, telling.fix), random.between(3, 32));
    use(telling, who, shell.place, done.rows);
    end = Math.max(end, done.end);
  }
  return end;
}

/** A guest first looks for pages of others under many names, and finds the one. */
function tellArrival(telling: Telling, who: Intruder, shell: Page, start: number): number {
  const { world, random, options } = telling;
  const sitting = sit(world, options.target, random, who);
  const found = probeNames(sitting, clearOf(start, telling.fix), shell.place);
  telling.rows.push(...found.rows);
  const tried = orders(
    sitting,
    shell.place,
    found.end + random.between(20, 400) * SECOND,
    random.between(2, 9),
  );
  use(telling, who, shell.place, tried.rows);
  return tried.end;
}

/** A guest who wants a door of his own: made with an order to the first page, looked at, then used. */
function tellOwnPage(telling: Telling, who: Intruder, shell: Page, after: number): Page {
  const { world, random, options } = telling;
  const sitting = sit(world, options.target, random, who);
  const drop = order(sitting, shell.place, after + random.between(20, 200) * SECOND);
  use(telling, who, shell.place, [drop]);
  const page = ownPage(random);
  const place = placePage(random, shell.place.folder);
  const seen = look(sitting, place, drop.request.end + random.between(9, 60) * SECOND);
  telling.rows.push(seen);
  const used = orders(sitting, place, seen.request.end, random.between(3, 14));
  use(telling, who, place, used.rows);
  const placedAt = drop.request.end - random.between(1, Math.max(2, drop.request.took));
  return {
    place,
    placedAt,
    placedBy: who.name,
    family: page.family,
    bytes: Buffer.from(page.text),
    isRemoved: random.chance(0.25),
  };
}

const ARCHIVE_WORDS = ['out', 'img', 'res', 'tmp', 'data', 'bak', 'pack', 'all'];

/** Somebody packs what he found into a web folder and takes it out with a plain GET. */
function tellArchive(telling: Telling, who: Intruder, shell: Page, start: number): TrueArchive {
  const { world, random, options } = telling;
  const sitting = sit(world, options.target, random, who);
  const begun = clearOf(start, telling.fix);
  const packing = orders(sitting, shell.place, begun, random.between(2, 5));
  use(telling, who, shell.place, packing.rows);
  const isRemoved = random.chance(0.5);
  const folder = random.chance(0.5) ? shell.place.folder : random.pick(WEB_FOLDERS);
  const place: WebPlace = {
    folder,
    name: `${random.pick(ARCHIVE_WORDS)}${random.text(LOWER, 3)}${random.below(100)}.zip`,
  };
  const bytes = storedZip(
    random,
    `${random.pick(ARCHIVE_WORDS)}.pst`,
    isRemoved ? 64 : random.between(1_200_000, 3_800_000),
  );
  const size = isRemoved ? random.between(60_000_000, 900_000_000) : bytes.length;
  const fetched = fetchFile(sitting, place, packing.end + random.between(30, 300) * SECOND, size);
  telling.rows.push(fetched.row);
  const removal = order(sitting, shell.place, fetched.end + random.between(5, 50) * SECOND);
  use(telling, who, shell.place, [removal]);
  const isCollected = options.isCollected && !isRemoved;
  const path = pathAt(place);
  telling.files.push({
    server: options.target,
    path,
    size,
    created: packing.end - SECOND,
    modified: packing.end + 4 * SECOND,
    isDeleted: isRemoved,
    ...(isCollected && { bytes }),
  });
  return {
    host: options.target.host,
    path,
    url: urlAt(place),
    bytes: size,
    stagedAt: isoTime(packing.end - SECOND),
    fetchedAt: isoTime(fetched.end),
    fetchedBy: who.name,
    state: options.isCollected ? (isRemoved ? 'removed' : 'present') : 'not-collected',
  };
}

function trueImplant(telling: Telling, page: Page): TrueImplant {
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
    created: page.placedAt,
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

/** Days of the guests: B comes first or C does, each some days after the entry, and again after the fix. */
function guestDays(telling: Telling, entry: number, index: number): { arrival: number; later: number[] } {
  const { random, options, fix } = telling;
  const last = options.within === undefined ? Date.UTC(2021, 2, 16) : entry + options.within * DAY;
  const span = Math.max(DAY, last - entry - 2 * DAY);
  const arrival = entry + DAY * (1 + index) + random.below(20 * HOUR);
  const later = Array.from(
    { length: random.between(1, 3) },
    () => arrival + HOUR * 3 + random.below(span - DAY),
  );
  const afterFix = fix.to + random.between(5, 40) * HOUR;
  return {
    arrival,
    later:
      options.within === undefined
        ? [...later, afterFix].filter((time) => time < last)
        : later.filter((time) => time < last),
  };
}

/** Tells the attack on one server, or through one at another. */
export function tellAttack(world: World, options: AttackOptions): Story {
  const random = createRandom(`${world.seed}/attack`);
  const fix = fixNight(random, world, 8, 4);
  const telling: Telling = { world, random, options, fix, rows: [], uses: [], files: [] };
  const intruders = inventIntruders(random, world, 3);
  const [first, ...guests] = intruders;
  if (first === undefined) throw new Error('example: an attack needs intruders');
  const { attempts, entry, shell } = tellEntry(telling, first);
  const soon = entry + random.between(8, 150) * SECOND;
  const days = Array.from(
    { length: random.between(1, 3) },
    (_, day) => soon + (day + 1) * DAY + random.below(8 * HOUR),
  );
  tellUses(telling, first, shell, [soon, ...days]);

  const dropper = random.pick(guests);
  const stager = random.pick(intruders);
  const pages: Page[] = [shell];
  const order = random.chance(0.5) ? guests : guests.toReversed();
  for (const [index, guest] of order.entries()) {
    const { arrival, later } = guestDays(telling, entry, index);
    const arrived = tellArrival(telling, guest, shell, arrival);
    if (guest === dropper) pages.push(tellOwnPage(telling, guest, shell, arrived));
    tellUses(telling, guest, shell, later);
  }
  const archive = tellArchive(telling, stager, shell, entry + 3 * DAY + random.below(DAY));
  const implants = pages.map((page) => trueImplant(telling, page));
  return {
    rows: telling.rows,
    files: telling.files,
    losses: [],
    fix,
    implants,
    operators: trueOperators(intruders, telling.rows),
    attempts,
    archive,
  };
}
