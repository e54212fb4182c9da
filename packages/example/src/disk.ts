import { genuineRemains } from './compiled-remains.ts';
import { fileListing, uncollectedFiles, type ListedFile } from './file-listing.ts';
import type { FileSink } from './file-sink.ts';
import { createRandom } from './random.ts';
import type { StoryFile } from './story.ts';
import { webTree, type TreeFile } from './web-tree.ts';
import type { Server, World } from './world.ts';

/** `C:\a\b` as a collection holds it below its root: `C/a/b`. */
export function collectedPath(windowsPath: string): string {
  return windowsPath.replace(':', '').replaceAll('\\', '/');
}

export interface DiskOptions {
  readonly sink: FileSink;
  /** As in `LogPlace`. */
  readonly root: string;
  readonly world: World;
  readonly server: Server;
  readonly files: readonly StoryFile[];
  readonly extra: readonly TreeFile[];
  readonly isListed: boolean;
  /** When the product's pages were compiled. */
  readonly compiledAt: number;
}

function asListed(world: World, files: readonly TreeFile[]): ListedFile[] {
  const random = createRandom(`${world.seed}/disk`);
  return files.map(({ path, text, bytes, created: own }) => {
    const installed = Date.UTC(2019, 4, 14) + random.below(40 * 86_400_000);
    const created = own ?? installed;
    return {
      path,
      size: bytes?.length ?? Buffer.byteLength(text),
      created,
      modified: created,
      isDeleted: false,
    };
  });
}

const INSTALL = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';
/** The tool names its output after the minute it ran: the morning after the last log. */
const LISTING = '20210318081502_MFTECmd_$MFT_Output.csv';

/** Writes the web folders, the configuration and the listing of one server. */
export function writeDisk(options: DiskOptions): void {
  const { sink, root, world, server } = options;
  const own = options.files.filter((file) => file.server === server);
  const made = new Set(own.map(({ path }) => path));
  const tree = [
    ...webTree(world, server),
    ...genuineRemains(world, server, options.compiledAt),
    ...options.extra,
  ]
    // What intruders changed is theirs now.
    .filter(({ path }) => !made.has(path));
  for (const file of tree) sink.put(root + collectedPath(file.path), file.bytes ?? file.text);
  for (const file of own) {
    if (file.bytes !== undefined) sink.put(root + collectedPath(file.path), file.bytes);
  }
  if (!options.isListed) return;
  const listed = [...asListed(world, tree), ...uncollectedFiles(world.seed, INSTALL), ...own];
  sink.put(root + LISTING, fileListing(world.seed + server.host, listed));
}
