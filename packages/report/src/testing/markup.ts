/** A tag as a simple reader of markup sees it. */
export interface Tag {
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: ReadonlyMap<string, string>;
}

const tagPattern = /^<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)(\/?)>/;
const attributePattern = / ([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g;
const empty = new Set(['meta', 'br', 'wbr']);

/**
 * Reads a page the strict way: whatever is not a plain tag with quoted attributes, an entity or text is an error. So
 * nothing can hide that a browser would read more kindly.
 */
export function readMarkup(html: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const tags: Tag[] = [];
  let text = '';
  let rest = html.replace(/^<!doctype html>\n/, '');
  while (rest !== '') {
    const next = rest.indexOf('<');
    text += next < 0 ? rest : rest.slice(0, next);
    if (next < 0) break;
    rest = rest.slice(next);
    const found = tagPattern.exec(rest);
    if (found === null) throw new Error(`no tag: ${rest.slice(0, 60)}`);
    const [whole, slash, name = '', attributes = '', closed] = found;
    const kind = slash === '/' ? 'close' : closed === '/' || empty.has(name) ? 'empty' : 'open';
    tags.push({ name, kind, attributes: attributesOf(attributes) });
    rest = rest.slice(whole.length);
    if (name === 'style' && kind === 'open') rest = rest.slice(rest.indexOf('</style>'));
  }
  return { tags, text };
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(attributePattern)].map(([, name = '', value = '']) => [name, value]));
}

/** The text a reader sees, entities turned back. */
export function plainText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
