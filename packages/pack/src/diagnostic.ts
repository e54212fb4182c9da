import type { Severity } from '@postern/core';

/** Something to say of a pack's file, with its place: for authors of packs, and for the list of what was left out. */
export interface PackDiagnostic {
  /** `POSTERN_PACK_<WHAT>`, `POSTERN_SIGMA_<WHAT>` or `POSTERN_INTEL_<WHAT>`. */
  readonly code: string;
  /** `error`: that part is left out. `warning`: it is used, perhaps not as meant. */
  readonly severity: Severity;
  readonly message: string;
  /** Path inside the pack. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  readonly hint?: string;
  /** Title or id of the rule, advice or claim it is about. */
  readonly rule?: string;
}

export type PackCode =
  /** The file is not well-formed YAML or not UTF-8. */
  | 'POSTERN_PACK_YAML'
  /** A value is missing, of the wrong kind, or none of those allowed. */
  | 'POSTERN_PACK_VALUE'
  /** A key that nobody reads, most likely a slip. */
  | 'POSTERN_PACK_UNKNOWN_KEY'
  /** A row of a table that cannot be used. */
  | 'POSTERN_PACK_ROW'
  /** A piece of advice that is not written as the grammar has it. */
  | 'POSTERN_PACK_ADVICE'
  /** A file in a folder or with a name that no part of a pack has. */
  | 'POSTERN_PACK_UNKNOWN_FILE'
  /** Two things with one id. */
  | 'POSTERN_PACK_DUPLICATE'
  /** Something is named that is not there. */
  | 'POSTERN_PACK_UNKNOWN_NAME'
  /** Phases, windows or dates that are out of order. */
  | 'POSTERN_PACK_ORDER'
  /** A rule that no test case makes fire, or none keeps quiet. */
  | 'POSTERN_PACK_UNTESTED'
  /** A rule of ours that says too little or contradicts itself. */
  | 'POSTERN_PACK_RULE';

/** What is told of one place; the file is filled in by the caller. */
export interface Finding {
  readonly code: PackCode;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly severity?: Severity;
  readonly hint?: string;
  readonly rule?: string;
}

/** Collects diagnostics of one pack, each with its file. */
export class Diagnostics {
  readonly all: PackDiagnostic[] = [];

  /** A function that reports for one file. */
  for(file: string): (finding: Finding) => void {
    return ({ line = 1, column = 1, severity = 'error', ...rest }) => {
      this.all.push({ ...rest, severity, file, line, column });
    };
  }

  /** By file and place, so that the order in which parts were read does not show. */
  sorted(): readonly PackDiagnostic[] {
    return this.all.toSorted(
      (a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column,
    );
  }
}
