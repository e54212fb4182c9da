import {
  type ConfiguredEntry,
  type FileJudgement,
  type FileTrait,
  inputOf,
  type Issue,
  limits,
  readBytes,
  type SourceInput,
} from '@postern/core';
import { judgeAssembly, judgePreserved } from './compiled.ts';
import { judgeConfig } from './config.ts';
import type { ConfigEntry } from './config-entry.ts';
import { mostElements } from './config-elements.ts';
import { resolvedPath } from './config-paths.ts';
import { type Stretch, stretchesOf } from './large-file.ts';
import { type Findings, judgePage } from './page-content.ts';
import { type PageText, type PartStart, readPageText } from './page-text.ts';
import { type FileClass, fileClassOf } from './recognise.ts';
import { type Sign, traitTexts, type Weight } from './sign.ts';

/** Traits kept per file; a page that repeats a call a thousand times says it once too often. */
const traitsPerFile = 40;

interface FileName {
  readonly kind: FileClass;
  readonly path: string;
}

interface PartJudgement extends Findings {
  readonly traits: readonly FileTrait[];
  readonly configured?: readonly ConfiguredEntry[];
}

/**
 * Judges one file by its content, as the web server would take it by its name. Files that no server runs are
 * `not-judged`, whatever they quote. Never throws for what is in the bytes. Issues: `POSTERN_WEBSHELL_PARTLY_JUDGED` (longer
 * than {@link limits.pageBytes}), `POSTERN_WEBSHELL_TOKENS` (more code than is looked at). `yara` is empty: the caller fills it.
 */
export function judgeFile(bytes: Uint8Array, path: string): FileJudgement {
  const kind = fileClassOf(path);
  if (kind === 'inert' || bytes.length > limits.pageBytes) return judgeInput(inputOf(bytes), path);
  return merged([judgePart(bytes, { kind, path }, undefined)], []);
}

/** As {@link judgeFile}, judging of a large file no more than {@link stretchesOf} says. */
export function judgeInput(input: SourceInput, path: string): FileJudgement {
  const kind = fileClassOf(path);
  if (kind === 'inert') return judgement('not-judged', []);
  if (input.size <= limits.pageBytes)
    return merged([judgePart(readBytes(input, 0, input.size), { kind, path }, undefined)], []);
  const stretches = stretchesOf(input);
  const parts = stretches.map(({ offset, length }) =>
    judgePart(
      readBytes(input, offset, length),
      { kind, path },
      { offset, line: offset === 0 ? 1 : undefined },
    ),
  );
  return merged(parts, [partlyJudged(input.size, stretches)]);
}

function partlyJudged(size: number, stretches: readonly Stretch[]): Issue {
  const judged = stretches.reduce((sum, { length }) => sum + length, 0);
  return {
    code: 'POSTERN_WEBSHELL_PARTLY_JUDGED',
    severity: 'warning',
    message:
      'The file is larger than what is judged: its first and last part were looked at, and places between where code begins.',
    expected: `at most ${limits.pageBytes} bytes`,
    found: `${size} bytes, of which ${judged} were looked at in ${stretches.length} parts`,
    at: { offset: limits.pageBytes / 2 },
  };
}

function judgement(verdict: FileJudgement['verdict'], traits: readonly FileTrait[]): FileJudgement {
  return { verdict, traits, times: new Map(), names: new Map(), parameters: [], yara: [], issues: [] };
}

function judgePart(bytes: Uint8Array, { kind, path }: FileName, start: PartStart | undefined): PartJudgement {
  if (kind === 'assembly') {
    const found = judgeAssembly(bytes);
    const traits = found.signs.map((s) => trait(s, { offset: (start?.offset ?? 0) + s.at }));
    return { ...found, traits };
  }
  const page = readPageText(bytes, start);
  const found = judgeText(page, { kind, path });
  const signs = distinct(found.signs);
  const positions = page.positions(signs.map((s) => s.at));
  const traits = signs.map((s, i) => trait(s, positions[i] ?? { offset: 0 }));
  return { ...found, traits, configured: configured(page, found.entries ?? []) };
}

function configured(page: PageText, entries: readonly ConfigEntry[]): readonly ConfiguredEntry[] {
  const positions = page.positions(entries.map(({ at }) => at));
  return entries.map(({ kind, code, weight, name, path, url, detail }, i) => ({
    kind,
    code,
    strength: weight === 'note' ? 'lead' : 'indirect',
    name,
    ...(path === undefined ? {} : { path: resolvedPath(path) }),
    ...(url === undefined ? {} : { url }),
    text: `${traitTexts[code].replace(/\.$/, '')}: ${detail}`.slice(0, limits.captureCharacters),
    line: positions[i]?.line ?? 0,
    offset: positions[i]?.offset ?? 0,
  }));
}

/** A line of 0 says that the line is not known: the part before was not read, or the file has none. */
function trait(sign: Sign, position: { readonly offset: number; readonly line?: number }): FileTrait {
  return { code: sign.code, text: traitTexts[sign.code], line: position.line ?? 0, offset: position.offset };
}

function judgeText(page: PageText, { kind, path }: FileName): Findings {
  switch (kind) {
    case 'compiled':
      return judgePreserved(page.text);
    case 'config':
      return judgeConfiguration(page, path);
    case 'assembly':
    case 'inert':
      return { signs: [] };
    default:
      return judgePage(page, kind);
  }
}

/** A configuration may be a page at the same time, once it maps its own ending to a handler of pages. */
function judgeConfiguration(page: PageText, path: string): Findings {
  const { entries, complete } = judgeConfig(page.text, path);
  const own = { signs: entries, entries, issues: complete ? [] : [tooManyEntries] };
  const at = page.text.search(/<%|<script\b[^>]{0,400}runat/i);
  if (at < 0) return own;
  const asNet = judgePage(page, 'asp.net');
  const code = worst(asNet.signs) === 'remote-control' ? asNet : judgePage(page, 'asp');
  const signs = [...entries, ...code.signs, { code: 'code-in-config', weight: 'suspicious', at } as const];
  return { ...code, entries, signs, issues: [...own.issues, ...(code.issues ?? [])] };
}

const tooManyEntries: Issue = {
  code: 'POSTERN_WEBSHELL_CONFIG_LIMIT',
  severity: 'warning',
  message: 'The configuration has more elements than are looked at; its rest was not judged.',
  expected: `at most ${mostElements} elements`,
};

/** In the order of the page, each code once per place, bounded with the heaviest kept. */
function distinct(signs: readonly Sign[]): readonly Sign[] {
  const byPlace = new Map(signs.map((s) => [`${s.code} ${s.at}`, s]));
  const sorted = [...byPlace.values()].toSorted((a, b) => rank[b.weight] - rank[a.weight] || a.at - b.at);
  return sorted.slice(0, traitsPerFile).toSorted((a, b) => a.at - b.at);
}

const rank: Readonly<Record<Weight, number>> = { 'remote-control': 2, suspicious: 1, note: 0 };

function worst(signs: readonly Sign[]): FileJudgement['verdict'] {
  const most = Math.max(0, ...signs.slice(0, 10_000).map((s) => rank[s.weight]));
  return most === 2 ? 'remote-control' : most === 1 ? 'suspicious' : 'benign';
}

function merged(parts: readonly PartJudgement[], issues: readonly Issue[]): FileJudgement {
  const family = parts.find((p) => p.family !== undefined)?.family;
  const verdict = worst(parts.flatMap((p) => distinct(p.signs)));
  const found = {
    ...judgement(
      verdict,
      parts.flatMap((p) => p.traits),
    ),
    times: new Map(parts.flatMap((p) => [...(p.times ?? [])])),
    names: new Map(parts.flatMap((p) => [...(p.names ?? [])])),
    parameters: [...new Set(parts.flatMap((p) => p.parameters ?? []))],
    issues: [...issues, ...parts.flatMap((p) => p.issues ?? [])],
  };
  const entries = parts.flatMap((p) => p.configured ?? []);
  return {
    ...found,
    ...(family === undefined ? {} : { family }),
    ...(entries.length === 0 ? {} : { configured: entries }),
  };
}
