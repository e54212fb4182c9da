import { sha256Hex } from '@postern/core';
import { NULL_TYPE, valueTypeOf, type EvtxValue, type SlotType, type ValueType } from './value-types.ts';

/** A place that each record fills with its own value. */
export interface EvtxSlot {
  readonly slot: number;
  readonly type: SlotType;
  /** Token 0x0E instead of 0x0D: without a value, the attribute or element around it is left out. */
  readonly isOptional?: boolean;
}

/** What may stand in an attribute or element: text, a place for a value, and the rarer tokens. */
export type EvtxContent =
  | string
  | EvtxSlot
  | { readonly cdata: string }
  | { readonly character: number }
  | { readonly entity: string }
  | { readonly target: string; readonly data: string };

/** An element of BinXML (MS-EVEN6 2.2.12). */
export interface EvtxElement {
  readonly name: string;
  readonly attributes?: readonly (readonly [name: string, content: EvtxContent | readonly EvtxContent[]])[];
  readonly children?: readonly (EvtxContent | EvtxElement)[];
  /** Number of the value that, if it is null, takes the element away. */
  readonly dependsOn?: number;
}

/** What many records have in common; its definition stands once in each chunk that uses it. */
export interface EvtxTemplate {
  /** `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, lower case. */
  readonly guid: string;
  readonly root: EvtxElement;
  /** Type by number of slot; Null where the template has no such slot. */
  readonly types: readonly ValueType[];
}

/** A template with the values of one record. */
export interface EvtxInstance {
  readonly template: EvtxTemplate;
  /** By number of slot; `null` and what is missing are stored as Null. More values than slots are stored as they are. */
  readonly values: readonly EvtxValue[];
  /** As a value (0x21) of another one: with the header of a fragment, as classic providers' events have it. */
  readonly hasFragmentHeader?: boolean;
}

export function isContents(content: EvtxContent | readonly EvtxContent[]): content is readonly EvtxContent[] {
  return Array.isArray(content);
}

export function isElement(node: EvtxContent | EvtxElement): node is EvtxElement {
  return typeof node === 'object' && 'name' in node;
}

function slotsOf(element: EvtxElement): EvtxSlot[] {
  const contents = (element.attributes ?? []).flatMap(([, content]) =>
    isContents(content) ? content : [content],
  );
  const found = [...contents, ...(element.children ?? [])].flatMap((node) => {
    if (typeof node === 'string') return [];
    if (isElement(node)) return slotsOf(node);
    return 'slot' in node ? [node] : [];
  });
  return found;
}

function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (_, index) => text.charCodeAt(index) & 0xff);
}

function guidOf(root: EvtxElement): string {
  const hex = sha256Hex(textBytes(encodeURI(JSON.stringify(root))));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/**
 * Makes a template from an element tree.
 *
 * @param given.guid taken from the tree's contents if not said, so that the same tree always has the same one
 * @param given.types types of slots that the tree does not use but records fill, as real ones do
 */
export function defineTemplate(
  root: EvtxElement,
  given: { readonly guid?: string; readonly types?: readonly SlotType[] } = {},
): EvtxTemplate {
  const types = (given.types ?? []).map(valueTypeOf);
  for (const { slot, type } of slotsOf(root)) {
    while (types.length <= slot) types.push(NULL_TYPE);
    types[slot] = valueTypeOf(type);
  }
  return { guid: given.guid ?? guidOf(root), root, types };
}
