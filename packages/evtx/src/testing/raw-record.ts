// Records that the writer would refuse to write: put together byte by byte.

import { fileHeaderBytes } from '../format.ts';

/** Adds a record with any content to the first chunk of a log without checksums. */
export function withRecord(log: Uint8Array, content: Uint8Array): Uint8Array {
  const bytes = log.slice();
  const view = new DataView(bytes.buffer);
  const free = view.getUint32(fileHeaderBytes + 48, true);
  const start = fileHeaderBytes + free;
  const size = content.length + 28;
  const last = view.getBigUint64(fileHeaderBytes + 32, true);
  view.setUint32(start, 0x2a2a, true);
  view.setUint32(start + 4, size, true);
  view.setBigUint64(start + 8, last + 1n, true);
  view.setBigUint64(start + 16, 132_592_107_067_891_234n, true);
  bytes.set(content, start + 24);
  view.setUint32(start + size - 4, size, true);
  view.setUint32(fileHeaderBytes + 48, free + size, true);
  return bytes;
}

/** Id and place of the definition of a log's first record. */
export function firstDefinition(log: Uint8Array): { readonly id: number; readonly offset: number } {
  const view = new DataView(log.buffer);
  const instance = fileHeaderBytes + 512 + 28;
  return { id: view.getUint32(instance + 2, true), offset: view.getUint32(instance + 6, true) };
}

/** An instance of a template that is defined elsewhere in the chunk, with one value of BinXML. */
export function instanceAround(
  { id, offset }: { readonly id: number; readonly offset: number },
  inner: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(18 + inner.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x010c, true);
  view.setUint32(2, id, true);
  view.setUint32(6, offset, true);
  view.setUint32(10, 1, true);
  view.setUint16(14, inner.length, true);
  view.setUint8(16, 0x21);
  bytes.set(inner, 18);
  return bytes;
}
