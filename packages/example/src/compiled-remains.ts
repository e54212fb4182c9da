// The compiled pages that stay on the disk, whatever became of the pages.

import { assemblyStub, compiledNames, preservedFile, type PageSource } from './compiled-pages.ts';
import { languageOf, type Deed } from './deeds.ts';
import { urlAt } from './places.ts';
import type { StoryFile } from './story.ts';
import type { Page, Telling } from './telling.ts';
import type { TreeFile } from './web-tree.ts';
import type { Server, World } from './world.ts';

/** Milliseconds from the start of the compiler to its result, as the event logs have it. */
const LINKED = 240;

/** How an intruder's page was written. */
function sourceOf(page: Page): PageSource {
  return {
    url: urlAt(page.place),
    language: languageOf(page),
    readsRequest: true,
  };
}

/** Assembly and description of one page that was asked for. */
function compiledRemains(telling: Telling, page: Page, compiledAt: number): StoryFile[] {
  const { world, options } = telling;
  const source = sourceOf(page);
  const names = compiledNames(world, options.target, source.url);
  const file = (path: string, bytes: Uint8Array): StoryFile => ({
    server: options.target,
    path,
    size: bytes.length,
    created: compiledAt,
    modified: compiledAt,
    isDeleted: false,
    ...(options.isCollected && { bytes }),
  });
  return [
    file(names.assembly, assemblyStub(source, compiledAt)),
    file(names.compiled, Buffer.from(preservedFile(names, source.url))),
  ];
}

/** What all pages left that were asked for, by what the deeds say of their compiling. */
export function remainsOf(telling: Telling, pages: readonly Page[], deeds: readonly Deed[]): StoryFile[] {
  return pages.flatMap((page) => {
    const compiled = deeds.find(
      ({ act, page: place }) => act.kind === 'page-compiled' && place === page.place,
    );
    return compiled === undefined ? [] : compiledRemains(telling, page, compiled.at + LINKED);
  });
}

/** Pages of the product that everybody asks for. */
const ASKED_FOR = ['/owa/auth/logon.aspx', '/owa/auth/errorFE.aspx', '/ecp/auth/TimeoutLogout.aspx'];

/** What the product's own pages left when they were asked for the first time. */
export function genuineRemains(world: World, server: Server, compiledAt: number): TreeFile[] {
  return ASKED_FOR.flatMap((url): TreeFile[] => {
    const source: PageSource = { url, language: 'C#', readsRequest: false };
    const names = compiledNames(world, server, url);
    return [
      { path: names.assembly, text: '', bytes: assemblyStub(source, compiledAt), created: compiledAt },
      { path: names.compiled, text: preservedFile(names, url), created: compiledAt },
    ];
  });
}
