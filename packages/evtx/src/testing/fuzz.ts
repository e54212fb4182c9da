// Damages logs at random, the same way for the same seed, and reads what is left in every way there is.

import { inputOf, keepRecord, recordText, shapeOfRecord, slotTexts, type Batch } from '@postern/core';
import { writeFlatJson } from '../output/flat-json.ts';
import { writeJson } from '../output/json.ts';
import { TextSink } from '../output/text-sink.ts';
import { writeXml } from '../output/xml.ts';
import { evtxReaderWith } from '../reader.ts';

/** Bytes that mean something to the format. */
const tellingBytes = [0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x0d, 0x0e, 0x0f, 0x21, 0x2a, 0x41, 0x81, 0xff];

/** Numbers that follow from a seed alone. */
class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((this.state >>> 0) / 2 ** 32) * limit);
  }
}

export interface FuzzResult {
  readonly records: number;
  readonly damaged: number;
  readonly recovered: number;
  readonly issues: number;
}

/** Runs `rounds` rounds over the seed logs. Whatever is thrown names the round that did it. */
export function fuzz(logs: readonly Uint8Array[], seed: number, rounds: number): FuzzResult {
  const total = { records: 0, damaged: 0, recovered: 0, issues: 0 };
  const sink = new TextSink();
  let reader = evtxReaderWith();
  for (let round = 0; round < rounds; round++) {
    // A new reader now and then, so that shapes of damaged logs do not pile up.
    if (round % 200 === 199) reader = evtxReaderWith();
    const chance = new Chance(seed * 1_000_003 + round);
    const bytes = damagedLog(logs, chance);
    const recover = chance.below(2) === 0;
    try {
      const summary = reader.read(
        inputOf(bytes),
        { kind: 'evtx', name: 'x', recover },
        { onIssue: () => total.issues++, onBatch: (batch) => decodeAll(batch, sink) },
      );
      total.records += summary.records;
      total.damaged += summary.damaged;
      total.recovered += summary.recovered;
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}`, { cause: error });
    }
  }
  return total;
}

function damagedLog(logs: readonly Uint8Array[], chance: Chance): Uint8Array {
  const bytes = logs[chance.below(logs.length)]?.slice() ?? new Uint8Array();
  const changes = 1 + chance.below(24);
  for (let i = 0; i < changes; i++) change(bytes, chance);
  return chance.below(10) === 0 ? bytes.subarray(0, chance.below(bytes.length)) : bytes;
}

function change(bytes: Uint8Array, chance: Chance): void {
  const at = chance.below(3) === 0 ? chance.below(bytes.length) : 4096 + chance.below(12_000);
  switch (chance.below(4)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
      break;
    case 1:
      bytes[at] = chance.below(256);
      break;
    case 2:
      bytes[at] = tellingBytes[chance.below(tellingBytes.length)] ?? 0;
      break;
    default:
      bytes.copyWithin(at, chance.below(bytes.length), chance.below(bytes.length));
  }
}

/** All that anybody can ask of the records; what is said to be JSON has to be. */
function decodeAll(batch: Batch, sink: TextSink): void {
  for (let record = 0; record < batch.count; record++) {
    keepRecord(batch, record);
    recordText(batch, record);
    const { fields } = shapeOfRecord(batch, record);
    for (const slot of fields.keys()) slotTexts(batch, record, slot);
    for (const write of [writeJson, writeFlatJson]) {
      sink.clear();
      write(sink, batch, record);
      JSON.parse(sink.toString());
    }
    sink.clear();
    writeXml(sink, batch, record);
  }
}
