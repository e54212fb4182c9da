import type { Anchor, Layout, Recogniser } from './anchor.ts';
import type { Segment } from './segments.ts';
import { hostBefore } from './host.ts';
import { kape } from './kape.ts';
import { logCollector } from './log-collector.ts';
import { plain } from './plain.ts';
import { segmentsOf, windowsPath } from './segments.ts';
import { velociraptor } from './velociraptor.ts';

/** What the place of a file in a collection says of its place on the server. */
export interface OriginalPath {
  /** The Windows path, as far as the layout tells; else the path as collected, with backslashes. */
  readonly originalPath: string;
  readonly layout: Layout;
  /** The name that a folder or archive around the layout gives; a host name where collectors set it, else a hint. */
  readonly host?: string;
}

/** As {@link OriginalPath}, with what it takes to tell several hosts in one collection apart. */
export interface Place extends OriginalPath {
  /** False: the layout says nothing of this file. */
  readonly isRestored: boolean;
  /** As {@link Anchor.root}. */
  readonly root?: string;
  /** The path down to the folder that names the host. */
  readonly hostFolder?: string;
}

/** The one that begins earliest in the path wins; of two at the same place, the first here. */
const recognisers: readonly Recogniser[] = [velociraptor, kape, logCollector, plain];

/**
 * The original Windows path of a file, from its path in the collection (`outer.zip!/inner/path`; slashes or
 * backslashes). Pure: it sees no other file. Never throws; a path that tells nothing comes back with backslashes,
 * without the archives it was wrapped in.
 *
 * @example originalPathOf('EX01/C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log').originalPath
 *   // 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log', layout 'kape', host 'EX01'
 */
export function originalPathOf(path: string): OriginalPath {
  const { originalPath, layout, host } = placeOf(path);
  return host === undefined ? { originalPath, layout } : { originalPath, layout, host };
}

/** As {@link originalPathOf}, with more detail. */
export function placeOf(path: string): Place {
  const segments = segmentsOf(path);
  const anchor = firstAnchor(segments);
  if (anchor === undefined) return unknownPlace(segments);
  const { originalPath, layout, root } = anchor;
  const place: Place = { originalPath, layout, isRestored: true };
  const host = root === undefined ? undefined : hostBefore(segments, anchor);
  return root === undefined ? place : { ...place, root, ...host };
}

function firstAnchor(segments: readonly Segment[]): Anchor | undefined {
  let first: Anchor | undefined;
  for (const recognise of recognisers) {
    if (first?.at === 0) break;
    const anchor = recognise(segments);
    if (anchor !== undefined && (first === undefined || anchor.at < first.at)) first = anchor;
  }
  return first;
}

function unknownPlace(segments: readonly Segment[]): Place {
  return { originalPath: windowsPath('', withoutWrapping(segments)), layout: 'plain', isRestored: false };
}

/** Archives around everything, and the folder in them that has their name, come from packing and not from the server. */
function withoutWrapping(segments: readonly Segment[]): readonly Segment[] {
  const [first, second] = segments;
  if (first?.isArchive !== true) return segments;
  const hasFolder = segments.length > 2 && second?.isArchive === false && second.text === first.name;
  return withoutWrapping(segments.slice(hasFolder ? 2 : 1));
}
