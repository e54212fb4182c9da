import { Worker } from 'node:worker_threads';
import type { Issue } from '@postern/core';
import {
  yaraMayMatch,
  type YaraDiagnostic,
  type YaraExternals,
  type YaraFile,
  type YaraScan,
} from '@postern/webshell';
import type { Later } from './later.ts';
import { send } from './thread-life.ts';
import { yaraState, type YaraQuestion } from './yara-question.ts';
import type { YaraWorkerSetup } from './yara-worker.ts';

/** How long the engine may take. Foreign code that no counter stops: only here a clock decides, and it is said. */
export interface YaraPatience {
  /** For compiling all rules. Thousands of them take some seconds. */
  readonly start: number;
  /** For each file, and for each MiB of it as much again. */
  readonly file: number;
  /** After so many files that had to be given up, no more are asked about. */
  readonly ends: number;
  /** How long a thread that is asked nothing is kept. */
  readonly rest: number;
}

const usual: YaraPatience = { start: 180_000, file: 30_000, ends: 5, rest: 1000 };
const answerBytes = 4_194_304;
/** Of files that wait to be asked about; with more, no more are taken on. */
const mostWaiting = 16_777_216;
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './yara-worker.ts' : './yara-worker.js',
  import.meta.url,
);

/** The thread and the memory that its answers come in. */
interface Asked {
  readonly worker: Worker;
  readonly state: Int32Array;
  readonly answer: Uint8Array;
  /** Settled once the thread is no more. */
  readonly gone: Promise<unknown>;
}

/**
 * The YARA engine in a thread of its own, asked one file after another while the asker does other work. A file that
 * takes too long ends the thread: its rules are not judged, and the next file starts a new one. Each distinct content
 * is asked about once.
 */
export class WatchedYara {
  readonly #files: readonly YaraFile[];
  readonly #patience: YaraPatience;
  readonly #isStopped: () => boolean;
  readonly #usesNames: boolean;
  readonly #mayMatch: (bytes: Uint8Array) => boolean;
  readonly #known = new Map<string, Later<YaraScan>>();
  #worker: Asked | undefined;
  #isNew = true;
  #ended = 0;
  #askedAt = 0;
  #waiting = 0;
  /** The question that was asked last, once it is answered. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param isStopped asked before each question: once the run is stopped, those that wait are asked no more */
  constructor(
    files: readonly YaraFile[],
    isStopped: () => boolean = () => false,
    patience: YaraPatience = usual,
  ) {
    this.#files = files;
    this.#isStopped = isStopped;
    this.#patience = patience;
    this.#mayMatch = yaraMayMatch(files);
    this.#usesNames = files.some(({ text }) =>
      /\b(?:filename|filepath|extension|filetype|owner)\b/.test(text),
    );
  }

  /**
   * Asks the rules about a file. `sha256` is that of the whole content. Issues beside those of the scanner:
   * `POSTERN_SCAN_YARA_ENDED`: too slow, not judged; `POSTERN_SCAN_YARA_GIVEN_UP`: too many were, not judged;
   * `POSTERN_SCAN_YARA_STOPPED`: the run was stopped before it was asked about.
   */
  scan(sha256: string, bytes: Uint8Array, externals: YaraExternals): Later<YaraScan> {
    const names = this.#usesNames
      ? [externals.filename, externals.filepath, externals.extension, externals.filetype]
      : [];
    const key = JSON.stringify([sha256, ...names]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (!this.#mayMatch(bytes)) return nothing;
    const scan = this.#inTurn({ bytes, externals });
    this.#known.set(key, scan);
    return scan;
  }

  /** Waits until files are few enough that wait themselves. */
  async room(): Promise<void> {
    if (this.#waiting > mostWaiting) await this.#last;
  }

  /** The rules that do not compile; one diagnostic for all if compiling takes too long. This waits for them. */
  diagnostics(): readonly YaraDiagnostic[] {
    const asked = (this.#worker ??= this.#start());
    send(asked.worker, 'check' satisfies ToYara);
    const isReady = Atomics.wait(asked.state, 0, yaraState.busy, this.#patience.start) !== 'timed-out';
    const text = isReady ? textOf(asked) : this.#end(asked.worker);
    // What our own thread wrote.
    if (text !== undefined && text !== '') return JSON.parse(text) as readonly YaraDiagnostic[];
    const message =
      text === '' ? 'too many rules do not compile to list them' : 'the rules take too long to compile';
    return [{ path: this.#files[0]?.path ?? '', message }];
  }

  /** Whether there is a thread now. */
  get isStarted(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Lets the thread end if it was not asked for a while: pages come first, and what the engine takes, a hundred
   * megabytes, is then there for the logs. Another question starts it anew.
   */
  rest(): void {
    if (this.#worker === undefined || this.#waiting > 0) return;
    if (performance.now() - this.#askedAt > this.#patience.rest) this.close();
  }

  /** Lets the thread end by itself. */
  close(): void {
    if (this.#worker !== undefined) send(this.#worker.worker, 'end' satisfies ToYara);
    this.#worker = undefined;
  }

  /** One question after the other: the patience with each begins when it is its turn. */
  #inTurn(question: YaraQuestion): Promise<YaraScan> {
    const bytes = question.bytes.length;
    this.#waiting += bytes;
    const scan = this.#last.then(() => this.#ask(question)).finally(() => (this.#waiting -= bytes));
    this.#last = scan.catch(() => undefined);
    return scan;
  }

  async #ask(question: YaraQuestion): Promise<YaraScan> {
    if (this.#isStopped()) return notJudged(stopped);
    if (this.#ended >= this.#patience.ends) return notJudged(givenUp);
    const text = await this.#answer(question);
    if (text === undefined) return notJudged(ended);
    // What our own thread wrote.
    return text === '' ? notJudged(tooMany) : (JSON.parse(text) as YaraScan);
  }

  /** What the thread says, empty if it is more than an answer holds; undefined if it took too long and was ended. */
  async #answer(question: YaraQuestion): Promise<string | undefined> {
    const asked = (this.#worker ??= this.#start());
    // Nothing else may keep the process alive.
    asked.worker.ref();
    // The rules are compiled first, with the patience that this needs: a slow file has only its own.
    const isReady = !this.#isNew || (await isAnswered(asked, 'check', this.#patience.start));
    this.#isNew = false;
    const wait = this.#patience.file * (1 + (question.bytes.length >> 20));
    if (!isReady || !(await isAnswered(asked, question, wait))) return this.#end(asked.worker);
    asked.worker.unref();
    this.#askedAt = performance.now();
    return textOf(asked);
  }

  #start(): Asked {
    const [control, answer] = [new SharedArrayBuffer(8), new SharedArrayBuffer(answerBytes)];
    const setup: YaraWorkerSetup = { files: this.#files, control, answer };
    const worker = new Worker(workerFile, { workerData: setup });
    worker.unref();
    // A thread that dies answers nothing, and that is said.
    worker.on('error', () => undefined);
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    this.#isNew = true;
    return { worker, state: new Int32Array(control), answer: new Uint8Array(answer), gone };
  }

  #end(worker: Worker): undefined {
    void worker.terminate();
    this.#worker = undefined;
    this.#ended++;
  }
}

/** True if the thread answers in time, whatever the asker does meanwhile. */
async function isAnswered(
  { worker, state, gone }: Asked,
  question: YaraQuestion | 'check',
  milliseconds: number,
): Promise<boolean> {
  Atomics.store(state, 0, yaraState.busy);
  send(worker, question satisfies ToYara);
  const { value } = Atomics.waitAsync(state, 0, yaraState.busy, milliseconds);
  await Promise.race([value, gone]);
  return Atomics.load(state, 0) === yaraState.done;
}

function textOf({ state, answer }: Asked): string {
  return new TextDecoder().decode(answer.slice(0, state[1] ?? 0));
}

/** What the thread takes. */
type ToYara = YaraQuestion | 'check' | 'end';

const nothing: YaraScan = { hits: [], rules: [], issues: [] };

function notJudged(issue: Issue): YaraScan {
  return { hits: [], rules: [], issues: [issue] };
}

const ended: Issue = {
  code: 'POSTERN_SCAN_YARA_ENDED',
  severity: 'warning',
  message: 'The YARA rules took too long on this file and were ended; by them it is not judged.',
};
const givenUp: Issue = {
  code: 'POSTERN_SCAN_YARA_GIVEN_UP',
  severity: 'warning',
  message: 'The YARA rules were ended on too many files before; by them this one is not judged.',
};
const stopped: Issue = {
  code: 'POSTERN_SCAN_YARA_STOPPED',
  severity: 'warning',
  message: 'The run was stopped before the YARA rules were asked about this file; by them it is not judged.',
};
const tooMany: Issue = {
  code: 'POSTERN_SCAN_YARA_ANSWER',
  severity: 'warning',
  message: 'The YARA rules hit more often than an answer holds; by them this file is not judged.',
};
