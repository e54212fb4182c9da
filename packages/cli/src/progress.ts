import { performance } from 'node:perf_hooks';

/** Shows how a scan goes on stderr: a bar on a terminal, plain lines every 30 seconds elsewhere. */
export interface Progress {
  readonly opened: (files: number, bytes: number) => void;
  readonly moved: (done: number, all: number, path: string) => void;
  readonly found: (text: string) => void;
  readonly note: (text: string) => void;
  readonly end: () => void;
}

export interface ProgressOutput {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly write: (text: string) => void;
}

const redrawMs = 100;
const plainMs = 30_000;
const barCells = 24;

/** `--quiet`: errors only. */
export function quietProgress(output: Pick<ProgressOutput, 'write'>): Progress {
  return {
    opened: () => undefined,
    moved: () => undefined,
    found: () => undefined,
    note: (text) => {
      if (text.startsWith('error ')) output.write(`${text}\n`);
    },
    end: () => undefined,
  };
}

/** Progress is counted in bytes, for files differ a million times in size. */
export function showProgress(output: ProgressOutput): Progress {
  const start = performance.now();
  let last = output.isTTY ? 0 : start;
  let shown = false;
  const clear = (): void => {
    if (shown) output.write('\r\u001b[K');
    shown = false;
  };
  const line = (text: string): void => {
    clear();
    output.write(`${text}\n`);
  };
  return {
    opened: () => undefined,
    moved(done, all, path) {
      const now = performance.now();
      if (now - last < (output.isTTY ? redrawMs : plainMs)) return;
      last = now;
      const text = progressText(
        { done, all, path, seconds: (now - start) / 1000 },
        output.isTTY ? output.columns : 0,
      );
      if (!output.isTTY) return line(text);
      clear();
      output.write(text);
      shown = true;
    },
    found: (text) =>
      line(`found     first direct witness: ${text} (the scan goes on; the verdict can only get worse)`),
    note: line,
    end: clear,
  };
}

interface State {
  readonly done: number;
  readonly all: number;
  readonly path: string;
  readonly seconds: number;
}

/** `reading   ███░░░  1.9 of 3.2 GB · 231 MB/s · 6 s left · W3SVC1\u_ex210304.log`; without a bar where `columns` is 0. */
export function progressText(state: State, columns: number): string {
  const { all, path, seconds } = state;
  const done = Math.min(state.done, all);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? ` · ${timeText((all - done) / rate)} left` : '';
  const filled = all === 0 ? barCells : Math.round((done / all) * barCells);
  const bar = columns === 0 ? '' : `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}  `;
  const file = path === '' ? '' : ` · ${path}`;
  const text = `reading   ${bar}${sizeText(done, all)} · ${Math.round(rate / 1e6)} MB/s${left}${file}`;
  return columns > 0 && text.length >= columns ? text.slice(0, columns - 1) : text;
}

function sizeText(done: number, all: number): string {
  const [unit, size] = all >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  const digits = (bytes: number): string => (bytes / size).toFixed(size === 1e9 ? 1 : 0);
  return `${digits(done)} of ${digits(all)} ${unit}`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
