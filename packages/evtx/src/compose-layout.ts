import { limits } from '@postern/core';
import type { EventLayout, LayoutElement, LayoutLeaf, LeafSource } from './event-layout.ts';
import type { Instances } from './instances.ts';
import type { Templates } from './templates.ts';
import type { MarkupElement, MarkupPart } from './tree.ts';

/**
 * Puts the templates of the record in `instances` together. Undefined where the result would have more elements than
 * any event has: a few nested templates that repeat their values could make billions.
 */
export function composeLayout(instances: Instances, templates: Templates): EventLayout | undefined {
  const composer = new Composer(instances, templates);
  const roots = composer.instancesIn(-1);
  return composer.isTooLarge ? undefined : { roots, isWritten: composer.isWritten };
}

/** One instance while its elements are composed. */
interface Frame {
  readonly firstValue: number;
  readonly valueCount: number;
}

class Composer {
  isTooLarge = false;
  isWritten = false;
  private elements = 0;
  private readonly instances: Instances;
  private readonly templates: Templates;

  constructor(instances: Instances, templates: Templates) {
    this.instances = instances;
    this.templates = templates;
  }

  /** The elements of all instances that stand in one value of the record. */
  instancesIn(value: number): readonly LayoutElement[] {
    const { instances } = this;
    const found: LayoutElement[] = [];
    for (let i = 0; i < instances.count; i++) {
      if (instances.parent[i] !== value || this.isTooLarge) continue;
      const template = this.templates.get(instances.template[i] ?? 0);
      if (value === -1 && template?.isWritten === true) this.isWritten = true;
      const frame = { firstValue: instances.firstValue[i] ?? 0, valueCount: instances.valueCount[i] ?? 0 };
      if (template === undefined) found.push(this.valuesAlone(frame));
      else found.push(...template.roots.map((root) => this.element(root, frame)));
    }
    return found;
  }

  /** Of an instance whose template is lost: its values as unnamed data. */
  private valuesAlone(frame: Frame): LayoutElement {
    const count = Math.min(frame.valueCount, limits.fieldsPerShape);
    const data = Array.from({ length: count }, (_, index): MarkupPart => {
      const content = [{ kind: 'value', index, optional: true } as const];
      return { kind: 'element', name: 'Data', attributes: [], content, dependsOn: -1 };
    });
    return this.element(
      { kind: 'element', name: 'EventData', attributes: [], content: data, dependsOn: -1 },
      frame,
    );
  }

  private element(element: MarkupElement, frame: Frame): LayoutElement {
    this.elements++;
    if (this.elements > limits.evtxElements) this.isTooLarge = true;
    const parts = this.isTooLarge ? [] : element.content;
    const children = parts.flatMap((part) => this.childrenOf(part, frame));
    const ownTexts = parts.filter(
      (part) => part.kind === 'text' || (part.kind === 'value' && !this.holdsInstances(part.index, frame)),
    );
    return {
      kind: element.kind,
      name: element.name,
      attributes: element.attributes.map(
        ({ name, parts: all }) => leafOf(name, all, frame) ?? emptyLeaf(name),
      ),
      text: leafOf('', ownTexts, frame),
      children,
      dependsOn: element.dependsOn < 0 ? -1 : valueOf(element.dependsOn, frame),
    };
  }

  private childrenOf(part: MarkupPart, frame: Frame): readonly LayoutElement[] {
    if (part.kind === 'text') return [];
    if (part.kind !== 'value') return [this.element(part, frame)];
    return this.holdsInstances(part.index, frame) ? this.instancesIn(valueOf(part.index, frame)) : [];
  }

  private holdsInstances(index: number, frame: Frame): boolean {
    const value = valueOf(index, frame);
    const { parent, count } = this.instances;
    if (value < 0) return false;
    for (let i = 0; i < count; i++) if (parent[i] === value) return true;
    return false;
  }
}

function valueOf(index: number, { firstValue, valueCount }: Frame): number {
  return index < valueCount ? firstValue + index : -1;
}

function emptyLeaf(name: string): LayoutLeaf {
  return { name, source: { kind: 'fixed', text: '' }, optional: false };
}

function leafOf(name: string, parts: readonly MarkupPart[], frame: Frame): LayoutLeaf | undefined {
  const pieces = parts.flatMap((part): (string | number)[] => {
    if (part.kind === 'text') return [part.text];
    return part.kind === 'value' ? [valueOf(part.index, frame)] : [];
  });
  if (pieces.length === 0) return undefined;
  const [only] = parts;
  const optional = parts.length === 1 && only?.kind === 'value' && only.optional;
  return { name, source: sourceOf(pieces), optional };
}

function sourceOf(pieces: readonly (string | number)[]): LeafSource {
  const [first] = pieces;
  if (pieces.length === 1 && typeof first === 'number') return { kind: 'value', value: first };
  if (pieces.every((piece) => typeof piece === 'string')) return { kind: 'fixed', text: pieces.join('') };
  return { kind: 'pieces', pieces };
}
