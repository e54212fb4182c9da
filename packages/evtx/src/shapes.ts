import { decodeSlot, slotTypes } from '@postern/core';
import { EventShape } from './event-shape.ts';
import type { Chunk } from './chunk.ts';
import { composeLayout } from './compose-layout.ts';
import type { EventLayout } from './event-layout.ts';
import { keyNames, planFields, type FieldPlan, type KeyName } from './field-plan.ts';
import type { Instances } from './instances.ts';
import { sizeOf, typeOf } from './record-values.ts';
import { keepBytes, type KnownBytes } from './known-bytes.ts';
import { slotTypeOf } from './slot-type.ts';
import type { Templates } from './templates.ts';

/** Structures and shapes kept from source to source; real machines have some hundred. */
const mostShapes = 8192;
/** A power of two; more templates than that share their places. */
const mostLikely = 1024;

/** Records made of the same templates in the same way. Their shapes differ in channel, event id and provider only. */
export interface Structure {
  readonly signature: readonly number[];
  readonly layout: EventLayout | undefined;
  readonly plan: FieldPlan | undefined;
  readonly shapes: Map<number, EventShape[]>;
  latest: EventShape | undefined;
}

/** Finds the shape of the record in {@link Instances}; each is made once per run. */
export class Shapes {
  /** How many were made: a counter for tests. */
  made = 0;
  private readonly chunk: Chunk;
  private readonly instances: Instances;
  private readonly templates: Templates;
  private readonly structures = new Map<number, Structure[]>();
  /** The structure met last with each template for its innermost: of most templates the only one. */
  private readonly likely: (Structure | undefined)[] = Array.from({ length: mostLikely });

  constructor(chunk: Chunk, instances: Instances, templates: Templates) {
    this.chunk = chunk;
    this.instances = instances;
    this.templates = templates;
  }

  get isFull(): boolean {
    return this.made > mostShapes;
  }

  clear(): void {
    this.structures.clear();
    this.likely.fill(undefined);
    this.made = 0;
  }

  /** Undefined where the record has more elements or fields than any event. */
  find(): EventShape | undefined {
    const structure = this.structure();
    const { plan } = structure;
    if (plan === undefined) return undefined;
    const { latest } = structure;
    if (latest !== undefined && this.hasKeys(latest)) return latest;
    return this.findIn(structure, plan);
  }

  private findIn(structure: Structure, plan: FieldPlan): EventShape | undefined {
    const key = this.keyHash(plan);
    const alike = structure.shapes.get(key);
    const found = this.oneOf(alike) ?? this.make(structure, plan);
    if (found === undefined || found === structure.latest) return found;
    structure.latest = found;
    if (alike === undefined) structure.shapes.set(key, [found]);
    else if (!alike.includes(found)) alike.push(found);
    return found;
  }

  private oneOf(alike: readonly EventShape[] | undefined): EventShape | undefined {
    if (alike === undefined) return undefined;
    for (const shape of alike) if (this.hasKeys(shape)) return shape;
    return undefined;
  }

  private structure(): Structure {
    const { count, template } = this.instances;
    const innermost = (template[count - 1] ?? 0) & (mostLikely - 1);
    const likely = this.likely[innermost];
    if (likely !== undefined && this.isMadeAs(likely)) return likely;
    return (this.likely[innermost] = this.structureAlike());
  }

  private structureAlike(): Structure {
    const key = this.signatureHash();
    const alike = this.structures.get(key);
    if (alike !== undefined) {
      for (const structure of alike) if (this.isMadeAs(structure)) return structure;
    }
    const made = this.makeStructure();
    if (alike === undefined) this.structures.set(key, [made]);
    else alike.push(made);
    return made;
  }

  private signatureHash(): number {
    const { count, template, valueCount, parent } = this.instances;
    let hash = count;
    for (let i = 0; i < count; i++) {
      hash = Math.imul(hash ^ (template[i] ?? 0), 0x01000193);
      hash = Math.imul(hash ^ (valueCount[i] ?? 0), 0x01000193) + (parent[i] ?? 0);
    }
    return hash;
  }

  private isMadeAs({ signature }: Structure): boolean {
    return this.instances.isMadeAs(signature);
  }

  private makeStructure(): Structure {
    const signature = this.instances.signature();
    this.made++;
    const layout = composeLayout(this.instances, this.templates);
    const plan = layout === undefined ? undefined : planFields(layout);
    return { signature, layout, plan, shapes: new Map(), latest: undefined };
  }

  /** The event id and how long the names are: enough to tell most shapes apart. */
  private keyHash({ keys }: FieldPlan): number {
    const { descriptor, offset } = this.instances;
    const id = keys.EventID < 0 ? 0 : this.chunk.u16(offset[keys.EventID] ?? 0);
    const names = sizeOf(descriptor[keys.Channel] ?? 0) * 31 + sizeOf(descriptor[keys.Provider_Name] ?? 0);
    return id * 0x4000 + (names & 0x3fff);
  }

  private hasKeys({ parts }: EventShape): boolean {
    const { keys, plan } = parts;
    return (
      this.hasKey(plan.keys.EventID, keys.EventID) &&
      this.hasKey(plan.keys.Channel, keys.Channel) &&
      this.hasKey(plan.keys.Provider_Name, keys.Provider_Name)
    );
  }

  private hasKey(value: number, known: KnownBytes): boolean {
    return value < 0 || this.instances.isValue(value, known);
  }

  private make(structure: Structure, plan: FieldPlan): EventShape | undefined {
    const { layout } = structure;
    if (layout === undefined) return undefined;
    const constants = new Map(plan.constants);
    for (const name of keyNames) {
      const text = this.keyText(plan.keys[name]);
      if (text !== undefined) constants.set(name, text);
    }
    this.made++;
    const bytesOf = (name: KeyName): KnownBytes => this.keyBytes(plan.keys[name]);
    const keys = {
      Channel: bytesOf('Channel'),
      EventID: bytesOf('EventID'),
      Provider_Name: bytesOf('Provider_Name'),
    };
    return new EventShape(constants, { layout, plan, keys, keyTypes: this.keyTypes(plan) });
  }

  private keyTypes({ keys }: FieldPlan): Record<KeyName, number> {
    const type = (name: KeyName): number => this.slotType(keys[name]);
    return { Channel: type('Channel'), EventID: type('EventID'), Provider_Name: type('Provider_Name') };
  }

  private slotType(value: number): number {
    const descriptor = this.instances.descriptor[value] ?? 0;
    return value < 0 ? slotTypes.utf16 : slotTypeOf(typeOf(descriptor), sizeOf(descriptor));
  }

  private keyText(value: number): string | undefined {
    if (value < 0) return undefined;
    const { offset, descriptor } = this.instances;
    const size = sizeOf(descriptor[value] ?? 0);
    const text = decodeSlot(this.chunk.bytes, offset[value] ?? 0, size, this.slotType(value));
    return text?.replace(/\0+$/, '');
  }

  private keyBytes(value: number): KnownBytes {
    const { offset, descriptor } = this.instances;
    return keepBytes(this.chunk, offset[value] ?? 0, value < 0 ? 0 : sizeOf(descriptor[value] ?? 0));
  }
}
