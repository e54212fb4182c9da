// What verification is tested with: one server, one shell that files and a listing tell of, and what may come after.

import type { Assessment, SourceFacts } from '@postern/core';
import { assess } from '../assess.ts';
import { verifyAdvice } from '../verify.ts';
import { at, caseOf, collected, fullLogs, hit, page, shellPath, source } from './facts.ts';

export const folder = shellPath.slice(0, shellPath.lastIndexOf('\\'));
export const middle = '2021-03-10';
export const oldLogs = fullLogs([middle, collected]).filter(({ id }) => id !== 'events');
export const newLogs = fullLogs();

/** A file of the web folders, of no host by itself. */
export const file = (id: string, path: string, more: Partial<SourceFacts> = {}): SourceFacts =>
  source(id, { kind: 'web-page', originalPath: path, hosts: new Map(), ...more });
export const shellFile = file('page', shellPath, { sha256: 'ab'.repeat(32) });
export const peers = ['logon', 'logoff', 'errorFE'].map((name) => file(name, `${folder}\\${name}.aspx`));

export const assumed = {
  code: 'POSTERN_JSONLOG_DRIVE_ASSUMED',
  severity: 'info',
  message: 'C: is assumed',
} as const;
export const listing = (id: string, day: string, more: Partial<SourceFacts> = {}): SourceFacts => {
  const [first, last] = [at('2019-05-14'), at(`${day} 12:00:00`)];
  return source(id, {
    kind: 'file-listing',
    originalPath: `${day.replaceAll('-', '')}_MFTECmd_$MFT_Output.csv`,
    families: [{ family: 'file-listing', records: 200, first, last, hours: new Map() }],
    issues: [assumed],
    ...more,
  });
};
export const listed = hit(
  'listed',
  '2021-03-03 10:00:00',
  { file: shellPath },
  {
    recorder: 'file-listing',
    source: 'mft-1',
  },
);

export const shell = page(shellPath, 'remote-control');
/** A shell that the folder's files and a listing tell of. */
export const before = assess(
  caseOf({
    sources: [...oldLogs, shellFile, ...peers, listing('mft-1', '2021-03-09')],
    files: [shell],
    hits: [listed],
  }),
);
export const afterOf = (
  sources: readonly SourceFacts[],
  more: Parameters<typeof caseOf>[0] = {},
): Assessment => assess(caseOf({ sources: [...newLogs, ...sources], ...more }));
export const again = listing('mft-2', '2021-03-17');

export function stateOf(after: Assessment, first: Assessment = before): string {
  const [server] = verifyAdvice(first, after).servers;
  const [implant] = server?.implants ?? [];
  return `${implant?.state}: ${implant?.why}`;
}
