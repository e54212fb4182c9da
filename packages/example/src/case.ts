import { restarts } from './days.ts';
import { tellStory } from './other-stories.ts';
import { createRandom } from './random.ts';
import type { ExampleSize } from './size.ts';
import type { Story } from './story.ts';
import type { Outage } from './traffic.ts';
import type { Variant } from './truth.ts';
import { inventWorld, type Build, type Server, type World } from './world.ts';

/** What is to be made. */
export interface CaseOptions {
  /** Any text: the same seed gives byte-identical files. */
  readonly seed: string | number;
  readonly size?: ExampleSize;
  readonly variant?: Variant;
}

/** Everything that is settled before the first byte is written. */
export interface Case {
  readonly options: CaseOptions;
  readonly variant: Variant;
  readonly world: World;
  readonly story: Story;
}

/** Settles organisation and story; writes nothing. */
export function openCase(options: CaseOptions): Case {
  const variant = options.variant ?? 'attack';
  const world = inventWorld(String(options.seed), variant === 'two-servers' ? 2 : 1);
  return { options, variant, world, story: tellStory(world, variant) };
}

/** What stands before a server's `C` in the paths of the collection: nothing, or its name where there are several. */
export function rootOf(one: Case, server: Server): string {
  return one.world.servers.length > 1 ? `${server.host}/` : '';
}

/** When a server answered nobody: short restarts, and the night of the fix. */
export function outagesOf(one: Case, server: Server): Outage[] {
  const { story, world } = one;
  const busy = story.rows.filter((row) => row.server === server).map(({ request }) => request.end);
  const fix = story.fix === undefined ? [] : [story.fix];
  const random = createRandom(`${world.seed}/restarts/${server.host}`);
  const keepClear = [...busy, ...fix.flatMap(({ from, to }) => [from, to])];
  return [...restarts(random, world, keepClear), ...fix].toSorted((a, b) => a.from - b.from);
}

/** The build of the servers at each moment. */
export function buildAt(one: Case): (time: number) => Build {
  const { world, story } = one;
  const fixedFrom = story.fix?.to ?? Number.POSITIVE_INFINITY;
  return (time) => (time >= fixedFrom ? world.after : world.before);
}
