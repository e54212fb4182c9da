// The example of the README, run as it stands there.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { someLog } from './testing/logs.ts';

const home = new URL('../', import.meta.url).pathname;
const example = /```js\n(?<code>[\s\S]*?)```/.exec(readFileSync(join(home, 'README.md'), 'utf8'))?.groups?.[
  'code'
];

test('the example of the README prints an event per line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-readme-'));
  try {
    const log = join(folder, 'Security.evtx');
    writeFileSync(log, someLog(5));
    const options = [
      '--conditions=@postern/source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
    ];
    const code = ['-e', example ?? 'no example'];
    const { stdout, stderr } = spawnSync(process.execPath, [...options, ...code, log], {
      cwd: home,
      encoding: 'utf8',
    });
    const events = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(events).toHaveLength(5);
    expect(events[0]).toMatchObject({ Event: { EventData: { TargetFilename: 'C:\\inetpub\\file0.aspx' } } });
    expect(stderr).toContain('5 records, 0 damaged []');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the example has ten lines at most', () => {
  expect(example?.trim().split('\n').length).toBeLessThanOrEqual(11);
});
