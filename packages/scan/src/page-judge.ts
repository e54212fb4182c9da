import type { CollectionEntry } from '@postern/collection';
import { foldPath, readBytes, type FileJudgement, type Issue, type SourceInput } from '@postern/core';
import { judgeInput, yaraBytes } from '@postern/webshell';
import { knownJudgement, withoutKnown, type Baseline } from './baseline.ts';
import { after, type Later } from './later.ts';
import type { WatchedYara } from './yara-watch.ts';

/** What judges a page: the structural checks, and YARA where there are rules. */
export interface PageJudge {
  /** Started with the first page, for it takes time and memory; undefined where there are no rules. */
  readonly yara: () => Pick<WatchedYara, 'scan'> | undefined;
  readonly baseline?: Baseline | undefined;
  /** YARA is asked about files of any kind that are no logs, not about pages alone: where the user has rules. */
  readonly asksAll?: boolean;
}

/** A file that is to be judged. */
export interface FileToJudge {
  readonly input: SourceInput;
  readonly entry: Pick<CollectionEntry, 'originalPath'>;
  readonly sha256: string;
}

/** Judges a page or configuration; YARA sees the first {@link yaraBytes} of a larger one, and that is said. */
export function judgePage(judge: PageJudge, file: FileToJudge): Later<FileJudgement> {
  const { baseline } = judge;
  const reason = baseline?.hashes.get(file.sha256);
  if (reason !== undefined) return knownJudgement(reason);
  const found = judgeInput(file.input, file.entry.originalPath);
  const judged = baseline === undefined ? found : withoutKnown(found, baseline);
  return after(askYara(judge, file), ({ rules, issues }) => ({
    ...judged,
    yara: [...judged.yara, ...rules].toSorted(),
    issues: [...judged.issues, ...issues],
  }));
}

export interface YaraSays {
  readonly rules: readonly string[];
  readonly issues: readonly Issue[];
}

/** What the YARA rules say of any file. */
export function askYara(judge: PageJudge, { input, entry, sha256 }: FileToJudge): Later<YaraSays> {
  const yara = judge.yara();
  const isKnown = judge.baseline?.hashes.has(sha256) === true;
  if (yara === undefined || input.size === 0 || isKnown) return { rules: [], issues: [] };
  const { size } = input;
  const scan = yara.scan(sha256, readBytes(input, 0, yaraBytes), externalsOf(entry.originalPath));
  return after(scan, ({ rules, issues }) => ({
    rules,
    issues: size > yaraBytes ? [...issues, cutIssue(size)] : issues,
  }));
}

function cutIssue(size: number): Issue {
  return {
    code: 'POSTERN_SCAN_YARA_CUT',
    severity: 'warning',
    message: 'The file is larger than what YARA rules are run on: only its first part was scanned.',
    expected: `at most ${yaraBytes} bytes`,
    found: `${size} bytes`,
    at: { offset: yaraBytes },
  };
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
