import { verdictOrder, type Assessment } from '@postern/core';
import { byteText, countText, counted, yearOf } from './dates.ts';
import { visible } from './harmless.ts';
import { byUrgency, isUnassigned, label, nameOf } from './headline.ts';
import { hang, pad, spread, width, wrap } from './layout.ts';
import { overviewLines } from './terminal-overview.ts';
import { serverBlock, type Page } from './terminal-server.ts';
import { findingsOnly } from './terminal-findings.ts';
import { fill, words } from './words.ts';

/** Figures of the run that are not part of the assessment, for the last lines. */
export interface RunFigures {
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Name → path of what was written; the first is the one to open. */
  readonly outputs: ReadonlyMap<string, string>;
}

export interface TerminalOptions {
  /** Columns; 100 looks best, 80 works. */
  readonly columns: number;
  /** Bold and one accent; never needed to understand. */
  readonly color: boolean;
  readonly figures?: RunFigures;
}

/** What a tired person can take in; servers beyond the worst have a line each on top of it. */
const linesInAll = 40;

/**
 * What a tired person reads after a scan, in at most 40 lines: the verdict, the door, why, who, what we could not see,
 * what to do first. Several servers: a line each by urgency, then the worst in full. What the evidence holds cannot steer
 * the terminal. Times are UTC, said once.
 */
export function renderTerminal(assessment: Assessment, options: TerminalOptions): string {
  const columns = Math.max(60, Math.min(options.columns, 110));
  const servers = byUrgency(assessment.servers);
  const [worst] = servers;
  const page = { assessment, columns, year: yearOf(worst?.seen?.to) };
  const top = [...head(page), '', ...(assessment.complete ? [] : [...wrap(words.incomplete, columns), ''])];
  const hasVerdict = worst?.headline !== undefined;
  const list = hasVerdict ? overviewLines(assessment, servers, columns) : [];
  const end = footer(page, options.figures);
  const room = linesInAll - top.length - end.length;
  const body = hasVerdict ? serverBlock(page, worst, room) : withoutVerdict(page);
  const lines = [...top, ...list, ...body, ...end].map((line) => visible(line).trimEnd());
  return `${lines.map((line) => (options.color ? emphasise(line) : line)).join('\n')}\n`;
}

const headings = new Set<string>(Object.values(words.heading));
const verdictLine = new RegExp(`^  (?:${verdictOrder.map(label).join('|')})(?= {2})`);

function emphasise(line: string): string {
  const verdict = verdictLine.exec(line)?.[0];
  if (verdict !== undefined) {
    const accent = verdict.includes('COMPROMISED') ? '\u001b[31m' : '';
    return `\u001b[1m${accent}${verdict}\u001b[0m${line.slice(verdict.length)}`;
  }
  return headings.has(line.replace(/ \(.*\)$/, '')) ? `\u001b[1m${line}\u001b[0m` : line;
}

function head({ assessment, columns }: Page): readonly string[] {
  const packs = assessment.packs.map((pack) => `${pack.id} ${pack.version}`).join(', ');
  const { loaded, indicators, refused } = assessment.rules;
  const parts = [
    `postern ${assessment.generator.version}`,
    packs,
    counted(loaded, 'rule', 'rules'),
    counted(indicators, 'indicator', 'indicators'),
    refused.length > 0 ? `${countText(refused.length)} refused` : '',
    words.utc,
  ];
  const line = parts.filter((part) => part !== '').join(' · ');
  const above = wrap(line, columns);
  const last = spread(above.at(-1) ?? '', `TLP:${assessment.tlp}`, columns);
  return [...above.slice(0, -1), ...last];
}

const hostsNamed = 6;

/** Nothing to judge: who was seen all the same, what was found, what was not judged. */
function withoutVerdict({ columns, assessment }: Page): readonly string[] {
  const servers = assessment.servers.filter((server) => !isUnassigned(server));
  const [said, hint] =
    servers.length === 0 ? [words.noServer, words.noServerHint] : [words.noVerdict, words.noVerdictHint];
  const rest = servers.length - hostsNamed;
  const names = [
    ...servers.slice(0, hostsNamed).map(nameOf),
    ...(rest > 0 ? [counted(rest, 'more', 'more')] : []),
  ].join(', ');
  const seen = names === '' ? [] : wrap(fill(words.hostsSeen, { names }), columns);
  const isElsewhere = assessment.findings.some(({ act }) => act === 'page-elsewhere');
  const elsewhere = isElsewhere ? wrap(words.elsewhereHint, columns) : [];
  const found = findingsOnly({ columns, assessment, year: undefined });
  return [...wrap(said, columns), ...wrap(hint, columns), ...elsewhere, ...seen, '', ...found];
}

function footer({ assessment, columns }: Page, figures: RunFigures | undefined): readonly string[] {
  if (figures === undefined) return [];
  const { files, bytes, seconds } = figures;
  // Of a run that was stopped nobody counted what was read.
  const rate = seconds > 0 && assessment.complete ? ` (${byteText(bytes / seconds)}/s)` : '';
  const size = assessment.complete ? byteText(bytes) : fill(words.inPart, { bytes: byteText(bytes) });
  const skipped = assessment.coverage.skipped.length;
  const left = skipped === 0 ? '' : ` · ${counted(skipped, 'file', 'files')} ${words.notJudged}`;
  const took = seconds.toFixed(seconds < 10 ? 1 : 0);
  const totals = `${counted(files, 'file', 'files')} · ${size} · ${took} s${rate}${left}`;
  return [...wrap(totals, columns), ...outputLines(figures.outputs, columns)];
}

/** The one to open first by its path; what lies beside it by name, anything elsewhere by its path. */
function outputLines(outputs: ReadonlyMap<string, string>, columns: number): readonly string[] {
  const [first, ...rest] = outputs;
  if (first === undefined) return [];
  const [name, path] = first;
  const folder = path.slice(0, folderLength(path));
  const beside = rest.filter(
    ([, other]) => folderLength(other) === folder.length && other.startsWith(folder),
  );
  const elsewhere = rest.filter((output) => !beside.includes(output));
  const margin = Math.max(...[name, words.beside, ...elsewhere.map(([other]) => other)].map(width)) + 2;
  const names = beside.map(([, other]) => other.slice(folder.length)).join(' · ');
  return [
    pad(name, margin) + path,
    ...(names === '' ? [] : hang(words.beside, names, margin, columns)),
    ...elsewhere.map(([other, at]) => pad(other, margin) + at),
  ];
}

function folderLength(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}
