// The stories of many seeds, without writing a byte.

import { describe, expect, test } from 'vitest';
import { DAY, END, isoTime, MINUTE, START } from './calendar.ts';
import { openCase, outagesOf, type Case } from './case.ts';
import type { Planned } from './exploit.ts';
import { truthOf } from './truth-of.ts';
import type { Variant } from './truth.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => String(index + 1));
const open = (seed: string, variant: Variant): Case => openCase({ seed, variant });
const cases = SEEDS.map((seed) => open(seed, 'attack'));
const ends = (rows: readonly Planned[]): number[] => rows.map(({ request }) => request.end);
const commands = (one: Case): string[] =>
  one.story.rows.flatMap(({ request }) => (request.control ?? []).map(({ command }) => command));
const anchors = (one: Case): string[] => one.story.rows.flatMap(({ request }) => request.proxy?.anchor || []);

function distinct(values: readonly string[]): void {
  expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
}

describe('twenty seeds', () => {
  test('have pages, archives, scripts, static names and operators of their own', () => {
    // A page of the product that was changed has the product's name.
    const own = cases.flatMap(({ story }) => story.implants.filter(({ family }) => family !== 'command'));
    distinct(own.map(({ host, url }) => `${host} ${url}`));
    distinct(
      own.filter(({ kind }) => kind === 'web-shell').map(({ url }) => url.slice(url.lastIndexOf('/'))),
    );
    distinct(cases.map(({ story }) => story.archive?.path ?? ''));
    distinct(cases.map((one) => commands(one).find((text) => text.startsWith('Set-Oab')) ?? ''));
    distinct(cases.map(({ story }) => JSON.stringify(story.operators.map(({ addresses }) => addresses))));
    distinct(cases.map(({ story }) => story.attempts[1]?.at ?? ''));
    expect(new Set(cases.map(({ world }) => world.servers[0]?.host)).size).toBeGreaterThan(15);
    expect(new Set(cases.map(({ world }) => world.domain)).size).toBeGreaterThan(15);
  });

  test('differ in order and kind too', () => {
    const kinds = (read: (one: Case) => string): number => new Set(cases.map(read)).size;
    expect(kinds(({ story }) => story.implants[1]?.placedBy ?? '')).toBe(2);
    expect(kinds(({ story }) => story.implants[1]?.family ?? '')).toBe(2);
    expect(kinds(({ story }) => story.archive?.fetchedBy ?? '')).toBe(3);
    expect(kinds(({ story }) => story.archive?.state ?? '')).toBe(2);
    expect(kinds(({ world }) => world.before.text)).toBe(2);
    expect(kinds(({ story }) => story.attempts[0]?.at.slice(0, 10) ?? '')).toBeGreaterThan(4);
    expect(
      kinds(({ story }) =>
        (story.operators[1]?.first ?? '') < (story.operators[2]?.first ?? '') ? 'BC' : 'CB',
      ),
    ).toBe(2);
  });
});

describe.each(cases.map((one) => [one.world.seed, one] as const))('the attack of seed %s', (_seed, one) => {
  const { story, world } = one;
  const [failed, succeeded] = story.attempts;

  test('happens within the logs and never while the server is down', () => {
    for (const time of ends(story.rows)) expect(time > START && time < END).toBe(true);
    const server = world.servers[0]!;
    for (const { from, to } of outagesOf(one, server)) {
      expect(ends(story.rows).filter((time) => time >= from && time < to)).toEqual([]);
    }
  });

  test('fails half way, then succeeds minutes later through another name', () => {
    expect([failed?.outcome, succeeded?.outcome]).toEqual(['half-way', 'succeeded']);
    expect(failed?.throughHost).not.toBe(succeeded?.throughHost);
    const pause = Date.parse(succeeded!.at) - Date.parse(failed!.at);
    expect(pause > 2 * MINUTE && pause < 30 * MINUTE).toBe(true);
    expect(anchors(one).filter((anchor) => anchor.includes('Reset'))).toHaveLength(1);
    expect(commands(one).filter((text) => text.startsWith('New-Oab'))).toHaveLength(1);
    expect(commands(one).at(-1)).toMatch(/^Set-OabVirtualDirectory\.ExternalUrl=\$null/);
    expect(story.rows.filter(({ request }) => request.status === 241)).toHaveLength(2);
  });

  test('joins the proxy rows to the panel by a canary, two for two runs', () => {
    const canary = /msExchEcpCanary=([\w-]+\.)/;
    const asked = new Set(anchors(one).flatMap((anchor) => canary.exec(anchor)?.[1] ?? []));
    const done = new Set(
      story.rows.flatMap(({ request }) => (request.control ?? []).map(({ url }) => canary.exec(url)?.[1])),
    );
    expect(asked.size).toBe(2);
    expect([...done].every((value) => value !== undefined && asked.has(value))).toBe(true);
  });

  test('comes before the fix, and is still there after it', () => {
    const fixed = story.fix!;
    expect(Date.parse(succeeded!.at) + 2 * DAY).toBeLessThan(fixed.from);
    expect(ends(story.rows).some((time) => time > fixed.to)).toBe(true);
    expect(fixed.to - fixed.from).toBeGreaterThan(30 * MINUTE);
  });

  test('has three operators with addresses and days of their own, all of whom use the first page', () => {
    expect(story.operators.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    distinct(story.operators.flatMap(({ addresses }) => [...addresses]));
    distinct(story.operators.flatMap(({ agents }) => [...agents]));
    expect(story.implants[0]?.usedBy).toEqual(['A', 'B', 'C']);
    expect(story.implants[1]?.usedBy).toEqual([story.implants[1]?.placedBy]);
    for (const { addresses } of story.operators) expect(addresses.length).toBeGreaterThan(0);
  });

  test('leaves pages before they are used, and an archive before it is fetched, slowly', () => {
    for (const implant of story.implants) {
      expect(implant.placedAt < implant.firstUsedAt && implant.firstUsedAt <= implant.lastUsedAt).toBe(true);
    }
    const archive = story.archive!;
    expect(archive.stagedAt < archive.fetchedAt).toBe(true);
    const fetched = story.rows.filter(({ request }) => request.stem === archive.url);
    expect(fetched.map(({ request }) => [request.method, request.status])).toEqual([['GET', 200]]);
    expect(fetched[0]!.request.took).toBeGreaterThanOrEqual(20_000);
    expect(isoTime(fetched[0]!.request.end)).toBe(archive.fetchedAt);
  });

  test('lacks a week of HttpProxy logs, all of it before the attack', () => {
    const [loss, ...others] = story.losses;
    expect(others).toEqual([]);
    expect(loss?.family).toBe('httpproxy');
    expect(loss!.to - loss!.from).toBe(7 * DAY);
    expect(loss!.from).toBeGreaterThan(START);
    expect(loss!.to).toBeLessThan(Date.parse(failed!.at) - DAY);
  });
});

describe.each(SEEDS.slice(0, 8))('the other stories of seed %s', (seed) => {
  test('failed-only: refusals, no session, no cmdlet, no page', () => {
    const one = open(seed, 'failed-only');
    expect(one.story.attempts.length).toBeGreaterThan(1);
    expect(anchors(one).some((anchor) => anchor.startsWith('ServerInfo~'))).toBe(true);
    expect(commands(one)).toEqual([]);
    expect(one.story.rows.filter(({ request }) => request.status < 300)).toEqual([]);
    expect(one.story.files).toEqual([]);
  });

  test('scanner: answers from inside, and nothing taken', () => {
    const one = open(seed, 'scanner');
    expect(one.story.rows.every(({ request }) => request.status === 200)).toBe(true);
    expect(anchors(one)).toHaveLength(one.story.rows.length);
    expect(anchors(one).filter((anchor) => /proxyLogon|DDI|mapi|ews/i.test(anchor))).toEqual([]);
    expect([commands(one), one.story.files]).toEqual([[], []]);
  });

  test('quiet and tools-lying-around: nothing happens, and no fix tells of an open door', () => {
    for (const variant of ['quiet', 'tools-lying-around'] as const) {
      const one = open(seed, variant);
      expect([one.story.rows, one.story.fix, truthOf(one).verdict]).toEqual([[], undefined, 'nothing-found']);
    }
  });

  test('logs-gone: all that intruders did falls into the days that are gone, and no file is left', () => {
    const { story } = open(seed, 'logs-gone');
    const gone = story.losses.find(({ family }) => family === 'iis')!;
    expect(ends(story.rows).every((time) => time >= gone.from && time < gone.to)).toBe(true);
    expect(gone.to - gone.from).toBeLessThan(9 * DAY);
    expect(story.files.filter(({ bytes }) => bytes !== undefined)).toEqual([]);
    const recorders = new Set(story.losses.flatMap((loss) => [...loss.recorders]));
    const told = story.rows.flatMap(({ request }) => request.proxy?.protocol.toLowerCase() ?? []);
    for (const protocol of told) expect(recorders).toContain(`httpproxy-${protocol}`);
  });

  test('two-servers: the first is asked, the second answers and gets the page', () => {
    const { story, world } = open(seed, 'two-servers');
    const [first, second] = world.servers;
    expect(first?.host).not.toBe(second?.host);
    const asked = story.rows.filter(({ request }) => request.proxy?.anchor.startsWith('ServerInfo~'));
    expect(asked.every(({ server }) => server === first)).toBe(true);
    expect(
      asked.every(({ request }) => new RegExp(`${second?.host}[.:]`, 'i').test(request.proxy?.anchor ?? '')),
    ).toBe(true);
    const ids = new Set(asked.map(({ request }) => request.id));
    const answered = story.rows.filter(({ request }) => request.backEnd !== undefined);
    expect(answered.every(({ server }) => server === second)).toBe(true);
    expect(
      answered.some(
        ({ request }) => ids.has(request.id) && request.backEnd?.user.endsWith(`\\${first?.host}$`),
      ),
    ).toBe(true);
    expect(story.files.every(({ server }) => server === second)).toBe(true);
  });
});
