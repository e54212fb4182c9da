import { describe, expect, test } from 'vitest';
import { openCase } from './case.ts';
import { lookAlikeName } from './more-doors.ts';
import { createRandom } from './random.ts';
import { make, pathsWith, sha256Of, textOf } from './testing/collection.ts';
import { PAGE_NAMES } from './web-tree.ts';

test('a look-alike is no genuine name, and few letters away from one', () => {
  const random = createRandom('names');
  for (let round = 0; round < 500; round += 1) {
    const name = lookAlikeName(random, PAGE_NAMES);
    const genuine = PAGE_NAMES.map((each) => each.toLowerCase());
    expect(genuine).not.toContain(name.toLowerCase());
    expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*\.aspx$/);
    expect(
      genuine.some((each) => Math.abs(each.length - name.length) <= 1 && each[0] === name[0]?.toLowerCase()),
    ).toBe(true);
  }
});

describe('the doors that are easily overlooked', () => {
  const made = make({ seed: '1' });
  const [, , alike, changed, hidden, deleted, directory] = made.truth.implants;

  test('are four, one of them a directory with a page', () => {
    expect([alike, changed, hidden, deleted, directory].map((one) => [one?.kind, one?.state])).toEqual([
      ['web-shell', 'present'],
      ['web-shell', 'present'],
      ['web-shell', 'present'],
      ['web-shell', 'removed'],
      ['virtual-directory', 'present'],
    ]);
  });

  test('the changed page is the product’s but for one line, and keeps the day of its making', () => {
    const text = textOf(made, changed?.file);
    expect(sha256Of(text)).toBe(changed?.sha256);
    const quiet = make({ seed: '1', variant: 'quiet' });
    const lines = textOf(quiet, changed?.file).split('\r\n');
    expect(text.split('\r\n').filter((line) => !lines.includes(line))).toHaveLength(1);
    const name = changed!.path.slice(changed!.path.lastIndexOf('\\') + 1);
    const listing = textOf(made, pathsWith(made, 'MFTECmd')[0]).split('\r\n');
    const row = listing.find((line) => line.includes(`,${name},.aspx,`));
    expect(row).toContain('2019-05-14');
    expect(row).toContain(changed!.placedAt.slice(0, 19).replace('T', ' '));
  });

  test('the directory is in the configuration of the sites, and nowhere else', () => {
    const configs = pathsWith(made, '.config').filter((path) =>
      textOf(made, path).includes(`physicalPath="${directory?.path}"`),
    );
    expect(configs).toEqual(['C/Windows/System32/inetsrv/config/applicationHost.config']);
    expect(hidden?.url.startsWith(`${directory?.url}/`)).toBe(true);
  });

  test('of the deleted page the compiled one is left', () => {
    const name = deleted!.path.slice(deleted!.path.lastIndexOf('\\') + 1);
    expect(pathsWith(made, `/${name}`).filter((path) => path.endsWith(name))).toEqual([]);
    const [compiled, ...others] = pathsWith(made, `/${name.toLowerCase()}.`);
    expect([others, compiled?.endsWith('.compiled')]).toEqual([[], true]);
    const xml = textOf(made, compiled);
    expect(xml).toContain(`virtualPath="${deleted?.url}"`);
    const assembly = /assembly="(\w+)"/.exec(xml)?.[1];
    const [library] = pathsWith(made, `/${assembly}.dll`);
    expect(textOf(made, library).slice(0, 2)).toBe('MZ');
  });
});

test('variants without an intrusion have none of them', () => {
  const { story } = openCase({ seed: '1', variant: 'failed-only' });
  expect([story.files, story.windows.deeds]).toEqual([[], []]);
});
