import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildAt, openCase, outagesOf, rootOf, type Case, type CaseOptions } from './case.ts';
import { defendersFiles } from './defenders-files.ts';
import { INSTALLED } from './file-listing.ts';
import { writeDisk } from './disk.ts';
import { folderSink, type FileSink } from './file-sink.ts';
import { openServerLogs, type Recorder } from './server-logs.ts';
import { requestsPerDay } from './size.ts';
import type { Loss } from './story.ts';
import { writeTraffic } from './traffic.ts';
import { truthOf } from './truth-of.ts';
import type { TrueEventLog, Truth } from './truth.ts';
import type { PanelCommand } from './windows/cmdlets.ts';
import { PAGES_COMPILED, writeWindows } from './windows/write-windows.ts';
import type { Server } from './world.ts';

export interface ExampleOptions extends CaseOptions {
  /** The collection's folder; made if absent, refused if it holds anything. */
  readonly out: string;
  /** Where the truth goes; `truth.json` beside `out` if not said, never inside it. */
  readonly truthFile?: string;
}

function isLost(losses: readonly Loss[], recorder: Recorder, time: number): boolean {
  return losses.some((loss) => time >= loss.from && time < loss.to && loss.recorders.includes(recorder));
}

function has(losses: readonly Loss[], family: Loss['family']): boolean {
  return losses.some((loss) => loss.family === family);
}

function writeServer(one: Case, server: Server, sink: FileSink): readonly TrueEventLog[] {
  const { world, story, variant } = one;
  const losses = story.losses.filter((loss) => loss.server === server);
  const root = rootOf(one, server);
  const commands: PanelCommand[] = [];
  const perDay = requestsPerDay(one.options.size) / world.servers.length;
  const outages = outagesOf(one, server);
  const logs = openServerLogs({
    sink,
    root,
    world,
    server,
    buildAt: buildAt(one),
    isKept: (recorder, time) => losses.length === 0 || !isLost(losses, recorder, time),
    onCommand: (time, row) => commands.push({ time, row }),
  });
  const planned = story.rows.filter((row) => row.server === server).map(({ request }) => request);
  writeTraffic({
    world,
    server,
    logs,
    buildAt: buildAt(one),
    requestsPerDay: perDay,
    outages,
    planned: planned.toSorted((a, b) => a.end - b.end),
  });
  // Who collects nothing but the front end's logs has no event logs either.
  if (has(losses, 'web-folders')) return [];
  const extra = variant === 'tools-lying-around' ? defendersFiles(world, server) : [];
  writeDisk({
    sink,
    root,
    world,
    server,
    files: story.files,
    extra,
    isListed: !has(losses, 'file-listing'),
    compiledAt: story.fix === undefined ? INSTALLED : story.fix.to + PAGES_COMPILED,
  });
  return writeWindows({
    sink,
    root,
    world,
    server,
    story: story.windows,
    commands,
    outages,
    fix: story.fix,
    buildAt: buildAt(one),
    requestsPerDay: perDay,
  });
}

function refuseFull(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new Error(`POSTERN_EXAMPLE_NOT_EMPTY  ${folder}: the example is written to an empty folder only`);
  }
}

/** Makes the whole collection into a sink: the part of the work that touches no disk. */
export function generateInto(sink: FileSink, options: CaseOptions): Truth {
  const one = openCase(options);
  const eventLogs = one.world.servers.flatMap((server) => writeServer(one, server, sink));
  return truthOf(one, eventLogs);
}

/**
 * Writes the evidence of an invented server as a collection holds it, and the truth about it beside the collection.
 * Deterministic: no clock, no outside randomness; the same options give byte-identical files. Logs are written as they
 * are made, so memory does not grow with the size.
 *
 * @throws Error `POSTERN_EXAMPLE_NOT_EMPTY` if `out` holds anything
 */
export function generateExample(options: ExampleOptions): Truth {
  refuseFull(options.out);
  const truth = generateInto(folderSink(options.out), options);
  const truthFile = options.truthFile ?? join(dirname(options.out), 'truth.json');
  writeFileSync(truthFile, `${JSON.stringify(truth, undefined, 2)}\n`);
  return truth;
}
