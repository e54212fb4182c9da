import type { CollectionEntry } from '@postern/collection';
import type { Pivots, SourceKind } from '@postern/core';
import { Desk } from './desk.ts';
import { firstPass, type FirstPass, type FirstPassTools } from './first-pass.ts';
import type { Knowledge } from './knowledge.ts';
import { after, type Later } from './later.ts';
import { Matchers } from './matchers.ts';
import { makeFollower, secondPass, type Follower, type SecondPass } from './second-pass.ts';
import { surroundingsOf } from './statistics.ts';
import { WatchedYara } from './yara-watch.ts';

/** What a thread is given once. */
export interface WorkerSetup {
  readonly knowledge: Knowledge;
  /** [0]: 1 when the run is to stop. */
  readonly control: SharedArrayBuffer;
}

export type Task =
  | { readonly pass: 'first'; readonly entry: CollectionEntry }
  | {
      readonly pass: 'second';
      readonly entry: CollectionEntry;
      readonly source: string;
      readonly kind: SourceKind;
      readonly pivots: Pivots;
    };

export type TaskResult =
  | { readonly pass: 'first'; readonly result: FirstPass }
  | { readonly pass: 'second'; readonly result: SecondPass };

/** A task's result, or why there is none. */
export type Outcome = { readonly result: TaskResult } | Failure;

export interface Failure {
  readonly failure: string;
}

/** Tasks and their outcomes find each other by number, whatever thread was faster. */
export interface NumberedTask {
  readonly number: number;
  readonly task: Task;
}

export interface NumberedOutcome {
  readonly number: number;
  readonly outcome: Outcome;
}

/** Does a task; an error ends the task, never the thread. The outcome comes later where YARA is asked. */
export function attempt(hands: Hands, task: Task): Later<Outcome> {
  try {
    const outcome = after(hands.do(task), (result): Outcome => ({ result }));
    return outcome instanceof Promise ? outcome.catch(failed) : outcome;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Failure {
  return { failure: error instanceof Error ? error.message : String(error) };
}

/** The hands of one thread: everything compiled once, then one task after another. */
export class Hands {
  private readonly tools: FirstPassTools;
  private follower: Followed | undefined;
  private opened: WatchedYara | undefined;
  private readonly yara: () => WatchedYara | undefined;

  constructor(setup: WorkerSetup, onProgress: (bytes: number) => void) {
    const flag = new Int32Array(setup.control);
    const stopped = (): boolean => Atomics.load(flag, 0) === 1;
    this.yara = once(() => (this.opened = openYara(setup, stopped)));
    this.tools = {
      matchers: new Matchers(setup.knowledge),
      around: surroundingsOf(setup.knowledge.packs.map((pack) => pack.layout)),
      desk: new Desk(),
      pages: {
        yara: this.yara,
        baseline: setup.knowledge.baseline,
        asksAll: setup.knowledge.yara.some(({ pack }) => pack === undefined),
      },
      stopped,
      onProgress,
    };
  }

  do(task: Task): Later<TaskResult> {
    this.opened?.rest();
    if (task.pass === 'first')
      return after(firstPass(task.entry, this.tools), (result) => ({ pass: 'first', result }));
    const follower = this.followerOf(task.pivots);
    if (follower === undefined) return { pass: 'second', result: { hits: [], issues: [] } };
    return { pass: 'second', result: secondPass(task, follower, this.tools) };
  }

  /** To be waited for between tasks: what YARA has still to be asked about lies in memory. */
  async room(): Promise<void> {
    await this.opened?.room();
  }

  /** Ends what the hands started beside themselves. */
  close(): void {
    this.opened?.close();
  }

  /** Compiled once for all sources; the pivots of a run are the same object, or an equal copy in another message. */
  private followerOf(pivots: Pivots): Follower | undefined {
    const known = this.follower;
    if (known?.pivots === pivots) return known.follower;
    const key = JSON.stringify(pivots);
    const follower = known?.key === key ? known.follower : makeFollower(pivots);
    this.follower = { pivots, key, follower };
    return follower;
  }
}

interface Followed {
  readonly pivots: Pivots;
  readonly key: string;
  readonly follower: Follower | undefined;
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function openYara({ knowledge: { yara } }: WorkerSetup, stopped: () => boolean): WatchedYara | undefined {
  return yara.length === 0 ? undefined : new WatchedYara(yara, stopped);
}
