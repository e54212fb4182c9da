import { skipReasonText } from '@postern/report';
import type { HuntSummary } from '@postern/scan';
import { issueText, refusedText } from './errors.ts';
import { counted, countText, fill, huntWords } from './words.ts';

/** Lines of each list in the summary; more are counted. */
const shown = 10;

/** What is said on stderr when a hunt has ended. */
export function huntSummaryText(summary: HuntSummary): string {
  const { loaded, withoutSource, refused } = summary;
  const rules = [fill(huntWords.rules, { loaded: counted(loaded, 'rule', 'rules') })];
  if (refused.length > 0) rules.push(fill(huntWords.refused, { count: countText(refused.length) }));
  if (withoutSource > 0) rules.push(fill(huntWords.idle, { count: countText(withoutSource) }));
  return [
    ...bounded(refused.map(refusedText)),
    readText(summary),
    rules.join(' · '),
    hitsText(summary),
    ...summary.removed.map(({ filter, rule, count }) =>
      fill(huntWords.removed, { filter: `"${filter}"`, count: countText(count), rule: `"${rule}"` }),
    ),
    ...listed(huntWords.withoutRules, withoutRulesByKind(summary)),
    ...listed(
      huntWords.slow,
      summary.costly.map(({ rule, work }) => `${rule} (${countText(work)})`),
    ),
    ...tailText(summary),
    '',
  ].join('\n');
}

/** What is said when `events` have ended. */
export function eventsSummaryText(summary: HuntSummary): string {
  return [readText(summary), ...tailText(summary), ''].join('\n');
}

function readText({ records, damaged, files, bytes }: HuntSummary): string {
  const text = fill(huntWords.records, {
    records: counted(records, 'record', 'records'),
    files: counted(files, 'file', 'files'),
    bytes: bytesText(bytes),
  });
  return damaged === 0 ? text : `${text} · ${fill(huntWords.damaged, { count: countText(damaged) })}`;
}

function tailText({ skipped, issues, complete }: HuntSummary): readonly string[] {
  const bySort = new Map<string, string[]>();
  for (const { path, reason } of skipped) {
    const why = skipReasonText(reason);
    bySort.set(why, [...(bySort.get(why) ?? []), path]);
  }
  const notRead = [...bySort].map(
    ([reason, paths]) => `${reason}: ${countText(paths.length)} (${exampleOf(paths)})`,
  );
  return [
    ...listed(huntWords.skipped, notRead),
    ...bounded(issues.map(issueText)),
    ...(complete ? [] : [huntWords.incomplete]),
  ];
}

function hitsText({ hits }: HuntSummary): string {
  const found = hits.filter(([, count]) => count > 0).map(([level, count]) => `${level} ${countText(count)}`);
  return found.length === 0 ? huntWords.noHits : `${huntWords.hits}: ${found.join(' · ')}`;
}

function withoutRulesByKind({ withoutRules }: HuntSummary): readonly string[] {
  const byKind = new Map<string, string[]>();
  for (const { kind, file } of withoutRules) byKind.set(kind, [...(byKind.get(kind) ?? []), file]);
  return [...byKind].map(([kind, files]) => `${kind}: ${countText(files.length)} (${exampleOf(files)})`);
}

function exampleOf(paths: readonly string[]): string {
  const [first = ''] = paths;
  return paths.length === 1 ? first : `${first} …`;
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title} ${lines.join(' · ')}`];
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= shown) return lines;
  return [...lines.slice(0, shown), fill(huntWords.more, { count: countText(lines.length - shown) })];
}

function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${countText(Math.ceil(bytes / 1000))} kB`;
}
