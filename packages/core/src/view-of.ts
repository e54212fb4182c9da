let latest: Uint8Array | undefined;
let view: DataView = new DataView(new ArrayBuffer(0));

/**
 * A view of the same bytes; offsets are those in `bytes`. The one made last is kept: readers fill one window again and
 * again, and a view made for each value cost more than reading it.
 */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes === latest) return view;
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  latest = bytes;
  return view;
}
