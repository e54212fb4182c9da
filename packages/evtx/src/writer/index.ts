// Writing logs: for tests, and for the demonstration's evidence.

export type { EvtxRecord } from './chunk-writer.ts';
export {
  defineEvent,
  eventBody,
  type EventFields,
  type EventKind,
  type EventKindSpec,
  type EventOccurrence,
} from './event-kind.ts';
export { createEvtxWriter, writeEvtx, type EvtxWriter, type EvtxWriterOptions } from './evtx-writer.ts';
export {
  defineTemplate,
  type EvtxContent,
  type EvtxElement,
  type EvtxInstance,
  type EvtxSlot,
  type EvtxTemplate,
} from './template.ts';
export type { EvtxScalar, EvtxValue, ScalarType, SlotType } from './value-types.ts';
