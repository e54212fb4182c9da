import { whyInert, type FileFacts, type Layout } from '@postern/core';

/** Folders that the web servers of these products run pages from. */
export function servedFolders(layouts: readonly Layout[]): readonly string[] {
  return layouts.flatMap((layout) => layout.served.map(({ path }) => path));
}

/** Marks the files that lie where no web server would run them, with the reason. */
export function markInert(files: readonly FileFacts[], served: readonly string[]): readonly FileFacts[] {
  return files.map((file) => {
    const why = whyInert(file.path, served);
    return why === undefined ? file : { ...file, inert: why };
  });
}
