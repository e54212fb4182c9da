import { anyLiteral, type Batch, type Shape, type SlotType } from './shape.ts';

/** Where a record begins and ends, and what it is. */
export interface RecordHead {
  readonly shape: Shape;
  /** Byte offset in the source. */
  readonly at: number;
  /** 1-based, 0 where there are no lines. */
  readonly line: number;
  /** Raw bytes in the builder's buffer. */
  readonly start: number;
  readonly end: number;
  readonly sampled?: boolean;
  /** {@link Batch.held}; absent: any. */
  readonly held?: number;
}

/**
 * Grows the arrays of a {@link Batch}. A reader makes one, fills it, hands `batch()` over, calls `reset()`.
 * The arrays are reused, so nothing is allocated in the steady state.
 */
export class BatchBuilder {
  count = 0;
  private slots = 0;
  private buffer: Uint8Array;
  private readonly shapes: Shape[] = [];
  private readonly shapeIndex = new Map<Shape, number>();
  private shapeOf = new Int32Array(64);
  private at = new Float64Array(64);
  private line = new Float64Array(64);
  private start = new Int32Array(64);
  private end = new Int32Array(64);
  private sampled = new Uint8Array(64);
  private held = new Uint8Array(64);
  private slotStart = new Int32Array(65);
  private offset = new Int32Array(1024);
  private length = new Int32Array(1024);
  private type = new Uint8Array(1024);

  constructor(buffer: Uint8Array) {
    this.buffer = buffer;
  }

  /** Forgets all records; `buffer` replaces the bytes the next ones point into. */
  reset(buffer: Uint8Array = this.buffer): void {
    this.buffer = buffer;
    this.count = 0;
    this.slots = 0;
    this.shapes.length = 0;
    this.shapeIndex.clear();
  }

  /** Begins a record; its slots follow with {@link slot}, one for each field of the shape, in order. */
  record(head: RecordHead): void {
    if (this.count === this.shapeOf.length) this.growRecords();
    const r = this.count++;
    this.shapeOf[r] = this.indexOf(head.shape);
    this.at[r] = head.at;
    this.line[r] = head.line;
    this.start[r] = head.start;
    this.end[r] = head.end;
    this.sampled[r] = head.sampled === true ? 1 : 0;
    this.held[r] = head.held ?? anyLiteral;
    this.slotStart[r] = this.slots;
    this.slotStart[r + 1] = this.slots;
  }

  slot(offset: number, length: number, type: SlotType): void {
    if (this.slots === this.offset.length) this.growSlots();
    const s = this.slots++;
    this.offset[s] = offset;
    this.length[s] = length;
    this.type[s] = type;
    this.slotStart[this.count] = this.slots;
  }

  batch(): Batch {
    const { buffer, shapes, count, shapeOf, at, line, start, end, sampled, held } = this;
    const { slotStart, offset, length, type } = this;
    const records = { shapeOf, at, line, start, end, sampled, held };
    return { buffer, shapes, count, ...records, slotStart, offset, length, type };
  }

  private indexOf(shape: Shape): number {
    const known = this.shapeIndex.get(shape);
    if (known !== undefined) return known;
    this.shapes.push(shape);
    this.shapeIndex.set(shape, this.shapes.length - 1);
    return this.shapes.length - 1;
  }

  private growRecords(): void {
    const size = this.shapeOf.length * 2;
    this.shapeOf = copyInto(new Int32Array(size), this.shapeOf);
    this.at = copyInto(new Float64Array(size), this.at);
    this.line = copyInto(new Float64Array(size), this.line);
    this.start = copyInto(new Int32Array(size), this.start);
    this.end = copyInto(new Int32Array(size), this.end);
    this.sampled = copyInto(new Uint8Array(size), this.sampled);
    this.held = copyInto(new Uint8Array(size), this.held);
    this.slotStart = copyInto(new Int32Array(size + 1), this.slotStart);
  }

  private growSlots(): void {
    const size = this.offset.length * 2;
    this.offset = copyInto(new Int32Array(size), this.offset);
    this.length = copyInto(new Int32Array(size), this.length);
    this.type = copyInto(new Uint8Array(size), this.type);
  }
}

function copyInto<T extends Int32Array | Float64Array | Uint8Array>(target: T, from: T): T {
  target.set(from);
  return target;
}
