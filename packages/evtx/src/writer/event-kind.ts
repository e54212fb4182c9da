// The two nested templates that events of Windows have: the outer one with `System`, the inner one with the data.

import { defineTemplate, type EvtxElement, type EvtxInstance, type EvtxTemplate } from './template.ts';
import type { EvtxValue, SlotType } from './value-types.ts';

/** What an event carries beside `System`. */
export type EventFields =
  /** `EventData/Data@Name`, as providers with a manifest write it. */
  | { readonly form: 'named'; readonly fields: readonly (readonly [name: string, type: SlotType])[] }
  /** A list of unnamed `Data` and perhaps `Binary`, as older providers write it: values are a list and bytes. */
  | { readonly form: 'unnamed' }
  /** `UserData/<element>/<field>`. */
  | {
      readonly form: 'user';
      readonly element: string;
      readonly namespace: string;
      readonly fields: readonly (readonly [name: string, type: SlotType])[];
    }
  /** An empty `EventData`. */
  | { readonly form: 'none' };

/** What all events of one kind have in common. */
export interface EventKindSpec {
  readonly provider: string;
  /** Providers with a manifest have one. */
  readonly guid?: string;
  /** Old name of a provider that has a manifest by now. */
  readonly sourceName?: string;
  readonly channel: string;
  readonly id: number;
  readonly version?: number;
  readonly level?: number;
  readonly task?: number;
  readonly opcode?: number;
  readonly keywords?: bigint;
  readonly qualifiers?: number;
  readonly data: EventFields;
}

export interface EventKind {
  readonly spec: EventKindSpec;
  readonly outer: (computer: string) => EvtxTemplate;
  readonly inner: EvtxTemplate;
}

/** One event of a kind. */
export interface EventOccurrence {
  /** As in `EvtxRecord`. */
  readonly time: number | bigint;
  readonly record: number | bigint;
  readonly computer: string;
  readonly process?: number;
  readonly thread?: number;
  /** SID of who caused it. */
  readonly user?: string;
  readonly activity?: string;
  readonly relatedActivity?: string;
  /** In the order of the kind's fields. */
  readonly values: readonly EvtxValue[];
}

const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const DATA_SLOT = 17;
/** What Windows puts into the outer template's slots, used by the provider's form or not. */
const SYSTEM_TYPES: readonly SlotType[] = [
  'uint8',
  'uint8',
  'uint16',
  'uint16',
  'uint16',
  'hex64',
  'filetime',
  'guid',
  'uint32',
  'uint32',
  'uint64',
  'uint8',
  'sid',
  'guid',
  'string',
  'guid',
  'string',
  'binxml',
];

const slot = (number: number, type: SlotType) => ({ slot: number, type, isOptional: true });

function leaf(name: string, number: number, type: SlotType): EvtxElement {
  return { name, children: [slot(number, type)], dependsOn: number };
}

function providerElement(spec: EventKindSpec): EvtxElement {
  if (spec.guid === undefined) return { name: 'Provider', attributes: [['Name', spec.provider]] };
  if (spec.sourceName === undefined)
    return {
      name: 'Provider',
      attributes: [
        ['Name', slot(14, 'string')],
        ['Guid', slot(15, 'guid')],
      ],
    };
  return {
    name: 'Provider',
    attributes: [
      ['Name', spec.provider],
      ['Guid', `{${spec.guid.toLowerCase()}}`],
      ['EventSourceName', spec.sourceName],
    ],
  };
}

const EVENT_ID: EvtxElement = {
  name: 'EventID',
  attributes: [['Qualifiers', slot(4, 'uint16')]],
  children: [slot(3, 'uint16')],
  dependsOn: 3,
};

const TIME_CREATED: EvtxElement = { name: 'TimeCreated', attributes: [['SystemTime', slot(6, 'filetime')]] };

const CORRELATION: EvtxElement = {
  name: 'Correlation',
  attributes: [
    ['ActivityID', slot(7, 'guid')],
    ['RelatedActivityID', slot(13, 'guid')],
  ],
};

const EXECUTION: EvtxElement = {
  name: 'Execution',
  attributes: [
    ['ProcessID', slot(8, 'uint32')],
    ['ThreadID', slot(9, 'uint32')],
  ],
};

const SECURITY: EvtxElement = { name: 'Security', attributes: [['UserID', slot(12, 'sid')]] };

function systemElement(spec: EventKindSpec, computer: string): EvtxElement {
  const hasManifest = spec.guid !== undefined;
  const head = [providerElement(spec), EVENT_ID];
  const version = hasManifest ? [leaf('Version', 11, 'uint8')] : [];
  const opcode = hasManifest ? [leaf('Opcode', 1, 'uint8')] : [];
  const middle = [
    leaf('Level', 0, 'uint8'),
    leaf('Task', 2, 'uint16'),
    ...opcode,
    leaf('Keywords', 5, 'hex64'),
  ];
  const execution = hasManifest ? [CORRELATION, EXECUTION] : [];
  const channel: EvtxElement = hasManifest
    ? leaf('Channel', 16, 'string')
    : { name: 'Channel', children: [spec.channel] };
  const tail = [channel, { name: 'Computer', children: [computer] }, SECURITY];
  return {
    name: 'System',
    children: [
      ...head,
      ...version,
      ...middle,
      TIME_CREATED,
      leaf('EventRecordID', 10, 'uint64'),
      ...execution,
      ...tail,
    ],
  };
}

/** Providers of one form share the outer template, as in real logs; a few dozen in all. */
const outerTemplates = new Map<string, EvtxTemplate>();

function outerTemplate(spec: EventKindSpec, computer: string): EvtxTemplate {
  const root: EvtxElement = {
    name: 'Event',
    attributes: [['xmlns', EVENT_NAMESPACE]],
    children: [systemElement(spec, computer), slot(DATA_SLOT, 'binxml')],
  };
  const template = defineTemplate(root, { types: SYSTEM_TYPES });
  const found = outerTemplates.get(template.guid) ?? template;
  outerTemplates.set(template.guid, found);
  return found;
}

function namedData(fields: readonly (readonly [string, SlotType])[]): EvtxElement {
  return {
    name: 'EventData',
    children: fields.map(([name, type], index) => ({
      name: 'Data',
      attributes: [['Name', name]],
      children: [{ slot: index, type }],
    })),
  };
}

const UNNAMED_DATA: EvtxElement = {
  name: 'EventData',
  children: [leaf('Data', 0, 'string[]'), leaf('Binary', 2, 'binary')],
};

function innerElement(data: EventFields): EvtxElement {
  switch (data.form) {
    case 'named':
      return namedData(data.fields);
    case 'unnamed':
      return UNNAMED_DATA;
    case 'user':
      return {
        name: 'UserData',
        children: [
          {
            name: data.element,
            attributes: [['xmlns', data.namespace]],
            children: data.fields.map(([name, type], index) => ({ name, children: [{ slot: index, type }] })),
          },
        ],
      };
    case 'none':
      return { name: 'EventData' };
  }
}

/** Settles what events of one kind have in common: the templates, as Windows forms them. */
export function defineEvent(spec: EventKindSpec): EventKind {
  const known = new Map<string, EvtxTemplate>();
  const outer = (computer: string): EvtxTemplate => {
    const found = known.get(computer) ?? outerTemplate(spec, computer);
    known.set(computer, found);
    return found;
  };
  return { spec, outer, inner: defineTemplate(innerElement(spec.data)) };
}

/** An older provider's values: a list, and bytes where there are some. */
function innerValues(data: EventFields, values: readonly EvtxValue[]): readonly EvtxValue[] {
  if (data.form !== 'unnamed') return values;
  const [list = null, binary = null] = values;
  return [list, null, binary];
}

function innerInstance(kind: EventKind, occurrence: EventOccurrence): EvtxInstance {
  const isOld = kind.spec.data.form === 'unnamed';
  const values = innerValues(kind.spec.data, occurrence.values);
  return { template: kind.inner, values, ...(isOld && { hasFragmentHeader: true }) };
}

/** The body of a record of this kind. */
export function eventBody(kind: EventKind, occurrence: EventOccurrence): EvtxInstance {
  const { spec } = kind;
  const hasManifest = spec.guid !== undefined;
  const values: EvtxValue[] = [
    spec.level ?? 4,
    spec.opcode ?? 0,
    spec.task ?? 0,
    spec.id,
    spec.qualifiers ?? null,
    spec.keywords ?? 0x8000_0000_0000_0000n,
    occurrence.time,
    occurrence.activity ?? null,
    occurrence.process ?? 4,
    occurrence.thread ?? 8,
    occurrence.record,
    spec.version ?? 0,
    occurrence.user ?? null,
    occurrence.relatedActivity ?? null,
    hasManifest ? spec.provider : null,
    spec.guid ?? null,
    hasManifest ? spec.channel : null,
    innerInstance(kind, occurrence),
  ];
  return { template: kind.outer(occurrence.computer), values };
}
