/**
 * What the command says to people beside help and errors; what an assessment says is in `report`. `{name}` is a
 * parameter.
 */
export const cliWords = {
  foundLabel: 'found',
  found: 'first direct witness: {witness} (the scan goes on; the verdict can only get worse)',
  stopping: 'stopping: what was read so far is judged (press again to end at once)',
} as const;

/** All that `hunt` and `events` say to people. */
export const huntWords = {
  records: '{records} in {files}, {bytes}',
  damaged: '{count} of them damaged',
  rules: '{loaded} ran',
  refused: '{count} refused',
  idle: '{count} have a log source that no evidence read here is of',
  hits: 'hits',
  noHits: 'no hits',
  removed: 'filter {filter} took {count} hits from {rule}',
  withoutRules: 'no rule is for',
  skipped: 'not read:',
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

/** `1 file`, `1,234 files`. */
export function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `1,234,567` */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
