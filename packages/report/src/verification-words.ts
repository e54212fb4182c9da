import type { AdviceCheck, FlawCheck } from '@postern/core';

/** Fixed texts of a verification, in the manner of `words.ts`. `{name}` is a parameter. */
export const verificationWords = {
  title: 'verify',
  doors: {
    none: 'BEFORE had no back door',
    closed: '{count} of {all} back doors closed',
    open: '{count} still open',
    unknown: '{count} cannot be told',
  },
  door: {
    label: 'the door: {text}',
    none: 'BEFORE had no open flaw',
    fixed: 'all {all} flaws fixed',
    some: '{count} of {all} flaws fixed',
    open: '{count} still open',
    mitigated: '{count} mitigated, not fixed',
    unknown: '{count} cannot be told',
  },
  fresh: 'New since BEFORE: {what}.',
  freshDoor: 'back door',
  freshDoors: 'back doors',
  freshFinding: 'finding of an intrusion',
  freshFindings: 'findings of an intrusion',
  incomplete:
    "INCOMPLETE: AFTER's scan was stopped before its end, so nothing is closed because it was not seen.",
  onlyBefore: 'Not in AFTER, so nothing can be told of: {names}',
  onlyAfter: 'Only in AFTER, so there is nothing to compare: {names}',
  beforeEnds: 'BEFORE ends {date}',
  afterEnds: 'AFTER ends {date}',
  noAfter: 'not in AFTER',
  heading: {
    implants: 'Back doors of BEFORE',
    flaws: 'The door',
    fresh: 'New since BEFORE',
    advice: 'The advice of BEFORE',
  },
  state: {
    closed: 'closed',
    open: 'OPEN',
    'cannot-tell': 'cannot tell',
    mitigated: 'mitigated',
    done: 'done',
    people: 'for people',
  } satisfies Readonly<Record<AdviceCheck['state'] | FlawCheck['state'], string>>,
  fresher: 'new',
  placed: ', placed {date}',
  times: ', {times} in all',
  more: '… {count} more with --json',
  doneWhen: 'done when: {text}',
  people: 'These no evidence of the server can show; tick them by their "done when" in the report.',
} as const;
