// Stopped half way: a valid assessment all the same, marked incomplete, and never milder than undetermined.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verdictOrder, type Assessment } from '@postern/core';
import { assessmentSchema } from '@postern/report';
import { postern } from './commands.ts';
import { ROOT } from './repository.ts';
import { evidenceFolder, evidenceTar, exampleOf, freshFolder, scanPaths, shortStory } from './scanning.ts';

const main = join(ROOT, 'packages/cli/src/main.ts');
const nodeOptions = ['--conditions=@postern/source', '--disable-warning=ExperimentalWarning'];

interface Ended {
  readonly status: number | null;
  readonly err: string;
}

interface RunOptions {
  readonly uid?: number | undefined;
  /** Ctrl-C once it is aborted. */
  readonly sending?: AbortController;
}

/** Runs the real command in a process of its own; `onLine` may send it signals. */
function runProcess(
  argv: readonly string[],
  onErr: (text: string, send: (signal: NodeJS.Signals) => void) => void,
  { uid, sending }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, main, ...argv], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    });
    sending?.signal.addEventListener('abort', () => void child.kill('SIGINT'));
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      onErr(err, (signal) => void child.kill(signal));
    });
    child.on('error', reject).on('close', (status) => resolve({ status, err }));
  });
}

/** All that must hold of an assessment that was not finished. */
function expectIncomplete(assessment: Assessment): void {
  expect(assessment.complete).toBe(false);
  const mildest = verdictOrder.indexOf('undetermined');
  for (const { campaigns } of assessment.servers)
    for (const { verdict } of campaigns) expect(verdictOrder.indexOf(verdict)).toBeLessThanOrEqual(mildest);
  expect(assessmentSchema.safeParse(assessment).error).toBeUndefined();
}

describe('Ctrl-C in the real command', () => {
  test.each(['1', '2'])('after the first witness, with %s threads', async (jobs) => {
    const evidence = evidenceTar(exampleOf('attack', '1').files);
    const out = join(freshFolder(), 'out');
    let sent = false;
    const { status, err } = await runProcess(
      ['scan', evidence, '--out', out, '--jobs', jobs],
      (text, send) => {
        if (sent || !text.includes('first direct witness')) return;
        sent = true;
        send('SIGINT');
      },
    );
    expect(sent).toBe(true);
    expect(status).toBe(0);
    expect(err).toContain('stopping: what was read so far is judged');
    const assessment = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
    expectIncomplete(assessment);
    expect(assessment.servers.map(({ headline }) => headline?.verdict)).toEqual(['compromised']);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ complete: false });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
  });
});

test('Ctrl-C within one long log, with one thread: its end is not waited for', async () => {
  const folder = evidenceFolder(new Map([['u_ex210303.log', '']]));
  const out = join(freshFolder(), 'out');
  const path = join(folder, 'u_ex210303.log');
  writeFileSync(path, '#Fields: date time cs-method cs-uri-stem c-ip sc-status\r\n');
  const rows = Buffer.from('2021-03-03 10:00:00 GET /owa/ 198.51.100.7 200\r\n'.repeat(100_000));
  for (let i = 0; i < 80; i++) writeFileSync(path, rows, { flag: 'a' });
  const sending = new AbortController();
  const ended = runProcess(['scan', folder, '--out', out, '--jobs', '1'], () => undefined, { sending });
  // The folder is made when the collection was opened and the reading begins.
  while (!existsSync(out)) await new Promise((resolve) => setTimeout(resolve, 5));
  sending.abort();
  const { status, err } = await ended;
  expect(err).toContain('stopping: what was read so far is judged');
  expect(status).toBe(3);
  const assessment = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
  expectIncomplete(assessment);
  expect(assessment.coverage.skipped).toEqual([
    expect.objectContaining({ path: 'u_ex210303.log', reason: 'stopped' }),
  ]);
});

describe('stopped by a signal', () => {
  /** A server without an attack: the verdict is not saved by something bad that was found before. */
  const quietDays = (): ReadonlyMap<string, string | Uint8Array> => {
    const { files } = exampleOf('quiet', '1');
    return new Map([...files].filter(([path]) => !/\.log$/i.test(path) || /2103(?:0[1-4])/.test(path)));
  };

  test.each([1, 2])('half way, with %i threads: what was not read is listed', async (jobs) => {
    const files = quietDays();
    const controller = new AbortController();
    const onProgress = (done: number, all: number): void => {
      if (done > all / 4) controller.abort();
    };
    const { assessment } = await scanPaths(
      [evidenceFolder(files)],
      { jobs, signal: controller.signal },
      { onProgress },
    );
    expectIncomplete(assessment);
    const { sources, groups, skipped } = assessment.coverage;
    const read = groups.reduce((sum, group) => sum + group.sources, sources.length);
    const unread = skipped.filter(({ reason }) => reason === 'stopped');
    expect(unread.length).toBeGreaterThan(0);
    expect(read + unread.length).toBe(files.size);
    expect(assessment.servers[0]?.campaigns[0]?.verdict).toBe('undetermined');
  });

  test('in the second pass', async () => {
    const controller = new AbortController();
    const { files } = shortStory('attack');
    const onProgress = (done: number, all: number): void => {
      if (done >= all) controller.abort();
    };
    const { assessment } = await scanPaths(
      [evidenceFolder(files)],
      { signal: controller.signal },
      { onProgress },
    );
    expectIncomplete(assessment);
    expect(assessment.servers.map(({ headline }) => headline?.verdict)).toEqual(['compromised']);
  });

  test('before anything was read: an assessment that says so, and the status of no evidence', async () => {
    const folder = evidenceFolder(new Map([['u_ex210303.log', 'x']]));
    const out = join(freshFolder(), 'out');
    const { status, err } = await postern(['scan', folder, '--out', out], AbortSignal.abort());
    expect(status).toBe(3);
    expect(err).toContain('the run was stopped before anything was read\n      u_ex210303.log: ');
    expect(err).toContain('Start it again');
    const assessment = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
    expectIncomplete(assessment);
    expect(assessment.servers).toEqual([]);
    expect(assessment.coverage.skipped).toEqual([
      expect.objectContaining({ path: 'u_ex210303.log', reason: 'stopped' }),
    ]);
  });
});

describe('a folder that may not be read', () => {
  const isRoot = process.getuid?.() === 0;
  const nobody = 65_534;

  /** Whether other users may go down to the checkout at all. */
  const isOpenToAll = ((): boolean => {
    for (let path = ROOT; path !== dirname(path); path = dirname(path))
      if ((statSync(path).mode & 0o001) === 0) return false;
    return true;
  })();

  // As root one may read everything, and somebody else cannot run a checkout that is closed to him.
  test.skipIf(process.platform === 'win32' || (isRoot && !isOpenToAll))(
    'is listed, and the rest is read',
    async () => {
      const base = freshFolder();
      const folder = join(base, 'evidence');
      const out = join(base, 'out');
      mkdirSync(join(folder, 'closed'), { recursive: true });
      mkdirSync(out, { mode: 0o777 });
      writeFileSync(join(folder, 'closed', 'inside.log'), 'x');
      writeFileSync(
        join(folder, 'u_ex210303.log'),
        '#Software: Microsoft Internet Information Services 10.0\r\n',
      );
      for (const path of [base, out]) chmodSync(path, 0o777);
      chmodSync(join(folder, 'closed'), 0o000);
      const argv = ['scan', folder, '--out', out, '--temp', out];
      const { status, err } = await runProcess(argv, () => undefined, { uid: isRoot ? nobody : undefined });
      chmodSync(join(folder, 'closed'), 0o700);
      expect(err).toContain(
        'warning POSTERN_SCAN_SKIPPED  closed\n      not read (unreadable): folder: permission denied (EACCES); scan it as somebody',
      );
      expect(status).toBe(0);
      const assessment = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
      expect(assessment.coverage.skipped).toContainEqual(
        expect.objectContaining({ path: 'closed', reason: 'unreadable' }),
      );
      expect(assessment.coverage.sources).toHaveLength(1);
    },
  );
});
