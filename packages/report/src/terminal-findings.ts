import type { Assessment, Finding } from '@postern/core';
import { counted, countText, moment } from './dates.ts';
import { groupBy } from './groups.ts';
import { defang } from './harmless.ts';
import { hang } from './layout.ts';
import { placeText } from './reasons.ts';
import type { Page } from './terminal-server.ts';
import { fill, words } from './words.ts';

const findingsListed = 8;
const skippedListed = 5;
/** `  28 Feb 2021 05:24:31`, and two more. */
const whenColumns = 24;

/** Where no verdict is given: what was found all the same, and what was not judged, with the reason. */
export function findingsOnly({ assessment, columns, year }: Page): readonly string[] {
  const own = assessment.findings;
  const lines = own.slice(0, findingsListed).flatMap((finding) => findingLine(finding, columns, year));
  const rest = own.length - findingsListed;
  const more = rest > 0 ? [`  ${fill(words.more.reasons, { count: countText(rest) })}`] : [];
  const found = lines.length === 0 ? [words.noFindings, ''] : [words.heading.found, ...lines, ...more, ''];
  return [...found, ...skippedLines(assessment, columns)];
}

function findingLine(finding: Finding, columns: number, year: string | undefined): readonly string[] {
  const when = finding.first === undefined ? '' : moment(finding.first, year);
  const count = finding.count > 1 ? `, ${countText(finding.count)} times` : '';
  const place = placeText(finding);
  const text = `${finding.rule.title}${count}${place === '' ? '' : `: ${place}`} (${finding.witness})`;
  return when === '' ? hang('  -', text, 4, columns) : hang(`  ${when}`, text, whenColumns, columns);
}

/** Files of one reason are one line. */
function skippedLines({ coverage: { skipped } }: Assessment, columns: number): readonly string[] {
  if (skipped.length === 0) return [];
  const groups = [...groupBy(skipped, ({ detail, reason }) => detail ?? words.skipped[reason])];
  const lines = groups.slice(0, skippedListed).flatMap(([why, all]) => {
    const [first] = all;
    const files =
      all.length === 1
        ? defang(first?.path ?? '')
        : `${counted(all.length, 'file', 'files')} (${defang(first?.path ?? '')} …)`;
    return hang('  ', fill(words.alike, { files, why }), 2, columns);
  });
  const rest = groups.length - skippedListed;
  const more = rest > 0 ? [`  ${fill(words.more.unseen, { count: countText(rest) })}`] : [];
  return [words.heading.notJudged, ...lines, ...more, ''];
}
