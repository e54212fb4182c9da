import type { SourceInput } from '@postern/core';
import type { ArchiveLimits } from '../archive-limits.ts';
import type { Decoder, StreamEnd } from '../codec/decoder.ts';
import type { Coder } from './folder.ts';
import type { PackedFolder } from './streams.ts';
import { Bunzip2 } from '../codec/bzip2.ts';
import { copied } from '../codec/copy.ts';
import { StreamFault } from '../codec/decoder.ts';
import type { Feed } from '../codec/feed.ts';
import { feedBehind, feedOf } from '../codec/feed.ts';
import { delta, Filter } from '../codec/filter.ts';
import { Inflate64 } from '../codec/inflate64.ts';
import { lzma, Lzma2 } from '../codec/lzma.ts';
import { x86Change, X86Merger } from '../codec/x86.ts';
import { mainOutput } from './folder.ts';

interface Making {
  readonly feeds: readonly Feed[];
  readonly properties: Uint8Array;
  /** Bytes that come out. */
  readonly size: number;
  readonly limits: ArchiveLimits;
}

/** By method (Methods.txt of the LZMA SDK). */
const decoders: ReadonlyMap<string, (feed: Feed, making: Making) => Decoder> = new Map<
  string,
  (feed: Feed, making: Making) => Decoder
>([
  ['00', copied],
  ['03', (feed, { properties }) => new Filter(feed, delta((properties[0] ?? 0) + 1))],
  ['21', (feed, { properties, limits }) => new Lzma2(feed, properties[0] ?? 0xff, limits)],
  ['030101', (feed, { properties, size, limits }) => lzma(feed, properties, { size, limits })],
  ['03030103', (feed) => new Filter(feed, x86Change())],
  ['0303011b', (main, { feeds, size }) => new X86Merger(x86Streams(main, feeds), size)],
  ['040109', (feed) => new Inflate64(feed)],
  ['040202', (feed) => new Bunzip2(feed)],
]);

function x86Streams(
  main: Feed,
  [, calls, jumps, choices]: readonly Feed[],
): ConstructorParameters<typeof X86Merger>[0] {
  if (calls === undefined || jumps === undefined || choices === undefined) throw new StreamFault('corrupt');
  return { main, calls, jumps, choices };
}

const encryption = '06f10701';
const names: ReadonlyMap<string, string> = new Map([
  ['030401', 'PPMd'],
  ['040108', 'deflate'],
  ['04f71101', 'Zstandard'],
  ['0a', 'a filter for programs of ARM64'],
]);

/** Why a folder cannot be unpacked; undefined where it can. */
export function objectionTo({
  coders,
}: PackedFolder): { readonly reason: 'encrypted' | 'no-reader'; readonly detail: string } | undefined {
  if (coders.some(({ method }) => method === encryption))
    return { reason: 'encrypted', detail: 'unpack it with its password and scan the result' };
  const unknown = coders.find(({ method }) => !decoders.has(method));
  if (unknown === undefined) return undefined;
  const name = names.get(unknown.method) ?? `method ${unknown.method} of 7-Zip`;
  return { reason: 'no-reader', detail: `packed with ${name}; unpack it and scan the result` };
}

/** Unpacks a folder; `consumed` counts the packed bytes of all its streams. @throws StreamFault */
export function folderDecoder(input: SourceInput, folder: PackedFolder, limits: ArchiveLimits): Decoder {
  const packed: Feed[] = [];
  const ends: (() => StreamEnd | 'more')[] = [];
  const left = new Set<Coder>(folder.coders);
  const decoderOf = (output: number): Decoder => {
    const coder = folder.coders[output];
    // Each coder once: some that lead to each other in a circle would never end.
    if (coder === undefined || !left.delete(coder)) throw new StreamFault('corrupt');
    const feeds = coder.inputs.map(feedFor);
    const [first] = feeds;
    const decoder = decoders.get(coder.method);
    if (first === undefined || decoder === undefined) throw new StreamFault('corrupt');
    const { properties } = coder;
    return decoder(first, { feeds, properties, size: folder.sizes[output] ?? 0, limits });
  };
  const feedFor = (stream: number): Feed => {
    const source = folder.bound.get(stream);
    if (source !== undefined) {
      const { feed, ended } = feedBehind(decoderOf(source));
      ends.push(ended);
      return feed;
    }
    const place = folder.streams[folder.packed.indexOf(stream)];
    if (place === undefined) throw new StreamFault('corrupt');
    const feed = feedOf(input, place.offset, Math.min(input.size, place.offset + place.size));
    packed.push(feed);
    return feed;
  };
  return watched(decoderOf(mainOutput(folder)), packed, ends);
}

/** Damage further in is the reason for what is seen here. */
function watched(
  decoder: Decoder,
  packed: readonly Feed[],
  ends: readonly (() => StreamEnd | 'more')[],
): Decoder {
  return {
    get consumed() {
      return packed.reduce((sum, feed) => sum + feed.consumed, 0);
    },
    step() {
      const end = decoder.step();
      if (end === 'more') return end;
      const deeper = ends.map((ended) => ended()).find((each) => each !== 'more' && each !== 'complete');
      return deeper ?? end;
    },
    take: () => decoder.take(),
  };
}
