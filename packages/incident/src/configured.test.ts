// Back doors that are no page: entries of configurations, compiled pages whose source is gone, names of devices.

import type { ConfiguredEntry, FileFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { at, caseOf, findings, fullLogs, judged, page, source, verdictOf } from './testing/facts.ts';

const server = 'EX01.corp.example';
const owa = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\';
const current = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
const before = 'C:\\inetpub\\history\\CFGHISTORY_0000000001\\applicationHost.config';
const temporary = 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\owa\\1\\2\\';
const files = source('files', { kind: 'web-config', hosts: new Map() });

const directory: ConfiguredEntry = {
  kind: 'virtual-directory',
  code: 'rogue-virtual-directory',
  strength: 'indirect',
  name: '/owa/auth/q',
  path: 'C:\\ProgramData\\COM1\\q',
  url: '/owa/auth/q',
  text: 'A virtual directory points to a folder where no web content belongs: here.',
  line: 7,
  offset: 70,
};

function config(path: string, ...configured: readonly ConfiguredEntry[]): FileFacts {
  const traits = configured.map(({ code, text, line, offset }) => ({ code, text, line, offset }));
  return page(path, 'suspicious', { source: 'files', judged: judged('suspicious', { traits, configured }) });
}

function compiled(name: string, virtualPath: string, more: Partial<FileFacts> = {}): FileFacts {
  const names = new Map([
    ['VirtualPath', virtualPath],
    ['Assembly', 'App_Web_x1'],
  ]);
  return page(temporary + name, 'benign', { source: 'files', judged: judged('benign', { names }), ...more });
}

function assembly(verdict: 'benign' | 'remote-control'): FileFacts {
  const times = new Map([['CompiledAt', at('2021-03-03 10:00:00')]]);
  return page(`${temporary}App_Web_x1.dll`, verdict, { source: 'files', judged: judged(verdict, { times }) });
}

const assessed = (...own: readonly FileFacts[]) =>
  assess(caseOf({ sources: [...fullLogs(), files], files: own }));

describe('configurations', () => {
  test('a virtual directory is a back door, with the line that makes it', () => {
    const result = assessed(config(current, directory));
    expect(result.implants).toMatchObject([
      {
        kind: 'virtual-directory',
        url: '/owa/auth/q',
        path: directory.path,
        state: 'present',
        traits: [directory.text],
      },
    ]);
    const [finding] = findings(result, 'postern:configured-directory');
    expect(finding).toMatchObject({ witness: 'indirect', evidence: [{ line: 7, offset: 70 }] });
    expect(
      verdictOf(caseOf({ sources: [...fullLogs(), files], files: [config(current, directory)] }), server)
        .verdict,
    ).toBe('likely-compromised');
  });

  test('what only the history of the configuration has was removed', () => {
    const result = assessed(
      config(before, directory),
      config(current, { ...directory, kind: 'logging', strength: 'lead' }),
    );
    expect(result.implants).toMatchObject([{ kind: 'virtual-directory', state: 'removed' }]);
    expect(assessed(config(before, directory)).implants).toMatchObject([{ state: 'unknown' }]);
  });

  test('a page in a folder that is served by such an entry is reached by its URL', () => {
    const shell = page('C:\\ProgramData\\COM1\\q\\s.aspx', 'remote-control', { source: 'files' });
    const result = assessed(config(current, directory), shell);
    expect(result.implants.map(({ kind, url }) => `${kind} ${url}`).toSorted()).toEqual([
      'virtual-directory /owa/auth/q',
      'web-shell /owa/auth/q/s.aspx',
    ]);
    expect(findings(assessed(shell), 'postern:page-content')).toEqual([]);
  });

  test('leads, rules and logs make no back door; copies elsewhere say nothing', () => {
    const lead: ConfiguredEntry = { ...directory, kind: 'iis-module', strength: 'lead' };
    const rule: ConfiguredEntry = { ...directory, kind: 'mitigation', code: 'mitigation', strength: 'lead' };
    expect(assessed(config(current, lead, rule)).implants).toEqual([]);
    expect(assessed(config('D:\\work\\web.config', directory))).toMatchObject({ implants: [], findings: [] });
  });
});

describe('compiled pages', () => {
  const gone = compiled('x.aspx.1a2b3c4d.compiled', '/owa/auth/x.aspx');
  const sibling = page(`${owa}logon.aspx`, 'benign', { source: 'files' });

  test('one whose source is gone is a back door with its URL and the time of compiling', () => {
    const [implant] = assessed(gone, assembly('benign'), sibling).implants;
    expect(implant).toMatchObject({
      kind: 'web-shell',
      url: '/owa/auth/x.aspx',
      state: 'removed',
      placedAt: { time: '2021-03-03T10:00:00Z', basis: 'compile time (head of the assembly)' },
    });
  });

  test('nothing is said to be gone where nothing of its folder was collected', () => {
    expect(assessed(gone, assembly('benign')).implants).toMatchObject([{ state: 'unknown' }]);
  });

  test("the product's own pages and pages that are there are not", () => {
    const own = compiled('logon.aspx.1a2b3c4d.compiled', '/owa/auth/logon.aspx');
    expect(assessed(own, assembly('benign'), sibling).implants).toEqual([]);
    expect(
      assessed(gone, assembly('benign'), page(`${owa}x.aspx`, 'benign', { source: 'files' })).implants,
    ).toEqual([]);
  });

  test('an assembly that runs what a request tells it is a direct witness, its page there or not', () => {
    const result = assessed(gone, assembly('remote-control'));
    expect(findings(result, 'postern:page-content-compiled')).toMatchObject([
      { witness: 'direct', stage: 'use' },
    ]);
    expect(result.implants).toHaveLength(1);
    const there = assessed(
      gone,
      assembly('remote-control'),
      page(`${owa}x.aspx`, 'remote-control', { source: 'files' }),
    );
    expect(there.implants).toMatchObject([{ url: '/owa/auth/x.aspx', state: 'present' }]);
  });
});

describe('names of devices', () => {
  test('a folder is one back door, however many files are in it', () => {
    const inside = ['a.txt', 'b.txt'].map((name) =>
      page(`C:\\ProgramData\\AUX\\${name}`, 'benign', { source: 'files' }),
    );
    expect(assessed(...inside).implants).toMatchObject([{ kind: 'other', path: 'c:\\programdata\\aux' }]);
  });

  test('elsewhere, and names that only begin so, are not', () => {
    const others = [
      'D:\\sources\\aux\\a.c',
      'C:\\ProgramData\\auxiliary\\a',
      'C:\\inetpub\\wwwroot\\console.css',
    ];
    expect(assessed(...others.map((path) => page(path, 'benign', { source: 'files' }))).implants).toEqual([]);
  });
});
