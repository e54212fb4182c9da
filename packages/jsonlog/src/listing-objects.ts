import {
  decodeSlot,
  limits,
  readBytes,
  recogniseHeadBytes,
  slotTypes,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type SourceInput,
} from '@postern/core';
import { CsvRow } from './csv.ts';
import { leavesOf } from './event-shape.ts';
import { Feed } from './feed.ts';
import type { LayoutNode } from './layout.ts';
import { driveOfName, hasVolume } from './listed-path.ts';
import { damagedRow, objectForm, type ListingForm } from './listing-form.ts';
import { ListingRows } from './listing-rows.ts';
import { ObjectReading, type ObjectOutput } from './object-reading.ts';
import { ObjectScanner } from './object-scanner.ts';
import { Problems } from './problems.ts';
import { headText, someObject } from './recognise-events.ts';
import { skipBetween } from './record-bounds.ts';
import { RecordOutput } from './record-output.ts';

/** Reads a listing that is JSON objects, as {@link fileListingReader} says. */
export function readFileObjects(input: SourceInput, options: ReadOptions, sink: ReadSink): ReadSummary {
  const feed = new Feed(input);
  const scanner = new ObjectScanner();
  const output = new FileObjects(feed, scanner, sink, options.name);
  return new ObjectReading(feed, scanner, output).run(options, sink);
}

/** True if a source begins with an object, or a list of them: no listing in CSV does. */
export function beginsWithObject(input: SourceInput): boolean {
  const text = headText(readBytes(input, 0, recogniseHeadBytes));
  return text[skipBetween(text, 0, text.length)] === 0x7b;
}

/** True if the first bytes hold an object that tells of a file on a Windows volume. */
export function recogniseFileObjects(head: Uint8Array): boolean {
  const text = headText(head);
  return someObject(text, (scanner) => {
    const names = scanner.node === undefined ? [] : namesOf(scanner.node);
    if (objectForm(names) === undefined) return false;
    return ['SourceFile', 'OSPath', 'FullPath'].some((name) => {
      const value = names.indexOf(name);
      return value >= 0 && hasVolume(valueText(text, scanner, value));
    });
  });
}

function valueText(bytes: Uint8Array, { from, to, type }: ObjectScanner, value: number): string {
  const start = from[value] ?? 0;
  return decodeSlot(bytes, start, (to[value] ?? 0) - start, type[value] ?? slotTypes.null) ?? '';
}

/** The names of the values of objects that end at `end`. Of one that comes twice the last is meant, as parsers have it. */
function namesOf(end: LayoutNode): readonly string[] {
  const leaves = leavesOf(end);
  const last = new Map(leaves.map(({ path, index }) => [path, index]));
  return leaves.map(({ path, index }) => (last.get(path) === index ? path : `${path}#${index}`));
}

/** Turns scanned objects into rows of a listing. */
class FileObjects implements ObjectOutput {
  readonly records: RecordOutput;
  private readonly scanner: ObjectScanner;
  private readonly row = new CsvRow(limits.fieldsPerShape);
  private readonly rows: ListingRows;
  private readonly forms = new Map<LayoutNode, ListingForm | undefined>();

  constructor(feed: Feed, scanner: ObjectScanner, sink: ReadSink, name: string) {
    this.scanner = scanner;
    this.records = new RecordOutput(feed, sink, new Problems(), damagedRow);
    this.rows = new ListingRows(feed, this.row, this.records, driveOfName(name));
  }

  record(start: number, end: number): void {
    const { scanner, records, forms } = this;
    const { node, trouble } = scanner;
    if (node === undefined) return records.damaged(start, end, trouble ?? 'LAYOUTS_LIMIT');
    if (!forms.has(node)) {
      if (forms.size === limits.shapesPerSource) return records.damaged(start, end, 'LAYOUTS_LIMIT');
      forms.set(node, objectForm(namesOf(node)));
    }
    const form = forms.get(node);
    if (form === undefined) return records.damaged(start, end, 'NOT_FILE');
    this.fill();
    if (!this.rows.put(form, start, end)) records.damaged(start, end, 'LAYOUTS_LIMIT');
  }

  private fill(): void {
    const { row, scanner } = this;
    row.fields = scanner.values;
    for (let value = 0; value < scanner.values; value++) {
      const from = scanner.from[value] ?? 0;
      row.from[value] = from;
      row.length[value] = (scanner.to[value] ?? 0) - from;
      row.type[value] = scanner.type[value] ?? slotTypes.null;
    }
  }
}
