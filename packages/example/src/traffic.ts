// A day and night of one server: people by the clock of their country, machines all the time.

import { adminOfDay } from './benign-admin.ts';
import type { Context } from './benign-context.ts';
import { workRequest } from './benign-mail.ts';
import { noiseOfDay } from './benign-noise.ts';
import { probesOfHour } from './benign-probes.ts';
import { DAY, DAYS, HOUR, START } from './calendar.ts';
import { createRandom } from './random.ts';
import type { WebRequest } from './request.ts';
import type { ServerLogs } from './server-logs.ts';
import type { Build, Server, World } from './world.ts';

/** A time in which the server answered nobody. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

export interface TrafficOptions {
  readonly world: World;
  readonly server: Server;
  readonly logs: ServerLogs;
  readonly buildAt: (time: number) => Build;
  /** Requests of people on a working day. */
  readonly requestsPerDay: number;
  /** In the order of time, not overlapping. */
  readonly outages: readonly Outage[];
  /** What must appear besides, in the order of time. */
  readonly planned: readonly WebRequest[];
}

/** Share of a working day's requests in each hour of local time, in thousandths. */
const RHYTHM: readonly number[] = [
  8, 6, 5, 5, 6, 12, 25, 55, 95, 105, 100, 90, 70, 80, 90, 85, 70, 45, 25, 20, 18, 15, 10, 10,
];
const THOUSAND: number = RHYTHM.reduce((sum, share) => sum + share, 0);
const WEEKEND = 0.22;
/** People for whom one set of probes an hour is thought enough. */
const PEOPLE_PER_PROBE = 4000;

/** 1 February 2021 was a Monday. */
function isWeekend(time: number): boolean {
  return Math.floor((time - START) / DAY) % 7 >= 5;
}

/** Average of a working week, for choosing a size: requests of people per calendar day per request of a working day. */
export const WEEK_SHARE: number = (5 + 2 * WEEKEND) / 7;

function expectedIn(hour: number, options: TrafficOptions): number {
  const local = hour + options.world.zone * HOUR;
  const share = (RHYTHM[Math.floor(local / HOUR) % 24] ?? 0) / THOUSAND;
  return options.requestsPerDay * share * (isWeekend(local) ? WEEKEND : 1);
}

function byEnd(one: WebRequest, other: WebRequest): number {
  return one.end - other.end;
}

/** Moments within an hour, in order. */
function moments(context: Context, expected: number): Uint32Array {
  const { random } = context;
  const count = Math.floor(expected * (0.8 + random.below(400) / 1000) + random.below(1000) / 1000);
  return Uint32Array.from({ length: count }, () => random.below(HOUR)).toSorted();
}

/** What machines, strangers and administrators do on one day, in the order of time. */
function scheduledOn(context: Context, midnight: number, options: TrafficOptions): WebRequest[] {
  const rounds = Math.max(1, Math.round(options.requestsPerDay / PEOPLE_PER_PROBE));
  const scheduled = [...noiseOfDay(context, midnight), ...adminOfDay(context, midnight, isWeekend(midnight))];
  for (let hour = midnight; hour < midnight + DAY; hour += HOUR) {
    for (let round = 0; round < rounds; round += 1) scheduled.push(...probesOfHour(context, hour));
  }
  return scheduled.toSorted(byEnd);
}

/** Hands out requests of a list in the order of time, up to a moment. */
function queue(requests: readonly WebRequest[], write: (request: WebRequest) => void) {
  let next = 0;
  return {
    ahead: (): WebRequest | undefined => requests[next],
    step: (): void => {
      const request = requests[next];
      next += 1;
      if (request !== undefined) write(request);
    },
  };
}

/** Writes everything of two queues that ends by `time`, the earlier first. */
function catchUp(scheduled: Queue, planned: Queue, time: number): void {
  for (;;) {
    const one = scheduled.ahead()?.end ?? Number.POSITIVE_INFINITY;
    const other = planned.ahead()?.end ?? Number.POSITIVE_INFINITY;
    if (Math.min(one, other) > time) return;
    (one <= other ? scheduled : planned).step();
  }
}

type Queue = ReturnType<typeof queue>;

/** Writes all requests of one server from the first hour to the last. */
export function writeTraffic(options: TrafficOptions): void {
  const { world, server, logs } = options;
  const random = createRandom(`${world.seed}/traffic/${server.host}`);
  const write = gate(options);
  const planned = queue(options.planned, (request) => write(request, false));
  const contextAt = (time: number): Context => ({ world, server, random, build: options.buildAt(time) });
  for (let day = 0; day < DAYS; day += 1) {
    const midnight = START + day * DAY;
    const scheduled = queue(scheduledOn(contextAt(midnight), midnight, options), (request) =>
      write(request, true),
    );
    for (let hour = midnight; hour < midnight + DAY; hour += HOUR) {
      const context = contextAt(hour);
      for (const offset of moments(context, expectedIn(hour, options))) {
        catchUp(scheduled, planned, hour + offset);
        write(workRequest(context, hour + offset), true);
      }
      catchUp(scheduled, planned, hour + HOUR - 1);
    }
  }
  logs.close();
}

/** Lets requests through while the server is up, and tells the logs of each restart. */
function gate(options: TrafficOptions): (request: WebRequest, mayBeLost: boolean) => void {
  let next = 0;
  return (request, mayBeLost) => {
    let outage = options.outages[next];
    while (outage !== undefined && request.end >= outage.to) {
      options.logs.restart();
      next += 1;
      outage = options.outages[next];
    }
    if (mayBeLost && outage !== undefined && request.end >= outage.from) return;
    options.logs.write(request);
  };
}
