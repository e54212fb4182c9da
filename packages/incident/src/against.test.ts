// Judgement section 1: a verdict lists what speaks against it, and which evidence would change it.

import { describe, expect, test } from 'vitest';
import {
  at,
  buildSource,
  caseOf,
  family,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
  source,
  verdictOf,
} from './testing/facts.ts';

const noAttempt = 'No attempt was seen in the logs that would show one.';
const noUse = 'No use of a back door was seen in the logs that would show it.';
const hostOnly = 'Only records of the host speak for it; the web logs are missing.';
const wasOpen = 'The door was open in the window.';
const proved = 'The flaw was proved: the server answered as an open one does.';
const shell = [page(shellPath, 'remote-control')];

describe('against an intrusion', () => {
  test('no attempt and no use in logs that would show them', () => {
    const verdict = verdictOf(caseOf({ sources: [...fullLogs(), pageSource], files: shell }));
    expect([verdict.verdict, verdict.against]).toEqual(['compromised', [noAttempt, noUse]]);
  });

  test('not where it was used, nor where somebody tried', () => {
    const used = front(requests(shellUrl, [{}]));
    const sources = [...fullLogs().filter(({ id }) => id !== 'iis-front'), used, pageSource];
    expect(verdictOf(caseOf({ sources, files: shell })).against).toEqual([]);
    const tried = [hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })];
    const facts = caseOf({ sources: [...fullLogs(), pageSource], files: shell, hits: tried });
    expect(verdictOf(facts).against).toEqual([noUse]);
  });

  test('only files in web folders tell of it, and somebody may know whose they are', () => {
    const own = expect.stringContaining('--review') as string;
    const listed = hit('listed', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'file-listing' });
    const facts = caseOf({ sources: fullLogs(), hits: [listed] });
    expect([verdictOf(facts).verdict, verdictOf(facts).against]).toEqual([
      'likely-compromised',
      [noAttempt, noUse, own],
    ]);
    const staged = hit(
      'staged',
      '2021-03-03 10:00:00',
      { file: shellPath.replace('aspx', 'zip') },
      { recorder: 'file-listing' },
    );
    expect(verdictOf({ ...facts, hits: [staged] }).against).toContainEqual(own);
    const tried = hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' });
    expect(verdictOf({ ...facts, hits: [listed, tried] }).against).not.toContainEqual(own);
    const dump = hit('dumped', '2021-03-03 10:00:00', {}, { recorder: 'file-listing' });
    expect(verdictOf({ ...facts, hits: [listed, dump] }).against).not.toContainEqual(own);
  });

  test('only the host tells of it', () => {
    const events = source('events', {
      kind: 'windows-events-json',
      families: [family('windows:MSExchange Management', ['2021-03-01', '2021-03-18'])],
    });
    const hits = [hit('script', '2021-03-03 10:00:00', {}, { recorder: 'windows:MSExchange Management' })];
    expect(verdictOf(caseOf({ sources: [events], hits })).against).toEqual([hostOnly]);
  });
});

describe('against a milder verdict', () => {
  const build = buildSource({ build: '15.1.2106.2', first: at('2021-01-04'), last: at('2021-03-10') });

  test('the door was open, and somebody proved it', () => {
    const hits = [hit('proved', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7' })];
    const verdict = verdictOf(caseOf({ sources: [...fullLogs(), build], hits }));
    expect([verdict.verdict, verdict.against]).toEqual(['attacked', [wasOpen, proved]]);
  });

  test('where being open is the verdict it is not said again', () => {
    const verdict = verdictOf(caseOf({ sources: [...fullLogs(), build] }));
    expect([verdict.verdict, verdict.against]).toEqual(['exposed', []]);
  });
});

describe('what would change it', () => {
  test('of an intrusion: the log that is missing, and the disk where it was not seen', () => {
    const sources = fullLogs().filter(({ id }) => id !== 'iis-front');
    const hits = [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })];
    const { wouldChange } = verdictOf(caseOf({ sources, hits }));
    expect(wouldChange).toEqual([
      'IIS front end of 2021-01-03 to 2021-03-17',
      'a listing of the file system ($MFT, USN) or the web folders themselves',
    ]);
  });

  test('nothing that is there already', () => {
    const mft = source('mft', {
      kind: 'file-listing',
      families: [family('file-listing', ['2021-03-17', '2021-03-18'])],
    });
    expect(verdictOf(caseOf({ sources: [...fullLogs(), mft] })).wouldChange).toEqual([]);
  });
});
