import { PosternError } from '@postern/core';
import { huntWriter } from '@postern/report';
import {
  explain,
  hunt,
  listEvents,
  loadHuntRules,
  type HuntEvents,
  type HuntOptions,
  type HuntRules,
  type HuntSummary,
} from '@postern/scan';
import { cacheFolder } from './cache-folder.ts';
import { explainJson, explainText } from './explain-text.ts';
import {
  parseEventsArguments,
  parseHuntArguments,
  type HuntArguments,
  type RecordArguments,
} from './hunt-arguments.ts';
import { eventsSummaryText, huntSummaryText } from './hunt-summary.ts';
import { issueText, refusedText } from './errors.ts';
import { lineOutput } from './line-output.ts';
import type { Progress } from './progress.ts';
import { progressOn, type Console } from './scan-command.ts';

/** Runs `postern hunt`; 0 whatever was found. */
export async function huntCommand(argv: readonly string[], console: Console): Promise<number> {
  const args = parseHuntArguments(argv);
  if (args.explain !== undefined) return await explainCommand(args, args.explain, console);
  const cache = cacheFolder(process.env, process.platform);
  const rules = loadHuntRules({
    rules: args.rules,
    ...(cache === undefined ? {} : { cache }),
    ...(args.placeholders === undefined ? {} : { placeholders: args.placeholders }),
  });
  if (rules.loaded === 0) throw noRules(args.rules, rules, console);
  const progress = progressOn(console, args.quiet);
  const isOnScreen = args.out === undefined && console.out.isTTY === true;
  const writer = huntWriter(args.format ?? 'jsonl', isOnScreen ? console.out.columns : undefined);
  const output = lineOutput(args.out, console);
  const begin = (): void => output.write(writer.head);
  const summary = await hunt(
    args.paths,
    { ...optionsOf(args, console), rules },
    (line) => output.write(writer.line(line)),
    eventsOf(progress, begin),
  );
  output.end();
  progress.end();
  if (!args.quiet) console.err.write(huntSummaryText(summary));
  refuseNothing(summary);
  return 0;
}

const refusedTold = 5;

/** A hunt of no rules would say "no hits", and nobody should believe it. */
function noRules(paths: readonly string[], { refused }: HuntRules, { err }: Console): PosternError {
  for (const rule of refused.slice(0, refusedTold)) err.write(`${refusedText(rule)}\n`);
  return new PosternError({
    code: 'POSTERN_SCAN_NO_RULES',
    message: refused.length === 0 ? 'no rule was found here' : 'none of the rules here can be run',
    at: paths.join(' '),
    hint: 'Give files of Sigma rules, or folders with files that end in .yml or .yaml.',
  });
}

/** Runs `postern events`. */
export async function eventsCommand(argv: readonly string[], console: Console): Promise<number> {
  const args = parseEventsArguments(argv);
  const progress = progressOn(console, args.quiet);
  const output = lineOutput(args.out, console);
  const summary = await listEvents(
    args.paths,
    { ...optionsOf(args, console), format: args.format },
    output.write,
    eventsOf(progress),
  );
  output.end();
  progress.end();
  if (!args.quiet) console.err.write(eventsSummaryText(summary));
  refuseNothing(summary);
  return 0;
}

async function explainCommand(args: HuntArguments, rule: string, console: Console): Promise<number> {
  const progress = progressOn(console, args.quiet);
  const options = { ...optionsOf(args, console), rules: args.rules, rule };
  const explained = await explain(args.paths, options, eventsOf(progress));
  const output = lineOutput(args.out, console);
  if (args.format === 'jsonl') for (const line of explainJson(explained)) output.write(line);
  else output.write(explainText(explained));
  output.end();
  progress.end();
  if (!args.quiet) console.err.write(eventsSummaryText(explained.summary));
  return 0;
}

/** An empty log is evidence; files that nothing here can read are none. */
function refuseNothing({ records, files, skipped, complete }: HuntSummary): void {
  if (records > 0 || !complete || skipped.length < files) return;
  throw new PosternError({
    code: 'POSTERN_SCAN_NO_EVIDENCE',
    message: 'no file could be read as evidence',
    hint: 'Give logs of the server: a folder, a file or an archive (zip, 7z, tar, tar.gz, gz).',
  });
}

function optionsOf(args: RecordArguments, { signal }: Console): HuntOptions {
  return {
    clocks: args.clocks,
    recover: args.recover,
    signal,
    ...(args.jobs === undefined ? {} : { jobs: args.jobs }),
    ...(args.temp === undefined ? {} : { temp: args.temp }),
    ...(args.out === undefined ? {} : { output: args.out }),
  };
}

function eventsOf(progress: Progress, onOpened?: () => void): HuntEvents {
  return {
    onOpened: (files, bytes) => {
      onOpened?.();
      progress.opened(files, bytes);
    },
    onProgress: progress.moved,
    onIssue: (issue) => progress.note(issueText(issue)),
  };
}
