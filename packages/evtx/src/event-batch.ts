import { limits, slotTypes, type Batch, type Shape } from '@postern/core';
import type { Chunk } from './chunk.ts';
import { absent, compoundAt, writtenTime, type Compound, type FieldPlan } from './field-plan.ts';
import { valueTypes } from './format.ts';
import type { Instances } from './instances.ts';
import { sizeOf, slotFiller, textLength, typeOf, type FillSlots } from './record-values.ts';
import { slotTypeOf } from './slot-type.ts';

/** Records of one chunk are no more: each has 28 bytes at least. */
const mostRecords = 2400;
const mostSlots = 65_536;
/** Bytes of an entry of a list: offset, length, type. */
const entryBytes = 12;
/** Room behind the window for lists and for texts that templates fix. */
export const tailBytes = 524_288;
/** Left free before a record is begun: its lists take no more. */
const tailOfRecord: number = tailBytes / 2;

/**
 * The records of a batch, with fixed arrays that are used again: nothing is allocated while records are added. One
 * chunk always fits, unless its records have far more fields than values; then it is handed over in pieces.
 */
export class EventBatch {
  count = 0;
  private slots = 0;
  private readonly chunk: Chunk;
  private readonly instances: Instances;
  private shapes: readonly Shape[] = [];
  private readonly shapeOf = new Int32Array(mostRecords);
  private readonly at = new Float64Array(mostRecords);
  private readonly line = new Float64Array(mostRecords);
  private readonly start = new Int32Array(mostRecords);
  private readonly end = new Int32Array(mostRecords);
  private readonly sampled = new Uint8Array(mostRecords);
  private readonly slotStart = new Int32Array(mostRecords + 1);
  private readonly offset = new Int32Array(mostSlots);
  private readonly length = new Int32Array(mostSlots);
  private readonly type = new Uint8Array(mostSlots);
  private readonly tailStart: number;
  private readonly fillSlots: FillSlots;
  private tail: number;

  /** The last {@link tailBytes} of the chunk's window are for this batch. */
  constructor(chunk: Chunk, instances: Instances) {
    this.chunk = chunk;
    this.instances = instances;
    this.tailStart = chunk.bytes.length - tailBytes;
    this.tail = this.tailStart;
    const { offset, length, type } = this;
    this.fillSlots = slotFiller(instances, chunk.bytes, { offset, length, type });
  }

  reset(shapes: readonly Shape[]): void {
    this.shapes = shapes;
    this.count = 0;
    this.slots = 0;
    this.tail = this.tailStart;
  }

  /** Whether one more record of any kind may not fit. */
  get isFull(): boolean {
    return (
      this.count === mostRecords ||
      this.slots > mostSlots - limits.fieldsPerShape ||
      this.tail > this.tailStart + tailOfRecord
    );
  }

  /** Begins a record; its slots follow. `at` is its place in the source, `start..end` in the window. */
  begin(shape: number, at: number, start: number, end: number): void {
    const r = this.count++;
    this.shapeOf[r] = shape;
    this.at[r] = at;
    this.start[r] = start;
    this.end[r] = end;
    this.sampled[r] = 0;
  }

  /** Marks the record that was begun last. */
  sample(): void {
    this.sampled[this.count - 1] = 1;
  }

  /** All slots of the record in {@link Instances}, of which the header begins at `start`. */
  fill(plan: FieldPlan, start: number): void {
    const first = this.slots;
    this.fillSlots(plan.direct, first);
    this.slots += plan.direct.length;
    for (const slot of plan.special) {
      this.special(plan, plan.values[slot] ?? absent, { s: first + slot, start });
    }
    this.slotStart[this.count] = this.slots;
    if (!plan.time.isText) this.mendTime(plan.time.slot, start);
  }

  /** A slot that is none of the record's values. */
  private special(plan: FieldPlan, value: number, { s, start }: SlotOfRecord): void {
    if (value === absent) this.put(s, 0, 0, slotTypes.null);
    else if (value === writtenTime) this.put(s, start + 16, 8, slotTypes.filetime);
    else this.compound(plan, plan.compounds[compoundAt(value)], s);
  }

  /** The texts of a record that cannot be read: places in the window of UTF-16. */
  texts(places: Int32Array, count: number): void {
    const begin = this.tail;
    for (let i = 0; i < count; i++) this.entry(places[2 * i] ?? 0, places[2 * i + 1] ?? 0, slotTypes.utf16);
    this.put(this.slots++, begin, this.tail - begin, slotTypes.list);
    this.slotStart[this.count] = this.slots;
  }

  batch(): Batch {
    const { shapes, count, shapeOf, at, line, start, end, slotStart, offset, length, type, sampled } = this;
    const buffer = this.chunk.bytes;
    return { buffer, shapes, count, shapeOf, at, line, start, end, slotStart, offset, length, type, sampled };
  }

  // oxlint-disable-next-line max-params -- called for slots of nearly every record
  private put(s: number, offset: number, length: number, type: number): void {
    this.offset[s] = offset;
    this.length[s] = length;
    this.type[s] = type;
  }

  /** A time that is null or no time at all gives way to the one in the record's header. */
  private mendTime(slot: number, start: number): void {
    const s = (this.slotStart[this.count - 1] ?? 0) + slot;
    if (this.type[s] === slotTypes.filetime && this.length[s] === 8) return;
    this.offset[s] = start + 16;
    this.length[s] = 8;
    this.type[s] = slotTypes.filetime;
  }

  private compound(plan: FieldPlan, compound: Compound | undefined, s: number): void {
    if (compound === undefined) return this.put(s, 0, 0, slotTypes.null);
    if (!compound.isPlain) {
      const { offset, length, type } = this.placed(plan, compound);
      return this.put(s, offset, length, type);
    }
    const begin = this.tail;
    for (const value of compound.pieces) if (typeof value === 'number') this.valueEntry(value);
    this.put(s, begin, this.tail - begin, compoundTypes[compound.kind]);
  }

  private valueEntry(value: number): void {
    const { offset, descriptor } = this.instances;
    if (value < 0) return this.entry(0, 0, slotTypes.null);
    const from = offset[value] ?? 0;
    const type = typeOf(descriptor[value] ?? 0);
    const size = sizeOf(descriptor[value] ?? 0);
    const length = type === valueTypes.utf16 ? textLength(this.chunk.bytes, from, size) : size;
    this.entry(from, length, slotTypeOf(type, length));
  }

  /** Fixed texts and inner compounds come first, for the entries of one list stand together. */
  private placed(plan: FieldPlan, compound: Compound): Placed {
    const places = compound.pieces.map((piece) => this.placedPiece(plan, piece));
    const offset = this.tail;
    for (const [index, place] of places.entries()) {
      if (place !== undefined) this.entry(place.offset, place.length, place.type);
      else this.valueEntry(Number(compound.pieces[index]));
    }
    return { offset, length: this.tail - offset, type: compoundTypes[compound.kind] };
  }

  private placedPiece(plan: FieldPlan, piece: string | number): Placed | undefined {
    if (typeof piece === 'string') return this.placedText(piece);
    const inner = piece < writtenTime ? plan.compounds[compoundAt(piece)] : undefined;
    return inner === undefined ? undefined : this.placed(plan, inner);
  }

  private placedText(text: string): Placed {
    const offset = this.tail;
    // A text that repeats itself past all reason is left out.
    const length = offset + 2 * text.length > this.chunk.bytes.length ? 0 : 2 * text.length;
    for (let i = 0; 2 * i < length; i++) this.chunk.view.setUint16(offset + 2 * i, text.charCodeAt(i), true);
    this.tail += length;
    return { offset, length, type: slotTypes.utf16 };
  }

  private entry(offset: number, length: number, type: number): void {
    const { view } = this.chunk;
    if (this.tail + entryBytes > view.byteLength) return;
    view.setUint32(this.tail, offset, true);
    view.setUint32(this.tail + 4, length, true);
    view.setUint32(this.tail + 8, type, true);
    this.tail += entryBytes;
  }
}

/** A slot, and where its record begins in the window. */
interface SlotOfRecord {
  readonly s: number;
  readonly start: number;
}

interface Placed {
  readonly offset: number;
  readonly length: number;
  readonly type: number;
}

const compoundTypes = { list: slotTypes.list, joined: slotTypes.joined } as const;
