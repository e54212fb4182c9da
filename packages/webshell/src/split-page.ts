import { words } from './words.ts';

/** Which server runs the page, told by its ending: the same text means other things to each. */
export type Engine = 'asp.net' | 'asp.net-code' | 'asp' | 'php' | 'jsp';

/** `handler`: all that follows the directive of an .ashx or .asmx. `binding`: `<%# %>`. */
export type SegmentKind = 'script' | 'code' | 'expression' | 'binding' | 'handler';

/** A piece of a page that the server compiles and runs. */
export interface Segment {
  readonly kind: SegmentKind;
  /** Index of its first character in the page. */
  readonly at: number;
  readonly text: string;
  /** As the tag or the page says it, lower case; undefined where neither does. */
  readonly language: string | undefined;
  /** The text was changed to be read (quotes inside of quotes): places in it are not those of the page. */
  readonly rewritten?: true;
}

/** `<%@ Page Language="JScript" %>`: the name and the attributes, in lower case (values too). */
export interface Directive {
  readonly at: number;
  /** Characters from its `<%` to its `%>`. */
  readonly length: number;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** `<asp:TextBox id="cmd" runat="server">`: what a visitor fills in, by the name that code knows it by. */
export interface Control {
  readonly id: string;
  readonly type: string;
  readonly at: number;
}

/** Text that an include brings in: `<!--#include file="x.jpg"-->`, `<script runat=server src=…>`. */
export interface Include {
  readonly at: number;
  readonly path: string;
}

export interface SplitPage {
  readonly directives: readonly Directive[];
  readonly segments: readonly Segment[];
  readonly controls: readonly Control[];
  readonly includes: readonly Include[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A tag longer than this is no tag: the bound keeps unclosed ones from making the splitter slow. */
const tagCharacters = 4096;
const scriptStart = /<\s*script\b/gi;
const scriptEnd = /<\s*\/\s*script\s*>/gi;
const tagStart = /<(?:asp:|input\b|textarea\b|select\b|object\b)/gi;
const includeStart = /<!--\s*#\s*include\s+(?:file|virtual)\s*=\s*["']?([^"'>\s]{1,260})/gi;

/**
 * Splits a page of ASP.NET, classic ASP, JSP or PHP into what the server runs and what it only sends. HTML comments
 * hide nothing from the server, `<%-- --%>` does. Linear in the length; unclosed blocks reach to the end of the text.
 */
export function splitPage(text: string, engine: Engine): SplitPage {
  if (engine === 'php') return { ...nothing, segments: phpSegments(text) };
  const comments = commentRanges(text);
  const scripts = scriptBlocks(text, comments);
  const blocks = percentBlocks(
    text,
    [...comments, ...scripts.ranges].toSorted((a, b) => a.from - b.from),
  );
  const controls = engine === 'jsp' ? [] : controlsOf(text);
  const language = pageLanguage(blocks.directives);
  const segments = [
    ...scripts.segments,
    ...blocks.segments,
    ...xmlScriptlets(text, engine),
    ...stylesheetScripts(text),
  ]
    .map((s) => ({ ...s, language: s.language ?? language }))
    .toSorted((a, b) => a.at - b.at);
  const handler = handlerCode(text, blocks.directives, engine, language);
  return {
    directives: blocks.directives,
    segments: handler === undefined ? segments : [handler],
    controls,
    includes: [...scripts.includes, ...serverIncludes(text)],
  };
}

const nothing: SplitPage = { directives: [], segments: [], controls: [], includes: [] };

function commentRanges(text: string): readonly Range[] {
  const ranges: Range[] = [];
  for (let from = text.indexOf('<%--'); from >= 0;) {
    const end = text.indexOf('--%>', from + 4);
    const to = end < 0 ? text.length : end + 4;
    ranges.push({ from, to });
    from = text.indexOf('<%--', to);
  }
  return ranges;
}

/** Is `at` inside one of the ranges? They are sorted; `state` remembers how far earlier calls came. */
function inside(ranges: readonly Range[], at: number, state: { next: number }): Range | undefined {
  while ((ranges[state.next]?.to ?? Infinity) <= at) state.next++;
  const range = ranges[state.next];
  return range !== undefined && range.from <= at ? range : undefined;
}

interface ScriptBlocks {
  readonly segments: readonly Segment[];
  readonly ranges: readonly Range[];
  readonly includes: readonly Include[];
}

function scriptBlocks(text: string, comments: readonly Range[]): ScriptBlocks {
  const segments: Segment[] = [];
  const ranges: Range[] = [];
  const includes: Include[] = [];
  const state = { next: 0 };
  scriptStart.lastIndex = 0;
  for (let m = scriptStart.exec(text); m !== null; m = scriptStart.exec(text)) {
    const tag = tagAt(text, m.index);
    if (tag === undefined || inside(comments, m.index, state) !== undefined) continue;
    const attributes = attributesOf(tag.text);
    if (attributes.get('runat') !== 'server') continue;
    scriptEnd.lastIndex = tag.to;
    const to = scriptEnd.exec(text)?.index ?? text.length;
    segments.push({
      kind: 'script',
      at: tag.to,
      text: text.slice(tag.to, to),
      language: attributes.get('language'),
    });
    ranges.push({ from: m.index, to });
    const src = attributes.get('src');
    if (src !== undefined) includes.push({ at: m.index, path: src });
    scriptStart.lastIndex = to;
  }
  return { segments, ranges, includes };
}

function tagAt(text: string, from: number): { readonly text: string; readonly to: number } | undefined {
  const window = text.slice(from, from + tagCharacters);
  let quote = '';
  for (let i = 1; i < window.length; i++) {
    const c = window.charAt(i);
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return { text: window.slice(0, i + 1), to: from + i + 1 };
    // Another tag begins before this one ends: it is none. Without this, thousands of open tags would cost too much.
    else if (c === '<' && window.charAt(i + 1) !== '%') return undefined;
  }
  // Quotes may be broken on purpose or by damage: then the first > ends the tag.
  const end = window.indexOf('>');
  return end < 0 ? undefined : { text: window.slice(0, end + 1), to: from + end + 1 };
}

const attributePattern = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>%]+))/g;

/** Attributes of a tag or directive, names and values in lower case, entities of plain characters resolved. */
export function attributesOf(tag: string): ReadonlyMap<string, string> {
  return new Map([...attributesAsWritten(tag)].map(([name, value]) => [name, value.toLowerCase()]));
}

/** As {@link attributesOf}, values as they stand. */
export function attributesAsWritten(tag: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const m of tag.matchAll(attributePattern)) {
    found.set((m[1] ?? '').toLowerCase(), unescapeEntities(m[2] ?? m[3] ?? plain(m[4] ?? '')).trim());
  }
  return found;
}

/** Without the typographic quotes that editors make of plain ones, also as the bytes of GBK. */
function plain(value: string): string {
  return value.replace(
    /^(?:\u00a1\u00b0|\u00a1\u00b1|[\u201c\u201d\u201e])|(?:\u00a1\u00b0|\u00a1\u00b1|[\u201c\u201d])$/g,
    '',
  );
}

const namedEntities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** `&lt;`, `&#x3c;`, `&#60;` as the characters they stand for. */
export function unescapeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (all, hex, decimal, name) => {
    if (typeof name === 'string') return namedEntities.get(name.toLowerCase()) ?? all;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

interface PercentBlocks {
  readonly segments: readonly Segment[];
  readonly directives: readonly Directive[];
}

function percentBlocks(text: string, skip: readonly Range[]): PercentBlocks {
  const segments: Segment[] = [];
  const directives: Directive[] = [];
  const state = { next: 0 };
  let end = 0;
  for (let at = text.indexOf('<%'); at >= 0;) {
    const hidden = inside(skip, at, state);
    if (hidden !== undefined) {
      at = text.indexOf('<%', Math.max(hidden.to, at + 2));
      continue;
    }
    // Looked for once for all that share it: thousands of open directives must not cost their square.
    if (end >= 0 && end < at + 2) end = text.indexOf('%>', at + 2);
    const to = end < 0 ? text.length : end;
    const inner = text.slice(at + 2, to);
    if (/^\s*@/.test(inner)) {
      // A directive that was never closed must not swallow the code behind it.
      const open = inner.indexOf('<%');
      directives.push(directiveOf(open < 0 ? inner : inner.slice(0, open), at));
      at = text.indexOf('<%', open < 0 ? to + 2 : at + 2 + open);
      continue;
    }
    segments.push(percentSegment(inner, at + 2));
    at = text.indexOf('<%', to + 2);
  }
  return { segments, directives };
}

function directiveOf(inner: string, at: number): Directive {
  const name = /^\s*@\s*([\w:]+)(?!\s*=)/.exec(inner.slice(0, tagCharacters))?.[1] ?? 'page';
  return {
    at,
    length: inner.length + 4,
    name: name.toLowerCase(),
    attributes: attributesOf(inner.slice(0, tagCharacters)),
  };
}

function percentSegment(inner: string, at: number): Segment {
  // Encoded script begins with #@~^ and is no data binding.
  const sign = inner.startsWith('#@~^') ? '' : inner.charAt(0);
  const skip = sign === '=' || sign === ':' || sign === '#' || sign === '$' || sign === '!' ? 1 : 0;
  const kind =
    sign === '#' || sign === '$' ? 'binding' : sign === '=' || sign === ':' ? 'expression' : 'code';
  return { kind, at: at + skip, text: inner.slice(skip), language: undefined };
}

/** JSP documents: `<jsp:scriptlet>`, `<jsp:declaration>`, `<jsp:expression>`. */
function xmlScriptlets(text: string, engine: Engine): readonly Segment[] {
  if (engine !== 'jsp') return [];
  const segments: Segment[] = [];
  const start = /<(\w+):(scriptlet|declaration|expression)\s*>/gi;
  for (let m = start.exec(text); m !== null; m = start.exec(text)) {
    const end = text.indexOf(`</${m[1] ?? ''}:`, start.lastIndex);
    const to = end < 0 ? text.length : end;
    segments.push({
      kind: 'code',
      at: start.lastIndex,
      text: text.slice(start.lastIndex, to),
      language: undefined,
    });
    start.lastIndex = to;
  }
  return segments;
}

const stylesheetScript = /<msxsl:script\b([^>]{0,500})>/gi;

/** Script in style sheets, also in those that stand in the code as text: the server runs it with the page's rights. */
function stylesheetScripts(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  stylesheetScript.lastIndex = 0;
  for (let m = stylesheetScript.exec(text); m !== null; m = stylesheetScript.exec(text)) {
    const at = m.index + m[0].length;
    const end = text.indexOf('</msxsl:script', at);
    const to = end < 0 ? text.length : end;
    const language = attributesOf(unquoted(m[1] ?? '', m[1] ?? '').text).get('language') ?? 'jscript';
    segments.push({ kind: 'script', at, language, ...unquoted(m[1] ?? '', text.slice(at, to)) });
    stylesheetScript.lastIndex = to;
  }
  return segments;
}

/** Style sheets that stand in a string have its quotes doubled or escaped. */
function unquoted(tag: string, text: string): { readonly text: string; readonly rewritten?: true } {
  if (tag.includes('""')) return { text: text.replaceAll('""', '"'), rewritten: true };
  return tag.includes('\\"') ? { text: text.replaceAll('\\"', '"'), rewritten: true } : { text };
}

const handlerNames = words('webhandler webservice servicehost service class');

function handlerCode(
  text: string,
  directives: readonly Directive[],
  engine: Engine,
  language: string | undefined,
): Segment | undefined {
  const last = directives.findLast((d) => handlerNames.has(d.name));
  if (engine !== 'asp.net-code' && last === undefined) return undefined;
  const end = last === undefined ? -2 : text.indexOf('%>', last.at);
  if (last !== undefined && end < 0) return undefined;
  return { kind: 'handler', at: end + 2, text: text.slice(end + 2), language };
}

function pageLanguage(directives: readonly Directive[]): string | undefined {
  for (const { attributes } of directives) {
    const language = attributes.get('language');
    if (language !== undefined) return language;
  }
  return undefined;
}

function controlsOf(text: string): readonly Control[] {
  const controls: Control[] = [];
  tagStart.lastIndex = 0;
  for (let m = tagStart.exec(text); m !== null; m = tagStart.exec(text)) {
    const tag = tagAt(text, m.index);
    if (tag === undefined) continue;
    const attributes = attributesOf(tag.text);
    const id = attributes.get('id');
    tagStart.lastIndex = tag.to;
    if (id === undefined || attributes.get('runat') !== 'server') continue;
    const type = m[0].endsWith(':') ? (/^<asp:(\w+)/i.exec(tag.text)?.[1] ?? '') : m[0].slice(1);
    controls.push({ id, type: `${type} ${attributes.get('type') ?? ''}`.trim().toLowerCase(), at: m.index });
  }
  return controls;
}

function serverIncludes(text: string): readonly Include[] {
  return [...text.matchAll(includeStart)].map((m) => ({ at: m.index, path: (m[1] ?? '').toLowerCase() }));
}

function phpSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  const start = /<\?(?:php\b|=)?(?!xml)|<script\s+language\s*=\s*["']?php["']?\s*>|<%=?/gi;
  for (let m = start.exec(text); m !== null; m = start.exec(text)) {
    const from = start.lastIndex;
    const close = m[0].startsWith('<?') ? '?>' : m[0].startsWith('<%') ? '%>' : '</script';
    const end = text.indexOf(close, from);
    const to = end < 0 ? text.length : end;
    segments.push({ kind: 'code', at: from, text: text.slice(from, to), language: 'php' });
    start.lastIndex = Math.max(to, from);
  }
  return segments;
}
