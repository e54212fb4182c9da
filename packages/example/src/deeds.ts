// What intruders made the server do through their pages: told once, and shown by whichever logs were on.

import type { Page, Telling } from './telling.ts';
import { pathAt, type WebPlace } from './places.ts';
import { createRandom, LOWER, type Random } from './random.ts';
import type { StoryFile } from './story.ts';
import type { TrueArchive } from './truth.ts';
import type { Server } from './world.ts';

/** Something that was done. */
export type Act =
  /** A page arrived over the server's own share, as the reset of a virtual directory writes it. */
  | { readonly kind: 'page-shared'; readonly path: string }
  /** A page was written by the web server's worker itself. */
  | { readonly kind: 'page-written'; readonly path: string }
  | { readonly kind: 'page-compiled'; readonly language: 'C#' | 'JScript' }
  | { readonly kind: 'command'; readonly program: string; readonly line: string }
  | { readonly kind: 'memory-copied'; readonly path: string }
  | { readonly kind: 'account-made'; readonly name: string }
  | { readonly kind: 'task-made'; readonly name: string; readonly program: string }
  | { readonly kind: 'archived'; readonly path: string; readonly source: string }
  | { readonly kind: 'file-removed'; readonly path: string }
  | { readonly kind: 'security-log-cleared' };

/** The packer that intruders bring. */
export const PACKER = 'C:\\Windows\\Temp\\7z.exe';

/** Who did what, through which page. */
export interface Deed {
  readonly server: Server;
  readonly at: number;
  readonly who: string;
  readonly page: WebPlace;
  readonly act: Act;
}

/** Looking around: what the first orders to a page always are. */
const LOOKING_AROUND: readonly (readonly [program: string, line: string])[] = [
  ['whoami.exe', 'whoami'],
  ['whoami.exe', 'whoami /groups'],
  ['ipconfig.exe', 'ipconfig /all'],
  ['net.exe', 'net group "Domain admins" /domain'],
  ['net.exe', 'net localgroup administrators'],
  ['nltest.exe', 'nltest /dclist:'],
  ['tasklist.exe', 'tasklist /svc'],
  ['systeminfo.exe', 'systeminfo'],
  ['quser.exe', 'quser'],
  ['netstat.exe', 'netstat -ano'],
  ['arp.exe', 'arp -a'],
  ['WindowsPowerShell\\v1.0\\powershell.exe', 'powershell -c "Get-Process lsass | Select-Object Id"'],
];

const TASK_WORDS = ['Telemetry', 'Sync', 'Update', 'Monitor', 'Cleanup'];
const ACCOUNT_WORDS = ['svc_', 'exch_', 'adm_', 'sql'];

/** Exchange's own pools run as the system; IIS's default pool may do little. */
export function isPrivileged(page: WebPlace): boolean {
  return page.folder.protocol !== undefined;
}

/** How long before the answer a command began: no answer takes less than 15 milliseconds. */
function begun(random: Random, answeredAt: number): number {
  return answeredAt - random.between(5, 14);
}

/** Evaluators are written in JScript, the others in the language of the product's pages. */
export function languageOf(page: Page): 'C#' | 'JScript' {
  return page.family === 'evaluator' || page.family === 'oab-dump' ? 'JScript' : 'C#';
}

/** Milliseconds that compiling a page takes at least; the order that waits for it starts nothing else. */
const COMPILING = 330;

interface Used {
  readonly place: WebPlace;
  readonly who: string;
  readonly at: number;
}

function pageDeeds(telling: Telling, pages: readonly Page[], random: Random): Deed[] {
  const [first] = pages;
  return pages.flatMap((page) => {
    const server = telling.options.target;
    const path = pathAt(page.place);
    const base = { server, who: page.placedBy };
    const used = telling.uses.filter(({ place }) => place === page.place).map(({ at }) => at);
    const arrival: Act = page === first ? { kind: 'page-shared', path } : { kind: 'page-written', path };
    const through = first === undefined || page === first ? page.place : first.place;
    const compiled: Deed = {
      ...base,
      at: Math.min(...used) - random.between(COMPILING, COMPILING + 90),
      page: page.place,
      act: { kind: 'page-compiled', language: languageOf(page) },
    };
    return [{ ...base, at: page.placedAt, page: through, act: arrival }, compiled];
  });
}

/** The three acts that want the system's rights, spread over the uses of pages that have them. */
function privilegedActs(random: Random): Act[] {
  const folder = random.pick(['C:\\Windows\\Temp', 'C:\\Windows\\Temp', 'C:\\ProgramData', 'C:\\root']);
  const program = `C:\\${random.pick(['ProgramData', 'Users\\Public', 'Windows\\Temp'])}\\${random.text(LOWER, 6)}.exe`;
  return [
    { kind: 'memory-copied', path: `${folder}\\${random.text(LOWER, random.between(3, 7))}.dmp` },
    { kind: 'account-made', name: random.pick(ACCOUNT_WORDS) + random.text(LOWER, 4) },
    { kind: 'task-made', name: random.pick(TASK_WORDS) + random.text(LOWER, 4), program },
  ];
}

function commandOf(random: Random): Act {
  const [program, line] = random.pick(LOOKING_AROUND);
  return { kind: 'command', program: `C:\\Windows\\System32\\${program}`, line };
}

function useDeeds(telling: Telling, uses: readonly Used[], random: Random): Deed[] {
  const server = telling.options.target;
  const able = uses.filter(({ place }) => isPrivileged(place));
  const special = new Map<Used, Act>();
  for (const [index, act] of privilegedActs(random).entries()) {
    const at = able[Math.floor((able.length * (index + 2)) / 6)];
    if (at !== undefined && able.length >= 6) special.set(at, act);
  }
  const seen = new Set<WebPlace>();
  return uses.flatMap((used): Deed[] => {
    const isFirst = !seen.has(used.place);
    seen.add(used.place);
    const act = special.get(used) ?? (!isFirst && random.chance(0.5) ? commandOf(random) : undefined);
    const { place, who } = used;
    return act === undefined ? [] : [{ server, at: begun(random, used.at), who, page: place, act }];
  });
}

function archiveDeeds(telling: Telling, archive: TrueArchive, shell: WebPlace): Deed[] {
  const base = { server: telling.options.target, who: archive.fetchedBy, page: shell };
  const stagedAt = Date.parse(archive.stagedAt);
  const source = `C:\\Windows\\Temp\\${archive.path.slice(archive.path.lastIndexOf('\\') + 1, -4)}.pst`;
  const made: Deed = { ...base, at: stagedAt, act: { kind: 'archived', path: archive.path, source } };
  const after = telling.uses.filter(({ place, at }) => place === shell && at > Date.parse(archive.fetchedAt));
  const removedAt = Math.min(...after.map(({ at }) => at));
  const isGone = archive.state === 'removed' && Number.isFinite(removedAt);
  const removed: Deed = { ...base, at: removedAt - 9, act: { kind: 'file-removed', path: archive.path } };
  return isGone ? [made, removed] : [made];
}

/** Files that deeds leave where no web server serves them: the listing has them, the collection does not. */
export function filesOfDeeds(telling: Telling, deeds: readonly Deed[]): StoryFile[] {
  const random = createRandom(`${telling.world.seed}/deed-files`);
  return deeds.flatMap(({ server, at, act }): StoryFile[] => {
    const file = (path: string, size: number, made: number): StoryFile => {
      const isDeleted = random.chance(0.5);
      return { server, path, size, created: made, modified: made, isDeleted };
    };
    switch (act.kind) {
      case 'memory-copied':
        return [file(act.path, random.between(38_000_000, 96_000_000), at + 70)];
      case 'task-made':
        return [file(act.program, random.between(90_000, 900_000), at - random.between(2000, 90_000))];
      case 'archived':
        return [file(PACKER, 1_206_272, at - random.between(60_000, 900_000))];
      default:
        return [];
    }
  });
}

/**
 * Everything that was done on the target through pages, in the order of time. A stream of random numbers of its own
 * keeps the rest of the story as it is.
 */
export function tellDeeds(telling: Telling, pages: readonly Page[], archive: TrueArchive): Deed[] {
  const random = createRandom(`${telling.world.seed}/deeds`);
  const [shell] = pages;
  const uses = telling.uses.toSorted((one, other) => one.at - other.at);
  return [
    ...pageDeeds(telling, pages, random),
    ...useDeeds(telling, uses, random),
    ...(shell === undefined ? [] : archiveDeeds(telling, archive, shell.place)),
    ...telling.deeds,
  ].toSorted((one, other) => one.at - other.at);
}
