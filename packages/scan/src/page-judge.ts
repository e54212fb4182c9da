import type { Entry } from '@postern/collection';
import { foldPath, limits, readBytes, type FileJudgement, type SourceInput } from '@postern/core';
import { judgeFile, type YaraScanner } from '@postern/webshell';

/** What judges a page: the structural checks, and YARA where there are rules. */
export interface PageJudge {
  readonly yara: YaraScanner | undefined;
  /** Content (SHA-256 is made elsewhere; this is by bytes and name) already judged in this thread is not judged again. */
}

/** Judges a page or configuration; larger ones than {@link limits.pageBytes} on their head, and that is said. */
export function judgePage(judge: PageJudge, input: SourceInput, entry: Entry): FileJudgement {
  const bytes = readBytes(input, 0, limits.pageBytes);
  const judged = judgeFile(bytes, entry.originalPath);
  const yara = judge.yara?.scan(bytes, externalsOf(entry.originalPath)) ?? [];
  const issues =
    bytes.length < input.size
      ? [
          {
            code: 'POSTERN_SCAN_PAGE_IN_PART',
            severity: 'warning' as const,
            message: `only the first ${bytes.length} of ${input.size} bytes were judged`,
          },
        ]
      : [];
  return { ...judged, yara: [...judged.yara, ...yara].toSorted(), issues: [...judged.issues, ...issues] };
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
