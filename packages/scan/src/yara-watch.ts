import { Worker } from 'node:worker_threads';
import type { Issue } from '@postern/core';
import {
  yaraMayMatch,
  type YaraDiagnostic,
  type YaraExternals,
  type YaraFile,
  type YaraScan,
} from '@postern/webshell';
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
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './yara-worker.ts' : './yara-worker.js',
  import.meta.url,
);

/** The thread and the memory that its answers come in. */
interface Asked {
  readonly worker: Worker;
  readonly state: Int32Array;
  readonly answer: Uint8Array;
}

/**
 * The YARA engine in a thread of its own, asked one file after another. A file that takes too long ends the thread: its
 * rules are not judged, and the next file starts a new one. Each distinct content is asked about once.
 */
export class WatchedYara {
  readonly #files: readonly YaraFile[];
  readonly #patience: YaraPatience;
  readonly #usesNames: boolean;
  readonly #mayMatch: (bytes: Uint8Array) => boolean;
  readonly #known = new Map<string, YaraScan>();
  #worker: Asked | undefined;
  #isNew = true;
  #ended = 0;
  #askedAt = 0;

  constructor(files: readonly YaraFile[], patience: YaraPatience = usual) {
    this.#files = files;
    this.#patience = patience;
    this.#mayMatch = yaraMayMatch(files);
    this.#usesNames = files.some(({ text }) =>
      /\b(?:filename|filepath|extension|filetype|owner)\b/.test(text),
    );
  }

  /**
   * Asks the rules about a file. `sha256` is that of the whole content. Issues beside those of the scanner:
   * `POSTERN_SCAN_YARA_ENDED`: too slow, not judged; `POSTERN_SCAN_YARA_GIVEN_UP`: too many were, not judged.
   */
  scan(sha256: string, bytes: Uint8Array, externals: YaraExternals): YaraScan {
    const names = this.#usesNames
      ? [externals.filename, externals.filepath, externals.extension, externals.filetype]
      : [];
    const key = JSON.stringify([sha256, ...names]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (!this.#mayMatch(bytes)) return nothing;
    const scan = this.#ended >= this.#patience.ends ? notJudged(givenUp) : this.#ask({ bytes, externals });
    this.#known.set(key, scan);
    return scan;
  }

  /** The rules that do not compile; one diagnostic for all if compiling takes too long. */
  diagnostics(): readonly YaraDiagnostic[] {
    const text = this.#answer('check');
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
    if (this.#worker !== undefined && performance.now() - this.#askedAt > this.#patience.rest) this.close();
  }

  /** Lets the thread end by itself. */
  close(): void {
    if (this.#worker !== undefined) send(this.#worker.worker, 'end');
    this.#worker = undefined;
  }

  #ask(question: YaraQuestion): YaraScan {
    const text = this.#answer(question);
    if (text === undefined) return notJudged(ended);
    // What our own thread wrote.
    return text === '' ? notJudged(tooMany) : (JSON.parse(text) as YaraScan);
  }

  /** What the thread says, empty if it is more than an answer holds; undefined if it took too long and was ended. */
  #answer(question: YaraQuestion | 'check'): string | undefined {
    const asked = (this.#worker ??= this.#start());
    this.#askedAt = performance.now();
    // The rules are compiled first, with the patience that this needs: a slow file has only its own.
    const isReady = !this.#isNew || this.#wait(asked, 'check', this.#patience.start);
    this.#isNew = false;
    if (!isReady) return this.#end(asked.worker);
    const wait =
      question === 'check' ? this.#patience.start : this.#patience.file * (1 + (question.bytes.length >> 20));
    if (!this.#wait(asked, question, wait)) return this.#end(asked.worker);
    return new TextDecoder().decode(asked.answer.slice(0, asked.state[1] ?? 0));
  }

  /** True if the thread answered in time. */
  #wait({ worker, state }: Asked, question: YaraQuestion | 'check', milliseconds: number): boolean {
    Atomics.store(state, 0, yaraState.busy);
    send(worker, question);
    return Atomics.wait(state, 0, yaraState.busy, milliseconds) !== 'timed-out';
  }

  #start(): Asked {
    const [control, answer] = [new SharedArrayBuffer(8), new SharedArrayBuffer(answerBytes)];
    const setup: YaraWorkerSetup = { files: this.#files, control, answer };
    const worker = new Worker(workerFile, { workerData: setup });
    worker.unref();
    // A thread that dies answers nothing: the wait runs out, and that is said.
    worker.on('error', () => undefined);
    this.#isNew = true;
    return { worker, state: new Int32Array(control), answer: new Uint8Array(answer) };
  }

  #end(worker: Worker): undefined {
    void worker.terminate();
    this.#worker = undefined;
    this.#ended++;
  }
}

function send(worker: Worker, message: YaraQuestion | 'check' | 'end'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  worker.postMessage(message);
}

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
const tooMany: Issue = {
  code: 'POSTERN_SCAN_YARA_ANSWER',
  severity: 'warning',
  message: 'The YARA rules hit more often than an answer holds; by them this file is not judged.',
};
