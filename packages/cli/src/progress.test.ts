import { describe, expect, test } from 'vitest';
import { progressText, quietProgress, showProgress } from './progress.ts';

const state = { done: 1.9e9, all: 3.2e9, path: 'W3SVC1\\u_ex210304.log', seconds: 8 };

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

  test('never wraps', () => {
    expect(progressText(state, 40)).toHaveLength(39);
  });

  test.each([
    [{ done: 0, all: 5e6, seconds: 0 }, '0 of 5 MB · 0 MB/s'],
    [{ done: 1e6, all: 5e6, seconds: 100 }, '1 of 5 MB · 0 MB/s · 7 min left'],
    [{ done: 1e6, all: 9e6, seconds: 3000 }, '1 of 9 MB · 0 MB/s · 6.7 h left'],
    [{ done: 9e6, all: 5e6, seconds: 1 }, '5 of 5 MB · 5 MB/s · 0 s left'],
    [{ done: 0, all: 0, seconds: 1 }, '0 of 0 MB · 0 MB/s'],
  ])('%j', (times, text) => {
    expect(progressText({ path: '', ...times }, 0)).toBe(`reading   ${text}`);
  });
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
    progress.note('warning POSTERN_X  a');
    progress.note('error POSTERN_Y  b');
    progress.end();
    expect(text).toBe('error POSTERN_Y  b\n');
  });
});
