// The event logs of one server, day by day, from what the web logs and the story say happened.

import { DAY, DAYS, END, MINUTE, SECOND, START } from '../calendar.ts';
import type { FileSink } from '../file-sink.ts';
import { createRandom, type Random } from '../random.ts';
import type { WindowsStory } from '../story.ts';
import type { Outage } from '../traffic.ts';
import type { TrueEventLog } from '../truth.ts';
import type { Build, Server, World } from '../world.ts';
import { tracesOf } from './attack-traces.ts';
import { logonsOfDay, type WindowsDay } from './benign-logons.ts';
import { processesOfDay } from './benign-processes.ts';
import { comingUp, compiledAnew, goingDown, systemOfDay } from './benign-system.ts';
import { panelCmdlets, shellCmdlets, type PanelCommand } from './cmdlets.ts';
import { openEventLogs } from './event-logs.ts';
import { openMachine, type Machine } from './machine.ts';
import { resetTraces } from './reset-traces.ts';
import { fixEvents, windowsUpdates } from './updates.ts';
import type { WindowsEvent } from './windows-event.ts';

export interface WindowsOptions {
  readonly sink: FileSink;
  readonly root: string;
  readonly world: World;
  readonly server: Server;
  readonly story: WindowsStory;
  /** What the control panel ran, in the order of time. */
  readonly commands: readonly PanelCommand[];
  readonly outages: readonly Outage[];
  readonly fix: Outage | undefined;
  readonly buildAt: (time: number) => Build;
  readonly requestsPerDay: number;
}

/** From the start of Windows to the first answer of the web server. */
const START_UP: number = 45 * SECOND;
/** The fix ends with a restart. */
const LAST_RESTART: number = 2 * MINUTE;
const SHUT_DOWN: number = 10 * SECOND;
/** From the first answer after the fix to the first pages compiled anew. */
export const PAGES_COMPILED: number = 2 * SECOND;

/** When Windows itself is down. */
interface Down {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

function downs({ outages, fix }: WindowsOptions): Down[] {
  return outages.map((outage) => {
    const isFix = outage === fix;
    return {
      from: isFix ? outage.to - LAST_RESTART : outage.from,
      to: outage.to - START_UP,
      reason: isFix ? 'Application: Installation (Planned)' : 'Operating System: Reconfiguration (Planned)',
    };
  });
}

function plannedEvents(options: WindowsOptions, machine: Machine, random: Random): WindowsEvent[] {
  const { fix, story, commands } = options;
  return [
    ...downs(options).flatMap(({ from, to, reason }) => [
      ...goingDown(machine, random, from, reason),
      ...comingUp(machine, to, story.hasSysmon),
    ]),
    ...(fix === undefined
      ? []
      : [
          ...fixEvents(machine, random, fix, options.buildAt(fix.to)),
          ...compiledAnew(machine, random, fix.to + PAGES_COMPILED),
        ]),
    ...windowsUpdates(machine, random),
    ...panelCmdlets(machine, commands),
    ...resetTraces(machine, commands),
    ...tracesOf(machine, story.deeds),
  ];
}

function ofDay(day: WindowsDay): WindowsEvent[] {
  return [...logonsOfDay(day), ...processesOfDay(day), ...systemOfDay(day), ...shellCmdlets(day)];
}

function isDown(all: readonly Down[], time: number): boolean {
  return all.some(({ from, to }) => time > from + SHUT_DOWN && time < to);
}

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

/** Which records were still there when the logs were collected. */
function keeps({
  hasSysmon,
  securityClearedAt,
  keptFrom,
}: WindowsStory): (channel: string, time: number) => boolean {
  return (channel, time) => {
    if (channel === SYSMON && !hasSysmon) return false;
    if (channel === 'Security' && securityClearedAt !== undefined && time < securityClearedAt) return false;
    return time >= (keptFrom ?? START) && time < END;
  };
}

/** 1 February 2021 was a Monday. */
function dayOf(options: WindowsOptions, machine: Machine, random: Random, number: number): WindowsDay {
  const { requestsPerDay } = options;
  return { machine, random, midnight: START + number * DAY, isWeekend: number % 7 >= 5, requestsPerDay };
}

function inOrder(events: readonly WindowsEvent[]): WindowsEvent[] {
  return events.toSorted((one, other) => one.time - other.time);
}

/** Hands out the events of a sorted list before a moment. */
function untilMoment(events: readonly WindowsEvent[]): (moment: number) => readonly WindowsEvent[] {
  let next = 0;
  return (moment) => {
    const from = next;
    while ((events[next]?.time ?? Number.POSITIVE_INFINITY) < moment) next += 1;
    return events.slice(from, next);
  };
}

/** Writes the logs; memory holds one day of them. */
export function writeWindows(options: WindowsOptions): readonly TrueEventLog[] {
  const { world, server, story, sink, root } = options;
  const random = createRandom(`${world.seed}/windows/${server.host}`);
  const down = downs(options);
  const machine = openMachine(
    world,
    server,
    down.map(({ to }) => to),
  );
  const logs = openEventLogs({ sink, root, machine, isKept: keeps(story) });
  const planned = untilMoment(inOrder(plannedEvents(options, machine, random)));
  let left: readonly WindowsEvent[] = [];
  for (let number = 0; number < DAYS; number += 1) {
    const midnight = START + (number + 1) * DAY;
    const made = ofDay(dayOf(options, machine, random, number)).filter(({ time }) => !isDown(down, time));
    const all = inOrder([...left, ...made]);
    const cut = all.findIndex(({ time }) => time >= midnight);
    const today = cut < 0 ? all : all.slice(0, cut);
    left = cut < 0 ? [] : all.slice(cut);
    for (const event of inOrder([...today, ...planned(midnight)])) logs.write(event);
  }
  const { securityClearedAt } = story;
  return logs
    .close()
    .map((log) =>
      log.channel === 'Security' && securityClearedAt !== undefined
        ? { ...log, clearedAt: new Date(securityClearedAt).toISOString() }
        : log,
    );
}
