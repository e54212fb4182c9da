import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { givenText, PosternError, type Assessment } from '@postern/core';
import { verifyAdvice } from '@postern/incident';
import { assessmentSchema, renderVerification, verificationJson } from '@postern/report';
import { lineOutput } from './line-output.ts';
import { parseOptions, usage } from './options.ts';
import { parseJson } from './parse-json.ts';
import type { Console } from './scan-command.ts';

const verifyOptions = {
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  debug: { type: 'boolean', default: false },
} as const;

/**
 * Runs `postern verify BEFORE AFTER`: what the advice of an earlier scan closed, as a later scan shows it. 0 whatever it
 * says.
 *
 * @throws PosternError `POSTERN_CLI_USAGE`, `POSTERN_CLI_FILE`, `POSTERN_CLI_ASSESSMENT`, `POSTERN_CLI_OUTPUT`, and those
 *   of `verifyAdvice`
 */
export function verifyCommand(argv: readonly string[], console: Console): number {
  const { values, positionals } = parseOptions(argv, verifyOptions);
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0)
    throw usage('verify wants two results of `scan`', 'postern verify BEFORE AFTER [--json] [--out FILE]');
  const verification = verifyAdvice(readAssessment(before), readAssessment(after));
  const columns = values.out === undefined ? (console.out.columns ?? fileColumns) : fileColumns;
  const text = values.json ? verificationJson(verification) : renderVerification(verification, { columns });
  const output = lineOutput(values.out, console);
  output.write(text);
  output.end();
  return 0;
}

const fileColumns = 100;

/** An assessment of `scan`: the file, or the folder that `--out` named. */
function readAssessment(path: string): Assessment {
  const file = isFolder(path) ? join(path, 'assessment.json') : path;
  const value = parseJson(readText(file), (message) => noAssessment(file, message));
  const { success, data, error } = assessmentSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw noAssessment(file, `this is no assessment of this version of Postern${where}`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(file: string): string {
  try {
    return givenText(readFileSync(file));
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_CLI_FILE',
      message: 'this file cannot be read',
      at: file,
      hint: `Check the spelling and the permissions of the path. ${wanted}`,
      cause,
    });
  }
}

const wanted =
  'BEFORE and AFTER are each the assessment.json that `scan --out DIR` wrote, or its DIR. What an older version wrote is to be scanned again.';

function noAssessment(at: string, message: string): PosternError {
  return new PosternError({ code: 'POSTERN_CLI_ASSESSMENT', message, at, hint: wanted });
}
