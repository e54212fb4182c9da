import type { CollectionEntry } from '@postern/collection';
import { foldPath, limits, readBytes, type FileJudgement, type SourceInput } from '@postern/core';
import { judgeInput, type YaraScanner } from '@postern/webshell';

/** What judges a page: the structural checks, and YARA where there are rules. */
export interface PageJudge {
  /** Started with the first page, for it takes time and memory; undefined where there are no rules. */
  readonly yara: () => YaraScanner | undefined;
}

/** Judges a page or configuration; YARA sees the first {@link limits.pageBytes} of a larger one, and that is said. */
export function judgePage(judge: PageJudge, input: SourceInput, entry: CollectionEntry): FileJudgement {
  const judged = judgeInput(input, entry.originalPath);
  const yara = judge.yara();
  if (yara === undefined) return judged;
  const { rules, issues } = yara.scan(readBytes(input, 0, limits.pageBytes), externalsOf(entry.originalPath));
  return { ...judged, yara: [...judged.yara, ...rules].toSorted(), issues: [...judged.issues, ...issues] };
}

/** The external variables that public YARA rules for files expect. */
function externalsOf(
  path: string,
): Readonly<Record<'filename' | 'filepath' | 'extension' | 'filetype', string>> {
  const filename = path.slice(path.lastIndexOf('\\') + 1);
  const dot = filename.lastIndexOf('.');
  return {
    filename,
    filepath: foldPath(path),
    extension: dot < 0 ? '' : filename.slice(dot).toLowerCase(),
    filetype: '',
  };
}
