import type { MarkupElement } from './tree.ts';

/** The layout of one sort of record: its templates put together, one in a value of the other. */
export interface EventLayout {
  readonly roots: readonly LayoutElement[];
  /** Elements that are written out in records have texts for values, dates too. */
  readonly isWritten: boolean;
}

export interface LayoutElement {
  readonly kind: MarkupElement['kind'];
  readonly name: string;
  readonly attributes: readonly LayoutLeaf[];
  /** What stands in it beside elements; undefined for none at all. */
  readonly text: LayoutLeaf | undefined;
  readonly children: readonly LayoutElement[];
  /** The element is left out where this value of the record is null; -1: never. */
  readonly dependsOn: number;
}

/** A place for text: an attribute (with its name) or the content of an element. */
export interface LayoutLeaf {
  readonly name: string;
  readonly source: LeafSource;
  /** An attribute or element is left out where its only value is null. */
  readonly optional: boolean;
}

/** Where a text comes from. Values are numbers of the record's values, -1 for one that its instance does not have. */
export type LeafSource =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'pieces'; readonly pieces: readonly (string | number)[] };
