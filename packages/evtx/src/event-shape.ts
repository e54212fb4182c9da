import { textShape, type Shape, type TimeField } from '@postern/core';
import type { EventLayout } from './event-layout.ts';
import type { FieldPlan, KeyName } from './field-plan.ts';
import type { KnownBytes } from './known-bytes.ts';
import type { Finding } from './recovery.ts';

/** What is needed to fill the slots of a shape's records and to write them. */
export interface EventShapeParts {
  readonly layout: EventLayout;
  readonly plan: FieldPlan;
  /** Bytes of the values of channel, event id and provider. */
  readonly keys: Readonly<Record<KeyName, KnownBytes>>;
  /** Types of these values: an event id that is a number is written as one. */
  readonly keyTypes: Readonly<Record<KeyName, number>>;
}

/** The shape of event records, with the layout that it was made of: what writes records finds it by `instanceof`. */
export class EventShape implements Shape {
  readonly family = 'windows-event';
  readonly recorder: string;
  readonly fields: readonly string[];
  readonly constants: ReadonlyMap<string, string>;
  readonly time: TimeField;
  readonly binary = true;
  /** Recovered records are no part of the log: they witness, but cover nothing. */
  readonly excerpt?: boolean;
  readonly parts: EventShapeParts;
  /** Its number within the source that is being read, and which source that is: for the reader alone. */
  local = -1;
  source = -1;
  private readonly forRecovered = new Map<Finding, EventShape>();

  constructor(constants: ReadonlyMap<string, string>, parts: EventShapeParts) {
    const { slot, isText } = parts.plan.time;
    this.recorder = `windows:${constants.get('Channel') ?? 'unknown'}`;
    this.fields = parts.plan.fields;
    this.constants = constants;
    this.time = isText ? { kind: 'iso', slot } : { kind: 'filetime', slot };
    this.parts = parts;
    if (constants.has('Recovered')) this.excerpt = true;
  }

  /** The same shape for records that were found outside of the log. */
  recovered(how: Finding): EventShape {
    const known = this.forRecovered.get(how);
    if (known !== undefined) return known;
    const made = new EventShape(new Map([...this.constants, ['Recovered', how]]), this.parts);
    this.forRecovered.set(how, made);
    return made;
  }
}

/** The shape of records that cannot be read: what texts they hold are in the field `text`. */
export const damagedShape: Shape = { ...textShape('windows-event', 'windows:unknown'), binary: true };
