import type { Issue, Ticks } from '@postern/core';
import type { Code } from './code.ts';
import type { ConfigEntry } from './config-entry.ts';
import { dialectOf } from './dialect.ts';
import { familyOf } from './family.ts';
import { followRequests } from './flow.ts';
import { foldStrings } from './fold.ts';
import { type FoldedCode, mayMatter } from './interest.ts';
import { judgeCode } from './judge-code.ts';
import { markupSigns } from './judge-markup.ts';
import { readOabDump } from './oab.ts';
import { outlineOf, type Outline } from './outline.ts';
import type { PageText } from './page-text.ts';
import type { Sign } from './sign.ts';
import { memberNames } from './sinks.ts';
import { filled } from './sources.ts';
import { type Control, type Engine, type Segment, splitPage, type SplitPage } from './split-page.ts';
import { type Token, tokenise } from './tokens.ts';

/** Tokens of one part that are looked at. Real pages have under 100,000; the rest is said to be unread. */
const tokensPerPart = 400_000;
/** What one part of a file (all of it, its head, its tail) says. */
export interface Findings {
  readonly signs: readonly Sign[];
  readonly family?: string | undefined;
  readonly times?: ReadonlyMap<string, Ticks>;
  readonly names?: ReadonlyMap<string, string>;
  readonly parameters?: readonly string[];
  readonly issues?: readonly Issue[];
  /** In the order of the page. */
  readonly entries?: readonly ConfigEntry[];
}

/** Judges the text of a page as the engine would run it. */
export function judgePage(page: PageText, engine: Engine): Findings {
  const oab = readOabDump(page.text);
  const split = splitPage(page.text, engine);
  const read = split.segments.length === 0 ? undefined : readCode(split, engine);
  const around = [...pageSigns(page, split), ...markupSigns(page, split)];
  const isNoted = around.length > 0 || oab !== undefined;
  const code = read !== undefined && (isNoted || mayMatter(read)) ? followedCode(read, split) : undefined;
  const signs = [
    ...(oab?.signs ?? []),
    ...(code === undefined ? [] : bareUploads(judgeCode(code), page, split)),
    ...around,
  ];
  const parameters = code?.flow.parameters ?? [];
  const text = signs.length === 0 ? '' : split.segments.map((s) => s.text).join('\n');
  return {
    signs,
    family: familyOf(signs, text, parameters, code?.mentions ?? new Set()),
    times: oab?.times ?? new Map(),
    names: oab?.names ?? new Map(),
    parameters,
    issues: read?.issues ?? [],
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

interface ReadCode extends FoldedCode {
  readonly issues: readonly Issue[];
}

function readCode(split: SplitPage, engine: Engine): ReadCode {
  const tokens: Token[] = [];
  for (const segment of split.segments) readSegment(segment, engine, tokens);
  const bindings = split.segments
    .filter((s) => s.kind === 'binding')
    .map((s) => [s.at, s.at + s.text.length] as const);
  const runsText = engine === 'asp' || engine === 'php' || engine === 'jsp';
  const full: Issue = {
    code: 'POSTERN_WEBSHELL_TOKENS',
    severity: 'warning',
    message: 'The page has more code than is looked at; its rest was not judged.',
    expected: `at most ${tokensPerPart} tokens`,
  };
  return {
    tokens: foldStrings(tokens, memberNames),
    engine,
    evaluates: runsText || split.segments.some((s) => dialectOf(s, engine) === 'jscript'),
    bindings,
    imported: split.directives.flatMap(({ attributes }) =>
      (attributes.get('namespace') ?? '').split(/[^\w]+/),
    ),
    issues: tokens.length >= tokensPerPart ? [full] : [],
  };
}

/** What the checks of code look at: where values of the request go. */
function followedCode({ tokens, engine, evaluates, bindings, imported }: ReadCode, split: SplitPage): Code {
  const outline = outlineOf(tokens);
  const flow = followRequests(outline, engine, [...split.controls, ...declaredControls(outline)]);
  const mentions = new Set(outline.words);
  for (const word of imported) mentions.add(word);
  for (const token of tokens)
    if (token.kind === 'text' && token.text.length <= 64) mentions.add(token.text.toLowerCase());
  return { outline, flow, engine, bindings, evaluates, mentions };
}

/** `TextBox c;`, `Dim c As TextBox`: controls that the code makes itself. */
function declaredControls({ tokens }: Outline): readonly Control[] {
  return tokens.flatMap((token, i): readonly Control[] => {
    if (token.kind !== 'word' || !filled.has(token.text)) return [];
    const [before, next] = [tokens[i - 1], tokens[i + 1]];
    const name =
      before?.text === 'as' || (before?.text === 'new' && tokens[i - 2]?.text === 'as')
        ? tokens[before.text === 'as' ? i - 2 : i - 3]
        : next;
    return name?.kind === 'word'
      ? [{ id: name.text, type: token.text.replace('htmlinput', 'input '), at: token.at }]
      : [];
  });
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
