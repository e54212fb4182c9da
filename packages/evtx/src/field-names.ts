import type { EventLayout, LayoutElement, LayoutLeaf } from './event-layout.ts';

/** A text of the event and what rules call it. */
export interface NamedLeaf {
  readonly leaf: LayoutLeaf;
  readonly name: string;
  /** The lower rank gets the name where two texts of different parts of the event want it. */
  readonly rank: number;
  /** All names on the way from the root, for a text whose name is taken. */
  readonly path: string;
}

const dataRank = 0;
const systemRank = 1;
const otherRank = 9;

const dataHolders: ReadonlySet<string> = new Set(['EventData', 'UserData']);
const namedElements: ReadonlySet<string> = new Set(['Data', 'ComplexData']);

/**
 * The texts of an event under the names of Sigma, the same that the reader of JSON gives: event data under their own
 * names (unnamed `Data`), values of `System` as `Element_Attribute`, `Message`, and all else by its path
 * (`RenderingInfo.Level`, `ProcessingErrorData.ErrorCode`).
 */
export function namedLeaves(layout: EventLayout): readonly NamedLeaf[] {
  const found: NamedLeaf[] = [];
  for (const root of layout.roots) collect(root, root.name === 'Event' ? [] : [root.name], found);
  return found;
}

function collect(element: LayoutElement, way: readonly string[], found: NamedLeaf[]): void {
  if (element.kind === 'instruction') return;
  for (const attribute of element.attributes) {
    if (isNaming(element, attribute.name)) continue;
    found.push(named(attribute, way, attribute.name));
  }
  if (element.text !== undefined) found.push(named(element.text, way, undefined));
  for (const child of element.children) collect(child, [...way, ownName(child)], found);
}

/** What says how something is called, or which schema it follows, is no text of the event. */
function isNaming(element: LayoutElement, attribute: string): boolean {
  return attribute.startsWith('xmlns') || (attribute === 'Name' && namedElements.has(element.name));
}

/** `<Data Name="User">` is called `User`. */
export function ownName(element: LayoutElement): string {
  if (!namedElements.has(element.name)) return element.name;
  const naming = element.attributes.find(({ name }) => name === 'Name')?.source;
  return naming?.kind === 'fixed' && naming.text !== '' ? naming.text : element.name;
}

function named(leaf: LayoutLeaf, way: readonly string[], attribute: string | undefined): NamedLeaf {
  const last = way.at(-1) ?? 'Event';
  const words = attribute === undefined ? way : [...way.slice(0, -1), `${last}_${attribute}`];
  const path = ['Event', ...words].join('.');
  const [section = ''] = words;
  if (dataHolders.has(section)) return { leaf, name: words.at(-1) ?? section, rank: dataRank, path };
  if (section === 'System' && words.length > 1) {
    return { leaf, name: words.slice(1).join('_'), rank: systemRank, path };
  }
  const name = words.join('.');
  if (name === 'RenderingInfo.Message') return { leaf, name: 'Message', rank: systemRank + 2, path };
  return { leaf, name, rank: otherRank, path };
}
