import type { Reader } from '@postern/core';
import { plainChecksum, type Checksum } from './checksum.ts';
import { Engine } from './engine.ts';
import { hasFileMagic } from './file-header.ts';
import { Reading } from './reading.ts';

/** What {@link evtxReaderWith} can be given. */
export interface EvtxReaderParts {
  /** A faster CRC-32 than the plain one, such as `crc32` of Node's zlib: it runs over every byte of a log. */
  readonly checksum?: Checksum;
}

/**
 * A reader of Windows event logs (`.evtx`), whole, damaged or without a header. It keeps what it learns of templates
 * from source to source, so one reader serves a thread for its whole run; it is not to be called from inside of
 * `onBatch`.
 *
 * Records come as shapes with their values undecoded. Channel, event id and provider are constants of a shape; its
 * fields have the names of Sigma (see `namedLeaves`); its time is that of `TimeCreated`, else that of the record.
 * Which records are wanted is asked per shape (`wants`); `scannerFor` is not used, for literals of rules stand in no
 * form in binary values. What is wrong with a log is an issue `POSTERN_EVTX_…` per kind, with the first place and the
 * count; records that cannot be read are counted as damaged and keep what texts they hold.
 */
export function evtxReaderWith(parts: EvtxReaderParts = {}): Reader {
  const checksum = parts.checksum ?? plainChecksum;
  let engine: Engine | undefined;
  return {
    kinds: ['evtx'],
    recognise: (head) => (hasFileMagic(head) ? 'evtx' : undefined),
    read(input, options, sink) {
      engine ??= new Engine(checksum);
      return new Reading(engine, input, options, sink).run();
    },
  };
}

/** As {@link evtxReaderWith}, with the plain checksum. */
export const evtxReader: Reader = evtxReaderWith();
