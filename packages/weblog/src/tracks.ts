import {
  limits,
  maxTime,
  minTime,
  textShape,
  type ReadOptions,
  type Shape,
  type ShapeSummary,
  type Ticks,
} from '@postern/core';
import { shapeKey, type Layout, type TextTrack, type Track } from './layout.ts';
import { Tally, type Hours } from './tally.ts';

/** The shapes met in one source, each with its scanner and its counts. The same header makes no second one. */
export class Tracks {
  readonly hours: Hours = new Map();
  private readonly scannerFor: NonNullable<ReadOptions['scannerFor']>;
  private readonly byShape = new Map<string, Track>();
  private readonly texts = new Map<string, TextTrack>();

  constructor(scannerFor: ReadOptions['scannerFor']) {
    this.scannerFor = scannerFor ?? (() => undefined);
  }

  /** The track of a layout; undefined if the source has more shapes than it may have. */
  of(layout: Layout): Track | undefined {
    const key = shapeKey(layout.shape);
    const known = this.byShape.get(key);
    if (known !== undefined) return known;
    if (this.byShape.size >= limits.shapesPerSource) return undefined;
    const shape = keep(key, layout.shape);
    const text = this.textOf(shape.family, shape.recorder);
    const tally = new Tally(this.hours);
    const track = { layout: { ...layout, shape }, tally, scanner: this.scannerFor(shape), text };
    this.byShape.set(key, track);
    return track;
  }

  /** A track for rows whose columns nobody knows: all of them are text. */
  withoutColumns(family: string, recorder: string): Track {
    const text = this.textOf(family, recorder);
    const layout: Layout = {
      shape: text.shape,
      columns: -1,
      csv: false,
      types: [],
      eventData: undefined,
      timeFirst: false,
    };
    return { layout, tally: text.tally, scanner: text.scanner, text };
  }

  summaries(): readonly ShapeSummary[] {
    const all = [...this.byShape.values()].map(({ layout, tally }) => tally.summary(layout.shape));
    const texts = [...this.texts.values()].map(({ shape, tally }) => tally.summary(shape));
    return [...all, ...texts].filter(({ records }) => records > 0);
  }

  private textOf(family: string, recorder: string): TextTrack {
    const key = `${family} ${recorder}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const shape = keep(`text ${key}`, textShape(family, recorder));
    const track = { shape, tally: new Tally(this.hours), scanner: this.scannerFor(shape) };
    this.texts.set(key, track);
    return track;
  }
}

const shapes = new Map<string, Shape>();
const shapesKept = 512;

/** Equal shapes of several sources are one, so that what others make for a shape is made once. */
function keep(key: string, shape: Shape): Shape {
  const known = shapes.get(key);
  if (known !== undefined) return known;
  // Hostile logs may have any number; those are made anew.
  if (shapes.size < shapesKept) shapes.set(key, shape);
  return shape;
}

/** First and last time over several shapes. */
export function spanOf(summaries: readonly ShapeSummary[]): {
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
} {
  let first: Ticks | undefined;
  let last: Ticks | undefined;
  for (const summary of summaries) {
    first = minTime(first, summary.first);
    last = maxTime(last, summary.last);
  }
  return { first, last };
}
