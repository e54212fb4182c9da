import { Worker } from 'node:worker_threads';
import { corpusIn, median, tell, type Pass } from './runs.ts';
import type { WorkerInput, WorkerPass } from './worker.ts';

/** Young objects of a thread, as the program limits them. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

/** The engine on several threads, each with its own rules opened from the same bytes. */
export async function runThreads(
  cache: string,
  list: string,
  rounds: number,
  threads: number,
): Promise<void> {
  const { all } = corpusIn(list);
  const counter = new SharedArrayBuffer(4);
  const workerData: WorkerInput = { cache, paths: all, counter };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits }),
  );
  const pass = async (): Promise<Pass & { hits: number }> => {
    Atomics.store(new Int32Array(counter), 0, 0);
    const start = performance.now();
    const before = process.cpuUsage();
    const parts = await Promise.all(workers.map(onePass));
    const { user, system } = process.cpuUsage(before);
    const sum = (of: (part: WorkerPass) => number): number =>
      parts.reduce((all_, part) => all_ + of(part), 0);
    return {
      records: sum(({ records }) => records),
      bytes: sum(({ bytes }) => bytes),
      hits: sum(({ hits }) => hits),
      seconds: (performance.now() - start) / 1000,
      cpu: (user + system) / 1e6,
    };
  };
  tell(`${threads} threads, first round`, await pass());
  const passes: (Pass & { hits: number })[] = [];
  for (let round = 0; round < rounds; round++) passes.push(await pass());
  const hits = new Set(passes.map((one) => one.hits));
  tell(`${threads} threads, median`, median(passes), `; hits ${[...hits].join(' and ')}`);
  process.stdout.write(`  peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
  for (const worker of workers) send(worker, 'end');
}

async function onePass(worker: Worker): Promise<WorkerPass> {
  const told = new Promise<WorkerPass>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: WorkerPass) => {
      worker.off('error', reject);
      resolve(message);
    });
  });
  send(worker, 'pass');
  return told;
}

function send(worker: Worker, message: 'pass' | 'end'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  worker.postMessage(message);
}
