import { listItems, slotTypes, type Batch, type SlotPlace } from '@postern/core';

/** Bytes of an entry of a list: offset, length, type. */
const entryBytes = 12;

/** Reads the slots of one record after the other; the place it gives is used again for the next. */
export class SlotReader {
  private batch: Batch | undefined;
  private first = 0;
  private readonly here = { offset: 0, length: 0, type: 0 };

  begin(batch: Batch, record: number): void {
    this.batch = batch;
    this.first = batch.slotStart[record] ?? 0;
  }

  get buffer(): Uint8Array {
    return this.batch?.buffer ?? new Uint8Array();
  }

  typeOf(slot: number): number {
    return this.batch?.type[this.first + slot] ?? slotTypes.null;
  }

  /** The value of a slot, or one entry of the list in it. Valid until the next call. */
  place(slot: number, item: number): SlotPlace {
    const { batch, here } = this;
    if (batch === undefined) return here;
    const s = this.first + slot;
    here.offset = batch.offset[s] ?? 0;
    here.length = batch.length[s] ?? 0;
    here.type = batch.type[s] ?? 0;
    return item < 0 ? here : entryAt(batch.buffer, here.offset + entryBytes * item);
  }

  items(place: SlotPlace): readonly SlotPlace[] {
    return listItems(this.buffer, place);
  }
}

function entryAt(buffer: Uint8Array, at: number): SlotPlace {
  // Only a list that was cut short for want of room has fewer entries than its layout says.
  if (at + entryBytes > buffer.length) return { offset: 0, length: 0, type: slotTypes.null };
  const view = new DataView(buffer.buffer, buffer.byteOffset + at, entryBytes);
  return {
    offset: view.getUint32(0, true),
    length: view.getUint32(4, true),
    type: view.getUint32(8, true) & 0xff,
  };
}
