import type { Shape } from '@postern/core';
import type { Reading } from '../record-values.ts';
import type { FieldPlace, ShapeFields } from '../shape-fields.ts';
import type { Column } from './atom.ts';

/** Where a shape has the columns of its group. */
export interface ColumnPlaces {
  /** Column → how its texts are read; undefined: records of the shape have none. */
  readonly readings: readonly (Reading | undefined)[];
  /** Column → its slot, where its one text is that of a slot as it stands; -1: none; -2: it is put together. */
  readonly slots: Int32Array;
  /** Column → the slot that tells whether it is there; -1: it never is; -2: it always is. */
  readonly presence: Int32Array;
}

export const nowhere = -1;
export const composed = -2;

export function placesOf(columns: readonly Column[], shape: Shape, fields: ShapeFields): ColumnPlaces {
  const readings = columns.map((column) => readingFor(column, shape, fields));
  return {
    readings,
    slots: Int32Array.from(readings, slotOf),
    presence: Int32Array.from(columns, ({ field, reads }) =>
      reads === 'leaves' ? composed : presenceOf(fields.find(field)),
    ),
  };
}

function slotOf(reading: Reading | undefined): number {
  if (reading === undefined) return nowhere;
  return reading.kind === 'slot' ? reading.slot : composed;
}

function presenceOf(place: FieldPlace | undefined): number {
  if (place === undefined) return nowhere;
  if (place.kind === 'constant') return composed;
  return place.kind === 'url' ? place.stem : place.slot;
}

/** Which texts of a shape's records a column stands for. */
export function readingFor(column: Column, shape: Shape, fields: ShapeFields): Reading | undefined {
  const { field, reads, bare } = column;
  if (reads === 'leaves') return leavesOf(shape, fields);
  const url = reads === 'request' ? fields.url() : undefined;
  if (url?.kind === 'url') return { ...url, orQuery: true, bare };
  const place = fields.find(field);
  if (place === undefined || place.kind === 'constant') return place;
  if (place.kind === 'url') return { ...place, orQuery: false, bare };
  if (place.isRequest) return { kind: 'request', slot: place.slot, bare };
  return { kind: reads === 'agent' ? 'agent' : 'slot', slot: place.slot };
}

function leavesOf(shape: Shape, fields: ShapeFields): Reading {
  const requests = shape.fields.flatMap((name, slot) => {
    const place = fields.find(name);
    return place?.kind === 'slot' && place.slot === slot && place.isRequest ? [slot] : [];
  });
  const url = fields.url();
  const whole: Reading | undefined =
    url?.kind === 'url' ? { ...url, orQuery: false, bare: false } : undefined;
  return { kind: 'leaves', slots: shape.fields.length, requests, url: whole };
}
