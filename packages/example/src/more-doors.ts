// Doors that are easily overlooked: a page with almost the name of a genuine one, a genuine page that was changed, a
// directory that no set-up made, a page that was deleted after its use.

import { HOUR, DAY, isoTime, SECOND } from './calendar.ts';
import { clearOf } from './days.ts';
import { isPrivileged, type Deed } from './deeds.ts';
import { INSTALLED } from './file-listing.ts';
import { APPLICATION_HOST_PATH, applicationHost, type ServedFolder } from './genuine-config.ts';
import { pageName, type Intruder } from './intruders.ts';
import { PROXY_FOLDER, WEB_FOLDERS, type WebFolder, type WebPlace } from './places.ts';
import { createRandom, LOWER, type Random } from './random.ts';
import { commandLine, ownPage } from './shell-text.ts';
import { look, order, orders, sit } from './shell-use.ts';
import { use, type Page, type Telling } from './telling.ts';
import type { TrueImplant } from './truth.ts';
import { genuinePage, PAGE_NAMES } from './web-tree.ts';

const AUTH: WebFolder = {
  path: `${PROXY_FOLDER}\\owa\\auth`,
  url: '/owa/auth',
  protocol: 'Owa',
};

/** Genuine pages that nobody asks for by himself. */
const SELDOM_ASKED = ['RedirSuiteServiceProxy.aspx', 'SvmFeedback.aspx', 'frowny.aspx', 'OutlookCN.aspx'];

/** A name that reads like a genuine one: a letter doubled, left out, exchanged or replaced by a digit. */
export function lookAlikeName(random: Random, genuine: readonly string[]): string {
  for (;;) {
    const name = random.pick(genuine).replace(/\.aspx$/i, '');
    const at = random.between(1, name.length - 2);
    const [one, other] = [name.charAt(at), name.charAt(at + 1)];
    const middle = random.pick([one + one + other, other, other + one, `${one}${random.below(10)}${other}`]);
    const made = `${name.slice(0, at)}${middle}${name.slice(at + 2)}.aspx`;
    if (!genuine.some((each) => each.toLowerCase() === made.toLowerCase())) return made;
  }
}

/** What all doors are told with. */
interface Doors {
  readonly telling: Telling;
  readonly who: Intruder;
  readonly shell: Page;
}

/** An order to the first page, then a look at what it made and a few uses of that. */
function made(doors: Doors, place: WebPlace, start: number): { placedAt: number; usedUntil: number } {
  const { telling, who, shell } = doors;
  const { world, random, options } = telling;
  const sitting = sit(world, options.target, random, who);
  const drop = order(sitting, shell.place, clearOf(start, telling.fix));
  use(telling, who, shell.place, [drop]);
  const seen = look(sitting, place, drop.request.end + random.between(9, 60) * SECOND);
  telling.rows.push(seen);
  const used = orders(sitting, place, seen.request.end, random.between(3, 9));
  use(telling, who, place, used.rows);
  return { placedAt: drop.request.end - random.between(5, 14), usedUntil: used.end };
}

function lookAlike(doors: Doors, start: number): Page {
  const { random } = doors.telling;
  const place: WebPlace = { folder: AUTH, name: lookAlikeName(random, PAGE_NAMES) };
  const { placedAt } = made(doors, place, start);
  const { text, family } = ownPage(random);
  return { place, placedAt, placedBy: doors.who.name, family, bytes: Buffer.from(text), isRemoved: false };
}

/** A page of the product with a line of the intruder's behind its directive. */
function changedPage(doors: Doors, start: number): Page {
  const { random } = doors.telling;
  const name = random.pick(SELDOM_ASKED);
  const place: WebPlace = { folder: AUTH, name };
  const { placedAt } = made(doors, place, start);
  const text = genuinePage(name).replace('\r\n', `\r\n${commandLine(random)}\r\n`);
  return {
    place,
    placedAt,
    placedBy: doors.who.name,
    family: 'command',
    bytes: Buffer.from(text),
    isRemoved: false,
    createdAt: INSTALLED,
  };
}

function deletedPage(doors: Doors, start: number): Page {
  const { telling, who, shell } = doors;
  const { world, random, options } = telling;
  const place: WebPlace = { folder: random.pick(WEB_FOLDERS.slice(0, 3)), name: pageName(random) };
  const { placedAt, usedUntil } = made(doors, place, start);
  const sitting = sit(world, options.target, random, who);
  const removal = order(sitting, shell.place, usedUntil + random.between(30, 900) * SECOND);
  use(telling, who, shell.place, [removal]);
  const path = `${place.folder.path}\\${place.name}`;
  telling.deeds.push(deedOf(doors, removal.request.end - 9, { kind: 'file-removed', path }));
  const { text, family } = ownPage(random);
  return { place, placedAt, placedBy: who.name, family, bytes: Buffer.from(text), isRemoved: true };
}

function deedOf({ telling, who, shell }: Doors, at: number, act: Deed['act']): Deed {
  return { server: telling.options.target, at, who: who.name, page: shell.place, act };
}

/** A directory of the web server that points to a folder where no pages belong, and the page in it. */
function rogueDirectory(doors: Doors, start: number): { page: Page; directory: TrueImplant } {
  const { telling, who, shell } = doors;
  const { random, options } = telling;
  const folderName = random.pick(['WHO', 'XYZ', 'ZING', 'ZOO']) + random.pick(['', '', '1']);
  const parent = random.pick(['C:\\ProgramData', 'C:\\Users\\All Users', 'C:\\Users\\Public']);
  const path = `${parent}\\${folderName}`;
  // "All Users" is another way to ProgramData: files lie there whatever the configuration calls it.
  const folder: WebFolder = {
    path: path.replace('Users\\All Users', 'ProgramData'),
    url: `/${random.text(LOWER, random.between(3, 6))}`,
  };
  const page: WebPlace = { folder, name: `${random.text(LOWER, random.between(3, 8))}.aspx` };
  const { placedAt } = made(doors, page, start);
  const configuredAt = placedAt - random.between(1, 4) * SECOND;
  const rogue: ServedFolder = { url: folder.url, path, pool: 'DefaultAppPool' };
  const config = Buffer.from(applicationHost(options.target, [rogue]));
  telling.files.push({
    server: options.target,
    path: APPLICATION_HOST_PATH,
    size: config.length,
    created: INSTALLED,
    modified: configuredAt,
    isDeleted: false,
    ...(options.isCollected && { bytes: config }),
  });
  const line = `appcmd add app /site.name:"Default Web Site" /path:${folder.url} /physicalPath:"${path}"`;
  const program = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
  if (isPrivileged(shell.place))
    telling.deeds.push(deedOf(doors, configuredAt - 40, { kind: 'command', program, line }));
  const { text, family } = ownPage(random);
  const host = options.target.host;
  return {
    page: { place: page, placedAt, placedBy: who.name, family, bytes: Buffer.from(text), isRemoved: false },
    directory: {
      host,
      kind: 'virtual-directory',
      family: 'directory',
      path,
      url: folder.url,
      placedAt: isoTime(configuredAt),
      placedBy: who.name,
      usedBy: [who.name],
      firstUsedAt: isoTime(placedAt),
      lastUsedAt: isoTime(placedAt),
      state: options.isCollected ? 'present' : 'not-collected',
    },
  };
}

/** Tells the four doors on days of their own after the entry. Their random numbers are a stream of their own. */
export function tellMoreDoors(
  given: Telling,
  who: Intruder,
  shell: Page,
  entry: number,
): { readonly pages: readonly Page[]; readonly directory: TrueImplant } {
  const telling = { ...given, random: createRandom(`${given.world.seed}/doors`) };
  const doors: Doors = { telling, who, shell };
  const start = (index: number): number => entry + DAY + index * 20 * HOUR + telling.random.below(6 * HOUR);
  const alike = lookAlike(doors, start(0));
  const changed = changedPage(doors, start(1));
  const { page, directory } = rogueDirectory(doors, start(2));
  const deleted = deletedPage(doors, start(3));
  return { pages: [alike, changed, page, deleted], directory };
}
