import {
  type FileJudgement,
  type FileTrait,
  inputOf,
  type Issue,
  limits,
  readBytes,
  type SourceInput,
  type Ticks,
} from '@postern/core';
import { judgeAssembly, judgePreserved } from './compiled.ts';
import { judgeConfig } from './config.ts';
import { dialectOf } from './dialect.ts';
import { familyOf } from './family.ts';
import { followRequests } from './flow.ts';
import { foldStrings } from './fold.ts';
import type { Code } from './code.ts';
import { judgeCode } from './judge-code.ts';
import { readOabDump } from './oab.ts';
import { outlineOf } from './outline.ts';
import { type PageText, type PartStart, readPageText } from './page-text.ts';
import { type FileClass, fileClassOf } from './recognise.ts';
import { type Sign, traitTexts, type Weight } from './sign.ts';
import { memberNames } from './sinks.ts';
import { type Engine, type Segment, splitPage, type SplitPage } from './split-page.ts';
import { type Token, tokenise } from './tokens.ts';

/** Tokens of one part that are looked at. Real pages have under 100,000; the rest is said to be unread. */
const tokensPerPart = 400_000;
/** Traits kept per file; a page that repeats a call a thousand times says it once too often. */
const traitsPerFile = 40;

/** What one part of a file (all of it, its head, its tail) says. */
interface Findings {
  readonly signs: readonly Sign[];
  readonly family?: string | undefined;
  readonly times?: ReadonlyMap<string, Ticks>;
  readonly names?: ReadonlyMap<string, string>;
  readonly parameters?: readonly string[];
  readonly issues?: readonly Issue[];
}

interface PartJudgement extends Findings {
  readonly traits: readonly FileTrait[];
}

/**
 * Judges one file by its content, as the web server would take it by its name. Files that no server runs are
 * `not-judged`, whatever they quote. Never throws for what is in the bytes. Issues: `PAGE_PARTLY_JUDGED` (longer
 * than {@link limits.pageBytes}), `PAGE_TOKENS` (more code than is looked at). `yara` is empty: the caller fills it.
 */
export function judgeFile(bytes: Uint8Array, path: string): FileJudgement {
  return judgeInput(inputOf(bytes), path);
}

/** As {@link judgeFile}, reading no more of a large file than its head and tail. */
export function judgeInput(input: SourceInput, path: string): FileJudgement {
  const kind = fileClassOf(path);
  if (kind === 'inert') return judgement('not-judged', []);
  if (input.size <= limits.pageBytes)
    return merged([judgePart(readBytes(input, 0, input.size), kind, undefined)], []);
  const half = limits.pageBytes / 2;
  const head = judgePart(readBytes(input, 0, half), kind, { offset: 0, line: 1 });
  const tail = judgePart(readBytes(input, input.size - half, half), kind, {
    offset: input.size - half,
    line: undefined,
  });
  return merged([head, tail], [partlyJudged(input.size, half)]);
}

function partlyJudged(size: number, half: number): Issue {
  return {
    code: 'PAGE_PARTLY_JUDGED',
    severity: 'warning',
    message: 'The file is larger than what is judged: only its first and last part were looked at.',
    expected: `at most ${limits.pageBytes} bytes`,
    found: `${size} bytes, of which ${2 * half} were looked at`,
    at: { offset: half },
  };
}

function judgement(verdict: FileJudgement['verdict'], traits: readonly FileTrait[]): FileJudgement {
  return { verdict, traits, times: new Map(), names: new Map(), parameters: [], yara: [], issues: [] };
}

function judgePart(bytes: Uint8Array, kind: FileClass, start: PartStart | undefined): PartJudgement {
  if (kind === 'assembly') {
    const found = judgeAssembly(bytes);
    const traits = found.signs.map((s) => trait(s, { offset: (start?.offset ?? 0) + s.at }));
    return { ...found, traits };
  }
  const page = readPageText(bytes, start);
  const found = judgeText(page, kind);
  const signs = distinct(found.signs);
  const positions = page.positions(signs.map((s) => s.at));
  return { ...found, traits: signs.map((s, i) => trait(s, positions[i] ?? { offset: 0 })) };
}

/** A line of 0 says that the line is not known: the part before was not read, or the file has none. */
function trait(sign: Sign, position: { readonly offset: number; readonly line?: number }): FileTrait {
  return { code: sign.code, text: traitTexts[sign.code], line: position.line ?? 0, offset: position.offset };
}

function judgeText(page: PageText, kind: FileClass): Findings {
  switch (kind) {
    case 'compiled':
      return judgePreserved(page.text);
    case 'config':
      return judgeConfiguration(page);
    case 'assembly':
    case 'inert':
      return { signs: [] };
    default:
      return judgePage(page, kind);
  }
}

/** A configuration may be a page at the same time, once it maps its own ending to a handler of pages. */
function judgeConfiguration(page: PageText): Findings {
  const own = judgeConfig(page.text);
  if (!/<%|<script\b[^>]{0,400}runat/i.test(page.text)) return { signs: own };
  const asNet = judgePage(page, 'asp.net');
  const code = worst(asNet.signs) === 'remote-control' ? asNet : judgePage(page, 'asp');
  const at = page.text.search(/<%|<script\b[^>]{0,400}runat/i);
  return { ...code, signs: [...own, ...code.signs, { code: 'code-in-config', weight: 'suspicious', at }] };
}

function judgePage(page: PageText, engine: Engine): Findings {
  const oab = readOabDump(page.text);
  const split = splitPage(page.text, engine);
  const { code, issues } = codeOf(split, engine);
  const signs = [
    ...(oab?.signs ?? []),
    ...bareUploads(judgeCode(code), page, split),
    ...pageSigns(page, split),
  ];
  const text = split.segments.map((s) => s.text).join('\n');
  return {
    signs,
    family: familyOf(signs, text, code.flow.parameters, code.mentions),
    times: oab?.times ?? new Map(),
    names: oab?.names ?? new Map(),
    parameters: code.flow.parameters,
    issues,
  };
}

/** A page that shows less than this to a visitor has no form to upload with: somebody else sends the file. */
const markupOfForm = 120;

/** An upload under the visitor's own name in a page that is nothing else is an uploader. */
function bareUploads(signs: readonly Sign[], page: PageText, split: SplitPage): readonly Sign[] {
  const offered =
    split.segments.some((s) => s.kind === 'handler') || split.controls.some((c) => c.type.includes('file'));
  const code = split.segments.reduce((sum, s) => sum + s.text.length + 4, 0);
  const directives = split.directives.reduce((sum, d) => sum + d.length, 0);
  if (offered || page.text.length - code - directives > markupOfForm) return signs;
  return signs.map((s) =>
    s.code === 'upload-keeps-name' ? { ...s, code: 'uploader', weight: 'remote-control' } : s,
  );
}

interface ReadCode {
  readonly code: Code;
  readonly issues: readonly Issue[];
}

function codeOf(split: SplitPage, engine: Engine): ReadCode {
  const tokens: Token[] = [];
  for (const segment of split.segments) readSegment(segment, engine, tokens);
  const outline = outlineOf(foldStrings(tokens, memberNames));
  const flow = followRequests(outline, engine, split.controls);
  const dialects = new Set(split.segments.map((s) => dialectOf(s, engine)));
  const mentions = new Set(outline.words);
  for (const token of outline.tokens)
    if (token.kind === 'text' && token.text.length <= 64) mentions.add(token.text.toLowerCase());
  const bindings = split.segments
    .filter((s) => s.kind === 'binding')
    .map((s) => [s.at, s.at + s.text.length] as const);
  const evaluates = engine === 'asp' || engine === 'php' || engine === 'jsp' || dialects.has('jscript');
  const full: Issue = {
    code: 'PAGE_TOKENS',
    severity: 'warning',
    message: 'The page has more code than is looked at; its rest was not judged.',
    expected: `at most ${tokensPerPart} tokens`,
  };
  return {
    code: { outline, flow, engine, bindings, evaluates, mentions },
    issues: tokens.length >= tokensPerPart ? [full] : [],
  };
}

const javaEscape = /\\u+([0-9a-f]{4})/gi;

function readSegment(segment: Segment, engine: Engine, into: Token[]): void {
  const dialect = dialectOf(segment, engine);
  // Java reads escapes before anything else, even those of quotes and brackets.
  const escaped = dialect === 'java' && /\\u+00[2-7][0-9a-f]/i.test(segment.text);
  const text = escaped
    ? segment.text.replace(javaEscape, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : segment.text;
  if (!escaped && segment.rewritten !== true) {
    tokenise({ text, base: segment.at, dialect, most: tokensPerPart }, into);
    return;
  }
  const tokens: Token[] = [];
  tokenise({ text, base: 0, dialect, most: tokensPerPart - into.length }, tokens);
  for (const token of tokens) into.push({ ...token, at: segment.at });
}

const inertInclude = /\.(?:jpe?g|png|gif|bmp|ico|txt|log|css|zip|rar|pdf|docx?|xlsx?)$/;

function pageSigns(page: PageText, split: SplitPage): readonly Sign[] {
  const signs: Sign[] = [];
  const [first] = split.segments;
  if (page.head !== undefined && first !== undefined && first.text.trim() !== '') {
    signs.push({ code: 'hidden-script', weight: 'suspicious', at: first.at });
  }
  for (const { at, path } of split.includes) {
    if (inertInclude.test(path)) signs.push({ code: 'include-odd', weight: 'suspicious', at });
  }
  const encoded = split.segments.find((s) => s.text.includes('#@~^'));
  if (encoded !== undefined) signs.push({ code: 'encoded-script', weight: 'suspicious', at: encoded.at });
  return signs;
}

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
  return family === undefined ? found : { ...found, family };
}
