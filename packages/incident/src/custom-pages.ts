import { ticksPerDay } from '@postern/core';
import type { FileFacts, Ticks } from '@postern/core';
import { cleanAddress, isPrivate } from './addresses.ts';
import { corrected } from './clocks.ts';
import { say } from './messages.ts';
import { isProxy } from './proxies.ts';
import { servedPlace } from './served.ts';
import { usesOf } from './seen-pages.ts';
import type { SeenPage } from './seen-pages.ts';
import { serverOfFile } from './servers.ts';
import type { Surroundings } from './sightings.ts';

/** A page of the organisation's own is used on at least so many days, */
const manyDays = 5;
/** by at least so many addresses, or from inside only; back doors are reached by few. */
const manyAddresses = 8;
/** and was so when the logs began. */
const fromTheBeginning = 3n * ticksPerDay;

/** What an unknown page is looked at with. */
export interface CustomMatter {
  readonly given: Surroundings;
  /** Server id → the first attempt of any pack that was seen. */
  readonly attempts: ReadonlyMap<string, Ticks>;
  /** Server id → when its web logs begin. */
  readonly begins: ReadonlyMap<string, Ticks>;
}

/**
 * Why an unknown page that was sent data is a page of the organisation's own, or undefined. Two cases: it was there and
 * in daily use when the logs began, before any attempt, by many or from inside only (a form, a health check); or its
 * file is harmless and older than the first attempt. A page first used after an attempt is never set aside for its use.
 */
export function whyCustom(matter: CustomMatter, rows: readonly SeenPage[]): string | undefined {
  const used = rows.filter(({ page }) => usesOf(page.answers) > 0);
  const [one] = used;
  if (one === undefined) return undefined;
  const { server } = one;
  const first = earliest(used.map(({ firstUse, first: seen }) => firstUse ?? seen));
  const attempt = matter.attempts.get(server);
  if (first === undefined) return undefined;
  if (isOldAndHarmless(matter, one, attempt)) return say('aside.custom-file');
  const begins = matter.begins.get(server) ?? first;
  if ((attempt !== undefined && first >= attempt) || first > begins + fromTheBeginning) return undefined;
  const days = new Set(used.flatMap((row) => timesOf(row)).map(dayOf)).size;
  const addresses = addressesOf(used);
  const isInside = addresses.every((address) => isInsider(matter, server, address));
  if (days < manyDays || (addresses.length < manyAddresses && !isInside)) return undefined;
  return say('aside.custom', { addresses: addresses.length, days });
}

/** Times of its use as far as they are kept: the first and last of all and of each client. */
function timesOf({ firstUse, lastUse, page }: SeenPage): (Ticks | undefined)[] {
  const clients = page.clients.filter(({ answers }) => usesOf(answers) > 0);
  return [firstUse, lastUse, ...clients.flatMap(({ first, last }) => [first, last])];
}

function dayOf(time: Ticks | undefined): string {
  return time === undefined ? '' : String(time / ticksPerDay);
}

function earliest(times: readonly (Ticks | undefined)[]): Ticks | undefined {
  return times.reduce<Ticks | undefined>(
    (least, time) => (time !== undefined && (least === undefined || time < least) ? time : least),
    undefined,
  );
}

/** Who sent it data; what stands for more than were counted is not told apart and counts as one. */
function addressesOf(used: readonly SeenPage[]): string[] {
  const clients = used.flatMap(({ page }) => page.clients.filter(({ answers }) => usesOf(answers) > 0));
  return [...new Set(clients.map(({ address }) => cleanAddress(address) ?? address))];
}

function isInsider({ given }: CustomMatter, server: string, address: string): boolean {
  return isPrivate(address) && !isProxy(given.proxies, server, address);
}

/** Its file lies there, holds nothing of a remote control, and was neither made nor changed since the first attempt. */
function isOldAndHarmless(
  { given }: CustomMatter,
  { server, page }: SeenPage,
  attempt: Ticks | undefined,
): boolean {
  return given.facts.files.some(
    (file) =>
      file.judged?.verdict === 'benign' &&
      servedPlace(given.layout, file.path)?.url === page.url &&
      serverOfFile(given.book, file) === server &&
      isBefore(given, file, attempt),
  );
}

function isBefore({ clocks }: Surroundings, { listed }: FileFacts, attempt: Ticks | undefined): boolean {
  const times = [listed?.created, listed?.modified].flatMap((time) =>
    time === undefined || listed === undefined ? [] : [corrected(clocks, listed.source, time)],
  );
  return attempt !== undefined && times.length > 0 && times.every((time) => time < attempt);
}
