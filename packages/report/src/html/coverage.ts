import {
  formatTime,
  parseTime,
  ticksPerDay,
  type Assessment,
  type FamilyCoverage,
  type Gap,
  type QuestionCoverage,
  type Server,
  type Ticks,
  type Time,
  type Stretch,
} from '@postern/core';
import { byteText, counted, countText, daysOf, span, yearOf } from '../dates.ts';
import { groupBy } from '../groups.ts';
import { nameOf } from '../headline.ts';
import { recorderName } from '../recorders.ts';
import { absentText } from '../unseen.ts';
import { fill, words } from '../words.ts';
import { axisOf, stretchOf, ticksOf, type Axis } from './axis.ts';
import { bullets, code, d, folded, n, part, section, soft, t, table } from './parts.ts';
import { page } from './words.ts';

/** Coverage: a bar for each log family over the time that matters, its gaps in words, and what was not judged. */
export function coverageSection(assessment: Assessment): string {
  return section(
    'coverage',
    page.coverage,
    assessment.coverage.families.length === 0 ? '' : legend(),
    ...assessment.servers.map((server) => serverCoverage(assessment, server)),
    setAside(assessment),
    damage(assessment),
    skippedTable(assessment),
  );
}

/** Hosts without a verdict have no window that matters: theirs is folded. */
function serverCoverage(assessment: Assessment, server: Server): string {
  if (!assessment.coverage.families.some((family) => family.server === server.id)) return '';
  const html = familyTable(assessment, server.id, nameOf(server));
  return server.headline === undefined && assessment.servers.length > 1
    ? folded(nameOf(server), html, 'screen')
    : html;
}

function legend(): string {
  const key = (kind: string, text: string): string => `<span class="key ${kind}"></span>${t(text)}`;
  const keys = [
    key('covered', page.covered),
    key('removed', page.gapShort['removed-or-cleared']),
    key(
      'gap',
      `${page.gapShort.trimmed}, ${page.gapShort['not-collected']}, ${page.gapShort.damaged}, ${page.gapShort['server-down']} or ${page.gapShort.unknown}`,
    ),
    key('quiet', `${page.gapShort['no-traffic']} or ${page.downRecorded}`),
  ];
  return `<p class="legend">${keys.join(' ')}</p>`;
}

function familyTable(assessment: Assessment, server: string, name: string): string {
  const families = assessment.coverage.families.filter((family) => family.server === server);
  const axis = axisOf(timesOf(families));
  const rows = families.map((family) => [
    d(titleOf(family)),
    axis === undefined ? '' : bar(family, axis),
    gapsText(family, yearOf(axis === undefined ? undefined : formatTime(axis.to))),
  ]);
  const columns = [{ title: page.column.log }, { title: '' }, { title: page.column.inWords }];
  const axisRow = axis === undefined ? [] : [['', axisMarks(axis), '']];
  const title = assessment.servers.length > 1 ? name : '';
  const html = table(columns, [...axisRow, ...rows]).replace('<table>', '<table class="bars">');
  const asked = folded(page.questions, questionTable(assessment, server));
  return (title === '' ? html : part(title, html)) + asked;
}

/** Families that no pack names have none but their own. */
function titleOf({ title, family }: FamilyCoverage): string {
  return title === family && family.startsWith('windows:')
    ? `${page.eventLog} ${recorderName(family)}`
    : title;
}

/** The time that is asked about: covered spans and gaps. Files carry times of years ago; those make no axis. */
function timesOf(families: readonly FamilyCoverage[]): readonly Time[] {
  return families.flatMap(({ covered, gaps }) => [...covered, ...gaps].flatMap(({ from, to }) => [from, to]));
}

function axisMarks(axis: Axis): string {
  const marks = ticksOf(axis)
    .filter(({ percent }) => percent < 95)
    .map(({ percent, label }) => `<span style="left:${percent.toFixed(2)}%">${t(label)}</span>`);
  return `<div class="axis">${marks.join('')}</div>`;
}

const gapKinds = {
  'removed-or-cleared': 'removed',
  trimmed: 'gap',
  'not-collected': 'gap',
  damaged: 'gap',
  'not-read': 'gap',
  unknown: 'gap',
  'no-traffic': 'quiet',
  'server-down': 'gap',
} as const;

function bar(family: FamilyCoverage, axis: Axis): string {
  const piece = (window: Stretch, kind: string): string => {
    const stretch = stretchOf(axis, window);
    if (stretch === undefined) return '';
    const width = Math.max(0.4, stretch.width);
    return `<span class="${kind}" style="left:${stretch.left.toFixed(2)}%;width:${width.toFixed(2)}%"></span>`;
  };
  const covered = family.covered.map((window) => piece(window, 'covered'));
  const gaps = family.gaps.map((gap) => piece(gap, gap.recorded === true ? 'quiet' : gapKinds[gap.cause]));
  return `<div class="bar">${[...covered, ...gaps].join('')}</div>`;
}

function gapWord({ cause, recorded }: Gap): string {
  return recorded === true ? page.downRecorded : page.gapShort[cause];
}

const gapsListed = 4;

function gapsText(family: FamilyCoverage, yearSaid: string | undefined): string {
  if (family.state === 'absent') return soft(t(absentText(family)));
  const texts = family.gaps
    .slice(0, gapsListed)
    .map((gap) => `${t(span(daysOf(gap), yearSaid))}: ${t(gapWord(gap))}`);
  const rest = family.gaps.length - texts.length;
  return (
    [...texts, ...(rest > 0 ? [soft(t(counted(rest, 'more gap', 'more gaps')))] : [])].join('<br>') ||
    t(page.whole)
  );
}

/** How many days of the time that matters each question has an answer for. */
function questionTable({ coverage }: Assessment, server: string): string {
  const asked = groupBy(
    coverage.questions.filter((question) => question.server === server),
    ({ cve }) => cve,
  );
  const rows = [...asked].map(([cve, questions]) => [
    t(cve),
    ...(['attempt', 'success', 'use'] as const).map((kind) =>
      questions
        .filter(({ question }) => question === kind)
        .map((question) => t(answeredText(question)))
        .join('<br>'),
    ),
  ]);
  const columns = [page.column.flaw, page.column.tried, page.column.succeeded, page.column.wasUsed].map(
    (title) => ({ title }),
  );
  return rows.length === 0 ? '' : table(columns, rows);
}

function answeredText({ from, to, covered }: QuestionCoverage): string {
  const total = length({ from, to });
  if (total === 0n) return page.notAsked;
  const [days, missing] = [daysIn(total), daysIn(total - unionLength(covered))];
  return fill(page.daysOf, { days: String(days - missing), total: String(days) });
}

/** Begun days count: so do the limits of the verdict, which say how many are missing. */
function daysIn(ticks: Ticks): number {
  return Math.ceil(Number(ticks) / Number(ticksPerDay));
}

function length({ from, to }: Stretch): Ticks {
  const [begin, end] = [parseTime(from), parseTime(to)];
  return begin === undefined || end === undefined || end <= begin ? 0n : end - begin;
}

/** Alternatives overlap: what two of them cover counts once. */
function unionLength(windows: readonly Stretch[]): Ticks {
  let sum = 0n;
  let until = 0n;
  const sorted = windows
    .map(({ from, to }) => ({ from: parseTime(from) ?? 0n, to: parseTime(to) ?? 0n }))
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const { from, to } of sorted) {
    const begin = from > until ? from : until;
    if (to > begin) sum += to - begin;
    if (to > until) until = to;
  }
  return sum;
}

function setAside({ coverage }: Assessment): string {
  const items = coverage.setAside.map(({ what, count }) => `${d(what)}: ${n(count)}`);
  return items.length === 0 ? '' : `<p>${soft(`${t(page.setAsideNote)}: ${items.join('; ')}.`)}</p>`;
}

const damagedListed = 100;

function damage({ coverage }: Assessment): string {
  const own = (coverage.issues ?? []).map((issue) => `${t(issue.code)}: ${d(issue.message)}`);
  const damaged = coverage.sources.filter(({ damaged: bad, issues }) => bad > 0 || issues.length > 0);
  const lines = damaged.slice(0, damagedListed).map((source) => {
    const texts = source.issues.slice(0, 4).map(({ message }) => d(message));
    const records =
      source.damaged > 0
        ? `${t(
            fill(page.damagedOf, {
              damaged: countText(source.damaged),
              records: countText(source.records),
            }),
          )} `
        : '';
    return `${code(source.path)}: ${records}${texts.join('; ')}`;
  });
  const rest = damaged.length - lines.length;
  const more = rest > 0 ? [t(counted(rest, 'more file', 'more files'))] : [];
  const all = [...own, ...lines, ...more];
  return folded(`${page.damage} (${all.length})`, bullets(all));
}

const skippedListed = 300;

function skippedTable({ coverage: { skipped } }: Assessment): string {
  if (skipped.length === 0) return '';
  const byReason = groupBy(skipped, ({ reason }) => reason);
  const summary = [...byReason].map(([reason, all]) => `${words.skipped[reason]}: ${all.length}`).join(', ');
  const rows = skipped
    .slice(0, skippedListed)
    .map((each) => [code(each.path), t(words.skipped[each.reason]), d(each.detail), t(byteText(each.bytes))]);
  const rest = skipped.length - rows.length;
  const more = rest > 0 ? `<p>${soft(`… ${n(rest)} more in assessment.json.`)}</p>` : '';
  const columns = [
    { title: page.column.file, kind: 'wide' as const },
    { title: page.column.why },
    { title: page.column.detail },
    { title: page.column.size, kind: 'n' as const },
  ];
  return folded(
    `${page.notJudged}: ${counted(skipped.length, 'file', 'files')} (${summary})`,
    table(columns, rows) + more,
  );
}
