// The campaign's own test cases, run through the readers and engines that a scan uses.

import { join } from 'node:path';
import { compileRules, openRuleSet } from '@postern/sigma';
import { expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { checkPack } from './index.ts';
import { loadFolder, run, start } from './testing/run-case.ts';

const loaded = loadFolder(join(ROOT, 'packs/exchange-2021'));
const running = start(loaded);

test('nothing is refused and nothing is to be said', () => {
  const said = [...loaded.diagnostics, ...checkPack(loaded)];
  expect(said.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`)).toEqual([]);
  expect(running.yara.diagnostics).toEqual([]);
});

test('has what a pack needs', () => {
  expect(loaded.sigma.length).toBeGreaterThan(70);
  expect(loaded.pack.builds.length).toBeGreaterThan(380);
  expect(loaded.indicators.length).toBeGreaterThan(250);
  expect(loaded.pack.advice.at(0)?.id).toBe('preserve');
  expect(loaded.pack.advice.every(({ steps }) => steps.length > 0)).toBe(true);
  expect(openRuleSet(compileRules(loaded.sigma)).rules.every((rule) => rule.pack === 'exchange-2021')).toBe(
    true,
  );
});

test('advice that deletes, restarts or resets says what that destroys', () => {
  const takesAway =
    /\b(?:Remove-(?!Variable)|Restart-|Stop-|Clear-|Reset-|Disable-|Uninstall-|iisreset|del |rd |net user|shutdown)\b/i;
  const steps = loaded.pack.advice.flatMap(({ id, steps: all }) => all.map((step) => ({ id, ...step })));
  const silent = steps.filter(
    ({ command = '', destroys }) => takesAway.test(command) && (destroys ?? '') === '',
  );
  expect(silent.map(({ id, command }) => `${id}: ${command}`)).toEqual([]);
  expect(steps.filter(({ destroys }) => destroys !== undefined).length).toBeGreaterThan(5);
});

test('what the law may ask for is a question to the organisation’s own officers', () => {
  const duties = loaded.pack.advice.find(({ id }) => id === 'duties');
  const text = JSON.stringify(duties);
  expect(text).toMatch(/Article 33 of the GDPR/);
  expect(text).toMatch(/NIS2 names, and does Article 23/);
  expect(text).toContain('not legal advice');
});

const cases = loaded.tests.flatMap(({ name, evidence }) =>
  evidence.map((one) => ({
    name: `${name}/${one.file}`,
    one,
    isLog: ![...one.fires, ...one.spares].some(([line]) => line === 0),
  })),
);

test.each(cases)('$name: fires where it must, and nowhere else', ({ one }) => {
  const expected = new Map([...one.fires].map(([line, names]) => [line, [...names].toSorted()]));
  expect(run(running, one, false)).toEqual(expected);
});

test.each(cases.filter(({ isLog }) => isLog))('$name: lines without a literal hold nothing', ({ one }) => {
  expect(run(running, one, true)).toEqual(run(running, one, false));
});

test.each(cases)('$name: no near miss is one that must fire', ({ one }) => {
  const both = [...one.spares].flatMap(([line, names]) =>
    names.filter((name) => one.fires.get(line)?.includes(name)),
  );
  expect(both).toEqual([]);
});
