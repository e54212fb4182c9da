// Elements, templates and their instances as BinXML (MS-EVEN6 2.2.12), in the form that Windows writes.

import { putBytes, putU16, putU32, putU8, putUnits, setU16, setU32, type ByteSink } from './byte-sink.ts';
import { putName, putTemplateOffset, type ChunkNames } from './chunk-names.ts';
import {
  isContents,
  isElement,
  type EvtxContent,
  type EvtxElement,
  type EvtxInstance,
  type EvtxTemplate,
} from './template.ts';
import { NULL_TYPE, valueTypeOf, type EvtxValue, type ValueType } from './value-types.ts';
import { guidBytes, isList, putItems, putValue, unfit } from './values.ts';

const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  text: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  target: 0x0a,
  data: 0x0b,
  instance: 0x0c,
  value: 0x0d,
  optionalValue: 0x0e,
  header: 0x0f,
} as const;
/** Set on a token that is followed by more of its kind. */
const MORE = 0x40;
const NO_DEPENDENCY = 0xffff;
const STRING = 0x01;
const NULL_CODE = 0;
const DESCRIPTOR_BYTES = 4;
/** Deeper instances are a mistake of the caller's. */
const MAX_DEPTH = 32;

/** Where BinXML is written, and what the chunk knows. */
export interface XmlSink extends ByteSink {
  readonly known: ChunkNames;
}

export function putFragmentHeader(sink: ByteSink): void {
  putU8(sink, TOKEN.header);
  putU8(sink, 1);
  putU8(sink, 1);
  putU8(sink, 0);
}

export function putEnd(sink: ByteSink): void {
  putU8(sink, TOKEN.end);
}

/** Writes a size that is known afterwards: the bytes that `write` adds. */
function sized(sink: ByteSink, write: () => void): void {
  const at = sink.at;
  putU32(sink, 0);
  write();
  setU32(sink.bytes, at, sink.at - at - 4);
}

function putCounted(sink: ByteSink, text: string): void {
  putU16(sink, text.length);
  putUnits(sink, text);
}

function putContent(sink: XmlSink, content: EvtxContent, more: number): void {
  if (typeof content === 'string') {
    putU8(sink, TOKEN.text | more);
    putU8(sink, STRING);
    putCounted(sink, content);
  } else if ('slot' in content) {
    putU8(sink, content.isOptional === true ? TOKEN.optionalValue : TOKEN.value);
    putU16(sink, content.slot);
    putU8(sink, valueTypeOf(content.type).code);
  } else if ('cdata' in content) {
    putU8(sink, TOKEN.cdata | more);
    putCounted(sink, content.cdata);
  } else if ('character' in content) {
    putU8(sink, TOKEN.character | more);
    putU16(sink, content.character);
  } else if ('entity' in content) {
    putU8(sink, TOKEN.entity | more);
    putName(sink, sink.known, content.entity);
  } else {
    putU8(sink, TOKEN.target);
    putName(sink, sink.known, content.target);
    putU8(sink, TOKEN.data);
    putCounted(sink, content.data);
  }
}

function putContents(
  sink: XmlSink,
  contents: readonly (EvtxContent | EvtxElement)[],
  inTemplate: boolean,
): void {
  for (const [index, content] of contents.entries()) {
    if (isElement(content)) putElement(sink, content, inTemplate);
    else {
      const next = contents[index + 1];
      putContent(sink, content, next !== undefined && !isElement(next) ? MORE : 0);
    }
  }
}

function putAttributes(sink: XmlSink, attributes: NonNullable<EvtxElement['attributes']>): void {
  for (const [index, [name, content]] of attributes.entries()) {
    putU8(sink, TOKEN.attribute | (index + 1 < attributes.length ? MORE : 0));
    putName(sink, sink.known, name);
    putContents(sink, isContents(content) ? content : [content], true);
  }
}

/** Writes an element; only inside a template's definition does it say on which value it depends. */
export function putElement(sink: XmlSink, element: EvtxElement, inTemplate: boolean): void {
  const { attributes = [], children = [] } = element;
  putU8(sink, TOKEN.openElement | (attributes.length > 0 ? MORE : 0));
  if (inTemplate) putU16(sink, element.dependsOn ?? NO_DEPENDENCY);
  sized(sink, () => {
    putName(sink, sink.known, element.name);
    if (attributes.length > 0) sized(sink, () => putAttributes(sink, attributes));
    if (children.length === 0) {
      putU8(sink, TOKEN.closeEmpty);
      return;
    }
    putU8(sink, TOKEN.closeStart);
    putContents(sink, children, inTemplate);
    putU8(sink, TOKEN.endElement);
  });
}

function putDefinition(sink: XmlSink, template: EvtxTemplate): void {
  putBytes(sink, guidBytes(template.guid));
  sized(sink, () => {
    putFragmentHeader(sink);
    putElement(sink, template.root, true);
    putEnd(sink);
  });
}

function putScalarOrInstance(sink: XmlSink, type: ValueType, value: EvtxValue, depth: number): void {
  if (typeof value === 'object' && value !== null && 'template' in value) {
    if (type.scalar !== 'binxml' || depth > MAX_DEPTH) throw unfit(type.scalar, 'an instance');
    if (value.hasFragmentHeader === true) putFragmentHeader(sink);
    putInstance(sink, value, depth + 1);
    putEnd(sink);
    return;
  }
  if (value === null || isList(value) || (typeof value === 'object' && 'type' in value))
    throw unfit(type.scalar, value);
  putValue(sink, type.scalar, value);
}

/** Writes one value and returns the type that its descriptor says. */
function putOne(sink: XmlSink, type: ValueType, value: EvtxValue, depth: number): number {
  if (value === null) return NULL_CODE;
  if (typeof value === 'object' && 'type' in value)
    return putOne(sink, valueTypeOf(value.type), value.value, depth);
  if (!type.isArray) putScalarOrInstance(sink, type, value, depth);
  else if (isList(value)) putItems(sink, type.scalar, value);
  else throw unfit(`${type.scalar}[]`, value);
  return type.code;
}

/** Writes an instance: reference or definition, descriptors, values. The token that ends a fragment is not written. */
export function putInstance(sink: XmlSink, instance: EvtxInstance, depth = 0): void {
  const { template, values } = instance;
  putU8(sink, TOKEN.instance);
  putU8(sink, 1);
  putBytes(sink, guidBytes(template.guid).subarray(0, 4));
  if (putTemplateOffset(sink, sink.known, template)) putDefinition(sink, template);
  const count = Math.max(values.length, template.types.length);
  putU32(sink, count);
  let descriptor = sink.at;
  sink.at += count * DESCRIPTOR_BYTES;
  for (let slot = 0; slot < count; slot += 1) {
    const start = sink.at;
    const code = putOne(sink, template.types[slot] ?? NULL_TYPE, values[slot] ?? null, depth);
    setU16(sink.bytes, descriptor, sink.at - start);
    setU16(sink.bytes, descriptor + 2, code);
    descriptor += DESCRIPTOR_BYTES;
  }
}
