import type { CaseFacts, Pack } from '@postern/core';
import { placeBuild } from './builds.ts';
import type { ServerBuild } from './exposure.ts';
import type { FamilySpan } from './families.ts';
import type { SeenPage } from './seen-pages.ts';
import { canonicalPath, isProductPage } from './served.ts';
import { serverOfFile } from './servers.ts';
import type { ServerBook } from './servers.ts';
import type { Sighting } from './sighting.ts';

/** How a product is told by what it leaves. */
interface Marks {
  /** Log families that only it writes. */
  readonly families: RegExp;
  /** Folders of its own. */
  readonly paths: RegExp;
  /** What records of its processes and files name: application pools, folders. */
  readonly processes: RegExp;
  /** Pages of its own that must have been answered. */
  readonly pages: number;
}

const marks: Readonly<Record<string, Marks>> = {
  Exchange: {
    families:
      /^(?:httpproxy|ecp-|ews$|rps-|oab-generator$|admin-audit$|exchange-other$|windows:(?:MSExchange|Microsoft-Exchange))/i,
    paths: /\\exchange server\\v1[45]\\/,
    processes: /\bMSExchange\w*AppPool\b|\\Exchange Server\\V1[45]\\|\\FrontEnd\\HttpProxy\\/i,
    // A scanner may ask any server for a few of them, and some answer everything.
    pages: 2,
  },
};

export interface ProductMatter {
  readonly facts: CaseFacts;
  readonly book: ServerBook;
  readonly spans: readonly FamilySpan[];
  readonly builds: ReadonlyMap<string, readonly ServerBuild[]>;
  readonly pages: readonly SeenPage[];
  readonly sightings: readonly Sighting[];
}

/**
 * The products that each server runs, as far as its evidence tells (judgement section 5). A host that none is told of
 * gets findings and no ladder.
 */
export function productsOf(
  matter: ProductMatter,
  packs: readonly Pack[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (server: string, product: string): void => {
    found.set(server, (found.get(server) ?? new Set()).add(product));
  };
  for (const pack of packs) {
    for (const product of pack.campaign.products) {
      for (const server of matter.book.entries.keys())
        if (runs(matter, pack, product, server)) add(server, product);
    }
  }
  return found;
}

function runs(matter: ProductMatter, pack: Pack, product: string, server: string): boolean {
  const mark = marks[product];
  if (mark !== undefined) {
    if (matter.spans.some((span) => span.server === server && mark.families.test(span.family))) return true;
    if (hasFamilyWithoutTime(matter, server, mark.families)) return true;
    if (hasPath(matter, server, mark.paths) || hasProbes(matter, server)) return true;
  }
  if (
    (matter.builds.get(server) ?? []).some(
      ({ build }) => placeBuild(pack.builds, build, 'su').product !== undefined,
    )
  )
    return true;
  return (
    productPages(matter, pack, server) >= (mark?.pages ?? 2) ||
    matter.sightings.some((s) => provesProduct(s, pack, server, mark))
  );
}

function hasFamilyWithoutTime({ facts, book }: ProductMatter, server: string, families: RegExp): boolean {
  return facts.sources.some(
    (source) =>
      book.ofSource.get(source.id) === server && source.families.some(({ family }) => families.test(family)),
  );
}

/** The product asks itself all day; nobody else does. */
function hasProbes({ facts, book }: ProductMatter, server: string): boolean {
  return facts.sources.some((source) => source.probes > 0 && book.ofSource.get(source.id) === server);
}

function hasPath({ facts, book }: ProductMatter, server: string, paths: RegExp): boolean {
  return (
    facts.files.some(
      (file) =>
        file.inert === undefined &&
        paths.test(canonicalPath(file.path)) &&
        serverOfFile(book, file) === server,
    ) ||
    facts.sources.some(
      (source) => book.ofSource.get(source.id) === server && paths.test(canonicalPath(source.originalPath)),
    )
  );
}

/** Pages of the product that were answered as only a server that has them does. */
function productPages({ pages }: ProductMatter, pack: Pack, server: string): number {
  const answered = pages.filter(
    (seen) =>
      seen.server === server &&
      isProductPage(pack.layout, seen.page.url) &&
      [...seen.page.answers.keys()].some((answer) => /^[A-Z]+ (?:200|302|401|440|500)$/.test(answer)),
  );
  return new Set(answered.map(({ page }) => page.url)).size;
}

/** What only the product can have done: a success of the pack in its own logs, by its own processes, or named as its target. */
function provesProduct(sighting: Sighting, { id }: Pack, server: string, mark: Marks | undefined): boolean {
  if (sighting.setAside !== undefined || sighting.rule.witness === 'lead' || !sighting.packs.includes(id))
    return false;
  if (!sighting.targets.includes(server) || sighting.rule.stage === 'probe') return false;
  if (sighting.rule.stage === 'attempt') return sighting.rule.flawProved;
  if (sighting.targets.includes(server) && sighting.recordedOn !== server) return true;
  if (sighting.recorder === 'file') return sighting.rule.act === 'page-content';
  const isOwnRecord =
    /^(?:iis|httperr)/.test(sighting.recorder) || mark?.families.test(sighting.recorder) === true;
  return isOwnRecord || namesProduct(sighting, mark);
}

/** A process or a file of the product's on the host that recorded it: its pool started a shell, its folder got a page. */
function namesProduct({ captures }: Sighting, mark: Marks | undefined): boolean {
  return mark !== undefined && [...captures.values()].some((value) => mark.processes.test(value));
}

/** `Exchange 2016` by the last build, else the product's bare name. */
export function productTitle(
  packs: readonly Pack[],
  products: ReadonlySet<string>,
  builds: readonly ServerBuild[],
): string | undefined {
  for (const { build } of builds.toReversed()) {
    for (const pack of packs) {
      const { product } = placeBuild(pack.builds, build, 'su');
      if (product !== undefined) return product;
    }
  }
  return [...products].toSorted()[0];
}
