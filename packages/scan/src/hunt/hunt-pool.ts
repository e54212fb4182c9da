import { Worker } from 'node:worker_threads';
import type { CollectionEntry } from '@postern/collection';
import { usualJobs } from '../boot-threads.ts';
import { endOf, send, threadDied } from '../thread-life.ts';
import { makeHands } from './hands.ts';
import { consumedAt, mostThreads, type HuntedSource, type HuntPiece, type HuntSetup } from './hunt-task.ts';
import type { FromHuntWorker, ThreadSetup, ToHuntWorker } from './hunt-worker.ts';
import { joinParts, partsOf, type SourcePart } from './parts.ts';

/** What comes of the sources, always in their order. */
export interface HuntOutput {
  /** Of the source whose turn it is. */
  readonly onPiece: (entry: CollectionEntry, piece: HuntPiece) => void;
  /** After the last piece of a source: what is known of it, or why it could not be read. */
  readonly onSource: (entry: CollectionEntry, result: HuntedSource | { readonly failure: string }) => void;
  readonly onProgress: (bytes: number, path: string) => void;
}

/**
 * Runs a hunt over sources on one or more threads; large event logs are cut into parts, which any thread may read. What
 * they tell comes in the order of the sources and of their records: threads that are ahead keep a few pieces and then wait for their turn, so memory does not depend on how much is found.
 */
export async function runHunt(
  entries: readonly CollectionEntry[],
  setup: HuntSetup,
  jobs: number | undefined,
  output: HuntOutput,
): Promise<void> {
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  const parts = partsOf(entries, setup.recover);
  const count = Math.min(jobs ?? usualJobs(bytes), parts.length, mostThreads);
  if (count <= 1) await runInline(parts, setup, output);
  else await new HuntThreads(parts, setup, count, output).run();
}

async function runInline(parts: readonly SourcePart[], setup: HuntSetup, output: HuntOutput): Promise<void> {
  const flag = new Int32Array(setup.control);
  let path = '';
  const hands = makeHands(setup, (bytes) => output.onProgress(bytes, path));
  const joiner = new PartJoiner(output.onSource);
  for (const part of parts) {
    if (Atomics.load(flag, 0) === 1) break;
    const { entry } = part;
    path = entry.path;
    joiner.take(
      part,
      attempt(() => hands(part, (piece) => output.onPiece(entry, piece))),
    );
    // Lets a signal through between two parts.
    await new Promise((resolve) => setImmediate(resolve));
  }
  joiner.end();
}

/** What became of one part. */
type PartResult = HuntedSource | { readonly failure: string };

/** Puts the parts of each source together, which come in their order. */
class PartJoiner {
  private parts: HuntedSource[] = [];
  private entry: CollectionEntry | undefined;
  private failure: { readonly failure: string } | undefined;
  private readonly onSource: HuntOutput['onSource'];

  constructor(onSource: HuntOutput['onSource']) {
    this.onSource = onSource;
  }

  take({ entry, isLast }: SourcePart, result: PartResult): void {
    this.entry = entry;
    if ('failure' in result) this.failure ??= result;
    else this.parts.push(result);
    if (isLast) this.end();
  }

  /** Of a source that was stopped between two parts, what was read of it counts. */
  end(): void {
    const { entry, parts, failure } = this;
    if (entry === undefined) return;
    this.onSource(entry, failure ?? joinParts(parts));
    this.entry = undefined;
    this.failure = undefined;
    this.parts = [];
  }
}

function attempt(work: () => HuntedSource): PartResult {
  try {
    return work();
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Under node_modules the sources are compiled; in a checkout they run as they are. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './hunt-worker.ts' : './hunt-worker.js',
  import.meta.url,
);

/** Records are short-lived: a small nursery is emptied often and keeps memory low. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

/** What a part told before its turn. */
interface Waiting {
  readonly thread: number;
  readonly pieces: HuntPiece[];
  result: PartResult | undefined;
}

class HuntThreads {
  private readonly parts: readonly SourcePart[];
  private readonly output: HuntOutput;
  private readonly joiner: PartJoiner;
  private readonly workers: readonly Worker[];
  private readonly control: Int32Array;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  /** Whose turn it is. */
  private turn = 0;
  private finish: () => void = () => undefined;

  // oxlint-disable-next-line max-params -- what a run is made of
  constructor(parts: readonly SourcePart[], setup: HuntSetup, count: number, output: HuntOutput) {
    this.parts = parts;
    this.output = output;
    this.joiner = new PartJoiner(output.onSource);
    this.control = new Int32Array(setup.control);
    this.workers = Array.from({ length: count }, (_, thread) => {
      const workerData: ThreadSetup = { ...setup, thread };
      return new Worker(workerFile, { workerData, resourceLimits });
    });
  }

  async run(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.finish = resolve;
        for (const worker of this.workers) {
          worker.on('message', (message: FromHuntWorker) => this.hear(worker, message));
          worker.once('error', (cause) => reject(threadDied(cause)));
          this.give(worker);
        }
      });
    } finally {
      await this.close();
    }
    this.joiner.end();
  }

  private give(worker: Worker): void {
    const number = this.next;
    const part = this.parts[number];
    if (part === undefined || Atomics.load(this.control, 0) === 1) return this.endEarly();
    this.next++;
    this.waiting.set(number, { thread: this.workers.indexOf(worker), pieces: [], result: undefined });
    send(worker, { number, part } satisfies ToHuntWorker);
  }

  /** Stopped by the user: what was not begun is left, and the run ends with what has begun. */
  private endEarly(): void {
    if (this.turn >= this.next) this.finish();
  }

  private hear(worker: Worker, message: FromHuntWorker): void {
    if (message.kind === 'progress')
      return this.output.onProgress(message.bytes, this.parts[message.number]?.entry.path ?? '');
    const waiting = this.waiting.get(message.number);
    if (waiting === undefined) return;
    if (message.kind === 'piece') waiting.pieces.push(message.piece);
    else waiting.result = message.kind === 'done' ? message.source : { failure: message.failure };
    this.write();
    if (message.kind !== 'piece') this.give(worker);
  }

  /** Hands on what has its turn. */
  private write(): void {
    for (;;) {
      const part = this.parts[this.turn];
      const waiting = this.waiting.get(this.turn);
      if (part === undefined || waiting === undefined) break;
      this.take(part.entry, waiting);
      if (waiting.result === undefined) break;
      this.joiner.take(part, waiting.result);
      this.waiting.delete(this.turn++);
    }
    if (this.turn >= this.parts.length) this.finish();
  }

  private take(entry: CollectionEntry, { thread, pieces }: Waiting): void {
    for (const piece of pieces.splice(0)) {
      this.output.onPiece(entry, piece);
      Atomics.add(this.control, consumedAt + thread, 1);
    }
    Atomics.notify(this.control, consumedAt + thread);
  }

  private async close(): Promise<void> {
    // One that waits for its turn need not, for the run is over.
    Atomics.store(this.control, 0, 1);
    for (const thread of this.workers.keys()) Atomics.notify(this.control, consumedAt + thread);
    await Promise.all(this.workers.map((worker) => endOf(worker, 'end' satisfies ToHuntWorker)));
  }
}
