import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const module = JSON.stringify(new URL('./write-whole.ts', import.meta.url).href);
const writer = (text: string): string =>
  `import { writeWhole } from ${module};
   try { for (let i = 0; i < 400; i++) writeWhole(1, ${text}); } catch (error) { console.error(error.code); }`;

function pipeTo(reader: string, text: string): { readonly out: string; readonly err: string } {
  const node = `"${process.execPath}" --disable-warning=ExperimentalWarning --input-type=module-typescript`;
  const { stdout, stderr } = spawnSync('sh', ['-c', `${node} -e "$0" | ${reader}`, writer(text)], {
    encoding: 'utf8',
  });
  return { out: stdout.trim(), err: stderr.trim() };
}

test.skipIf(process.platform === 'win32')('all is written to a pipe whose reader is slow', () => {
  expect(pipeTo('(sleep 0.5; wc -c)', "'ä'.repeat(1000)")).toEqual({ out: String(400 * 2000), err: '' });
});

test.skipIf(process.platform === 'win32')('a reader that went away is told by the system’s error', () => {
  expect(pipeTo('head -c 4', "'x'.repeat(100_000)")).toEqual({ out: 'xxxx', err: 'EPIPE' });
});
