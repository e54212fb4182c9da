import { unescapeEntities } from './split-page.ts';

/** One element of a configuration. Names and attribute names are in lower case, values as written. */
export interface ConfigElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Index of its `<` in the text. */
  readonly at: number;
  /** Index of the element around it in the list; -1 for the root. */
  readonly parent: number;
  /** Names of the elements around it, joined by `/`, the outermost first, and its own: `/configuration/system.webserver/modules/add`. */
  readonly path: string;
  /** What the nearest `<location path="…">` around it says; undefined outside of all. */
  readonly location: string | undefined;
}

/** Real configurations have under 20,000 elements; the rest of a made-up one is said to be unread. */
export const mostElements = 200_000;
/** Deeper nesting is read as if it ended here. */
const mostDepth = 64;
/** A tag longer than this is none. */
const tagCharacters = 65_536;

export interface ConfigElements {
  readonly elements: readonly ConfigElement[];
  /** False where {@link mostElements} was reached. */
  readonly complete: boolean;
}

/**
 * Reads the elements of a configuration, forgiving what a parser of XML would refuse: IIS refuses it too, but what
 * stands there was written by somebody. Comments, CDATA and processing instructions hide nothing and say nothing.
 * Linear in the length of the text; never throws.
 */
export function readElements(text: string): ConfigElements {
  const elements: ConfigElement[] = [];
  const open: number[] = [];
  for (let at = text.indexOf('<'); at >= 0;) {
    if (elements.length >= mostElements) return { elements, complete: false };
    const next = text.charAt(at + 1);
    if (next === '!' || next === '?') {
      at = text.indexOf('<', afterMarkup(text, at));
      continue;
    }
    const to = tagEnd(text, at);
    if (to === undefined) {
      at = text.indexOf('<', at + 1);
      continue;
    }
    const tag = text.slice(at + 1, to);
    if (next === '/') closeTag(tag.slice(1), elements, open);
    else openTag(tag, at, elements, open);
    at = text.indexOf('<', to);
  }
  return { elements, complete: true };
}

function afterMarkup(text: string, at: number): number {
  const [start, end] = text.startsWith('<!--', at)
    ? [4, '-->']
    : text.startsWith('<![CDATA[', at)
      ? [9, ']]>']
      : [2, '>'];
  const found = text.indexOf(end, at + start);
  return found < 0 ? text.length : found + end.length;
}

/** The index of the `>` that ends the tag; quotes may hold one. */
function tagEnd(text: string, from: number): number | undefined {
  let quote = '';
  const most = Math.min(text.length, from + tagCharacters);
  for (let i = from + 1; i < most; i++) {
    const c = text.charAt(i);
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i;
    else if (c === '<') return undefined;
  }
  // An open quote, on purpose or by damage: the first > ends the tag.
  const end = text.slice(from, most).indexOf('>');
  return end < 0 ? undefined : from + end;
}

const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

function openTag(tag: string, at: number, elements: ConfigElement[], open: number[]): void {
  const name = localName(/^[\w:.-]+/.exec(tag)?.[0] ?? '');
  if (name === '') return;
  const attributes = new Map<string, string>();
  for (const m of tag.slice(name.length).matchAll(attribute))
    attributes.set((m[1] ?? '').toLowerCase(), unescapeEntities(m[2] ?? m[3] ?? m[4] ?? '').trim());
  const parent = open.at(-1) ?? -1;
  const around = elements[parent];
  elements.push({
    name,
    attributes,
    at,
    parent,
    path: `${around?.path ?? ''}/${name}`,
    location: name === 'location' ? (attributes.get('path') ?? '') : around?.location,
  });
  if (!tag.endsWith('/') && open.length < mostDepth) open.push(elements.length - 1);
}

/** Closes the nearest element of that name; one that was never opened closes nothing. */
function closeTag(tag: string, elements: readonly ConfigElement[], open: number[]): void {
  const name = localName(/^[\w:.-]+/.exec(tag)?.[0] ?? '');
  const index = open.findLastIndex((i) => elements[i]?.name === name);
  if (index >= 0) open.length = index;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}
