// Judgement section 2: a page of the organisation's own whose content was read is no witness by its name.

import type { FileJudgement, Hit } from '@postern/core';
import { expect, test } from 'vitest';
import { assess } from './assess.ts';
import { caseOf, findings, fullLogs, hit, page, pageSource, shellPath, verdictOf } from './testing/facts.ts';

const own = 'C:\\inetpub\\wwwroot\\status\\ServerStatus.aspx';
const listed = (path: string): Hit =>
  hit('listed', '2021-03-04 10:01:40', { file: path }, { recorder: 'file-listing' });

function caseWith(path: string, verdict: FileJudgement['verdict'], ...more: readonly Hit[]) {
  return caseOf({
    sources: [...fullLogs(), pageSource],
    hits: [listed(path), ...more],
    files: [page(path, verdict)],
  });
}

test('a page of an administrator, put there in the campaign, that holds nothing of a remote control', () => {
  const facts = caseWith(own, 'benign');
  expect(verdictOf(facts).verdict).toBe('nothing-found');
  const [finding] = findings(assess(facts), 'listed');
  expect(finding?.setAside).toContain('its content was read');
  expect(verdictOf(facts).against).toContain(finding?.id);
});

test('whose content nobody could read, or that holds more', () => {
  expect(verdictOf(caseWith(own, 'not-judged')).verdict).toBe('likely-compromised');
  expect(verdictOf(caseWith(own, 'suspicious')).verdict).toBe('likely-compromised');
  expect(verdictOf({ ...caseWith(own, 'benign'), files: [] }).verdict).toBe('likely-compromised');
});

test('in a folder of the product, where nobody else puts pages', () => {
  expect(verdictOf(caseWith(shellPath, 'benign')).verdict).toBe('likely-compromised');
});

test('on a server that was attacked', () => {
  const attempt = hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' });
  expect(verdictOf(caseWith(own, 'benign', attempt)).verdict).toBe('likely-compromised');
});

test('written by somebody at the desktop, and not by the web server', () => {
  const written = (image: string) =>
    verdictOf({
      ...caseWith(own, 'benign'),
      hits: [
        hit(
          'drop',
          '2021-03-04 10:01:40',
          { file: own, Image: image },
          { recorder: 'windows:Microsoft-Windows-Sysmon/Operational' },
        ),
      ],
    }).verdict;
  expect(written('C:\\Windows\\explorer.exe')).toBe('nothing-found');
  expect(written('C:\\Windows\\System32\\inetsrv\\w3wp.exe')).toBe('likely-compromised');
  expect(written('System')).toBe('likely-compromised');
});
