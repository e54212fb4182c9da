import type { LayoutNode } from './layout.ts';
import { ObjectScanner } from './object-scanner.ts';
import { lineBreak, recordHeading, skipBetween } from './record-bounds.ts';
import { textStart, transcodeUtf16 } from './transcode.ts';

/** Lines that are tried: the first ones of a damaged file may be broken. */
const tries = 20;

/** The beginning of a source as UTF-8, whatever it is written in. */
export function headText(head: Uint8Array): Uint8Array {
  const { encoding, mark } = textStart(head);
  const rest = head.subarray(mark);
  if (encoding === 'utf-8') return rest;
  const target = new Uint8Array(Math.ceil(rest.length / 2) * 3);
  return target.subarray(0, transcodeUtf16(rest, target, encoding, false).written);
}

/**
 * True if the first bytes hold a JSON object with the names of a Windows event: an event id together with a channel or
 * a provider. The object need not be whole.
 */
export function recogniseEvents(head: Uint8Array): boolean {
  return someObject(headText(head), ({ node }) => isEvent(node));
}

/** True if one of the first objects of `text` is wanted: the scanner has seen as much of it as is there. */
export function someObject(text: Uint8Array, isWanted: (scanner: ObjectScanner) => boolean): boolean {
  const scanner = new ObjectScanner();
  let at = skipBetween(text, 0, text.length);
  const heading = recordHeading(text, at, text.length);
  if (heading > 0) at = skipBetween(text, heading, text.length);
  if (text[at] !== 0x7b) return false;
  for (let tried = 0; tried < tries && at >= 0; tried++) {
    if (text[at] === 0x7b) {
      scanner.scan(text, at, text.length);
      if (isWanted(scanner)) return true;
    }
    const end = lineBreak(text, at, text.length);
    at = end < 0 ? -1 : skipBetween(text, end, text.length);
  }
  return false;
}

function isEvent(end: LayoutNode | undefined): boolean {
  const found = new Set<string>();
  for (let node = end; node?.parent !== undefined; node = node.parent) {
    const constant =
      node.kind === 'value' && node.value !== undefined ? node.parent.role?.constant : undefined;
    if (constant !== undefined) found.add(constant);
  }
  return found.has('EventID') && (found.has('Channel') || found.has('Provider_Name'));
}
