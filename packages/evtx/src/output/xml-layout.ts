import type { LayoutElement, LayoutLeaf } from '../event-layout.ts';
import type { EventShape } from '../event-shape.ts';
import { xmlEscapes } from './escape.ts';
import { encoded, pieceOf, TextSink, type TextPiece } from './text-sink.ts';
import { writeText } from './value-text.ts';

/** How the records of one shape are written as XML: tags and fixed texts ready, slots looked up. */
export interface XmlElement {
  /** `<Data`, and `</Data>`; for an instruction `<?target`, and `?>`. */
  readonly open: TextPiece;
  readonly close: TextPiece;
  readonly attributes: readonly XmlLeaf[];
  readonly text: XmlLeaf | undefined;
  readonly children: readonly XmlElement[];
  /** Slot without which the element is left out; -1: none. */
  readonly dependsOn: number;
  readonly isInstruction: boolean;
}

/** A text that is the same in all records, escaped, or a slot (one item of it, if `item` is not -1). */
export interface XmlLeaf {
  /** ` Name="` of an attribute; nothing for the text of an element. */
  readonly before: TextPiece;
  readonly fixed: TextPiece | undefined;
  readonly slot: number;
  readonly item: number;
  readonly optional: boolean;
}

export function xmlLayoutOf(event: EventShape): readonly XmlElement[] {
  return event.parts.layout.roots.map((root) => elementOf(root, event));
}

function elementOf(element: LayoutElement, event: EventShape): XmlElement {
  const isInstruction = element.kind === 'instruction';
  const name = xmlName(element.name);
  return {
    open: encoded(isInstruction ? `<?${name}` : `<${name}`),
    close: encoded(isInstruction ? '?>' : `</${name}>`),
    attributes: element.attributes.map((leaf) => leafOf(leaf, encoded(` ${xmlName(leaf.name)}="`), event)),
    text: element.text === undefined ? undefined : leafOf(element.text, encoded(''), event),
    children: element.children.map((child) => elementOf(child, event)),
    dependsOn: element.dependsOn < 0 ? -1 : event.parts.plan.values.indexOf(element.dependsOn),
    isInstruction,
  };
}

function leafOf(leaf: LayoutLeaf, before: TextPiece, event: EventShape): XmlLeaf {
  const place = event.parts.plan.places.get(leaf);
  const { optional } = leaf;
  if (place?.kind === 'slot')
    return { before, fixed: undefined, slot: place.slot, item: place.item, optional };
  const own = leaf.source.kind === 'fixed' ? leaf.source.text : '';
  const text = place?.kind === 'key' ? (event.constants.get(place.name) ?? '') : own;
  return { before, fixed: escaped(text), slot: -1, item: -1, optional };
}

function escaped(text: string): TextPiece {
  const sink = new TextSink(64);
  writeText(sink, text, xmlEscapes);
  return pieceOf(sink.bytes.subarray(0, sink.length));
}

/** Names come from the evidence: what XML does not allow in one becomes `_`. */
function xmlName(name: string): string {
  const allowed = name.replaceAll(/[^\w.:-]/g, '_');
  return /^[A-Za-z_]/.test(allowed) ? allowed : `_${allowed}`;
}
