import { readFileSync } from 'node:fs';
import { givenText, PosternError } from '@postern/core';

/** What somebody states to be good, and why: one content, or all that is signed with one key. */
export type Known =
  | { readonly hash: string; readonly signer?: undefined; readonly reason: string }
  | { readonly hash?: undefined; readonly signer: string; readonly reason: string };

/**
 * A list of the known: lines `SHA-256,reason` and `token:PUBLIC-KEY-TOKEN,reason`; empty lines and those that begin with
 * `#` say nothing. Whoever excuses a file says why.
 *
 * @throws PosternError `POSTERN_SCAN_KNOWN_LIST` for any other line
 */
export function readKnownList(path: string): readonly Known[] {
  return givenText(readFileSync(path))
    .split(/\r?\n/)
    .flatMap((line, i) => (/^\s*(?:#|$)/.test(line) ? [] : [knownOf(line, `${path}:${i + 1}`)]));
}

function knownOf(line: string, at: string): Known {
  const [, hash, token, reason = ''] =
    /^\s*(?:([0-9a-f]{64})|token:([0-9a-f]{16}))\s*,\s*(.*\S)\s*$/i.exec(line) ?? [];
  if (hash !== undefined) return { hash: hash.toLowerCase(), reason };
  if (token !== undefined) return { signer: token.toLowerCase(), reason };
  throw new PosternError({
    code: 'POSTERN_SCAN_KNOWN_LIST',
    message: 'this line is no statement of what is known',
    at,
    hint: 'Write SHA-256,reason or token:PUBLIC-KEY-TOKEN,reason; a reason is needed.',
  });
}
