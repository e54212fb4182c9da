// The public rules of SigmaHQ, read in place: all of them load, each finds the events that its authors recorded for
// it, and those on Exchange find what a real server logged while it was taken over.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { inputOf, type Batch, type Shape } from '@postern/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { jsonlogReader } from '../../jsonlog/src/index.ts';
import { compileRules } from './compile-rules.ts';
import type { Diagnostic } from './diagnostic.ts';
import { openRuleSet, type OpenRuleSet } from './open-rule-set.ts';
import { parseRules, type SigmaRule } from './parse-rules.ts';
import type { RuleSet } from './rule-set.ts';
import { batchOf, hitsOf, shapeOf, type MadeValue } from './testing/records.ts';

const data = join(ROOT, '..', 'shared', 'data');
const sigmahq = join(data, 'sigmahq');
const hayabusa = join(data, 'hayabusa-pairs');
const capture = join(data, 'otrf', 'proxylogon_ssrf_rce_poc.zip');
const isHere = [sigmahq, hayabusa, capture].every((path) => existsSync(path));
if (!isHere) console.log(`skipped: no public rules in ${data}`);

function filesIn(folder: string, ending: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name.endsWith(ending))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

interface Loaded {
  readonly rules: readonly SigmaRule[];
  readonly refused: readonly { readonly title: string; readonly reason: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

function load(files: readonly string[]): Loaded {
  const parsed = files.map((file) => parseRules(readFileSync(file, 'utf8'), file.slice(data.length + 1)));
  return {
    rules: parsed.flatMap(({ rules }) => rules),
    refused: parsed.flatMap(({ refused }) => refused),
    diagnostics: parsed.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** By way of JSON, as a cache would have it. */
function open(rules: readonly SigmaRule[]): OpenRuleSet {
  return openRuleSet(JSON.parse(JSON.stringify(compileRules(rules))) as RuleSet);
}

/** Rule id → number of records it matches. */
function countHits(ruleSet: OpenRuleSet, bytes: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  const onBatch = (batch: Batch): void => {
    for (let record = 0; record < batch.count; record++) {
      const shape = batch.shapes[batch.shapeOf[record] ?? 0];
      for (const rule of shape === undefined ? [] : hitsOf(ruleSet.forShape(shape), batch, record)) {
        const id = ruleSet.rules[rule]?.id ?? '';
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
  };
  jsonlogReader.read(
    inputOf(bytes),
    { kind: 'windows-events-json', name: 'x.json' },
    { onBatch, onIssue: () => undefined },
  );
  return counts;
}

/** Their `match_count` says 1, and their logs hold two or three events that fit the rule word for word. */
const understated = new Set([
  '0b9ad457-2554-44c1-82c2-d56a99c42377',
  '8fbf3271-1ef6-4e94-8210-03c2317947f6',
  '45e112d0-7759-4c2a-aa36-9f8fb79d3393',
  'c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e',
]);

describe.skipIf(!isHere)('SigmaHQ', () => {
  let loaded: Loaded = { rules: [], refused: [], diagnostics: [] };
  let ruleSet: OpenRuleSet = open([]);

  beforeAll(() => {
    const folders = readdirSync(sigmahq).filter((name) => name.startsWith('rules'));
    loaded = load(folders.flatMap((folder) => filesIn(join(sigmahq, folder), '.yml')));
    ruleSet = open(loaded.rules);
  });

  test('nearly all rules load, and the reasons of the others are given', () => {
    const { rules, refused, diagnostics } = loaded;
    const noSource = diagnostics.filter(({ code }) => code === 'POSTERN_SIGMA_NO_SOURCE');
    console.log(
      `SigmaHQ: ${rules.length} rules loaded, ${noSource.length} of them without a source of ours; refused ${refused.length}`,
    );
    for (const { title, reason } of refused) console.log(`  ${title}: ${reason}`);
    expect(rules.length).toBeGreaterThan(3700);
    expect(rules.length / (rules.length + refused.length)).toBeGreaterThanOrEqual(0.995);
    expect(refused.every(({ reason }) => reason.includes('nothing is known of %'))).toBe(true);
  });

  test('each finds the events recorded for it', () => {
    const misses: string[] = [];
    let judged = 0;
    for (const info of filesIn(join(sigmahq, 'regression_data'), 'info.yml')) {
      const text = readFileSync(info, 'utf8');
      const [, id = ''] = /rule_metadata:\s+- id: (\S+)/.exec(text) ?? [];
      const [, count] = /match_count: (\d+)/.exec(text) ?? [];
      const events = join(info, '..', `${id}.json`);
      if (!existsSync(events)) continue;
      judged++;
      const found = countHits(ruleSet, readFileSync(events)).get(id) ?? 0;
      const least = understated.has(id) ? found : Number(count ?? found);
      if (found === 0 || found !== least) misses.push(`${id}: ${found} instead of ${count ?? 'some'}`);
    }
    console.log(`SigmaHQ regression data: ${judged} logs judged`);
    expect(misses).toEqual([]);
    expect(judged).toBeGreaterThan(190);
  });

  test('what Exchange logged of ProxyLogon is found by the rules on it', () => {
    const counts = countHits(ruleSet, unzipOnly(readFileSync(capture)));
    const titles = [...counts].map(
      ([id, count]) => `${count} × ${ruleSet.rules.find((rule) => rule.id === id)?.title}`,
    );
    console.log(`OTRF: ${counts.size} rules fire\n  ${titles.toSorted().join('\n  ')}`);
    // ProxyLogon OabVirtualDirectory; Set OabVirtualDirectory ExternalUrl.
    expect(counts.get('550d3350-bb8a-4ff3-9533-2ba533f4a1c0')).toBe(1);
    expect(counts.get('9db37458-4df2-46a5-95ab-307e7f29e675')).toBe(1);
    // The drop is written by System, which both of these leave out (facts/exchange.md section 3.1).
    expect(counts.has('bd1212e5-78da-431e-95fa-c58e3237a8e6')).toBe(false);
    expect(counts.has('39f1f9f2-9636-45de-98f6-a4046aa8e4b9')).toBe(false);
    // A shell of the web server's worker.
    expect(counts.has('8202070f-edeb-4d31-a010-a26c72ac5600')).toBe(true);
  });

  test.each<readonly [string, string, RequestValues]>([
    [
      '23eee45e-933b-49f9-ae1b-df706d2d52ef',
      'ProxyShell, tried',
      {
        'cs-uri-stem': '/autodiscover/autodiscover.json',
        'cs-uri-query': '@evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example',
        'sc-status': '401',
      },
    ],
    [
      '992be1eb-e5da-437e-9a54-6d13b57bb4d8',
      'ProxyShell, answered',
      {
        'cs-uri-stem': '/autodiscover/autodiscover.json',
        'cs-uri-query': '@evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example',
        'sc-status': '200',
      },
    ],
    [
      '67bce556-312f-4c81-9162-c3c9ff2599b2',
      'the first leg of ProxyLogon',
      { 'cs-method': 'POST', 'cs-uri-stem': '/ecp/y.js', 'sc-status': '200' },
    ],
    [
      '67bce556-312f-4c81-9162-c3c9ff2599b2',
      'a shell client',
      { 'cs-method': 'POST', 'cs-uri-stem': '/aspnet_client/x.aspx', 'cs(User-Agent)': 'antSword/v2.1' },
    ],
    [
      'effee1f6-a932-4297-a81f-acb44064fa3a',
      'the reset of a virtual directory',
      {
        'cs-method': 'POST',
        'cs-uri-stem': '/ecp/DDI/DDIService.svc/SetObject',
        'cs-uri-query': 'schema=ResetOABVirtualDirectory&CorrelationID=<empty>;',
        'cs-username': 'CORP\\EX01$',
        'sc-status': '200',
      },
    ],
    [
      '181f49fa-0b21-4665-a98c-a57025ebb8c7',
      'OWASSRF',
      {
        'cs-method': 'POST',
        'cs-uri-stem': '/owa/mastermailbox@corp.example/powershell',
        'sc-status': '200',
        'cs(User-Agent)': 'Mozilla/5.0',
      },
    ],
    [
      '2ea44a60-cfda-11ea-87d0-0242ac130003',
      'reGeorg',
      { 'cs-method': 'POST', 'cs-uri-stem': '/x.aspx', 'cs-uri-query': 'cmd=read', 'cs(User-Agent)': null },
    ],
    [
      '7ff9db12-1b94-4a79-ba68-a2402c5d6729',
      'a shell asked by GET',
      { 'cs-method': 'GET', 'cs-uri-stem': '/x.aspx', 'cs-uri-query': 'c=whoami' },
    ],
  ])('%s finds %s in a log of IIS', (id, _, values) => {
    const [batch, shape] = iisRecord(values);
    const hits = hitsOf(ruleSet.forShape(shape), batch).map((rule) => ruleSet.rules[rule]?.id);
    expect(hits).toContain(id);
  });

  test('plain requests to Exchange are found by none', () => {
    const plain = [
      {
        'cs-method': 'GET',
        'cs-uri-stem': '/owa/',
        'cs-uri-query': 'bO=1&CorrelationID=<empty>;&cafeReqId=6a1f2c3d-0000-4000-8000-000000000001;',
      },
      {
        'cs-method': 'POST',
        'cs-uri-stem': '/Microsoft-Server-ActiveSync/default.eas',
        'cs-uri-query': 'Cmd=Ping&User=a&DeviceId=x&DeviceType=iPhone',
      },
      { 'cs-method': 'POST', 'cs-uri-stem': '/EWS/Exchange.asmx' },
      {
        'cs-method': 'POST',
        'cs-uri-stem': '/mapi/emsmdb/',
        'cs-uri-query': 'MailboxId=6a1f2c3d-0000-4000-8000-000000000001@corp.example',
      },
    ];
    for (const values of plain) {
      const [batch, shape] = iisRecord(values);
      expect(hitsOf(ruleSet.forShape(shape), batch).map((rule) => ruleSet.rules[rule]?.title)).toEqual([]);
    }
  });
});

const iisFields =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken'.split(
    ' ',
  );

/** Values by field; null: `-`. */
type RequestValues = Readonly<Record<string, string | null>>;

/** A record of IIS with its default fields; those not given are as an ordinary request has them. */
function iisRecord(values: RequestValues): [Batch, Shape] {
  const shape = shapeOf('iis', iisFields);
  const usual: RequestValues = {
    'cs-method': 'GET',
    'sc-status': '200',
    'cs(User-Agent)': 'Mozilla/5.0+(Windows+NT+10.0)',
  };
  const all = { ...usual, ...values };
  const made = iisFields.map((name): MadeValue => {
    const text = all[name];
    if (text === undefined || text === null) return null;
    return name.includes('(') ? { raw: text, type: 'plusText' } : text;
  });
  return [batchOf(shape, made), shape];
}

/** The one entry of a zip, by way of its central directory (which lies before the last 22 bytes). */
function unzipOnly(zip: Buffer): Uint8Array {
  const directory = zip.readUInt32LE(zip.length - 22 + 16);
  const packed = zip.readUInt32LE(directory + 20);
  const local = zip.readUInt32LE(directory + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return inflateRawSync(zip.subarray(start, start + packed));
}

/** Rules that do not fit their own event by Sigma's words, each with the reason. */
const notFound: Readonly<Record<string, string>> = {
  OAlerts_300_Info_OfficeAppPopUp: 'its log source is Security, its event is of OAlerts',
  Sec_4625_Med_LogonFail_UserGuessing_Correlation: 'its filter leaves its event out',
  Sysmon_11_Info_FileCreated: 'its event lacks the RuleName that it wants empty',
};

describe.skipIf(!isHere)('the rules of Hayabusa that carry an event', () => {
  test('each find theirs', () => {
    const misses: string[] = [];
    let judged = 0;
    for (const file of filesIn(hayabusa, '.yml')) {
      const text = readFileSync(file, 'utf8');
      const sample = /^(?:hayabusa-)?sample-evtx: \|\r?\n((?: .*\r?\n?|\r?\n)+)/m.exec(text)?.[1] ?? '';
      const { rules, refused } = parseRules(text, file.slice(data.length + 1));
      if (!sample.includes('<Event')) continue;
      if (refused.length > 0) console.log(`  ${refused[0]?.title}: ${refused[0]?.reason}`);
      judged++;
      const [batch, shape] = xmlRecord(sample);
      const isFound = rules.length > 0 && hitsOf(open(rules).forShape(shape), batch).length > 0;
      if (!isFound) misses.push(file.slice(hayabusa.length + 1, -'.yml'.length));
    }
    console.log(`Hayabusa: ${judged} events judged, ${misses.length} not found`);
    expect(misses).toEqual(Object.keys(notFound));
    expect(judged).toBeGreaterThan(100);
  });
});

/** A record from the XML of an event, as simply as a test may read it. */
function xmlRecord(xml: string): [Batch, Shape] {
  const inner = (name: string): string => new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  const [, provider = ''] = /<Provider Name="([^"]*)"/.exec(xml) ?? [];
  const fields = new Map<string, string>();
  const data = xml.slice(xml.indexOf('</System>'));
  for (const [, name = '', text = ''] of data.matchAll(/<Data Name="([^"]*)"\s*(?:\/>|>([^<]*)<)/g))
    fields.set(name, unescapeXml(text));
  const unnamed = Array.from(data.matchAll(/<Data>([^<]*)</g), ([, text = '']) => unescapeXml(text));
  for (const [, name = '', text = ''] of data.matchAll(/<(\w+)(?: [^>]*)?>([^<]+)<\/\1>/g))
    if (name !== 'Data' && !fields.has(name)) fields.set(pathIfTaken(name, data), unescapeXml(text));
  const shape = shapeOf('windows-event', [...fields.keys(), ...(unnamed.length > 0 ? ['Data'] : [])], {
    Channel: inner('Channel'),
    EventID: inner('EventID'),
    Provider_Name: provider,
  });
  const list: MadeValue[] = unnamed.length > 0 ? [{ raw: JSON.stringify(unnamed), type: 'jsonValue' }] : [];
  return [batchOf(shape, [...fields.values(), ...list]), shape];
}

/** What is called as a value of the system is named by its way, as the readers do. */
function pathIfTaken(name: string, data: string): string {
  const [, holder = ''] = /<UserData[^>]*>\s*<(\w+)/.exec(data) ?? [];
  return ['Channel', 'EventID'].includes(name) ? `Event.UserData.${holder}.${name}` : name;
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => names[name] ?? whole).trim();
}
