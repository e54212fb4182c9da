import {
  limits,
  type LogContinuity,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type Shape,
} from '@postern/core';
import type { Checksum } from './checksum.ts';
import { Continuity, isClearing } from './continuity.ts';
import { DamagedTexts } from './damaged-texts.ts';
import type { Engine } from './engine.ts';
import { recordHeaderBytes, valueTypes } from './format.ts';
import type { Fault } from './instances.ts';
import { sizeOf, typeOf } from './record-values.ts';
import type { FieldPlan } from './field-plan.ts';
import type { ProblemKind, Problems } from './problems.ts';
import { KnownRecords, type Finding } from './recovery.ts';
import { damagedShape, type EventShape } from './event-shape.ts';
import { Tally } from './tally.ts';
import { WrittenTime } from './written-time.ts';

/** Takes the records of one source: counts each, and puts those that are wanted into batches. */
export class EventOutput {
  readonly tally: Tally = new Tally();
  private readonly engine: Engine;
  private readonly problems: Problems;
  private readonly sink: ReadSink;
  private readonly wants: ReadOptions['wants'];
  private readonly sampleEvery: number;
  private readonly source: number;
  private readonly continuity = new Continuity();
  private readonly known: KnownRecords | undefined;
  private readonly checksum: Checksum;
  private readonly recoveredAs = new Map<EventShape, number>();
  private readonly shapes: Shape[] = [];
  private readonly wanted: boolean[] = [];
  private readonly isClearing: boolean[] = [];
  private readonly texts = new DamagedTexts();
  private readonly written = new WrittenTime();
  private damagedAs = -1;
  private records = 0;
  private high = 0;
  private low = 0;

  constructor(engine: Engine, problems: Problems, sink: ReadSink, options: ReadOptions) {
    this.engine = engine;
    this.problems = problems;
    this.sink = sink;
    this.wants = options.wants;
    this.sampleEvery = options.sampleEvery ?? 0;
    this.known = options.recover === true ? new KnownRecords() : undefined;
    this.checksum = engine.checksum;
    this.source = engine.sources;
    engine.batch.reset(this.shapes);
  }

  /** The record at `start..end` of the window, `at` in the source. */
  record(start: number, end: number, at: number): void {
    const { instances, shapes, chunk } = this.engine;
    this.continuity.see(chunk, start);
    this.known?.isNew(...this.identity(start, end));
    const isRead = instances.read(start + recordHeaderBytes, end - 4);
    const shape = isRead ? shapes.find() : undefined;
    if (instances.fault !== undefined) this.blame(instances.fault, at);
    if (shape === undefined) return this.damaged(start, end, at, isRead ? 'LAYOUT' : 'NO_CONTENT');
    const local = shape.source === this.source ? shape.local : this.meet(shape);
    if (local < 0) return this.damaged(start, end, at, 'SHAPES_LIMIT');
    if (this.isClearing[local] === true) this.continuity.clearing(chunk, start, shape);
    this.readTime(shape.parts.plan, start);
    if (!this.tally.see(local, this.high, this.low)) this.problems.add('TIME', at);
    const isSampled = this.isDue();
    if (this.wanted[local] !== true && !isSampled) return;
    if (this.engine.batch.isFull) this.handOver();
    this.engine.batch.begin(local, at, start, end);
    if (isSampled) this.engine.batch.sample();
    this.engine.batch.fill(shape.parts.plan, start);
  }

  /**
   * A record that is no part of the log. It is counted as recovered and nowhere else; what cannot be read, and what the
   * log has as well, is passed over.
   */
  recovered(start: number, end: number, at: number, how: Finding): void {
    const { instances, shapes, batch } = this.engine;
    if (this.known?.isNew(...this.identity(start, end)) !== true) return;
    const isRead = instances.read(start + recordHeaderBytes, end - 4);
    const shape = isRead ? shapes.find() : undefined;
    if (shape === undefined) return this.problems.add('UNREADABLE_REST', at);
    const local = this.recoveredShape(shape, how);
    if (local < 0) return this.problems.add('SHAPES_LIMIT', at);
    this.tally.recovered++;
    this.problems.add('RECOVERED', at);
    if (this.wanted[local] !== true) return;
    if (batch.isFull) this.handOver();
    batch.begin(local, at, start, end);
    batch.fill(shape.parts.plan, start);
  }

  summary(): ReadSummary & { readonly continuity: LogContinuity } {
    return { ...this.tally.summary(), continuity: this.continuity.facts() };
  }

  /** To be called before the window moves on. */
  handOver(): void {
    const { batch } = this.engine;
    if (batch.count > 0) this.sink.onBatch(batch.batch());
    batch.reset(this.shapes);
  }

  private isDue(): boolean {
    return this.sampleEvery > 0 && this.records++ % this.sampleEvery === 0;
  }

  private blame(fault: Fault, at: number): void {
    this.problems.add(fault, at);
    if (fault !== 'TEMPLATE_BORROWED') this.tally.damaged++;
  }

  private meet(shape: EventShape): number {
    if (this.shapes.length >= limits.evtxShapes) return -1;
    shape.source = this.source;
    shape.local = this.add(shape);
    this.isClearing[shape.local] = isClearing(shape);
    return shape.local;
  }

  private recoveredShape(shape: EventShape, how: Finding): number {
    const made = shape.recovered(how);
    const known = this.recoveredAs.get(made);
    if (known !== undefined) return known;
    if (this.shapes.length >= limits.evtxShapes) return -1;
    const local = this.add(made);
    this.recoveredAs.set(made, local);
    return local;
  }

  /** Id and checksum. */
  private identity(start: number, end: number): [id: number, checksum: number] {
    const { chunk } = this.engine;
    const id = chunk.u32(start + 12) * 0x1_0000_0000 + chunk.u32(start + 8);
    return [id, this.checksum(chunk.bytes.subarray(start, end), 0)];
  }

  private add(shape: Shape): number {
    this.tally.add(shape);
    this.wanted.push(this.wants === undefined || this.wants(shape));
    return this.shapes.push(shape) - 1;
  }

  /** The event's own time, else that of its record. */
  private readTime({ time }: FieldPlan, start: number): void {
    const { instances, chunk } = this.engine;
    const { value } = time;
    const offset = instances.offset[value] ?? 0;
    const type = typeOf(instances.descriptor[value] ?? 0);
    const size = sizeOf(instances.descriptor[value] ?? 0);
    const isFiletime = value >= 0 && type === valueTypes.filetime && size === 8;
    const { written } = this;
    if (time.isText && written.read(chunk, offset, size)) {
      this.low = written.low;
      this.high = written.high;
      return;
    }
    const from = isFiletime ? offset : start + 16;
    this.low = chunk.u32(from);
    this.high = chunk.u32(from + 4);
  }

  /** A record that cannot be read: the texts in it are its one field. */
  private damaged(start: number, end: number, at: number, why: ProblemKind): void {
    const { chunk, batch } = this.engine;
    const { fault } = this.engine.instances;
    const isBlamed = fault !== undefined && fault !== 'TEMPLATE_BORROWED';
    if (!isBlamed || why !== 'NO_CONTENT') this.problems.add(why, at);
    if (!isBlamed) this.tally.damaged++;
    if (this.damagedAs < 0) this.damagedAs = this.add(damagedShape);
    this.tally.see(this.damagedAs, chunk.u32(start + 20), chunk.u32(start + 16));
    this.texts.find(chunk.bytes, start + recordHeaderBytes, end - 4);
    if (batch.isFull) this.handOver();
    batch.begin(this.damagedAs, at, start, end);
    batch.texts(this.texts.places, this.texts.count);
  }
}
