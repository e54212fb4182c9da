import type { Checksum } from './checksum.ts';
import { Chunk } from './chunk.ts';
import { EventBatch, tailBytes } from './event-batch.ts';
import { chunkBytes } from './format.ts';
import { Instances } from './instances.ts';
import { copiesIn } from './known-markup.ts';
import { MarkupScanner } from './markup.ts';
import { Shapes } from './shapes.ts';
import { Templates } from './templates.ts';
import { Words } from './words.ts';
import { WrittenMarkup } from './written-markup.ts';

/** Bytes read at once: 1 MiB stays in a processor's second cache; with 4 MiB reading was slower by a tenth. */
export const windowBytes: number = 16 * chunkBytes;

/** All that one thread needs to read event logs: made once and used for every source, so that templates stay known. */
export class Engine {
  readonly chunk: Chunk;
  readonly instances: Instances;
  readonly templates: Templates;
  readonly shapes: Shapes;
  readonly batch: EventBatch;
  readonly window: Uint8Array;
  private readonly words: Words;
  private readonly written: WrittenMarkup;

  readonly checksum: Checksum;
  /** Counts the sources that were read, so that shapes know whether they were met in this one. */
  sources = 0;

  constructor(checksum: Checksum) {
    this.checksum = checksum;
    const bytes = new Uint8Array(windowBytes + tailBytes);
    this.window = bytes.subarray(0, windowBytes);
    this.chunk = new Chunk(bytes);
    this.words = new Words(this.chunk);
    const { chunk, words } = this;
    const around = { chunk, words, isCopy: copiesIn({ chunk, words }) };
    const scanner = new MarkupScanner(chunk, words);
    this.templates = new Templates(around, scanner);
    this.written = new WrittenMarkup(around, scanner, this.templates);
    this.instances = new Instances(chunk, this.templates, { written: this.written, scanner });
    this.shapes = new Shapes(this.chunk, this.instances, this.templates);
    this.batch = new EventBatch(this.chunk, this.instances);
  }

  /** To be called before a source: what is known is thrown away if hostile logs made too much of it. */
  begin(): void {
    this.sources++;
    this.templates.begin();
    const { words, templates, written, shapes } = this;
    if (!words.isFull && !templates.isFull && !written.isFull && !shapes.isFull) return;
    for (const known of [words, templates, written, shapes]) known.clear();
  }
}
