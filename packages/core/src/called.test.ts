import { expect, test } from 'vitest';
import { isCalled } from './called.ts';

test.each([
  [['EX01.corp.example'], 'ex01.corp.example', true],
  [['EX01.corp.example'], 'ex01', true],
  [['ex01'], 'EX01.corp.example', true],
  [['EX01.corp.example', 'ex01'], 'ex01.other.example', true],
  [['EX01.corp.example'], 'ex01.other.example', false],
  [['ex01.corp.example'], 'corp', false],
  [['the collection'], 'the collection', true],
  [[], 'ex01', false],
] as const)('%j is meant by %s: %s', (names, host, is) => expect(isCalled(names, host)).toBe(is));
