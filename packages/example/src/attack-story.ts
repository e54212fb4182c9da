// The whole attack: a run that fails half way, one that succeeds, a page, two more who use it, an archive taken out.

import { tellArchive } from './archive.ts';
import { DAY, HOUR, isoTime, MINUTE, SECOND } from './calendar.ts';
import { remainsOf } from './compiled-remains.ts';
import { clearOf, firstRun, fixNight } from './days.ts';
import { filesOfDeeds, tellDeeds } from './deeds.ts';
import { completeSteps, exploitRows, halfWaySteps, otherHost, type ExploitTool } from './exploit.ts';
import { inventIntruders, placePage, type Intruder } from './intruders.ts';
import { tellMoreDoors } from './more-doors.ts';
import { createRandom, LOWER, type Random } from './random.ts';
import { ownPage, scriptFor, settingsDump, urlPrefix } from './shell-text.ts';
import { look, order, orders, probeNames, sit } from './shell-use.ts';
import type { Story } from './story.ts';
import { trueImplant, trueOperators, use, type AttackOptions, type Page, type Telling } from './telling.ts';
import type { TrueAttempt } from './truth.ts';
import type { World } from './world.ts';

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
  const telling: Telling = { world, random, options, fix, rows: [], uses: [], files: [], deeds: [] };
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
  const more = options.hasMoreDoors === true ? tellMoreDoors(telling, first, shell, entry) : undefined;
  pages.push(...(more?.pages ?? []));
  const implants = pages.map((page) => trueImplant(telling, page));
  if (more !== undefined) implants.push(more.directory);
  const deeds = tellDeeds(telling, pages, archive);
  telling.files.push(...remainsOf(telling, pages, deeds), ...filesOfDeeds(telling, deeds));
  return {
    rows: telling.rows,
    files: telling.files,
    losses: [],
    fix,
    implants,
    operators: trueOperators(intruders, telling.rows),
    attempts,
    archive,
    windows: { deeds, hasSysmon: true },
  };
}
