import type { Assessment, Operator, Time } from '@postern/core';

/** How often and when somebody used back doors. */
export interface Uses {
  readonly count: number;
  readonly first?: Time;
  readonly last?: Time;
}

/** What findings that tell of a page's use are called: an operator's actions carry the same words. */
export function useTitles({ findings }: Assessment): ReadonlySet<string> {
  return new Set(findings.filter(({ act }) => act === 'page-used').map(({ rule }) => rule.title));
}

/** An operator's use of back doors, all of them together. */
export function usesOf({ actions }: Operator, titles: ReadonlySet<string>): Uses {
  const own = actions.filter(({ stage, what }) => stage === 'use' && titles.has(what));
  const first = own.flatMap((action) => action.first ?? []).toSorted()[0];
  const last = own
    .flatMap((action) => action.last ?? [])
    .toSorted()
    .at(-1);
  return {
    count: own.reduce((sum, { count }) => sum + count, 0),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}
