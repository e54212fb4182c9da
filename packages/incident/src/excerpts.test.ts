// Judgement section 10: bounded excerpts that show the witness, whatever the form of the record.

import { limits } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assess, assessInFull } from './assess.ts';
import { excerptFor } from './excerpts.ts';
import { noEntities } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import { caseOf, fullLogs, hit } from './testing/facts.ts';
import { checkRule } from './checks.ts';

const head = `{"SourceName":"Microsoft-Windows-Sysmon","ProviderGuid":"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",${'"x":"y",'.repeat(40)}`;

function sighting(recorder: string, text: string, captures: Readonly<Record<string, string>>): Sighting {
  return {
    rule: checkRule('page-seen'),
    source: 'events',
    at: { offset: 0 },
    time: undefined,
    last: undefined,
    count: 1,
    recorder,
    captures: new Map(Object.entries(captures)),
    text,
    excerpt: false,
    recordedOn: 's',
    targets: ['s'],
    packs: [],
    entities: noEntities,
    joins: [],
  };
}

describe('a long event', () => {
  const shell = {
    Image: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: '"cmd.exe" /c whoami',
    ParentImage: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
    ParentCommandLine: `c:\\windows\\system32\\inetsrv\\w3wp.exe -ap "MSExchangeOWAAppPool" ${'-v "x" '.repeat(60)}`,
    User: 'NT AUTHORITY\\SYSTEM',
    ProcessId: '4711',
    Computer: 'EX01',
  };

  test('shows the fields that made the rule fire, not its beginning', () => {
    const excerpt = excerptFor(sighting('windows:Microsoft-Windows-Sysmon/Operational', head, shell), 240);
    expect(excerpt.length).toBeLessThanOrEqual(240);
    expect(excerpt).toContain('CommandLine: "cmd.exe" /c whoami');
    expect(excerpt).toContain('User: NT AUTHORITY\\SYSTEM');
    expect(excerpt).toContain('-ap "MSExchange');
    expect(excerpt).not.toContain('ProviderGuid');
  });

  test('a long value is cut around what the rule looks for', () => {
    const message = `Cmdlet suceeded. Cmdlet Set-OabVirtualDirectory, ${'a'.repeat(900)} "http://f/<script language=JScript" ${'b'.repeat(900)}`;
    const excerpt = excerptFor(sighting('windows:MSExchange Management', head, { Message: message }), 240);
    expect(excerpt.length).toBeLessThanOrEqual(240);
    expect(excerpt).toMatch(/^Message: ….*<script language=JScript/);
  });

  test('secrets in fields are masked before they are cut', () => {
    const excerpt = excerptFor(
      sighting('windows:Security', head, { CommandLine: 'net user evil Sup3rSecret! /add' }),
      240,
    );
    expect(excerpt).not.toContain('Sup3r');
  });

  test('as assessment.json has it; findings.jsonl has the record itself', () => {
    const text = head.slice(0, 600);
    const hits = [
      hit(
        'shell',
        '2021-03-03 10:00:00',
        { file: 'C:\\Windows\\cmd.exe' },
        { recorder: 'windows:Security', text },
      ),
    ];
    const facts = caseOf({ sources: fullLogs(), hits });
    const [finding] = assess(facts).findings;
    expect(finding?.evidence[0]?.excerpt).toBe('file: C:\\Windows\\cmd.exe');
    const [full] = [...assessInFull(facts).findings()];
    expect(full?.evidence[0]?.excerpt).toBe(text);
  });

  test('one that was cut when it was kept is told by its fields in findings.jsonl too', () => {
    const text = 'x'.repeat(limits.excerptKept);
    const hits = [
      hit(
        'shell',
        '2021-03-03 10:00:00',
        { file: 'C:\\Windows\\cmd.exe' },
        { recorder: 'windows:Security', text },
      ),
    ];
    const [full] = [...assessInFull(caseOf({ sources: fullLogs(), hits })).findings()];
    expect(full?.evidence[0]?.excerpt).toBe('file: C:\\Windows\\cmd.exe');
  });
});

describe('a long line', () => {
  const anchor = 'ServerInfo~a]@EX01:444/ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory#';
  const line = `2021-03-03T10:00:00.000Z,${'1,'.repeat(150)}${anchor},python-requests/2.25.1,203.0.113.7,EX01,200,${'0,'.repeat(150)}`;

  test('is cut around the field that the rule names first', () => {
    const excerpt = excerptFor(
      sighting('httpproxy-ecp', line, { AnchorMailbox: anchor, ClientIpAddress: '203.0.113.7' }),
      240,
    );
    expect(excerpt.length).toBeLessThanOrEqual(240);
    expect(excerpt).toContain(anchor);
    expect(excerpt).toContain('203.0.113.7,EX01,200');
  });

  test('without fields it shows its beginning', () => {
    expect(excerptFor(sighting('iis-front', line, {}), 240)).toBe(`${line.slice(0, 239)}…`);
  });
});

test('whatever the record, an excerpt is bounded and one line', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 700 });
  fc.assert(
    fc.property(
      fc.constantFrom('windows:Security', 'iis-front'),
      texts,
      fc.dictionary(fc.string({ maxLength: 20 }), texts, { maxKeys: 9 }),
      (recorder, text, captures) => {
        const excerpt = excerptFor(sighting(recorder, text, captures), 240);
        expect(excerpt.length).toBeLessThanOrEqual(240);
        expect(excerpt).not.toMatch(/[\n\r]/);
      },
    ),
    propertyRuns(),
  );
});
