import {
  inputOf,
  keepRecord,
  formatTime,
  type BlockScanner,
  type Issue,
  type KeptRecord,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type Shape,
} from '@postern/core';
import { weblogReader } from '../reader.ts';
import { Reading } from '../reading.ts';
import type { WindowSizes } from '../window.ts';

/** All that one run gives. */
export interface Everything {
  readonly records: readonly ReadRecord[];
  readonly issues: readonly Issue[];
  readonly summary: ReadSummary;
  /** Bytes that `onProgress` was told. */
  readonly progress: number;
}

export interface ReadRecord extends KeptRecord {
  readonly sampled: boolean;
}

const encoder = new TextEncoder();

/** Text to bytes. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Reads a log from memory and keeps all of it; `kind` is recognised where it is not given. */
export function readAll(
  log: Uint8Array | string,
  options: Partial<ReadOptions> = {},
  sizes?: WindowSizes,
): Everything {
  const bytes = typeof log === 'string' ? bytesOf(log) : log;
  const name = options.name ?? 'C:\\logs\\some.log';
  const kind = options.kind ?? weblogReader.recognise(bytes.subarray(0, 16_384), name) ?? 'iis';
  const records: ReadRecord[] = [];
  const issues: Issue[] = [];
  let progress = 0;
  const sink: ReadSink = {
    onBatch: (batch) => {
      for (let r = 0; r < batch.count; r++)
        records.push({ ...keepRecord(batch, r), sampled: batch.sampled[r] === 1 });
    },
    onIssue: (issue) => issues.push(issue),
    onProgress: (done) => {
      progress += done;
    },
  };
  const summary = new Reading(inputOf(bytes), { ...options, kind, name }, sink, sizes).run();
  return { records, issues, summary, progress };
}

/** Finds every literal at every place, letter case folded: slow and plainly right. */
export function naiveScanner(literals: readonly string[]): BlockScanner {
  const folded = literals.map((literal) => bytesOf(literal.toLowerCase()));
  const fold = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  return {
    sorts: 1,
    scan(bytes, from, to, onHit) {
      for (let at = from; at < to;) {
        const here = at;
        const isHit = folded.some(
          (literal) =>
            here + literal.length <= to && literal.every((byte, i) => fold(bytes[here + i] ?? 0) === byte),
        );
        at = isHit ? Math.max(at + 1, onHit(at, 1)) : at + 1;
      }
    },
  };
}

/** Finds one literal as it stands: for large inputs. */
export function quickScanner(literal: string): BlockScanner {
  return {
    sorts: 1,
    scan(bytes, from, to, onHit) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, to);
      for (let at = text.indexOf(literal, from); at >= 0; at = text.indexOf(literal, at)) at = onHit(at, 1);
    },
  };
}

/** A shape in short, for golden files. */
export function describeShape(shape: Shape): object {
  const { family, recorder, fields, constants, excerpt } = shape;
  return { family, recorder, fields: fields.join(' '), constants: Object.fromEntries(constants), excerpt };
}

/** A record in short, for golden files; `at` is its time. */
export function describeRecord({ shape, line, offset, time, fields, sampled }: ReadRecord): object {
  const present = Object.fromEntries([...fields].filter(([name]) => !shape.constants.has(name)));
  return {
    line,
    offset,
    recorder: shape.recorder,
    at: time === undefined ? undefined : formatTime(time),
    ...(sampled ? { sampled } : {}),
    ...present,
  };
}
