import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

test('compiled rules are kept where the user says, or where the system has caches', () => {
  expect(cacheFolder({ POSTERN_CACHE: 'there' }, 'linux')).toBe('there');
  expect(cacheFolder({ POSTERN_CACHE: '', XDG_CACHE_HOME: 'x' }, 'linux')).toBeUndefined();
  expect(cacheFolder({ XDG_CACHE_HOME: 'x' }, 'linux')).toBe(join('x', 'postern'));
  expect(cacheFolder({ LOCALAPPDATA: 'y', XDG_CACHE_HOME: 'x' }, 'win32')).toBe(join('y', 'postern'));
  expect(cacheFolder({}, 'linux')).toBe(join(homedir(), '.cache', 'postern'));
});
