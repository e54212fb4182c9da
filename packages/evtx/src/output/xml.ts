import { shapeOfRecord, slotTypes, type Batch, type Shape, type SlotPlace } from '@postern/core';
import { EventShape } from '../event-shape.ts';
import { xmlEscapes } from './escape.ts';
import { SlotReader } from './slot-reader.ts';
import { encoded, TextSink } from './text-sink.ts';
import { isList, writeScalar, writeText, type ValueStyle } from './value-text.ts';
import { xmlLayoutOf, type XmlElement, type XmlLeaf } from './xml-layout.ts';

const style: ValueStyle = { escapes: xmlEscapes, braces: true };
const empty = encoded('/>');
const end = encoded('>');
const space = encoded(' ');
const quote = encoded('"');
const layouts = new WeakMap<EventShape, readonly XmlElement[]>();

/**
 * Writes a record as the XML that its templates say, on one line and without a declaration. Elements are repeated for
 * each item of an array; characters that XML cannot hold are U+FFFD. A record that cannot be read, or of another
 * reader, is one element `Record` with a `Field` for each value. Before one that is no part of the log stands how it was
 * found: `<?recovered carved?>`.
 */
export function writeXml(sink: TextSink, batch: Batch, record: number): void {
  const shape = shapeOfRecord(batch, record);
  writer.begin(sink, batch, record);
  if (!(shape instanceof EventShape)) return writer.fields(shape);
  const known = layouts.get(shape);
  const layout = known ?? xmlLayoutOf(shape);
  if (known === undefined) layouts.set(shape, layout);
  const how = shape.constants.get('Recovered');
  if (how !== undefined) sink.text(`<?recovered ${how}?>`);
  for (const element of layout) writer.element(element);
}

/** As {@link writeXml}, as a text of its own. */
export function eventToXml(batch: Batch, record: number): string {
  const sink = new TextSink(4096);
  writeXml(sink, batch, record);
  return sink.toString();
}

class XmlWriter {
  private sink = new TextSink(0);
  private readonly slots = new SlotReader();

  begin(sink: TextSink, batch: Batch, record: number): void {
    sink.begin();
    this.sink = sink;
    this.slots.begin(batch, record);
  }

  element(element: XmlElement): void {
    const { dependsOn, text } = element;
    if (dependsOn >= 0 && this.slots.typeOf(dependsOn) === slotTypes.null) return;
    if (text === undefined || text.fixed !== undefined) return this.tag(element, undefined);
    const place = this.slots.place(text.slot, text.item);
    if (place.type === slotTypes.null && text.optional) return;
    if (!isList(place.type)) return this.tag(element, place.type === slotTypes.null ? undefined : place);
    const items = this.slots.items(place);
    if (items.length === 0) this.tag(element, undefined);
    for (const item of items) this.tag(element, item);
  }

  fields(shape: Shape): void {
    const { sink } = this;
    sink.text('<Record>');
    for (const [slot, name] of shape.fields.entries()) {
      for (const item of this.slots.items(this.slots.place(slot, -1))) this.field(name, item);
    }
    sink.text('</Record>');
  }

  private field(name: string, place: SlotPlace): void {
    this.sink.text('<Field Name="');
    writeText(this.sink, name, xmlEscapes);
    this.sink.text('">');
    writeScalar(this.sink, this.slots.buffer, place, style);
    this.sink.text('</Field>');
  }

  private tag(element: XmlElement, value: SlotPlace | undefined): void {
    const { sink } = this;
    sink.piece(element.open);
    // The value stands in the reader's own place, which attributes use too.
    const kept = value === undefined || element.attributes.length === 0 ? value : { ...value };
    for (const attribute of element.attributes) this.attribute(attribute);
    const fixed = element.text?.fixed;
    if (element.isInstruction) sink.piece(space);
    else if (kept === undefined && fixed === undefined && element.children.length === 0)
      return sink.piece(empty);
    else sink.piece(end);
    if (kept !== undefined) writeScalar(sink, this.slots.buffer, kept, style);
    else if (fixed !== undefined) sink.piece(fixed);
    for (const child of element.children) this.element(child);
    sink.piece(element.close);
  }

  private attribute({ before, fixed, slot, item }: XmlLeaf): void {
    const place = fixed === undefined ? this.slots.place(slot, item) : undefined;
    if (place?.type === slotTypes.null || fixed?.length === 0) return;
    this.sink.piece(before);
    if (place === undefined) this.sink.piece(fixed ?? before);
    else writeScalar(this.sink, this.slots.buffer, place, style);
    this.sink.piece(quote);
  }
}

const writer = new XmlWriter();
