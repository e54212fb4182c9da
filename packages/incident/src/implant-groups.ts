import type { FileFacts, ImplantKind, Layout } from '@postern/core';
import { isScannerFind } from './defence.ts';
import type { FindingDraft } from './findings.ts';
import { groupBy, sorted } from './ordered.ts';
import type { SeenPage } from './seen-pages.ts';
import { canonicalPath, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import type { ServerBook } from './servers.ts';
import type { Sighting } from './sighting.ts';

/** All that speaks of one back door. */
export interface ImplantGroup {
  readonly server: string;
  readonly kind: ImplantKind;
  /** URL path in lower case, where it is served. */
  readonly url?: string;
  /** As a record or listing writes it, the fullest one. */
  readonly path?: string;
  readonly sightings: readonly Sighting[];
  readonly findings: readonly string[];
  readonly files: readonly FileFacts[];
  readonly pages: readonly SeenPage[];
}

/** What the witnesses of back doors are looked up in. */
export interface ImplantMatter {
  readonly layout: Layout;
  readonly book: ServerBook;
  readonly files: readonly FileFacts[];
  readonly pages: ReadonlyMap<string, readonly SeenPage[]>;
}

/**
 * Puts the witnesses of one back door together: records and files that name its path, requests that name its URL. A
 * path in a served folder and its URL are the same thing. Leads alone make no back door.
 */
export function groupImplants(drafts: readonly FindingDraft[], matter: ImplantMatter): ImplantGroup[] {
  const named = drafts.flatMap((draft) =>
    draft.sightings.flatMap((sighting) =>
      keysOf(matter.layout, sighting).map((key) => ({ key, sighting, draft })),
    ),
  );
  const files = groupBy(
    matter.files,
    (file) => `${serverOfFile(matter.book, file)}\0${placeOf(matter.layout, file.path)}`,
  );
  const groups = [...groupBy(named, ({ key }) => key).values()].flatMap((members) => {
    if (!members.some(({ draft, sighting }) => makesImplant(draft, sighting))) return [];
    const [one] = members;
    if (one?.sighting.implant === undefined) return [];
    return [groupOf(one.sighting, members, { matter, files })];
  });
  return groups.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** `server NUL url` of back doors that witnesses know, for telling use of them from use of unknown pages. */
export function knownUrls(layout: Layout, sightings: readonly Sighting[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const sighting of sightings) {
    const { implant, rule, setAside } = sighting;
    if (implant === undefined || rule.witness === 'lead' || setAside !== undefined) continue;
    if (implant.event === 'probed' || (implant.event === 'removed' && !isScannerFind(rule.act))) continue;
    const url = urlOf(layout, sighting);
    if (url !== undefined) for (const target of sighting.targets) known.add(`${target}\0${url}`);
  }
  return known;
}

function makesImplant({ finding }: FindingDraft, { implant }: Sighting): boolean {
  if (finding.witness === 'lead' || finding.setAside !== undefined) return false;
  return implant !== undefined && implant.event !== 'probed';
}

/** The back door a sighting speaks of, on each server it was done to. */
function keysOf(layout: Layout, sighting: Sighting): string[] {
  const { implant } = sighting;
  if (implant === undefined) return [];
  const place = implant.path === undefined ? (implant.url ?? '') : placeOf(layout, implant.path);
  return sighting.targets.map((target) => [target, implant.kind, place].join('\0'));
}

/** URL where the path is served, else the path itself: the one name that all witnesses agree on. */
function placeOf(layout: Layout, path: string): string {
  return servedPlace(layout, path)?.url ?? canonicalPath(path);
}

function urlOf(layout: Layout, { implant }: Sighting): string | undefined {
  return implant?.url ?? (implant?.path === undefined ? undefined : servedPlace(layout, implant.path)?.url);
}

interface Member {
  readonly sighting: Sighting;
  readonly draft: FindingDraft;
}

interface Lookup {
  readonly matter: ImplantMatter;
  readonly files: ReadonlyMap<string, readonly FileFacts[]>;
}

function groupOf(
  one: Sighting,
  members: readonly (Member & { readonly key: string })[],
  { matter, files }: Lookup,
): ImplantGroup {
  const [server = '', , place = ''] = members[0]?.key.split('\0') ?? [];
  const sightings = members.map(({ sighting }) => sighting);
  const own = files.get(`${server}\0${place}`) ?? [];
  const paths = sorted([
    ...sightings.flatMap(({ implant }) => implant?.path ?? []),
    ...own.map(({ path }) => path),
  ]);
  const path = paths.toSorted((a, b) => b.length - a.length)[0];
  const isServed =
    path === undefined ? place.startsWith('/') : servedPlace(matter.layout, path) !== undefined;
  // A directory of a configuration lies in no folder of a product and has its URL from there.
  const url = isServed ? place : sightings.find(({ implant }) => implant?.url !== undefined)?.implant?.url;
  return {
    server,
    kind: one.implant?.kind ?? 'other',
    ...(url === undefined ? {} : { url }),
    ...(path === undefined ? {} : { path }),
    sightings,
    findings: sorted(members.map(({ draft }) => draft.finding.id)),
    files: own,
    pages: isServed ? (matter.pages.get(`${server}\0${place}`) ?? []) : [],
  };
}

function sortKey({ server, kind, url, path }: ImplantGroup): string {
  return [server, kind, url ?? '', path ?? ''].join('\0');
}
