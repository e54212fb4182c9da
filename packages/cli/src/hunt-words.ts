/** All that `hunt` and `events` say to people. */
export const huntWords = {
  records: '{records} records in {files} files, {bytes}',
  damaged: '{count} of them damaged',
  rules: '{loaded} rules ran',
  refused: '{count} refused',
  idle: '{count} have a log source that no evidence read here is of',
  hits: 'hits',
  noHits: 'no hits',
  removed: 'filter {filter} took {count} hits from {rule}',
  withoutRules: 'no rule is for',
  skipped: 'not read',
  slow: 'rules that cost most (steps):',
  more: '… {count} more',
  incomplete: 'INCOMPLETE: the run was stopped before its end.',
  explained: '{title} ({id})',
  asked: '{count} records are of its log source',
  noneAsked: 'No record is of its log source.',
  matches: 'matches',
  missedBy: 'missed',
} as const;

/** Fills the `{name}` of a text. */
export function fill(text: string, parameters: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** `1,234,567` */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
