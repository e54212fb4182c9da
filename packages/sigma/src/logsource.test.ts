import { describe, expect, test } from 'vitest';
import { acceptsShape, filtersOf, type LogSource } from './logsource.ts';
import { parseRules } from './parse-rules.ts';
import { batchOf, hitsOf, matcherOf, ruleText, rulesOf, shapeOf } from './testing/records.ts';

function accepts(
  source: LogSource,
  family: string,
  constants: Readonly<Record<string, string>> = {},
): boolean {
  return filtersOf(source).some((filter) => acceptsShape(filter, shapeOf(family, [], constants)));
}

const sysmon = 'Microsoft-Windows-Sysmon/Operational';

describe('Windows', () => {
  test.each<[LogSource, Readonly<Record<string, string>>, boolean]>([
    [{ product: 'windows', category: 'process_creation' }, { Channel: sysmon, EventID: '1' }, true],
    [{ product: 'windows', category: 'process_creation' }, { Channel: 'security', EventID: '4688' }, true],
    [{ product: 'windows', category: 'process_creation' }, { Channel: sysmon, EventID: '11' }, false],
    [{ product: 'windows', category: 'process_creation' }, { Channel: 'Security', EventID: '1' }, false],
    [
      { product: 'windows', category: 'process_creation', service: 'security' },
      { Channel: sysmon, EventID: '1' },
      false,
    ],
    [
      { product: 'windows', category: 'process_creation', service: 'security' },
      { Channel: 'Security', EventID: '4688' },
      true,
    ],
    [{ category: 'process_creation' }, { Channel: sysmon, EventID: '1' }, true],
    [{ product: 'windows', service: 'sysmon' }, { Channel: sysmon, EventID: '255' }, true],
    [
      { product: 'windows', service: 'sysmon' },
      { Provider_Name: 'Microsoft-Windows-Sysmon', EventID: '3' },
      true,
    ],
    [
      { product: 'windows', service: 'sysmon' },
      { Channel: 'Application', Provider_Name: 'Microsoft-Windows-Sysmon' },
      false,
    ],
    [{ product: 'windows', service: 'application' }, { Provider_Name: 'anything' }, false],
    [{ product: 'windows' }, { Channel: 'Any/Channel' }, true],
    [
      { product: 'windows', service: 'powershell' },
      { Channel: 'PowerShellCore/Operational', EventID: '4104' },
      true,
    ],
    [
      { product: 'windows', category: 'ps_classic_start' },
      { Channel: 'Windows PowerShell', EventID: '400' },
      true,
    ],
    [
      { product: 'windows', service: 'msexchange-management' },
      { Channel: 'MSExchange Management', EventID: '6' },
      true,
    ],
    [
      { product: 'windows', service: 'iis-configuration' },
      { Channel: 'Microsoft-IIS-Configuration/Operational', EventID: '29' },
      true,
    ],
    [
      { category: 'antivirus' },
      { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: '1116' },
      true,
    ],
    [
      { category: 'antivirus' },
      { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: '5007' },
      false,
    ],
  ])('%j of %j: %s', (source, constants, expected) => {
    expect(accepts(source, 'windows-event', constants)).toBe(expected);
  });
});

describe('other families', () => {
  test.each<[LogSource, string, boolean]>([
    [{ category: 'webserver' }, 'iis', true],
    [{ category: 'webserver', product: 'windows' }, 'iis', true],
    [{ category: 'webserver', product: 'apache' }, 'iis', false],
    [{ category: 'webserver' }, 'httperr', false],
    [{ product: 'windows', service: 'msert' }, 'msert', true],
    [{ product: 'windows', service: 'msert' }, 'file-listing', false],
    [{ category: 'webserver' }, 'httpproxy', false],
    [{ product: 'exchange', service: 'httpproxy' }, 'httpproxy', true],
    [{ product: 'exchange', service: 'httpproxy' }, 'ews', false],
    [{ product: 'exchange' }, 'rps-cmdlet', true],
    [{ product: 'windows', service: 'file-listing' }, 'file-listing', true],
    [{ product: 'windows' }, 'file-listing', false],
    [{ product: 'linux', category: 'process_creation' }, 'windows-event', false],
  ])('%j of %s: %s', (source, family, expected) => {
    expect(accepts(source, family)).toBe(expected);
  });

  test.each([
    ['category: proxy', 'category proxy'],
    ['product: windows\nservice: nonsense', 'product windows, service nonsense'],
    ['product: windows\ncategory: file_access', 'category file_access, product windows'],
    ['product: exchange\nservice: nonsense', 'product exchange, service nonsense'],
    ['category: webserver\nservice: apache', 'category webserver, service apache'],
  ])('a rule of %j is loaded and said to have no source', (logsource, words) => {
    const { rules, diagnostics } = parseRules(ruleText('a: { F: x }\ncondition: a', logsource), 'r.yml');
    expect(rules.length).toBe(1);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'POSTERN_SIGMA_NO_SOURCE',
        severity: 'info',
        message: `no source kind of ours for ${words}: the rule is loaded and never asked`,
      }),
    ]);
  });
});

test('registry events of one id are told apart by their type', () => {
  const rules = ['registry_add', 'registry_delete', 'registry_event'].flatMap((category) =>
    rulesOf(
      ruleText('a: { TargetObject|contains: Run }\ncondition: a', `product: windows\ncategory: ${category}`),
    ),
  );
  const shape = shapeOf('windows-event', ['EventType', 'TargetObject'], { Channel: sysmon, EventID: '12' });
  const matcher = matcherOf(rules, shape);
  expect(hitsOf(matcher, batchOf(shape, ['CreateKey', 'x\\Run']))).toEqual([0, 2]);
  expect(hitsOf(matcher, batchOf(shape, ['DeleteValue', 'x\\Run']))).toEqual([1, 2]);
});

test('Security 4688 answers to the names of Sysmon', () => {
  const rules = rulesOf(
    ruleText(
      "a: { Image|endswith: '\\cmd.exe', ParentImage|endswith: '\\w3wp.exe', CommandLine|contains: whoami, IntegrityLevel: [System, S-1-16-16384] }\ncondition: a",
      'product: windows\ncategory: process_creation',
    ),
  );
  const fields = ['NewProcessName', 'ParentProcessName', 'ProcessCommandLine', 'MandatoryLabel'];
  const shape = shapeOf('windows-event', fields, { Channel: 'Security', EventID: '4688' });
  const record = ['C:\\x\\cmd.exe', 'C:\\x\\w3wp.exe', 'cmd /c whoami', 'S-1-16-16384'];
  expect(hitsOf(matcherOf(rules, shape), batchOf(shape, record))).toEqual([0]);
  const other = shapeOf('windows-event', shape.fields, { Channel: 'Security', EventID: '4624' });
  expect(matcherOf(rules, other)).toBeUndefined();
});
