import { parseTime } from '@postern/core';
import type { Pack, Question, QuestionCoverage, Want } from '@postern/core';
import { satisfies } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import { intersect, lengthOf, subtract, toStretch, unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { sorted } from './ordered.ts';

/** How far one question of a pack can be answered for one server. */
export interface AskedQuestion {
  readonly pack: string;
  readonly server: string;
  readonly cve: string;
  readonly question: Question;
  /** The want's time within the window. */
  readonly asked: Interval;
  readonly answered: readonly Interval[];
  readonly missing: readonly Interval[];
  readonly byAlternative: readonly { readonly by: string; readonly intervals: readonly Interval[] }[];
  readonly want: Want;
}

/** The pack's questions for one server, within the window that the verdict speaks for. */
export function askQuestions(
  pack: Pack,
  server: string,
  window: Interval,
  views: readonly FamilyView[],
): AskedQuestion[] {
  const own = views.filter((view) => view.server === server);
  return pack.wants.flatMap((want) => {
    const asked = clip(want, window);
    if (asked === undefined) return [];
    const byAlternative = want.anyOf.map((families) => ({
      by: titlesOf(families, own),
      intervals: intersect([asked], together(families, own)),
    }));
    const answered = unite(byAlternative.flatMap(({ intervals }) => intervals));
    const missing = subtract([asked], answered);
    return [
      {
        pack: pack.id,
        server,
        cve: want.cve,
        question: want.question,
        asked,
        answered,
        missing,
        byAlternative,
        want,
      },
    ];
  });
}

/** 0 to 1. A question about an empty window is answered. */
export function answeredShare(asked: AskedQuestion): number {
  const all = asked.asked.to - asked.asked.from;
  return all <= 0n ? 1 : Number(lengthOf(asked.answered)) / Number(all);
}

export function toQuestionCoverage(question: AskedQuestion): QuestionCoverage {
  return {
    server: question.server,
    pack: question.pack,
    cve: question.cve,
    question: question.question,
    ...toStretch(question.asked),
    covered: question.byAlternative.flatMap(({ by, intervals }) =>
      intervals.map((i) => ({ ...toStretch(i), by })),
    ),
  };
}

function clip(want: Want, window: Interval): Interval | undefined {
  const from = parseTime(want.from) ?? window.from;
  const to = endOfDay(want.to) ?? window.to;
  const [latest, earliest] = [from > window.from ? from : window.from, to < window.to ? to : window.to];
  return latest < earliest ? { from: latest, to: earliest } : undefined;
}

/** A day in a pack is meant whole; a time as it stands. */
export function endOfDay(text: string): bigint | undefined {
  const time = parseTime(text);
  return time === undefined || text.length > 10 ? time : time + 864_000_000_000n;
}

/** When all families of an alternative are there. */
function together(families: readonly string[], views: readonly FamilyView[]): Interval[] {
  const [first, ...rest] = families.map((family) =>
    unite(views.filter((view) => satisfies(family, view.family)).flatMap(({ answered }) => answered)),
  );
  return rest.reduce((common, next) => intersect(common, next), first ?? []);
}

function titlesOf(families: readonly string[], views: readonly FamilyView[]): string {
  return sorted(families.map((family) => views.find((view) => view.family === family)?.title ?? family)).join(
    ' + ',
  );
}
