import { performance } from 'node:perf_hooks';
import {
  formatTime,
  PosternError,
  showControls,
  verdictOrder,
  type Assessment,
  type CaseOptions,
  type Verdict,
} from '@postern/core';
import {
  assessmentJson,
  findingsJsonl,
  hashesCsv,
  renderHtml,
  renderTerminal,
  telling,
  timelineCsv,
  type RunFigures,
} from '@postern/report';
import {
  bootThreads,
  loadKnowledge,
  optimiseLater,
  scan,
  type FoundWitness,
  type Knowledge,
  type ScanEvents,
  type ScanResult,
} from '@postern/scan';
import { parseScanArguments, type ScanArguments } from './arguments.ts';
import { issueText, refusedText } from './errors.ts';
import { readContext, readReviews } from './context.ts';
import { prepareFolder, writePieces, type Written } from './outputs.ts';
import { packFolders } from './packs-folder.ts';
import { quietProgress, showProgress, type Progress } from './progress.ts';
import { runRecord, type RunOfScan } from './run-record.ts';
import { scanNotes } from './scan-notes.ts';

/** The streams a command writes to, so that tests can read them. */
export interface Console {
  readonly out: {
    readonly write: (text: string) => unknown;
    readonly columns?: number | undefined;
    readonly isTTY?: boolean | undefined;
  };
  readonly err: {
    readonly write: (text: string) => unknown;
    readonly columns?: number | undefined;
    readonly isTTY?: boolean | undefined;
  };
  readonly signal: AbortSignal;
  readonly color: boolean;
}

/** Runs `postern scan` and gives the exit status: 0 whatever was found, 1 where `--fail-on` was reached. */
export async function scanCommand(argv: readonly string[], console: Console): Promise<number> {
  const args = parseScanArguments(argv);
  const started = new Date();
  optimiseLater();
  const clock = performance.now();
  const progress = progressOn(console, args.quiet);
  const result = await loadAndScan(args, progress, console.signal);
  scanNotes(args, result).forEach(progress.note);
  progress.end();
  const seconds = (performance.now() - clock) / 1000;
  const written = args.out === undefined ? [] : writeOutputs(args.out, { args, argv, result, started });
  if (result.judged === 0) throw nothingJudged(result);
  show(args, result, figuresOf(result, seconds, written), console);
  return reached(result.assessment, args.failOn) ? 1 : 0;
}

/** Loads what the scan is to know, while its threads load their code, and scans. */
async function loadAndScan(
  args: ScanArguments,
  progress: Progress,
  signal: AbortSignal,
): Promise<ScanResult> {
  const threads = bootThreads(args.paths, args.jobs);
  try {
    const knowledge = loadKnowledge({
      packs: packFolders(args.packs),
      rules: args.rules,
      yara: args.yara,
      baseline: args.baseline,
      indicators: args.indicators,
    });
    const unspoken = languageNote(args.lang, knowledge);
    if (unspoken !== undefined) progress.note(unspoken);
    knowledge.refused.forEach((rule) => progress.note(refusedText(rule)));
    const options = scanOptions(args, knowledge, signal);
    return await scan(args.paths, { ...options, threads }, eventsOf(progress, args.out));
  } finally {
    await threads.end();
  }
}

/** Said where no campaign has its advice in the language that was asked for. */
function languageNote(lang: string, { packs }: Knowledge): string | undefined {
  const isKnown = packs.some(({ advice }) => advice.some(({ language }) => language === lang));
  if (lang === 'en' || isKnown) return undefined;
  return `warning POSTERN_CLI_LANGUAGE  --lang ${lang}\n      no campaign has its texts in this language; they come in English`;
}

/** There were files, and none that says anything; what was written lists them all the same. */
function nothingJudged({ assessment, files }: ScanResult): PosternError {
  const { complete, coverage } = assessment;
  const reasons = coverage.skipped
    .slice(0, 5)
    .map(({ path, reason, detail }) => `${path}: ${detail ?? reason}`);
  const what = complete
    ? `no file could be read as evidence (${files} in all)`
    : 'the run was stopped before anything was read';
  return new PosternError({
    code: 'POSTERN_SCAN_NO_EVIDENCE',
    message: [what, ...reasons].join('\n'),
    hint: complete
      ? 'Give logs or web folders of the server: a folder, a file or an archive (zip, 7z, tar, tar.gz, gz).'
      : 'Start it again and let it run to its end.',
  });
}

/** Progress on stderr, or none. */
export function progressOn({ err }: Console, isQuiet: boolean): Progress {
  const write = (text: string): void => void err.write(text);
  if (isQuiet) return quietProgress({ write });
  return showProgress({ isTTY: err.isTTY === true, columns: err.columns ?? 80, write });
}

function scanOptions(
  args: ScanArguments,
  knowledge: Knowledge,
  signal: AbortSignal,
): Parameters<typeof scan>[1] {
  return {
    knowledge,
    case: caseOptions(args, knowledge.baseline),
    signal,
    ...(args.jobs === undefined ? {} : { jobs: args.jobs }),
    ...(args.temp === undefined ? {} : { temp: args.temp }),
    ...(args.out === undefined ? {} : { output: args.out }),
  };
}

function caseOptions(args: ScanArguments, baseline: Knowledge['baseline']): CaseOptions {
  const reviews = readReviews(args.review);
  return {
    tlp: args.tlp,
    context: readContext(args.context),
    reviews,
    clocks: args.clocks,
    trustedProxies: args.trustedProxies,
    servers: args.servers,
    ...(args.inService.size === 0 ? {} : { inService: args.inService }),
    ...(args.asked === undefined ? {} : { asked: args.asked }),
    shown: {
      ...askedShown(args),
      ...(args.lang === 'en' ? {} : { lang: args.lang }),
      ...(args.clocks.size === 0
        ? {}
        : { clock: [...args.clocks].map(([host, seconds]) => `${host}=${seconds}`) }),
      ...(args.inService.size === 0
        ? {}
        : { 'in-service': [...args.inService].map(([name, time]) => `${name}=${formatTime(time)}`) }),
      ...(baseline === undefined ? {} : { baseline: `${baseline.hashes.size} contents` }),
      ...(reviews.size === 0 ? {} : { reviews: [...reviews.keys()].toSorted() }),
      ...(args.servers.size === 0 ? {} : { server: [...args.servers.keys()].toSorted() }),
      ...(args.trustedProxies.length === 0 ? {} : { 'trusted-proxy': args.trustedProxies }),
    },
  };
}

function askedShown({ asked }: ScanArguments): { readonly since?: string; readonly until?: string } {
  return {
    ...(asked?.from === undefined ? {} : { since: formatTime(asked.from) }),
    ...(asked?.to === undefined ? {} : { until: formatTime(asked.to) }),
  };
}

function eventsOf(progress: Progress, out: string | undefined): ScanEvents {
  return {
    onOpened: (files, bytes) => {
      // Only now is it known that the folder is not inside the evidence.
      if (out !== undefined) prepareFolder(out);
      progress.opened(files, bytes);
    },
    onProgress: progress.moved,
    onPhase: progress.phase,
    onWitness: (witness) => progress.found(witnessText(witness)),
    onIssue: (issue) => progress.note(issueText(issue)),
  };
}

/** `web shell owa\\auth\\x.aspx`; of a record its file and line. */
function witnessText({ title, path, line }: FoundWitness): string {
  const place = showControls(telling(path));
  return line === undefined ? `${title} ${place}` : `${title} (${place}:${line})`;
}

function writeOutputs(folder: string, run: RunOfScan): readonly Written[] {
  const { result } = run;
  const { assessment } = result;
  const files: readonly (readonly [string, Iterable<string>])[] = [
    ['report.html', renderHtml(assessment)],
    ['timeline.csv', timelineCsv(assessment)],
    ['findings.jsonl', findingsJsonl(result.findings(), assessment.tlp)],
    ['assessment.json', assessmentJson(assessment)],
    ['hashes.csv', hashesCsv(result.hashes, assessment.tlp)],
  ];
  const written = files.map(([name, pieces]) => writePieces(folder, name, pieces));
  return [...written, writePieces(folder, 'run.json', runRecord(run, written, new Date()))];
}

function figuresOf(result: ScanResult, seconds: number, written: readonly Written[]): RunFigures {
  const shown = new Map(written.map((file) => [file.name.replace(/\..*$/, ''), file.path]));
  return { files: result.files, bytes: result.bytes, seconds, outputs: shown };
}

function show(args: ScanArguments, result: ScanResult, figures: RunFigures, console: Console): void {
  if (args.json) {
    for (const piece of assessmentJson(result.assessment)) console.out.write(piece);
    return;
  }
  if (args.quiet) return;
  console.out.write(
    renderTerminal(result.assessment, { columns: console.out.columns ?? 100, color: console.color, figures }),
  );
}

/** Whether some server's headline is at least as bad as asked. */
export function reached(assessment: Assessment, failOn: Verdict | undefined): boolean {
  if (failOn === undefined) return false;
  const limit = verdictOrder.indexOf(failOn);
  return assessment.servers.some(
    (server) => server.headline !== undefined && verdictOrder.indexOf(server.headline.verdict) <= limit,
  );
}
