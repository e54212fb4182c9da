import type { ByteReader } from './byte-reader.ts';
import { StreamFault } from '../codec/decoder.ts';

/** One way to pack, or to change bytes so that they pack better. */
export interface Coder {
  /** In hex. */
  readonly method: string;
  readonly properties: Uint8Array;
  /** Numbers of the streams it reads when unpacking. */
  readonly inputs: readonly number[];
  /** Number of the stream it gives. */
  readonly output: number;
}

/** What 7z calls a folder: streams of the archive, and the coders that make one stream of them. */
export interface Folder {
  readonly coders: readonly Coder[];
  /** Which output is the source of an input. */
  readonly bound: ReadonlyMap<number, number>;
  /** Inputs that are streams of the archive, in their order. */
  readonly packed: readonly number[];
}

/** More are in no archive; 7-Zip refuses them too. */
const mostCoders = 32;

/** @throws StreamFault */
export function readFolder(reader: ByteReader): Folder {
  const count = reader.count();
  if (count === 0 || count > mostCoders) throw new StreamFault('corrupt');
  let inputs = 0;
  const coders = Array.from({ length: count }, (_, output) => {
    const coder = readCoder(reader, inputs, output);
    inputs += coder.inputs.length;
    return coder;
  });
  const bound = new Map<number, number>();
  for (let i = 1; i < count; i++) bound.set(reader.number(), reader.number());
  const free = Array.from({ length: inputs }, (_, i) => i).filter((input) => !bound.has(input));
  const packedCount = inputs - (count - 1);
  const packed =
    packedCount === 1 ? free : Array.from({ length: Math.max(0, packedCount) }, () => reader.number());
  return { coders, bound, packed };
}

function readCoder(reader: ByteReader, firstInput: number, output: number): Coder {
  const flags = reader.byte();
  const method = reader.bytes(flags & 0xf).toString('hex');
  const [inputs, outputs] = (flags & 0x10) === 0 ? [1, 1] : [reader.number(), reader.number()];
  if (inputs > mostCoders || outputs !== 1) throw new StreamFault('corrupt');
  const properties = (flags & 0x20) === 0 ? new Uint8Array(0) : reader.bytes(reader.count());
  return { method, properties, inputs: Array.from({ length: inputs }, (_, i) => firstInput + i), output };
}

/** The output that is the source of nothing else. */
export function mainOutput({ coders, bound }: Folder): number {
  const sources = new Set(bound.values());
  const main = coders.find(({ output }) => !sources.has(output));
  if (main === undefined) throw new StreamFault('corrupt');
  return main.output;
}
