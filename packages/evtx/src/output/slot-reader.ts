import { listItems, slotTypes, viewOf, type Batch, type SlotPlace } from '@postern/core';

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
    if (item >= 0) this.toEntry(batch.buffer, here.offset + entryBytes * item);
    return here;
  }

  items(place: SlotPlace): readonly SlotPlace[] {
    return listItems(this.buffer, place);
  }

  /** Only a list that was cut short for want of room has fewer entries than its layout says. */
  private toEntry(buffer: Uint8Array, at: number): void {
    const { here } = this;
    const isThere = at + entryBytes <= buffer.length;
    const view = viewOf(buffer);
    here.offset = isThere ? view.getUint32(at, true) : 0;
    here.length = isThere ? view.getUint32(at + 4, true) : 0;
    here.type = isThere ? view.getUint8(at + 8) : slotTypes.null;
  }
}
