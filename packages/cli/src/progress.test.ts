import { describe, expect, test } from 'vitest';
import { foundLines, progressText, quietProgress, showProgress } from './progress.ts';

const state = {
  phase: 'reading',
  done: 1.9e9,
  all: 3.2e9,
  path: 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210304.log',
  seconds: 8,
} as const;

describe('the line of progress', () => {
  test('counts bytes, with rate and time left', () => {
    expect(progressText(state, 120)).toBe(
      'reading   ██████████████░░░░░░░░░░  1.9 of 3.2 GB · 238 MB/s · 6 s left · W3SVC1\\u_ex210304.log',
    );
  });

  test('has no bar where there is no terminal', () => {
    expect(progressText(state, 0)).toBe(
      'reading   1.9 of 3.2 GB · 238 MB/s · 6 s left · W3SVC1\\u_ex210304.log',
    );
  });

  test('has the name of the file where its folder does not fit, and no half of one', () => {
    expect(progressText(state, 90)).toMatch(/ · u_ex210304\.log$/);
    expect(progressText(state, 80)).toMatch(/ left$/);
  });

  test('never wraps', () => {
    expect(progressText(state, 40)).toHaveLength(39);
  });

  test.each([
    [{ done: 0, all: 5e6, seconds: 0 }, '0 of 5 MB · 0 MB/s'],
    [{ done: 1e6, all: 5e6, seconds: 100 }, '1 of 5 MB · 0.0 MB/s · 7 min left'],
    [{ done: 1e6, all: 9e6, seconds: 3000 }, '1 of 9 MB · 0.0 MB/s · 6.7 h left'],
    [{ done: 9e6, all: 5e6, seconds: 1 }, '5 of 5 MB · 5.0 MB/s · 0 s left'],
    [{ done: 0, all: 0, seconds: 1 }, '0 of 0 MB · 0 MB/s'],
  ])('%j', (times, text) => {
    expect(progressText({ phase: 'reading', path: '', ...times }, 0)).toBe(`reading   ${text}`);
  });
});

test('a file of the evidence cannot steer the terminal', () => {
  expect(progressText({ ...state, path: 'a\u001b[2J.log' }, 0)).toContain('a\\u001b[2J.log');
});

test('the first witness is told in lines that the terminal holds', () => {
  const text = 'Script written into the URL of a virtual directory (Server\\ECPServer20210228-1.LOG:39)';
  const lines = foundLines(text, 80);
  expect(lines.map((line) => line.length <= 80)).toEqual([true, true, true]);
  expect(lines[0]).toMatch(/^found {5}first direct witness: Script/);
  expect(lines[1]).toMatch(/^ {10}\S/);
  expect(foundLines(text, Infinity)).toHaveLength(1);
});

function written(isTTY: boolean, run: (progress: ReturnType<typeof showProgress>) => void): string {
  let text = '';
  run(showProgress({ isTTY, columns: 80, write: (more) => void (text += more) }));
  return text;
}

const erase = '\r\u001b[K';

describe('what is written', () => {
  test('a note on a terminal takes the place of the bar', () => {
    const text = written(true, (progress) => {
      progress.moved(1, 10, 'a');
      progress.note('warning');
      progress.end();
    });
    expect(text).toMatch(/^reading .*\r/);
    expect(text.endsWith(`${erase}warning\n`)).toBe(true);
  });

  test('what is done after the reading has a name of its own', () => {
    const text = written(true, (progress) => {
      progress.phase('following');
      progress.moved(1, 10, 'a');
      progress.phase('judging');
      progress.end();
    });
    expect(text).toMatch(/^following .*\r/);
    expect(text.endsWith(`${erase}judging${erase}`)).toBe(true);
  });

  test('elsewhere there are whole lines and no control characters', () => {
    const text = written(false, (progress) => {
      progress.moved(1, 10, 'a');
      progress.found('web shell x');
      progress.end();
    });
    expect(text).toBe(
      'found     first direct witness: web shell x (the scan goes on; the verdict can only get worse)\n',
    );
  });

  test('quiet lets errors through, and nothing else', () => {
    let text = '';
    const progress = quietProgress({ write: (more) => void (text += more) });
    progress.opened(1, 1);
    progress.moved(1, 1, 'a');
    progress.found('x');
    progress.phase('judging');
    progress.note('warning POSTERN_X  a');
    progress.note('error POSTERN_Y  b');
    progress.end();
    expect(text).toBe('error POSTERN_Y  b\n');
  });
});
