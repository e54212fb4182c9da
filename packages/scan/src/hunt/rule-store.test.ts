import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadHuntRules, type HuntRules } from './hunt-rules.ts';

let folder = '';
let rules = '';
let cache = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-store-'));
  rules = join(folder, 'rules');
  cache = join(folder, 'cache');
  mkdirSync(rules);
  for (let i = 0; i < 200; i++) writeRule(`${i}`, `a: { F|contains: 'word${i}' }`);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeRule(name: string, selection: string): void {
  const text = `title: rule ${name}\nlogsource:\n  product: windows\ndetection:\n  ${selection}\n  condition: a\n`;
  writeFileSync(join(rules, `${name}.yml`), text);
}

function load(): HuntRules {
  return loadHuntRules({ rules: [rules], cache });
}

/** What is kept, as it stands. */
function keptText(): string {
  const [name = ''] = readdirSync(cache);
  return readFileSync(join(cache, name), 'utf8');
}

describe('compiled rules that are kept', () => {
  test('are the same as those that are compiled, refused ones too', () => {
    writeRule('bad', "a: { F|nothing: 'x' }");
    const plain = loadHuntRules({ rules: [rules] });
    const first = load();
    const second = load();
    expect(first).toEqual(plain);
    expect(JSON.stringify(second)).toBe(JSON.stringify(plain));
    expect([second.loaded, second.refused.length]).toEqual([200, 1]);
  });

  test('are used again, and made anew when a rule changes, is added or goes', () => {
    load();
    const before = keptText();
    load();
    expect(keptText()).toBe(before);
    writeRule('7', "a: { F|contains: 'another' }");
    expect(JSON.stringify(load().ruleSet)).toContain('another');
    expect(keptText()).not.toBe(before);
    writeRule('new', "a: { F|contains: 'added' }");
    expect(load().loaded).toBe(201);
    rmSync(join(rules, 'new.yml'));
    expect(load().loaded).toBe(200);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('are made anew when the file is damaged, gone, or cannot be kept', () => {
    const plain = JSON.stringify(load());
    const [name = ''] = readdirSync(cache);
    writeFileSync(join(cache, name), keptText().slice(0, -5));
    expect(JSON.stringify(load())).toBe(plain);
    rmSync(cache, { recursive: true });
    expect(JSON.stringify(load())).toBe(plain);
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file where a folder should be');
    expect(JSON.stringify(load())).toBe(plain);
  });

  test('are none where there are few rules', () => {
    rmSync(join(rules, '1.yml'));
    load();
    expect(() => readdirSync(cache)).toThrow('ENOENT');
  });
});
