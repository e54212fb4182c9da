import type { CollectionEntry } from '@postern/collection';
import type { Pivots, SourceKind } from '@postern/core';
import { compileYara, type YaraScanner } from '@postern/webshell';
import { Desk } from './desk.ts';
import { firstPass, type FirstPass, type FirstPassTools } from './first-pass.ts';
import type { Knowledge } from './knowledge.ts';
import { Matchers } from './matchers.ts';
import { makeFollower, secondPass, type Follower, type SecondPass } from './second-pass.ts';
import { surroundingsOf } from './statistics.ts';

/** What a thread is given once. */
export interface WorkerSetup {
  readonly knowledge: Knowledge;
  /** The YARA engine's WebAssembly module; absent where there are no YARA rules. */
  readonly yaraWasm: Uint8Array | undefined;
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

/** The hands of one thread: everything compiled once, then one task after another. */
export class Hands {
  private readonly tools: FirstPassTools;
  private follower: { readonly pivots: string; readonly follower: Follower | undefined } | undefined;

  constructor(setup: WorkerSetup, onProgress: (bytes: number) => void) {
    const flag = new Int32Array(setup.control);
    this.tools = {
      matchers: new Matchers(setup.knowledge),
      around: surroundingsOf(setup.knowledge.packs.map((pack) => pack.layout)),
      desk: new Desk(),
      pages: { yara: once(() => openYara(setup)) },
      stopped: () => Atomics.load(flag, 0) === 1,
      onProgress,
    };
  }

  do(task: Task): TaskResult {
    if (task.pass === 'first') return { pass: 'first', result: firstPass(task.entry, this.tools) };
    const follower = this.followerOf(task.pivots);
    if (follower === undefined) return { pass: 'second', result: { hits: [], issues: [] } };
    return { pass: 'second', result: secondPass(task, follower, this.tools) };
  }

  /** Compiled once for all sources; the pivots of a run are the same object or an equal copy. */
  private followerOf(pivots: Pivots): Follower | undefined {
    const key = JSON.stringify(pivots);
    if (this.follower?.pivots !== key) this.follower = { pivots: key, follower: makeFollower(pivots) };
    return this.follower.follower;
  }
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function openYara(setup: WorkerSetup): YaraScanner | undefined {
  if (setup.yaraWasm === undefined || setup.knowledge.yara.length === 0) return undefined;
  return compileYara(setup.knowledge.yara, setup.yaraWasm);
}
