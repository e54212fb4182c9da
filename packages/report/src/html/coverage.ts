import { parseTime, type Assessment, type FamilyCoverage, type Time, type Window } from '@postern/core';
import { byteText, day } from '../dates.ts';
import { words } from '../words.ts';
import { bullets, d, n, t, table, when } from './parts.ts';

/** Coverage: a bar for each log family over the time that matters, its gaps in words, and what was not judged. */
export function coverageSection(assessment: Assessment): string {
  const { coverage } = assessment;
  const range = rangeOf(assessment);
  const rows = coverage.families.map((family) => [
    `${t(family.title)}<br><span class="soft">${t(serverName(assessment, family.server))}</span>`,
    t(family.state),
    range === undefined ? '' : bar(family, range),
    gapsText(family),
  ]);
  const axis =
    range === undefined
      ? ''
      : `<p class="soft">The bars run from ${t(day(range.from))} to ${t(day(range.to))}.</p>`;
  return [
    '<h2 id="coverage">What we could see, and what not</h2>',
    axis,
    table([{ title: 'Log' }, { title: 'State' }, { title: 'Records by time' }, { title: 'Gaps' }], rows),
    issueList(assessment),
    skippedTable(assessment),
  ].join('\n');
}

function serverName(assessment: Assessment, id: string): string {
  return assessment.servers.find((server) => server.id === id)?.names[0] ?? id;
}

/** From the earliest to the latest of verdict windows, questions and families, bounded to what has records. */
function rangeOf(assessment: Assessment): Window | undefined {
  const times = assessment.coverage.families
    .flatMap((family) => [family.first, family.last])
    .filter((time) => time !== undefined);
  const questions = assessment.coverage.questions.flatMap((question) => [question.from, question.to]);
  const sorted = [...times, ...questions].toSorted();
  const [from, to] = [sorted[0], sorted.at(-1)];
  return from === undefined || to === undefined || from === to ? undefined : { from, to };
}

function share(time: Time, range: Window): number {
  const [from, to, at] = [range.from, range.to, time].map((each) => Number(parseTime(each) ?? 0n));
  if (from === undefined || to === undefined || at === undefined || to <= from) return 0;
  return Math.max(0, Math.min(100, ((at - from) / (to - from)) * 100));
}

function bar(family: FamilyCoverage, range: Window): string {
  const piece = (window: Window, kind: string): string => {
    const left = share(window.from, range);
    const width = Math.max(0.4, share(window.to, range) - left);
    return `<span${kind === '' ? '' : ` class="${kind}"`} style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"></span>`;
  };
  const gaps = family.gaps.map((gap) => piece(gap, gap.cause === 'removed-or-cleared' ? 'removed' : 'gap'));
  return `<div class="bar">${family.covered.map((window) => piece(window, '')).join('')}${gaps.join('')}</div>`;
}

function gapsText(family: FamilyCoverage): string {
  if (family.state === 'absent') return 'none of it in this evidence';
  return family.gaps
    .map((gap) => `${when(gap.from)} – ${when(gap.to)}: ${t(words.gap[gap.cause])}`)
    .join('<br>');
}

function issueList(assessment: Assessment): string {
  const own = (assessment.coverage.issues ?? []).map((issue) => `${t(issue.code)}: ${d(issue.message)}`);
  const damaged = assessment.coverage.sources.filter(
    (source) => source.damaged > 0 || source.issues.length > 0,
  );
  const lines = damaged.slice(0, 200).map((source) => {
    const texts = source.issues
      .slice(0, 4)
      .map((issue) => d(issue.message))
      .join('; ');
    return `<code>${d(source.path)}</code>: ${n(source.damaged)} of ${n(source.records)} records damaged. ${texts}`;
  });
  return own.length + lines.length === 0 ? '' : `<h3>Damage and oddities</h3>${bullets([...own, ...lines])}`;
}

function skippedTable(assessment: Assessment): string {
  const { skipped } = assessment.coverage;
  const rows = skipped
    .slice(0, 500)
    .map((each) => [`<code>${d(each.path)}</code>`, t(each.reason), t(each.detail), t(byteText(each.bytes))]);
  const more =
    skipped.length > rows.length
      ? `<p class="soft">… and ${n(skipped.length - rows.length)} more in assessment.json.</p>`
      : '';
  const head = `<h3>Not judged: ${n(skipped.length)} files</h3>`;
  return (
    head +
    table([{ title: 'File' }, { title: 'Why' }, { title: 'Detail' }, { title: 'Size', kind: 'n' }], rows) +
    more
  );
}
