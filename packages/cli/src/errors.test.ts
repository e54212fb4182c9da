import { PosternError } from '@postern/core';
import { expect, test } from 'vitest';
import { exitStatus, issueText, refusedText, renderError } from './errors.ts';

const error = new PosternError({
  code: 'POSTERN_X_Y',
  message: 'it broke',
  at: 'a.yml:1:2',
  hint: 'Mend it.',
});

test('an error of ours has code, place, what happened and what to do', () => {
  expect(renderError(error, false)).toBe('error POSTERN_X_Y  a.yml:1:2\n      it broke\n      Mend it.\n');
  expect(renderError(new PosternError({ code: 'POSTERN_X_Y', message: 'it broke' }), false)).toBe(
    'error POSTERN_X_Y\n      it broke\n',
  );
});

test('a stack is shown only with --debug', () => {
  expect(renderError(error, true)).toContain('\n    at ');
  expect(renderError(new TypeError('oh'), false)).not.toContain('\n    at ');
  expect(renderError(new TypeError('oh'), false)).toMatch(
    /^error POSTERN_INTERNAL\n {6}oh\n {6}Run again with --debug/,
  );
  expect(renderError(new TypeError('oh'), true)).toContain('\n    at ');
  expect(renderError('text', true)).toContain('text');
});

test.each([
  [new PosternError({ code: 'POSTERN_SCAN_NO_EVIDENCE', message: '' }), 3],
  [new PosternError({ code: 'POSTERN_CLI_USAGE', message: '' }), 2],
  [new Error('ours'), 70],
  ['thrown text', 70],
])('exit status', (thrown, status) => {
  expect(exitStatus(thrown)).toBe(status);
});

test('an issue is one block, its place said once', () => {
  const issue = {
    code: 'POSTERN_A',
    severity: 'warning',
    source: 'e.zip',
    message: 'e.zip: ends\nCopy it again.',
  } as const;
  expect(issueText(issue)).toBe('warning POSTERN_A  e.zip\n      ends\n      Copy it again.');
  expect(issueText({ code: 'POSTERN_A', severity: 'info', message: 'm' })).toBe('info POSTERN_A\n      m');
});

test('a refused rule has its code in front', () => {
  const rule = { source: 'r.yml:3:5', title: 'Shells', reason: 'POSTERN_SIGMA_MODIFIER: no such thing' };
  expect(refusedText(rule)).toBe(
    'error POSTERN_SIGMA_MODIFIER  r.yml:3:5\n      Shells: no such thing\n      This is left out, the others run.',
  );
  expect(refusedText({ source: 'x', title: '', reason: 'why' })).toMatch(
    /^error POSTERN_SCAN_REFUSED {2}x\n {6}why/,
  );
});

test('a name from the evidence cannot steer the terminal', () => {
  const text = issueText({ code: 'POSTERN_A', severity: 'info', source: 'a\u001b[2J', message: 'b\u0007' });
  expect(text).toBe('info POSTERN_A  a\\u001b[2J\n      b\\u0007');
});
