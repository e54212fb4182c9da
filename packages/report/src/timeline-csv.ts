import type { Assessment } from '@postern/core';
import { csvRow } from './harmless.ts';

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
  'tag',
];

/** The time line with the columns Timesketch asks for (`message`, `datetime`, `timestamp_desc`), in order of time. */
export function* timelineCsv(assessment: Assessment): Generator<string> {
  yield csvRow(header);
  const findings = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  for (const entry of assessment.timeline) {
    const finding = findings.get(entry.ref);
    const evidence = finding?.evidence.find((each) => each.time === entry.time) ?? finding?.evidence[0];
    yield csvRow([
      entry.title,
      entry.time,
      entry.lane,
      entry.lane,
      finding?.stage ?? '',
      finding?.witness ?? '',
      finding?.recordedOn ?? '',
      finding?.entities.addresses.map((address) => address.value).join(' ') ?? '',
      entry.ref,
      evidence?.source ?? '',
      evidence?.line === undefined ? '' : String(evidence.line),
      finding?.techniques.join(' ') ?? '',
    ]);
  }
}
