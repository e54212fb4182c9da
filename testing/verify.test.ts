// From a compromised server to its clean-up, through the command: what was closed, and what nobody can tell.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment, Verification } from '@postern/core';
import { assessmentJson } from '@postern/report';
import { postern } from './commands.ts';
import { evidenceTar, exampleOf, freshFolder, scanPaths, type Tree } from './scanning.ts';

const { files } = exampleOf('attack', 'short');
const isListing = (path: string): boolean => path.includes('MFTECmd');
const isEventLog = (path: string): boolean => path.endsWith('.evtx');
const isWebFile = (path: string): boolean =>
  /\/(?:FrontEnd|wwwroot|ProgramData|Temporary ASP\.NET Files)\//.test(path);

/** The day of a log's name; the fix of the story comes on 9 March, the last use of a shell some days later. */
function dayOf(path: string): string | undefined {
  const found = /(?:_|_ex|Server|Proxy_)(?:20)?21(\d\d)(\d\d)(?:\d\d)?(?:-\d+)?\.log$/i.exec(path);
  return found === null ? undefined : `2021-${found[1]}-${found[2]}`;
}

function logsOf(from: string, to: string): [string, string | Uint8Array][] {
  return [...files].filter(([path]) => {
    const day = dayOf(path);
    return !isEventLog(path) && day !== undefined && day >= from && day <= to;
  });
}

const standing = [...files].filter(([path]) => dayOf(path) === undefined && !isEventLog(path));

async function scanned(tree: Tree): Promise<Assessment> {
  return (await scanPaths([evidenceTar(tree)])).assessment;
}

function written(assessment: Assessment): string {
  const path = join(freshFolder(), 'assessment.json');
  writeFileSync(path, [...assessmentJson(assessment)].join(''));
  return path;
}

async function verified(before: string, after: Assessment): Promise<Verification> {
  const { out, err, status } = await postern(['verify', before, written(after), '--json']);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Verification;
}

let before: Assessment;
let beforePath: string;
let shells: readonly string[];

beforeAll(async () => {
  before = await scanned(new Map([...logsOf('2021-02-27', '2021-03-06'), ...standing]));
  beforePath = written(before);
  shells = before.implants.flatMap(({ path, kind }) => (kind === 'web-shell' ? (path ?? []) : []));
});

const nameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1).toLowerCase();

/** The listing of the last day without the pages, and with a log of that day. */
function cleanedListing(text: string, gone: ReadonlySet<string>): string {
  const rows = text.split('\r\n');
  const kept = rows.filter((row) => ![...gone].some((name) => row.toLowerCase().includes(name)));
  const log = rows.find((row) => row.includes('.aspx'))?.replaceAll(/[\w-]+\.aspx/g, 'app.log');
  return [...kept, log?.replaceAll(/\d{4}-\d\d-\d\d (?=\d\d:)/g, '2021-03-17 '), ''].join('\r\n');
}

/** Days after the clean-up: what remains of the disk, and how much of that was collected. */
interface CleanUp {
  readonly from: string;
  readonly keep: 'files' | 'listing' | 'logs';
}

function cleaned({ from, keep }: CleanUp): Tree {
  const gone = new Set(shells.map(nameOf));
  const isGone = (path: string): boolean =>
    [...gone].some((name) => path.toLowerCase().includes(name)) || path.includes('App_Web_');
  const disk = standing.filter(
    ([path]) => (keep === 'listing' || !isListing(path)) && (keep === 'files' || !isWebFile(path)),
  );
  return new Map([
    ...logsOf(from, '2021-03-17'),
    ...disk
      .filter(([path]) => !isGone(path))
      .map(([path, data]): [string, string | Uint8Array] => {
        if (isListing(path)) return [path, cleanedListing(String(data), gone)];
        return [path, path.endsWith('applicationHost.config') ? withoutDirectory(String(data)) : data];
      }),
  ]);
}

/** The configuration without the directory of the story. */
function withoutDirectory(text: string): string {
  const [directory] = before.implants.filter(({ kind }) => kind === 'virtual-directory');
  const url = directory?.url ?? '';
  return text
    .split(/(?<=\n)/)
    .filter((line) => !line.includes(`path="${url}"`))
    .join('');
}

/** The states of the back doors whose place in BEFORE is such. */
function statesOf({ servers }: Verification, place: (path: string) => boolean): ReadonlySet<string> {
  const implants = servers.flatMap((server) => server.implants);
  return new Set(implants.filter(({ path = '' }) => place(path)).map(({ state }) => state));
}

const flawsOf = ({ servers }: Verification): ReadonlySet<string> =>
  new Set(servers.flatMap((server) => server.flaws.map(({ state }) => state)));
const adviceOf = ({ advice }: Verification, id: string): string | undefined =>
  advice.find((item) => item.id === id)?.state;

/** Pages that a listing names: not those under the name of a page of the product, nor those outside web folders. */
const isNamedByListing = (path: string): boolean =>
  before.findings.some(
    ({ recorders, entities }) => recorders.includes('file-listing') && entities.paths.includes(path),
  );
const isPage = (path: string): boolean => path.endsWith('.aspx');

describe('after the clean-up and the update', () => {
  const lastDays = '2021-03-15';

  test('a listing of the disk closes the pages that one told of before, and no others', async () => {
    const result = await verified(beforePath, await scanned(cleaned({ from: lastDays, keep: 'listing' })));
    const named = shells.filter(isNamedByListing);
    expect(named.length).toBeGreaterThanOrEqual(2);
    expect(named.length).toBeLessThan(shells.length);
    expect(statesOf(result, isNamedByListing)).toEqual(new Set(['closed']));
    expect(statesOf(result, (path) => isPage(path) && !isNamedByListing(path))).toEqual(
      new Set(['cannot-tell']),
    );
    expect(statesOf(result, (path) => !isPage(path))).toEqual(new Set(['closed']));
    expect(flawsOf(result)).toEqual(new Set(['closed']));
    expect(['preserve', 'patch', 'remove-shell'].map((id) => adviceOf(result, id))).toEqual([
      'people',
      'done',
      'cannot-tell',
    ]);
    expect(result.servers.flatMap(({ newImplants }) => newImplants)).toEqual([]);
  });

  test('the files of the web folders close pages that lay among others', async () => {
    const result = await verified(beforePath, await scanned(cleaned({ from: lastDays, keep: 'files' })));
    expect(statesOf(result, (path) => /\\(?:owa|ecp)\\auth\\[^\\]+$/.test(path))).toEqual(
      new Set(['closed']),
    );
    expect(statesOf(result, (path) => path.includes('ProgramData'))).toEqual(new Set(['cannot-tell']));
  });

  test('logs alone close no page, and the update all the same', async () => {
    const after = await scanned(cleaned({ from: lastDays, keep: 'logs' }));
    const result = await verified(beforePath, after);
    expect(statesOf(result, isPage)).toEqual(new Set(['cannot-tell']));
    expect(flawsOf(result)).toEqual(new Set(['closed']));
    const { out } = await postern(['verify', beforePath, written(after)]);
    expect(out.split('\n')[2]).toMatch(
      /^\d of \d back doors closed, \d cannot be told; the door: all 4 flaws fixed\.$/,
    );
  });

  test('a page that was used since is open, though no listing has it', async () => {
    const result = await verified(
      beforePath,
      await scanned(cleaned({ from: '2021-03-09', keep: 'listing' })),
    );
    const used = result.servers.flatMap(({ implants }) => implants.filter(({ state }) => state === 'open'));
    expect(used.map(({ why }) => why)).toEqual([expect.stringMatching(/^used after BEFORE ended/)]);
    expect(result.servers.flatMap(({ newFindings }) => newFindings).length).toBeGreaterThan(0);
  });
});

test('held against itself nothing is closed that is open', async () => {
  const result = await verified(beforePath, before);
  const wasRemoved = before.implants.filter(({ state }) => state === 'removed').map(({ id }) => id);
  const closed = result.servers.flatMap(({ implants }) => implants.filter(({ state }) => state === 'closed'));
  expect(closed.filter(({ id }) => !wasRemoved.includes(id))).toEqual([]);
  // The logs of those days tell the cumulative update only.
  expect(flawsOf(result)).toEqual(new Set(['cannot-tell']));
  expect(result.servers.flatMap(({ newImplants, newFindings }) => [newImplants, newFindings]).flat()).toEqual(
    [],
  );
});
