import { performance } from 'node:perf_hooks';
import { showControls } from '@postern/core';
import { cliWords, fill } from './words.ts';

/** What a scan is at; `hunt` and `events` only read. */
export type Phase = 'reading' | 'following' | 'judging';

/** Shows how a scan goes on stderr: a bar on a terminal, plain lines every 30 seconds elsewhere. */
export interface Progress {
  readonly opened: (files: number, bytes: number) => void;
  readonly moved: (done: number, all: number, path: string) => void;
  readonly phase: (phase: Phase) => void;
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
/** Columns of the word that begins a line. */
const wordColumns = 10;

/** `--quiet`: errors only. */
export function quietProgress(output: Pick<ProgressOutput, 'write'>): Progress {
  return {
    opened: () => undefined,
    moved: () => undefined,
    phase: () => undefined,
    found: () => undefined,
    note: (text) => {
      if (text.startsWith('error ')) output.write(`${text}\n`);
    },
    end: () => undefined,
  };
}

/** Progress is counted in bytes, for files differ a million times in size. */
export function showProgress(output: ProgressOutput): Progress {
  let start = performance.now();
  let last = output.isTTY ? 0 : start;
  let current: Phase = 'reading';
  let shown = false;
  const clear = (): void => {
    if (shown) output.write('\r\u001b[K');
    shown = false;
  };
  const line = (text: string): void => {
    clear();
    output.write(`${text}\n`);
  };
  const draw = (text: string): void => {
    clear();
    output.write(text);
    shown = true;
  };
  return {
    opened: () => undefined,
    moved(done, all, path) {
      const now = performance.now();
      if (now - last < (output.isTTY ? redrawMs : plainMs)) return;
      last = now;
      const state = { phase: current, done, all, path, seconds: (now - start) / 1000 };
      if (output.isTTY) draw(progressText(state, output.columns));
      else line(progressText(state, 0));
    },
    phase(phase) {
      current = phase;
      start = performance.now();
      // Judging counts no bytes: the word alone says what is done.
      if (output.isTTY && phase === 'judging') draw(phase);
    },
    found: (text) => foundLines(text, output.isTTY ? output.columns : Infinity).forEach(line),
    note: line,
    end: clear,
  };
}

/** `found     first direct witness: …`, on a terminal in lines of its width. */
export function foundLines(text: string, columns: number): readonly string[] {
  const words = fill(cliWords.found, { witness: text }).split(' ');
  const lines: string[] = [];
  let current = cliWords.foundLabel.padEnd(wordColumns);
  let isBegun = false;
  for (const word of words) {
    if (isBegun && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = ' '.repeat(wordColumns) + word;
    } else current += isBegun ? ` ${word}` : word;
    isBegun = true;
  }
  return [...lines, current];
}

interface State {
  readonly phase: Phase;
  readonly done: number;
  readonly all: number;
  /** The file that was read last. */
  readonly path: string;
  readonly seconds: number;
}

/**
 * `reading   ███░░░  1.9 of 3.2 GB · 231 MB/s · 6 s left · W3SVC1\u_ex210304.log`; without a bar where `columns` is 0. A
 * narrow terminal has the name alone, or none: half of one tells nothing.
 */
export function progressText(state: State, columns: number): string {
  const { all, path, phase, seconds } = state;
  const done = Math.min(state.done, all);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? ` · ${timeText((all - done) / rate)} left` : '';
  const filled = all === 0 ? barCells : Math.round((done / all) * barCells);
  const bar = columns === 0 ? '' : `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}  `;
  const text = `${phase.padEnd(wordColumns)}${bar}${sizeText(done, all)} · ${rateText(rate)}${left}`;
  const whole = columns > 0 ? columns - 1 : Infinity;
  const file = fileTexts(path).find((each) => text.length + each.length <= whole) ?? '';
  return (text + file).slice(0, whole);
}

/** From the one that tells most. */
function fileTexts(path: string): readonly string[] {
  if (path === '') return [];
  const tail = fileTail(path);
  return [tail, tail.slice(tail.lastIndexOf('\\') + 1)].map((name) => ` · ${showControls(name)}`);
}

/** A file by its name and its folder's: `W3SVC1\u_ex210304.log`. */
export function fileTail(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('\\');
}

function rateText(bytesPerSecond: number): string {
  const megabytes = bytesPerSecond / 1e6;
  return `${megabytes > 0 && megabytes < 9.95 ? megabytes.toFixed(1) : Math.round(megabytes)} MB/s`;
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
