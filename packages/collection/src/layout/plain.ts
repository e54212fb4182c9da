import type { Anchor } from './anchor.ts';
import type { KnownFolder } from './known-folders.ts';
import type { Segment } from './segments.ts';
import { isWindowsRoot, knownFolders } from './known-folders.ts';
import { windowsPath } from './segments.ts';

/** The end of a known folder's path, as it may stand in a copy. */
interface Tail {
  readonly names: readonly string[];
  /** What goes before it in the original path. */
  readonly before: string;
  readonly files: RegExp | undefined;
}

/** First name of a tail → the tails that begin so, longest first. A path of ten parts then costs ten look-ups. */
const tailsByName = indexTails(knownFolders);
/** Files that are known by their own name. */
const knownFiles = knownFolders.filter(({ tail }) => tail === 0);

function indexTails(folders: readonly KnownFolder[]): ReadonlyMap<string, readonly Tail[]> {
  const index = new Map<string, Tail[]>();
  for (const tail of folders.flatMap(tailsOf)) {
    const key = tail.names[0] ?? '';
    index.set(key, [...(index.get(key) ?? []), tail]);
  }
  for (const tails of index.values()) tails.sort((a, b) => b.names.length - a.names.length);
  return index;
}

function tailsOf(folder: KnownFolder): readonly Tail[] {
  const names = folder.path.split('\\');
  const lengths = Array.from({ length: names.length - 1 }, (_, i) => i + 1);
  return lengths
    .filter((length) => folder.tail > 0 && length >= folder.tail)
    .map((length) => ({
      names: names.slice(-length).map((name) => name.toLowerCase()),
      before: names.slice(0, -length).join('\\'),
      files: folder.files,
    }));
}

/** Copies made by hand: the end of a known path is enough (`W3SVC1\u_ex210303.log`, `Exchange Server\V15\…`). */
export function plain(segments: readonly Segment[]): Anchor | undefined {
  const keys = segments.map(nameKey);
  for (let at = 0; at < segments.length; at++) {
    const known = folderAt(segments, keys, at) ?? fileAt(segments, at);
    if (known === undefined) continue;
    const name = keys[at] ?? '';
    const anchor: Anchor = { layout: 'plain', at, originalPath: known };
    return isWindowsRoot(name) ? { ...anchor, root: name } : anchor;
  }
  return undefined;
}

function folderAt(segments: readonly Segment[], keys: readonly string[], at: number): string | undefined {
  const tail = tailsByName.get(keys[at] ?? '')?.find((tail) => fits(segments, keys, { at, tail }));
  if (tail === undefined) return undefined;
  const end = at + tail.names.length;
  const matched = segments.slice(at, end).map(({ name }) => ({ text: name, name, isArchive: false }));
  return windowsPath(tail.before, [...matched, ...segments.slice(end)]);
}

function fits(
  segments: readonly Segment[],
  keys: readonly string[],
  { at, tail }: { readonly at: number; readonly tail: Tail },
): boolean {
  const { names, files } = tail;
  const end = at + names.length;
  if (end >= segments.length || !names.every((name, i) => keys[at + i] === name)) return false;
  return files === undefined || (end === segments.length - 1 && files.test(segments[end]?.text ?? ''));
}

function fileAt(segments: readonly Segment[], at: number): string | undefined {
  const file = segments[at];
  if (file === undefined || at !== segments.length - 1) return undefined;
  const folder = knownFiles.find(({ files }) => files?.test(file.text) === true);
  return folder === undefined ? undefined : windowsPath(folder.path, [file]);
}

function nameKey({ name }: Segment): string {
  const key = name.toLowerCase();
  return key.startsWith('w3svc') ? key.replace(/^w3svc\d+$/, 'w3svc#') : key;
}
