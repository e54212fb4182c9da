// Stories without a success, or with one whose traces are gone.

import { agentOf } from './agents.ts';
import { inventTool, tellAttack } from './attack-story.ts';
import { DAY, dayOf2021, END, HOUR, isoTime, MINUTE, SECOND, START } from './calendar.ts';
import { clearOf, fixNight, lostWeek } from './days.ts';
import type { Deed } from './deeds.ts';
import {
  exploitRows,
  otherHost,
  provingSteps,
  refusedSteps,
  type ExploitStep,
  type Planned,
} from './exploit.ts';
import { inventIntruders, type Intruder } from './intruders.ts';
import { createRandom, type Random } from './random.ts';
import { PROXY_RECORDERS, type Recorder } from './server-logs.ts';
import { probeNames, sit } from './shell-use.ts';
import { trueOperators } from './telling.ts';
import { NO_STORY, type Loss, type Story } from './story.ts';
import type { Outage } from './traffic.ts';
import type { TrueAttempt, Variant } from './truth.ts';
import type { Server, World } from './world.ts';

interface Tries {
  readonly world: World;
  readonly server: Server;
  readonly random: Random;
  readonly fix: Outage;
  readonly outcome: TrueAttempt['outcome'];
  readonly steps: (random: Random) => readonly ExploitStep[];
}

/** One to three runs of one stranger within half an hour, through different names of the server. */
function tellTries(tries: Tries, who: Intruder, start: number): { rows: Planned[]; attempts: TrueAttempt[] } {
  const { world, server, random } = tries;
  const tool = inventTool(random, who);
  const rows: Planned[] = [];
  const attempts: TrueAttempt[] = [];
  let at = clearOf(start, tries.fix);
  for (let count = random.between(1, 3); count > 0; count -= 1) {
    const throughHost = otherHost(world, server, random);
    const client = random.pick(who.addresses);
    const steps = tries.steps(random);
    const run = exploitRows({
      world,
      random,
      front: server,
      target: server,
      tool,
      start: at,
      client,
      throughHost,
      steps,
    });
    rows.push(...run.rows);
    attempts.push({
      host: server.host,
      at: isoTime(at),
      address: client,
      throughHost,
      outcome: tries.outcome,
    });
    at = run.end + random.between(1, 9) * MINUTE;
  }
  return { rows, attempts };
}

/** Several strangers try the exploit between 27 February and 14 March and are refused; some then look for others' pages. */
function tellFailures(world: World, server: Server): Story {
  const random = createRandom(`${world.seed}/failures`);
  const fix = fixNight(random, world, 3, 3);
  const strangers = inventIntruders(random, world, random.between(2, 4));
  const told = strangers.map((who) => {
    const start = dayOf2021(2, 27) + random.below(15) * DAY + random.below(22 * HOUR);
    const tried = tellTries(
      { world, server, random, fix, outcome: 'failed', steps: refusedSteps },
      who,
      start,
    );
    const last = tried.rows.at(-1)?.request.end ?? start;
    const looked = random.chance(0.6)
      ? probeNames(sit(world, server, random, who), last + 2 * MINUTE, undefined).rows
      : [];
    return { rows: [...tried.rows, ...looked], attempts: tried.attempts };
  });
  const rows = told.flatMap((one) => one.rows);
  return {
    ...NO_STORY,
    fix,
    rows,
    attempts: told.flatMap((one) => one.attempts),
    operators: trueOperators(strangers, rows),
  };
}

const SCANNER_AGENTS = [
  'Mozilla/5.0 (compatible; SurfaceScan/1.3; +https://scan.example/)',
  'ExposureCheck/0.9',
  'python-httpx/0.16.1',
];

/** A survey of the internet proves the flaw on two or three days before the fix, and takes nothing. */
function tellScan(world: World, server: Server): Story {
  const random = createRandom(`${world.seed}/scan`);
  const fix = fixNight(random, world, 9, 3);
  const [scanner] = inventIntruders(random, world, 1);
  if (scanner === undefined) return NO_STORY;
  const text = random.pick(SCANNER_AGENTS);
  const who: Intruder = { ...scanner, agentTexts: [text], agents: [agentOf(text)] };
  const days = random.sample([3, 4, 5, 6, 7], random.between(2, 3));
  const told = days.map((day) =>
    tellTries(
      { world, server, random, fix, outcome: 'flaw-proved', steps: provingSteps },
      who,
      dayOf2021(3, day) + random.below(20 * HOUR),
    ),
  );
  const rows = told.flatMap((one) => one.rows);
  return {
    ...NO_STORY,
    fix,
    rows,
    attempts: told.flatMap((one) => one.attempts),
    operators: trueOperators([who], rows),
  };
}

const firstAt = (story: Story): number => Math.min(...story.rows.map(({ request }) => request.end));
const lastAt = (story: Story): number => Math.max(...story.rows.map(({ request }) => request.end));

/** The attack, with a week of HttpProxy logs lost before it. */
function tellDefault(world: World, server: Server): Story {
  const story = tellAttack(world, { front: server, target: server, isCollected: true, hasMoreDoors: true });
  const week = lostWeek(createRandom(`${world.seed}/week`), firstAt(story));
  const loss: Loss = { server, recorders: PROXY_RECORDERS, family: 'httpproxy', ...week };
  return { ...story, losses: [loss] };
}

const WHOLE = { from: START, to: END };

/** Who records what intruders did; all others went on. */
const TELLING: readonly (readonly [family: Loss['family'], recorders: readonly Recorder[]])[] = [
  ['iis', ['iis-front', 'iis-back']],
  ['httpproxy', ['httpproxy-ecp', 'httpproxy-owa']],
  ['ecp-server', ['ecp-server']],
  ['ecp-activity', ['ecp-activity']],
];

/** The attack, with the logs of its days removed and no file of it collected. */
function tellGone(world: World, server: Server): Story {
  const story = tellAttack(world, { front: server, target: server, within: 6, isCollected: false });
  const from = Math.floor(firstAt(story) / DAY) * DAY;
  const to = Math.floor(lastAt(story) / DAY) * DAY + DAY;
  const gone = TELLING.map(([family, recorders]): Loss => ({ server, family, recorders, from, to }));
  return {
    ...story,
    losses: [...gone, { server, family: 'file-listing', recorders: [], ...WHOLE }],
    windows: { ...story.windows, keptFrom: to },
  };
}

/** The attack where Sysmon was never installed. */
function tellWithoutSysmon(world: World, server: Server): Story {
  const story = tellDefault(world, server);
  return { ...story, windows: { ...story.windows, hasSysmon: false } };
}

/** The attack with the Security log cleared through a page, a while after the entry. */
function tellCleared(world: World, server: Server): Story {
  const story = tellDefault(world, server);
  const { deeds } = story.windows;
  const through = deeds.filter(({ act }) => act.kind === 'command' || act.kind === 'archived');
  const last = through[Math.floor(through.length * 0.6)] ?? deeds.at(-1);
  if (last === undefined) return story;
  const at = last.at + 20 * SECOND;
  const cleared: Deed = { ...last, at, act: { kind: 'security-log-cleared' } };
  const all = [...deeds, cleared].toSorted((one, other) => one.at - other.at);
  return { ...story, windows: { ...story.windows, deeds: all, securityClearedAt: at + SECOND } };
}

/** The attack, and nothing collected but the front end's IIS logs. */
function tellFrontOnly(world: World, server: Server): Story {
  const story = tellAttack(world, { front: server, target: server, isCollected: false });
  const absent: readonly (readonly [Loss['family'], readonly Recorder[]])[] = [
    ['iis', ['iis-back']],
    ['httpproxy', PROXY_RECORDERS],
    ['ecp-server', ['ecp-server']],
    ['ecp-activity', ['ecp-activity']],
    ['file-listing', []],
    ['web-folders', []],
  ];
  return { ...story, losses: absent.map(([family, recorders]) => ({ server, family, recorders, ...WHOLE })) };
}

/** Chooses the story of a variant. */
export function tellStory(world: World, variant: Variant): Story {
  const [server, other = server] = world.servers;
  if (server === undefined || other === undefined) throw new Error('example: a story needs a server');
  switch (variant) {
    case 'attack':
      return tellDefault(world, server);
    case 'no-sysmon':
      return tellWithoutSysmon(world, server);
    case 'security-cleared':
      return tellCleared(world, server);
    case 'two-servers':
      return tellAttack(world, { front: server, target: other, isCollected: true });
    case 'failed-only':
      return tellFailures(world, server);
    case 'scanner':
      return tellScan(world, server);
    case 'logs-gone':
      return tellGone(world, server);
    case 'front-only':
      return tellFrontOnly(world, server);
    case 'quiet':
    case 'tools-lying-around':
      return NO_STORY;
  }
}
