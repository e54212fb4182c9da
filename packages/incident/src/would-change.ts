import type { Step } from './ladder.ts';
import { entryQuestion } from './ladder.ts';
import type { CampaignMatter } from './matter.ts';
import { daysOf, unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { say } from './messages.ts';
import { groupBy } from './ordered.ts';
import type { AskedQuestion } from './questions.ts';
import { satisfies } from './coverage.ts';
import type { FamilyView } from './coverage.ts';

/** Judgement section 1: one to three pieces of evidence that would decide or change it. */
const piecesNamed = 3;
/** Holes of one log that are told apart; of more the time from the first to the last. */
const spansListed = 3;

export function wouldChange(matter: CampaignMatter, step: Step): string[] {
  const asked = step.undecided.length > 0 ? step.undecided : openQuestions(matter);
  const byTitle = groupBy(
    asked.flatMap((question) => piecesOf(matter, question)),
    ({ title }) => title,
  );
  const pieces = [...byTitle].map(([title, list]) =>
    say('change.family', { title, times: timesText(list.map(({ span }) => span)) }),
  );
  const silent = silentStretches(matter);
  if (asked.length > 0 && silent.length > 0)
    pieces.unshift(say('change.system', { times: timesText(silent) }));
  if (!hasListing(matter)) pieces.push(say('change.files'));
  if (step.verdict === 'undetermined' && beginsAfter(matter)) pieces.splice(1, 0, say('change.in-service'));
  return pieces.slice(0, piecesNamed);
}

/** All logs begin after the campaign: more of them seldom exist, and the server may be younger than it. */
function beginsAfter({ evidence, window }: CampaignMatter): boolean {
  return evidence !== undefined && evidence.from >= window.to && window.from < window.to;
}

/** Where all logs are silent, the System log tells whether the server was down. */
function silentStretches({ views, server, window }: CampaignMatter): Interval[] {
  return views
    .filter((view) => view.server === server)
    .flatMap(({ gaps }) => gaps)
    .filter(({ cause, isRecorded, from, to }) => {
      return cause === 'server-down' && isRecorded !== true && from < window.to && to > window.from;
    });
}

/** One log that would tell, and the time that it should cover. */
interface Piece {
  readonly title: string;
  readonly span: Interval;
}

/** Stretches that overlap or touch are one. */
function timesText(spans: readonly Interval[]): string {
  const united = unite(spans);
  const all = (united.length > spansListed ? hull(united) : united).map((span) =>
    say('change.span', daysOf(span)),
  );
  const [last = ''] = all.slice(-1);
  return all.length < 2 ? last : say('change.spans', { first: all.slice(0, -1).join(', '), last });
}

/** Where nothing is undecided: what is missing and could make it worse. */
function openQuestions(matter: CampaignMatter): AskedQuestion[] {
  const entry = entryQuestion(matter);
  const others = matter.questions.filter((question) => question !== entry && question.missing.length > 0);
  return [...(entry === undefined || entry.missing.length === 0 ? [] : [entry]), ...others];
}

/** The alternative of which least is missing, with the time that it should cover. */
function piecesOf(matter: CampaignMatter, { want, missing, asked }: AskedQuestion): Piece[] {
  const own = matter.views.filter(({ server }) => server === matter.server);
  const lacking = want.anyOf.map((families) => families.filter((family) => !isWhole(own, family)));
  const [fewest] = lacking.filter((families) => families.length > 0).toSorted((a, b) => a.length - b.length);
  // A hole in the evidence decides sooner than the time before it begins.
  const holes = missing.length > 1 && missing[0]?.from === asked.from ? missing.slice(1) : missing;
  const spans = holes.length > spansListed ? hull(holes) : holes.length > 0 ? holes : [asked];
  return (fewest ?? []).flatMap((family) => spans.map((span) => ({ title: titleIn(own, family), span })));
}

/** From the first to the last. */
function hull(holes: readonly Interval[]): Interval[] {
  const [first, last] = [holes[0], holes.at(-1)];
  return first === undefined || last === undefined ? [] : [{ from: first.from, to: last.to }];
}

function isWhole(views: readonly FamilyView[], family: string): boolean {
  return views.some(
    (view) => satisfies(family, view.family) && view.first !== undefined && view.gaps.length === 0,
  );
}

function titleIn(views: readonly FamilyView[], family: string): string {
  return views.find((view) => satisfies(family, view.family))?.title ?? family;
}

function hasListing({ views, server }: CampaignMatter): boolean {
  return views.some(
    (view) => view.server === server && view.family === 'file-listing' && view.first !== undefined,
  );
}
