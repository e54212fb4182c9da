import { describe, expect, test } from 'vitest';
import type { AdviceCheck, FlawCheck, ImplantCheck, ServerCheck, Verification } from '@postern/core';
import { implant } from './testing/parts.ts';
import { renderVerification, verificationJson } from './verification.ts';

const door = (name: string, state: ImplantCheck['state']): ImplantCheck => ({
  id: name,
  kind: 'web-shell',
  path: `C:\\inetpub\\wwwroot\\aspnet_client\\${name}.aspx`,
  state,
  why: 'the reason',
});
const flaw = (cve: string, state: FlawCheck['state']): FlawCheck => ({
  pack: 'exchange-2021',
  cve,
  before: 'vulnerable',
  state,
  why: 'Exchange 2016 CU18 Mar21SU has the fix',
});
const item = (order: number, state: AdviceCheck['state']): AdviceCheck => ({
  id: `item-${order}`,
  order,
  title: `Title ${order}`,
  servers: ['ex01'],
  state,
  why: 'the reason',
  doneWhen: 'It is done.',
});
const server: ServerCheck = {
  id: 'server-ex01',
  name: 'ex01',
  inAfter: true,
  beforeEnds: '2021-03-08T10:00:00Z',
  afterEnds: '2021-03-17T23:00:00Z',
  implants: [door('a', 'closed'), door('b', 'closed'), door('c', 'cannot-tell'), door('d', 'open')],
  flaws: [flaw('CVE-2021-26855', 'closed'), flaw('CVE-2021-27065', 'closed'), flaw('CVE-1', 'mitigated')],
  newImplants: [implant('implant-new', 'C:\\inetpub\\wwwroot\\aspnet_client\\new.aspx')],
  newFindings: [
    {
      id: 'finding-1',
      rule: { id: 'r', title: 'Got \u001b[31m in', kind: 'sigma', level: 'high' },
      stage: 'success',
      act: 'session',
      first: '2021-03-12T10:00:00Z',
      last: '2021-03-12T10:00:00Z',
      count: 3,
    },
  ],
};
const whole: Verification = {
  schema: 'postern.verification/1',
  generator: { name: 'postern', version: '0.1.0' },
  tlp: 'AMBER',
  complete: true,
  servers: [server],
  advice: [item(1, 'people'), item(2, 'done'), item(3, 'open'), item(4, 'cannot-tell')],
  onlyBefore: [],
  onlyAfter: [],
};

const linesOf = (verification: Verification, columns = 100): string[] =>
  renderVerification(verification, { columns }).split('\n');

describe('renderVerification', () => {
  test('says all of it as it is written down', async () => {
    const text = renderVerification(
      { ...whole, complete: false, onlyBefore: ['ex02'], onlyAfter: ['ex03'] },
      { columns: 100 },
    );
    await expect(text).toMatchFileSnapshot('testing/golden/verification.txt');
  });

  test('begins with one sentence', () => {
    const [head, , first] = linesOf(whole);
    expect(head).toMatch(/^postern 0\.1\.0 · verify · all times UTC +TLP:AMBER$/);
    expect(first).toMatch(
      /^2 of 4 back doors closed, 1 still open, 1 cannot be told; the door: 2 of 3 flaws fixed, 1 mitigated/,
    );
  });

  test('says so where there was nothing to close', () => {
    const nothing = { ...server, implants: [], flaws: [], newImplants: [], newFindings: [] };
    expect(linesOf({ ...whole, servers: [nothing] })[2]).toBe(
      'BEFORE had no back door; the door: BEFORE had no open flaw.',
    );
  });

  test.each([110, 100, 80, 60])('keeps within %i columns', (columns) => {
    expect(linesOf(whole, columns).filter((line) => Array.from(line).length > columns)).toEqual([]);
  });

  test('lets nothing of the evidence steer the terminal', () => {
    expect(renderVerification(whole, { columns: 100 })).not.toContain('\u001b');
  });

  test('names the servers of an item where there are several', () => {
    const two = { ...whole, servers: [server, { ...server, id: 'server-ex02', name: 'ex02' }] };
    expect(renderVerification(two, { columns: 100 })).toContain('Title 2 (on ex01)');
    expect(renderVerification(whole, { columns: 100 })).not.toContain('(on ex01)');
  });
});

test('verificationJson gives back what went in, harmless', () => {
  const json = verificationJson({ ...whole, onlyAfter: ['<script>'] });
  expect(json).not.toContain('<');
  expect(JSON.parse(json)).toEqual({ ...whole, onlyAfter: ['<script>'] });
});
