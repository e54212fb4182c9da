import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where compiled rules are kept between runs: the folder that `POSTERN_CACHE` names (empty: nothing is kept), else where
 * the system has the caches of the user.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined {
  const named = environment['POSTERN_CACHE'];
  if (named !== undefined) return named === '' ? undefined : named;
  const ofUser = environment[platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'];
  return join(ofUser === undefined || ofUser === '' ? join(homedir(), '.cache') : ofUser, 'postern');
}
