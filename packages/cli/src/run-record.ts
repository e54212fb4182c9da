import { hostname } from 'node:os';
import { posternVersion, type ScanResult } from '@postern/scan';
import type { ScanArguments } from './arguments.ts';
import { givenFiles } from './given-files.ts';
import type { Written } from './outputs.ts';

/** One run of a scan, for its record. */
export interface RunOfScan {
  readonly args: ScanArguments;
  readonly argv: readonly string[];
  readonly result: ScanResult;
  readonly started: Date;
}

/**
 * `run.json`: who ran what, where and when. It stands beside the deterministic outputs because it is the one file
 * that differs from run to run (judgement section 10).
 */
export function* runRecord(run: RunOfScan, written: readonly Written[], ended: Date): Generator<string> {
  const { args, argv, result, started } = run;
  const { assessment } = result;
  const record = {
    schema: 'postern.run/1',
    tlp: assessment.tlp,
    case: args.caseId ?? null,
    examiner: args.examiner ?? null,
    host: { name: hostname(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    command: 'scan',
    arguments: argv,
    folder: process.cwd(),
    started: started.toISOString(),
    ended: ended.toISOString(),
    tool: { name: 'postern', version: posternVersion, node: process.version },
    packs: assessment.packs,
    rules: {
      loaded: assessment.rules.loaded,
      indicators: assessment.rules.indicators,
      refused: assessment.rules.refused.length,
    },
    given: givenFiles(args),
    complete: assessment.complete,
    inputs: result.inputs,
    files: result.files,
    bytes: result.bytes,
    outputs: written.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  yield `${JSON.stringify(record, undefined, 2)}\n`;
}
