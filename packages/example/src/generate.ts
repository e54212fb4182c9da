import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { END, isoTime, START } from './calendar.ts';
import { restarts } from './days.ts';
import { defendersFiles } from './defenders-files.ts';
import { collectedPath, writeDisk } from './disk.ts';
import { forgetFolders } from './log-writer.ts';
import { tellStory } from './other-stories.ts';
import { createRandom } from './random.ts';
import { openServerLogs, type Recorder } from './server-logs.ts';
import { requestsPerDay, type ExampleSize } from './size.ts';
import type { Loss, Story } from './story.ts';
import { writeTraffic, type Outage } from './traffic.ts';
import type { ExpectedVerdict, MissingSpan, TrueBuild, TrueServer, Truth, Variant } from './truth.ts';
import { inventWorld, type Build, type Server, type World } from './world.ts';

export interface ExampleOptions {
  /** Any text: the same seed gives byte-identical files. */
  readonly seed: string | number;
  /** The collection's folder; made if absent, refused if it holds anything. */
  readonly out: string;
  readonly size?: ExampleSize;
  readonly variant?: Variant;
  /** Where the truth goes; `truth.json` beside `out` if not said, never inside it. */
  readonly truthFile?: string;
}

/** Everything that is settled before the first byte is written. */
interface Case {
  readonly options: ExampleOptions;
  readonly variant: Variant;
  readonly world: World;
  readonly story: Story;
}

function isLost(losses: readonly Loss[], recorder: Recorder, time: number): boolean {
  return losses.some((loss) => time >= loss.from && time < loss.to && loss.recorders.includes(recorder));
}

function rootOf(one: Case, server: Server): string {
  return one.world.servers.length > 1 ? join(one.options.out, server.host) : one.options.out;
}

function outagesOf(one: Case, server: Server): Outage[] {
  const { story, world } = one;
  const busy = story.rows.filter((row) => row.server === server).map(({ request }) => request.end);
  const fix = story.fix === undefined ? [] : [story.fix];
  const random = createRandom(`${world.seed}/restarts/${server.host}`);
  const keepClear = [...busy, ...fix.flatMap(({ from, to }) => [from, to])];
  return [...restarts(random, world, keepClear), ...fix].toSorted((a, b) => a.from - b.from);
}

function buildAt(one: Case): (time: number) => Build {
  const { world, story } = one;
  const fixedFrom = story.fix?.to ?? Number.POSITIVE_INFINITY;
  return (time) => (time >= fixedFrom ? world.after : world.before);
}

function has(losses: readonly Loss[], family: Loss['family']): boolean {
  return losses.some((loss) => loss.family === family);
}

function writeServer(one: Case, server: Server): void {
  const { world, story, variant } = one;
  const losses = story.losses.filter((loss) => loss.server === server);
  const root = rootOf(one, server);
  const logs = openServerLogs({
    root,
    world,
    server,
    buildAt: buildAt(one),
    isKept: (recorder, time) => losses.length === 0 || !isLost(losses, recorder, time),
  });
  const planned = story.rows.filter((row) => row.server === server).map(({ request }) => request);
  writeTraffic({
    world,
    server,
    logs,
    buildAt: buildAt(one),
    requestsPerDay: requestsPerDay(one.options.size) / world.servers.length,
    outages: outagesOf(one, server),
    planned: planned.toSorted((a, b) => a.end - b.end),
  });
  if (has(losses, 'web-folders')) return;
  const extra = variant === 'tools-lying-around' ? defendersFiles(world, server) : [];
  writeDisk({ root, world, server, files: story.files, extra, isListed: !has(losses, 'file-listing') });
}

/** The verdict that the evidence of a variant carries, and those that are no mistake either. */
const EXPECTED: Readonly<Record<Exclude<Variant, 'two-servers'>, readonly ExpectedVerdict[]>> = {
  attack: ['compromised'],
  'failed-only': ['attacked'],
  scanner: ['attacked'],
  quiet: ['nothing-found'],
  'logs-gone': ['undetermined'],
  'front-only': ['likely-compromised', 'compromised'],
  'tools-lying-around': ['nothing-found'],
};

/** With two servers the session, the cmdlets and the page are the second one's; the first was the way there. */
function expectedFor(variant: Variant, index: number): readonly ExpectedVerdict[] {
  if (variant !== 'two-servers') return EXPECTED[variant];
  return index === 0 ? ['attacked', 'undetermined', 'likely-compromised', 'compromised'] : ['compromised'];
}

function trueBuilds(one: Case): readonly TrueBuild[] {
  const { world, story } = one;
  const [from, to] = [isoTime(START), isoTime(END)];
  if (story.fix === undefined) return [{ build: world.before.text, from, to }];
  return [
    { build: world.before.text, from, to: isoTime(story.fix.from) },
    { build: world.after.text, from: isoTime(story.fix.to), to },
  ];
}

function trueServer(one: Case, server: Server, index: number): TrueServer {
  const acceptable = expectedFor(one.variant, index);
  const { host, fqdn, address } = server;
  return {
    host,
    fqdn,
    address,
    root: relative(one.options.out, rootOf(one, server)) || '.',
    verdict: acceptable[0] ?? 'undetermined',
    acceptable,
    builds: trueBuilds(one),
    fixInstalledAt: one.story.fix === undefined ? null : isoTime(one.story.fix.to),
  };
}

function trueMissing(loss: Loss): MissingSpan {
  const { family, recorders } = loss;
  return { host: loss.server.host, family, recorders, from: isoTime(loss.from), to: isoTime(loss.to) };
}

/** Path of a collected file below the collection, where it was collected. */
function withFile<T extends { readonly host: string; readonly path: string; readonly state: string }>(
  one: Case,
  thing: T,
): T & { readonly file?: string } {
  const server = one.world.servers.find(({ host }) => host === thing.host);
  if (thing.state !== 'present' || server === undefined) return thing;
  const file = join(relative(one.options.out, rootOf(one, server)), collectedPath(thing.path));
  return { ...thing, file: file.replaceAll('\\', '/') };
}

function truthOf(one: Case): Truth {
  const { story, world, variant } = one;
  const servers = world.servers.map((server, index) => trueServer(one, server, index));
  return {
    schema: 'postern.example-truth/1',
    seed: world.seed,
    variant,
    from: isoTime(START),
    to: isoTime(END),
    verdict: servers.at(-1)?.verdict ?? 'undetermined',
    servers,
    implants: story.implants.map((implant) => withFile(one, implant)),
    operators: story.operators,
    attempts: story.attempts,
    archive: story.archive && withFile(one, story.archive),
    missing: story.losses.map(trueMissing),
  };
}

function refuseFull(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new Error(`POSTERN_EXAMPLE_NOT_EMPTY  ${folder}: the example is written to an empty folder only`);
  }
}

/**
 * Writes the evidence of an invented server as a collection holds it, and the truth about it beside the collection.
 * Deterministic: no clock, no outside randomness; the same options give byte-identical files. Logs are written as they
 * are made, so memory does not grow with the size.
 *
 * @throws Error `POSTERN_EXAMPLE_NOT_EMPTY` if `out` holds anything
 */
export function generateExample(options: ExampleOptions): Truth {
  const variant = options.variant ?? 'attack';
  refuseFull(options.out);
  forgetFolders();
  const world = inventWorld(String(options.seed), variant === 'two-servers' ? 2 : 1);
  const one: Case = { options, variant, world, story: tellStory(world, variant) };
  for (const server of world.servers) writeServer(one, server);
  const truth = truthOf(one);
  const truthFile = options.truthFile ?? join(dirname(options.out), 'truth.json');
  writeFileSync(truthFile, `${JSON.stringify(truth, undefined, 2)}\n`);
  return truth;
}
