import { steps } from './markup.ts';
import type { Words } from './words.ts';

/** A template, or elements written out in a record, as a tree. Values are numbers of the instance's values. */
export interface MarkupElement {
  readonly kind: 'element' | 'instruction';
  readonly name: string;
  readonly attributes: readonly MarkupAttribute[];
  readonly content: readonly MarkupPart[];
  /** The element is left out where this value is null; -1: never. */
  readonly dependsOn: number;
}

export interface MarkupAttribute {
  readonly name: string;
  readonly parts: readonly MarkupPart[];
}

export type MarkupPart =
  | MarkupElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly index: number; readonly optional: boolean };

interface Open {
  readonly kind: MarkupElement['kind'];
  readonly name: string;
  readonly attributes: { readonly name: string; readonly parts: MarkupPart[] }[];
  readonly content: MarkupPart[];
  dependsOn: number;
  inContent: boolean;
}

/** Makes the tree that steps stand for. They come from the scanner, so they are well-formed. */
export function treeOf(from: Int32Array, words: Words): readonly MarkupElement[] {
  const roots: MarkupElement[] = [];
  const open: Open[] = [];
  for (const step of from) {
    const argument = step >>> 4;
    const kind = step & 15;
    if (kind === steps.close) closeElement(open, roots);
    else if (kind === steps.open) open.push(newElement('element', words.text(argument)));
    else if (kind === steps.instruction) open.push(newElement('instruction', words.text(argument)));
    else extend(open.at(-1), kind, argument, words);
  }
  return roots;
}

function newElement(kind: MarkupElement['kind'], name: string): Open {
  const inContent = kind === 'instruction';
  return { kind, name, attributes: [], content: [], dependsOn: -1, inContent };
}

function closeElement(open: Open[], roots: MarkupElement[]): void {
  const closed = open.pop();
  if (closed === undefined) return;
  const { kind, name, attributes, content, dependsOn } = closed;
  const element: MarkupElement = { kind, name, attributes, content, dependsOn };
  const parent = open.at(-1);
  if (parent === undefined) roots.push(element);
  else parent.content.push(element);
}

function extend(element: Open | undefined, kind: number, argument: number, words: Words): void {
  if (element === undefined) return;
  if (kind === steps.attribute) element.attributes.push({ name: words.text(argument), parts: [] });
  else if (kind === steps.content) element.inContent = true;
  else if (kind === steps.dependsOn) element.dependsOn = argument;
  else {
    const parts = element.inContent ? element.content : element.attributes.at(-1)?.parts;
    parts?.push(partOf(kind, argument, words));
  }
}

function partOf(kind: number, argument: number, words: Words): MarkupPart {
  if (kind === steps.text) return { kind: 'text', text: words.text(argument) };
  return { kind: 'value', index: argument, optional: kind === steps.optionalValue };
}
