import type { Layout } from '@postern/core';
import type { ImplantGroup } from './implant-groups.ts';
import { push, sorted } from './ordered.ts';
import { isPage, lastPart } from './served.ts';
import { hasShortName, maybeShortOf } from './short-names.ts';

/** A compiled page names only the page: it joins the back door of that name if there is exactly one. */
export function adoptCompiled(layout: Layout, groups: readonly ImplantGroup[]): ImplantGroup[] {
  const bare = groups.filter((group) => group.url === undefined && isBarePage(layout, group.path));
  return adopt(groups, bare, (group, other) => lastPart(other.url ?? '', '/') === group.path);
}

/** A back door that one record names by its 8.3 name joins the one of its folder that this can stand for, if only one can. */
export function adoptShortNames(groups: readonly ImplantGroup[]): ImplantGroup[] {
  const short = groups.filter(({ url }) => url !== undefined && hasShortName(lastPart(url, '/')));
  return adopt(groups, short, ({ kind, url = '' }, other) => {
    const folder = url.slice(0, url.lastIndexOf('/') + 1);
    const name = other.url?.startsWith(folder) === true ? other.url.slice(folder.length) : '';
    return other.kind === kind && !hasShortName(name) && maybeShortOf(lastPart(url, '/'), name);
  });
}

/** Each of `some` becomes part of the one group of its server that it fits; where none or several do it stays. */
function adopt(
  groups: readonly ImplantGroup[],
  some: readonly ImplantGroup[],
  fits: (group: ImplantGroup, other: ImplantGroup) => boolean,
): ImplantGroup[] {
  const adopted = new Map<ImplantGroup, ImplantGroup[]>();
  const gone = new Set<ImplantGroup>();
  for (const group of some) {
    const homes = groups.filter(
      (other) =>
        other !== group && other.server === group.server && other.url !== undefined && fits(group, other),
    );
    const [home] = homes;
    if (homes.length !== 1 || home === undefined) continue;
    push(adopted, home, group);
    gone.add(group);
  }
  return groups.filter((group) => !gone.has(group)).map((group) => withMore(group, adopted.get(group) ?? []));
}

function isBarePage(layout: Layout, path: string | undefined): boolean {
  return path !== undefined && !/[\\/]/.test(path) && isPage(layout, path);
}

function withMore(group: ImplantGroup, more: readonly ImplantGroup[]): ImplantGroup {
  if (more.length === 0) return group;
  return {
    ...group,
    files: [...group.files, ...more.flatMap(({ files }) => files)],
    pages: [...group.pages, ...more.flatMap(({ pages }) => pages)],
    sightings: [...group.sightings, ...more.flatMap(({ sightings }) => sightings)],
    findings: sorted([...group.findings, ...more.flatMap(({ findings }) => findings)]),
  };
}
