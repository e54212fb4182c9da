import { compareText, type Assessment } from '@postern/core';
import { words } from './words.ts';

/**
 * A recorder (`httpproxy-ecp`, `windows:Security`) in a word that people use (`HttpProxy`, `Security`). Channels that
 * the table does not know keep the telling part of their name; the rest falls back to coverage's title.
 */
export function recorderName(recorder: string, titles: ReadonlyMap<string, string> = new Map()): string {
  const known = words.recorder.findLast(
    ([prefix]) => recorder === prefix || recorder.startsWith(`${prefix}-`),
  );
  if (known !== undefined) return known[1];
  if (!recorder.startsWith('windows:')) return titles.get(recorder) ?? recorder;
  const channel = recorder.slice('windows:'.length);
  const [source = channel] = channel.split('/');
  return words.channel.get(channel) ?? source.replace(/^Microsoft-(?:Windows-)?/, '');
}

/**
 * `HttpProxy + ECP`: each name once, in the catalogue's order. A file's listing says no more than the file; several
 * channels are "event logs".
 */
export function recorderNames(recorders: readonly string[], titles?: ReadonlyMap<string, string>): string {
  const told = recorders.includes('file') ? recorders.filter((each) => each !== 'file-listing') : recorders;
  const channels = [...new Set(told.filter((recorder) => recorder.startsWith('windows:')))];
  const named = channels.length > 1 ? told.filter((recorder) => !channels.includes(recorder)) : told;
  const all = named.map((recorder) => recorderName(recorder, titles));
  const names = [...new Set(channels.length > 1 ? [...all, words.eventLogs] : all)];
  const rank = (name: string): number => {
    const at = words.recorder.findIndex(([, known]) => known === name);
    return at < 0 ? words.recorder.length : at;
  };
  return names.toSorted((a, b) => rank(a) - rank(b) || compareText(a, b)).join(' + ');
}

/** Family → title, as the packs name them. */
export function familyTitles({ coverage }: Assessment): ReadonlyMap<string, string> {
  return new Map(coverage.families.map(({ family, title }) => [family, title]));
}
