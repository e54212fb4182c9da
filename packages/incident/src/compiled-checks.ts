import type { FileFacts, Ticks } from '@postern/core';
import { checkRule } from './checks.ts';
import { corrected } from './clocks.ts';
import { packsOf } from './packs-of.ts';
import { groupBy } from './ordered.ts';
import { canonicalPath, isPage, isProductPage, lastPart, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import { noEntities } from './sighting.ts';
import type { SeenImplant, Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** A page that ASP.NET compiled, by what its `.compiled` file and its assembly say together. */
interface CompiledPage {
  readonly file: FileFacts;
  readonly url: string;
  readonly assembly: FileFacts | undefined;
  readonly time: Ticks | undefined;
  readonly basis: string;
}

const compiledName = /\.compiled$|(?:^|\\)app_web_[^\\]*\.dll$/i;

/**
 * Pages that were compiled, so run, and are none of the product: whoever deletes a page leaves these behind. A
 * `.compiled` file names the page and the assembly, the assembly has the time of its making in its head.
 */
export function sightingsOfCompiled(given: Surroundings): Sighting[] {
  const files = given.facts.files.filter(
    (file) => file.inert === undefined && file.judged !== undefined && compiledName.test(file.path),
  );
  if (files.length === 0) return [];
  const index = indexOf(given);
  return [...groupBy(files, (file) => serverOfFile(given.book, file))].flatMap(([server, own]) =>
    compiledPages(given, own).flatMap((page) => pageSightings(given, { ...index, server }, page)),
  );
}

/** What lies in the served folders: `server NUL url` → file, and the folders of which anything is known. */
interface ServedFiles {
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly folders: ReadonlySet<string>;
}

/** URLs without the port that stands for a site: the name in a compiled page lacks it too. */
function indexOf({ facts, layout, book }: Surroundings): ServedFiles {
  const files = new Map<string, FileFacts>();
  const folders = new Set<string>();
  for (const file of facts.files) {
    const url = servedPlace(layout, file.path)?.url.replace(/^:\d+/, '');
    if (url === undefined) continue;
    const server = serverOfFile(book, file);
    folders.add(`${server}\0${folderOf(url)}`);
    if (file.listed?.deleted === undefined) files.set(`${server}\0${url}`, file);
  }
  return { files, folders };
}

function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/') + 1);
}

/** True for what {@link sightingsOfCompiled} speaks of: files that say which page they are. */
export function isCompiled({ path, judged }: FileFacts): boolean {
  return (
    compiledName.test(path) &&
    judged !== undefined &&
    (judged.names.has('VirtualPath') || judged.verdict !== 'benign')
  );
}

function compiledPages(given: Surroundings, files: readonly FileFacts[]): readonly CompiledPage[] {
  const assemblies = new Map(
    files
      .filter(({ path }) => /\.dll$/i.test(path))
      .map((file) => [baseName(file.path).replace(/\.dll$/, ''), file]),
  );
  const named = new Set<FileFacts>();
  const pages = files.flatMap((file): CompiledPage[] => {
    if (!/\.compiled$/i.test(file.path)) return [];
    const assembly = assemblies.get((file.judged?.names.get('Assembly') ?? '').toLowerCase());
    if (assembly !== undefined) named.add(assembly);
    return pageOf(given, file, assembly);
  });
  const others = [...assemblies.values()].filter((file) => !named.has(file));
  return [...pages, ...others.flatMap((file) => pageOf(given, file, file))];
}

function baseName(path: string): string {
  return lastPart(canonicalPath(path), '\\');
}

function pageOf(given: Surroundings, file: FileFacts, assembly: FileFacts | undefined): CompiledPage[] {
  const url = (
    file.judged?.names.get('VirtualPath') ??
    assembly?.judged?.names.get('VirtualPath') ??
    ''
  ).toLowerCase();
  const listed = file.listed ?? assembly?.listed;
  const made =
    listed?.created === undefined ? undefined : corrected(given.clocks, listed.source, listed.created);
  const linked = assembly?.judged?.times.get('CompiledAt');
  return [
    {
      file,
      url,
      assembly,
      time: made ?? linked,
      basis: made === undefined ? 'compile time (head of the assembly)' : 'compile time (file listing)',
    },
  ];
}

function pageSightings(
  given: Surroundings,
  { server, files, folders }: ServedFiles & { readonly server: string },
  page: CompiledPage,
): Sighting[] {
  const { url, assembly, file } = page;
  const isBad = assembly?.judged?.verdict === 'remote-control';
  const isOwn = url !== '' && (isProductPage(given.layout, url) || isProductPage(given.layout, `:444${url}`));
  if (isOwn && !isBad) return [];
  const source = files.get(`${server}\0${url}`);
  const isSuspicious = assembly?.judged?.verdict === 'suspicious';
  // A page that is there is judged by its own content; one of the owner's was compiled like any other.
  const isPageBad = source?.judged?.verdict === 'remote-control' || source?.judged?.verdict === 'suspicious';
  if (
    !isBad &&
    !isPageBad &&
    (source !== undefined || (url === '' ? !isSuspicious : !isPage(given.layout, url)))
  )
    return [];
  const rule = checkRule(isBad ? 'page-content-compiled' : 'page-compiled');
  const implant: SeenImplant = {
    kind: 'web-shell',
    event: page.time === undefined ? 'seen' : 'placed',
    ...(url === '' ? { path: (assembly ?? file).path } : { url: placeUrl(given, source, url) }),
    basis: page.basis,
    ...(assembly?.judged === undefined ? {} : traitOf(assembly.judged.traits)),
  };
  const seen = sightingOf(given, server, page, { rule, implant });
  // Only where anything of its folder was collected or listed, its absence says something.
  const isGone = url !== '' && source === undefined && folders.has(`${server}\0${folderOf(url)}`);
  if (!isGone) return [seen];
  const gone = checkRule('page-gone');
  return [
    seen,
    { ...seen, rule: gone, time: undefined, last: undefined, implant: { ...implant, event: 'removed' } },
  ];
}

function traitOf(traits: readonly { readonly text: string }[]): { readonly trait?: string } {
  const [first] = traits;
  return first === undefined ? {} : { trait: first.text };
}

function placeUrl(given: Surroundings, source: FileFacts | undefined, url: string): string {
  return (source === undefined ? undefined : servedPlace(given.layout, source.path)?.url) ?? url;
}

function sightingOf(
  given: Surroundings,
  server: string,
  { file, assembly, time, url }: CompiledPage,
  { rule, implant }: Pick<Sighting, 'rule'> & { readonly implant: SeenImplant },
): Sighting {
  const paths = [file.path, ...(assembly === undefined || assembly === file ? [] : [assembly.path])];
  return {
    rule,
    source: file.source ?? file.listed?.source ?? '',
    at: { offset: 0, line: file.listed?.line ?? 1 },
    time,
    last: time,
    count: 1,
    recorder: 'file',
    captures: new Map(),
    text: `${url === '' ? '' : `${url}: `}${paths.join(', ')}`,
    excerpt: false,
    recordedOn: server,
    targets: [server],
    packs: packsOf(given, rule, true, time),
    entities: {
      ...noEntities,
      paths,
      urls: url === '' ? [] : [url],
      hashes: [file, assembly].flatMap((one) => one?.sha256 ?? []),
    },
    joins: [],
    implant,
  };
}
