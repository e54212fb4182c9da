import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPosternError } from '@postern/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusedYara } from './yara-engine.ts';
import { yaraFilesOf } from './yara-files.ts';

let base = '';
const rule = (name: string): string => `rule ${name} { condition: true }`;
const put = (path: string, text: string): void => writeFileSync(join(base, path), text);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'postern-yara-'));
  mkdirSync(join(base, 'rules', 'parts'), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('rules and what they include', () => {
  it('are read below the folder, whatever the ending of an included one', () => {
    put('rules/a.yar', 'include "parts/b.inc"\ninclude "./parts/c.yar"');
    put('rules/parts/b.inc', rule('B'));
    put('rules/parts/c.yar', rule('C'));
    put('rules/readme.txt', 'no rules');
    const files = yaraFilesOf(join(base, 'rules'));
    expect(files.map(({ path, isIncluded }) => `${path.slice(base.length)} ${isIncluded === true}`)).toEqual([
      '/rules/a.yar false',
      '/rules/parts/c.yar false',
      '/rules/parts/b.inc true',
    ]);
    expect(refusedYara(files)).toEqual([]);
  });

  it('are never read outside of it, by path or by link', () => {
    put('outside.yar', rule('Outside'));
    put('rules/a.yar', 'include "../outside.yar"\ninclude "link.yar"\ninclude "/etc/passwd"');
    symlinkSync(join(base, 'outside.yar'), join(base, 'rules', 'link.yar'));
    const files = yaraFilesOf(join(base, 'rules', 'a.yar'));
    expect(files.map(({ path }) => path.slice(base.length))).toEqual(['/rules/a.yar']);
    expect(refusedYara(files).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('../outside.yar'),
      expect.stringContaining('link.yar'),
      expect.stringContaining('/etc/passwd'),
    ]);
  });

  it('a wrong path is the mistake of the user', () => {
    expect(() => yaraFilesOf(join(base, 'none'))).toThrow(expect.toSatisfy(isPosternError));
  });
});
