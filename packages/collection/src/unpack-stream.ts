import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Decoder } from './codec/decoder.ts';
import type { Inflated, Watch } from './inflate.ts';
import type { EntryWriter } from './spool.ts';
import { stoppedByUser } from './archive-limits.ts';

/**
 * Unpacks a stream of any kind to its end, to its damage, or to where a limit or the user stops it. Others have a turn
 * after every step.
 */
export async function unpackStream(decoder: Decoder, writer: EntryWriter, watch: Watch): Promise<Inflated> {
  let [written, crc, done] = [0, 0, 0];
  for (;;) {
    if (watch.isStopped()) return { end: stoppedByUser, consumed: decoder.consumed, written, crc };
    const end = decoder.step();
    const bytes = decoder.take();
    const { consumed } = decoder;
    const refusal = watch.mayWrite(consumed, written + bytes.length) ?? writer.append(bytes);
    if (refusal !== undefined) return { end: refusal, consumed, written, crc };
    written += bytes.length;
    crc = crc32(bytes, crc);
    watch.onBytes(consumed - done);
    done = consumed;
    if (end !== 'more') return { end, consumed, written, crc };
    await setImmediate();
  }
}
