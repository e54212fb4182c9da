import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import {
  compileYara,
  keepLastModule,
  yaraEngineUrl,
  type YaraDiagnostic,
  type YaraFile,
  type YaraScan,
  type YaraScanner,
} from '@postern/webshell';
import { yaraState, type YaraQuestion } from './yara-question.ts';

/** What the thread of the YARA engine is given once. */
export interface YaraWorkerSetup {
  readonly files: readonly YaraFile[];
  /** [0]: {@link yaraState}; [1]: length of the answer in bytes. */
  readonly control: SharedArrayBuffer;
  /** The answer, as JSON in UTF-8. */
  readonly answer: SharedArrayBuffer;
}

const port = parentPort;
if (port !== null) {
  // What the scan gave; a thread has no other way to be told.
  const setup = workerData as YaraWorkerSetup;
  const answer = (found: YaraScan | readonly YaraDiagnostic[]): void => {
    const bytes = new TextEncoder().encode(JSON.stringify(found));
    const state = new Int32Array(setup.control);
    const room = new Uint8Array(setup.answer);
    // More hits than fit are hits of made-up rules; the answer then says that there is none.
    const fits = bytes.length <= room.length;
    if (fits) room.set(bytes);
    state[1] = fits ? bytes.length : 0;
    Atomics.store(state, 0, yaraState.done);
    Atomics.notify(state, 0);
  };
  let scanner: YaraScanner | undefined;
  port.on('message', (question: YaraQuestion | 'check' | 'end') => {
    if (question === 'end') return port.close();
    scanner ??= start(setup);
    if (question === 'check') return answer(scanner.diagnostics);
    answer(scanner.scan(question.bytes, question.externals));
  });
}

function start(setup: YaraWorkerSetup): YaraScanner {
  const started = compileYara(setup.files, readFileSync(fileURLToPath(yaraEngineUrl())));
  keepLastModule();
  return started;
}
