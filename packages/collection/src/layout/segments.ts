/** One part of a path inside a collection. */
export interface Segment {
  /** As collected, without the `!` that marks archives. */
  readonly text: string;
  /** For archives the text without its extension, for all others the text: what folders are recognised by. */
  readonly name: string;
  readonly isArchive: boolean;
}

/** Ends of names that mark archives we open. Longer ones first: `.tar.gz` is one end, not two. */
const archiveEnd = /\.(?:tar\.gz|tgz|tar|zip|gz)$/i;

/** The name of an archive without its extension: `EX01.tar.gz` → `EX01`. Names without one stay as they are. */
export function archiveStem(name: string): string {
  return name.replace(archiveEnd, '');
}

/**
 * Cuts a path as collected into its parts. Slashes and backslashes both separate, for archives made on Windows and
 * unpacked elsewhere leave the latter in names. An archive that is named after the one file in it
 * (`u_ex210303.log.gz!/u_ex210303.log`) is left out: it was made file by file and says nothing of the original place.
 */
export function segmentsOf(path: string): readonly Segment[] {
  const texts = path.split(/[\\/]+/).filter((text) => text !== '' && text !== '.');
  const segments = texts.map((text, index) => toSegment(text, index === texts.length - 1));
  const archive = segments.at(-2);
  const file = segments.at(-1);
  if (archive?.isArchive !== true || file === undefined || !isNamedAfter(archive, file)) return segments;
  return [...segments.slice(0, -2), file];
}

function toSegment(text: string, isLast: boolean): Segment {
  if (isLast || !text.endsWith('!')) return { text, name: text, isArchive: false };
  const bare = text.slice(0, -1);
  return { text: bare, name: archiveStem(bare), isArchive: true };
}

function isNamedAfter(archive: Segment, file: Segment): boolean {
  const stem = file.text.replace(/\.[^.]*$/, '');
  return archive.name === file.text || archive.name === stem;
}

/** Joins parts to a Windows path; archives keep their `!`, so that what was packed is not taken for a file that was served. */
export function windowsPath(root: string, segments: readonly Segment[]): string {
  const texts = segments.map(({ text, isArchive }) => (isArchive ? `${text}!` : text));
  return (root === '' ? texts : [root, ...texts]).join('\\');
}
