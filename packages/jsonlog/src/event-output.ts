import { limits, slotTypes, textShape, type ReadSink } from '@postern/core';
import { eventShapeOf, type EventShape } from './event-shape.ts';
import type { Feed } from './feed.ts';
import type { LayoutNode } from './layout.ts';
import type { ObjectScanner } from './object-scanner.ts';
import type { Problems } from './problems.ts';
import { RecordOutput } from './record-output.ts';
import { readMoment, readUnixMoment, type Moment, type ShapeTally } from './tally.ts';
import { isUtf8 } from './transcode.ts';

/** The shape of what is no event. */
const damagedShape = textShape('windows-event', 'windows:unknown');
/** `null` */
const nullBytes = [0x6e, 0x75, 0x6c, 0x6c];
/** Brackets around a list that is put together. */
export const listBytes = 16;

/** Turns scanned records into batches and counts them. */
export class EventOutput {
  readonly records: RecordOutput;
  private readonly feed: Feed;
  private readonly scanner: ObjectScanner;
  private readonly tallies = new Map<EventShape, ShapeTally>();
  private readonly moment: Moment = { seconds: Number.NaN, fraction: 0, zoned: false };

  constructor(feed: Feed, scanner: ObjectScanner, sink: ReadSink, problems: Problems) {
    this.feed = feed;
    this.scanner = scanner;
    this.records = new RecordOutput(feed, sink, problems, damagedShape);
  }

  /** The record that was just scanned, at `start..end` of the feed. */
  record(start: number, end: number): void {
    const { records, scanner, feed } = this;
    const event = this.shapeOf(scanner.node);
    const tally = event === undefined ? undefined : this.tallies.get(event);
    if (event === undefined || tally === undefined) {
      return records.damaged(start, end, scanner.trouble ?? 'LAYOUTS_LIMIT');
    }
    if (scanner.hasHighBytes && !isUtf8(feed.buffer, start, end)) records.problem('NOT_UTF8', start);
    if (!event.isEvent) records.problem('NOT_EVENT', start);
    records.begin(tally, start, end, event.params.length === 0 ? 0 : end - start + listBytes);
    this.slots(event);
    this.time(event, tally, start);
  }

  private shapeOf(end: LayoutNode | undefined): EventShape | undefined {
    if (end === undefined) return undefined;
    end.shape ??= this.newShape(end);
    return end.shape === 'refused' ? undefined : end.shape;
  }

  private newShape(end: LayoutNode): EventShape | 'refused' {
    if (this.tallies.size === limits.shapesPerSource) return 'refused';
    const made = eventShapeOf(end);
    this.tallies.set(made, this.records.tally.shape(made.shape));
    return made;
  }

  private slots(event: EventShape): void {
    const { records, scanner } = this;
    for (const index of event.plan) {
      const from = scanner.from[index] ?? 0;
      if (index < 0) this.list(event.params);
      else records.slot(from, (scanner.to[index] ?? 0) - from, scanner.type[index] ?? slotTypes.null);
    }
  }

  /** `param1`, `param2` … as the list that they were in the event. */
  private list(params: readonly number[]): void {
    const { scanner, records } = this;
    const pieces = params.flatMap((index, place) => {
      const quotes = scanner.type[index] === slotTypes.jsonString ? 1 : 0;
      const [from, to] = [(scanner.from[index] ?? 0) - quotes, (scanner.to[index] ?? 0) + quotes];
      // A value that has no text stands nowhere.
      return [place === 0 ? 0x5b : 0x2c, ...(from === to ? nullBytes : [[from, to] as const])];
    });
    records.madeOf([...pieces, 0x5d], slotTypes.jsonValue);
  }

  private time(event: EventShape, tally: ShapeTally, start: number): void {
    const { scanner, moment, feed, records } = this;
    if (event.time < 0) return records.problem('NO_TIME', start);
    const from = scanner.from[event.time] ?? 0;
    const length = (scanner.to[event.time] ?? 0) - from;
    if (event.timeIs === 'iso') readMoment(feed.buffer, from, length, moment);
    else readUnixMoment(feed.buffer, from, length, moment);
    if (event.localTime && !moment.zoned) records.problem('LOCAL_TIME', start);
    records.time(tally, moment, start);
  }
}
