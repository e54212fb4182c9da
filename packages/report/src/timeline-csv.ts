import type { Assessment, Finding, TimelineEntry } from '@postern/core';
import { csvRow } from './harmless.ts';
import { nameOf } from './headline.ts';
import { words } from './words.ts';

const header = [
  'message',
  'datetime',
  'timestamp_desc',
  'lane',
  'stage',
  'witness',
  'server',
  'addresses',
  'ref',
  'source',
  'line',
  'offset',
  'record',
  'tag',
  'tlp',
];

const descriptions: Readonly<Record<TimelineEntry['lane'], string>> = {
  attacker: 'Attacker activity',
  defender: 'Server or defender activity',
  statement: words.publicStatements,
};

/**
 * The time line in the order of the assessment, with the columns that Timesketch asks for (`message`, `datetime`,
 * `timestamp_desc`; its user guide, "Import from JSON or CSV"). A day without a clock time is its midnight. Public
 * statements carry no server, address or finding: they speak of the campaign.
 */
export function* timelineCsv(assessment: Assessment): Generator<string> {
  yield csvRow(header);
  const findings = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  const paths = new Map(assessment.coverage.sources.map(({ id, originalPath }) => [id, originalPath]));
  const hosts = hostsOf(assessment);
  for (const entry of assessment.timeline) {
    const finding = entry.lane === 'statement' ? undefined : findings.get(entry.ref);
    const evidence = finding?.evidence.find((each) => each.time === entry.time) ?? finding?.evidence[0];
    yield csvRow([
      entry.title,
      fullTime(entry.time),
      descriptions[entry.lane],
      entry.lane,
      finding?.stage ?? '',
      finding?.witness ?? '',
      entry.lane === 'statement' ? '' : (hosts.get(entry.ref) ?? ''),
      addressesOf(finding),
      entry.ref,
      evidence === undefined ? '' : (paths.get(evidence.source) ?? evidence.source),
      evidence?.line === undefined ? '' : String(evidence.line),
      evidence === undefined ? '' : String(evidence.offset),
      evidence?.record ?? '',
      finding?.techniques.join(',') ?? '',
      assessment.tlp,
    ]);
  }
}

function fullTime(time: string): string {
  if (/^\d{4}-\d{2}$/.test(time)) return `${time}-01T00:00:00Z`;
  return /^\d{4}-\d{2}-\d{2}$/.test(time) ? `${time}T00:00:00Z` : time;
}

function addressesOf(finding: Finding | undefined): string {
  return finding?.entities.addresses.map(({ value }) => value).join(' ') ?? '';
}

/** What an entry refers to (a finding, a back door, a server) → the name of the host. */
function hostsOf({ servers, findings, implants }: Assessment): ReadonlyMap<string, string> {
  const names = new Map(servers.map((server) => [server.id, nameOf(server)]));
  return new Map([
    ...names,
    ...findings.map(({ id, recordedOn }) => [id, names.get(recordedOn) ?? recordedOn] as const),
    ...implants.map(({ id, server }) => [id, names.get(server) ?? server] as const),
  ]);
}
