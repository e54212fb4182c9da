import { decodeUtf8, type Position, type ReadOptions } from '@postern/core';
import { SPACE } from './bytes.ts';
import { splitCsv, splitLoosely, type Cells } from './cells.ts';
import { columnFacts } from './column-facts.ts';
import { fittingFields } from './default-fields.ts';
import { exchangeFamily } from './family.ts';
import type { Columns, Header } from './header.ts';
import type { IssueLog } from './issue-log.ts';
import { layoutOf, type Layout, type Track } from './layout.ts';
import type { Memory } from './line-scan.ts';
import { recorderOf, type FirstRow } from './recorder.ts';
import type { Tracks } from './tracks.ts';

interface Chosen {
  readonly track: Track;
  /** As it was, or with the columns that its first row let guess. */
  readonly header: Header;
}

/** A row as it stands in memory. */
interface Row {
  readonly memory: Memory;
  readonly start: number;
  readonly end: number;
}

const nothing: FirstRow = () => undefined;

interface ChooserParts {
  readonly tracks: Tracks;
  readonly issues: IssueLog;
  readonly options: ReadOptions;
  /** To split first rows into. */
  readonly cells: Cells;
}

/** Chooses what the rows below a header are, and says what was missing for it. */
export class TrackChooser {
  /** True if the row that the choice was made with told nothing: the next one that fits may tell more. */
  isProvisional = false;
  private readonly tracks: Tracks;
  private readonly issues: IssueLog;
  private readonly options: ReadOptions;
  private readonly cells: Cells;
  private readonly recorders = new Map<string, string>();
  private readonly told = new Set<Track>();
  private readonly recovered = new Map<string, Track | undefined>();

  constructor({ tracks, issues, options, cells }: ChooserParts) {
    this.tracks = tracks;
    this.cells = cells;
    this.issues = issues;
    this.options = options;
  }

  /** The track for a header and the first row below it. */
  choose(header: Header, row: Row, at: Position): Chosen {
    this.recovered.clear();
    if (header.columns !== undefined) return { track: this.trackOf(header, header.columns, row, at), header };
    const guessed = this.guess(row);
    if (guessed === undefined) return { track: this.noColumns(header, at), header };
    const found = `${guessed.names.length} values`;
    const message = 'no #Fields before the rows; the layout that servers write by default is taken';
    this.issues.note('POSTERN_WEBLOG_FIELDS_GUESSED', 'warning', at, { message, found });
    return { track: this.trackOf(header, guessed, row, at), header: { ...header, columns: guessed } };
  }

  /** The track of a line, split into `cells`, that fits a default layout and not that of `track`. */
  recover(track: Track, bytes: Uint8Array, cells: Cells): Track | undefined {
    const { family, recorder, constants } = track.layout.shape;
    if (family !== 'iis' && family !== 'httperr') return undefined;
    const names = fittingFields(family, bytes, cells);
    if (names === undefined) return undefined;
    const key = `${family} ${names.length}`;
    if (this.recovered.has(key)) return this.recovered.get(key);
    const columns: Columns = { names, csv: false, from: 'fields' };
    const layout = layoutOf({}, columns, this.options.name, nothing);
    const other = this.tracks.of({ ...layout, shape: { ...layout.shape, recorder, constants } });
    this.recovered.set(key, other);
    return other;
  }

  private trackOf(header: Header, columns: Columns, row: Row, at: Position): Track {
    const firstRow = this.firstRow(columns, row);
    this.isProvisional = firstRow === nothing;
    const layout = this.withRecorder(layoutOf(header, columns, this.options.name, firstRow));
    const track = this.tracks.of(layout);
    if (track === undefined) return this.tooManyShapes(layout, at);
    if (!this.isProvisional && !this.told.has(track)) this.tellLacks(columns, layout, at);
    if (!this.isProvisional) this.told.add(track);
    return track;
  }

  /** Until a row tells more, the recorder is the one that wrote the rows before this header. */
  private withRecorder(layout: Layout): Layout {
    const { family, recorder } = layout.shape;
    const before = this.recorders.get(family);
    if (!this.isProvisional) this.recorders.set(family, recorder);
    if (!this.isProvisional || before === undefined) return layout;
    return { ...layout, shape: { ...layout.shape, recorder: before } };
  }

  private firstRow({ names, csv }: Columns, { memory, start, end }: Row): FirstRow {
    const { cells } = this;
    const { bytes } = memory;
    if (csv && !splitCsv(bytes, start, end, cells)) return nothing;
    if (!csv) cells.split(memory, start, end, SPACE);
    if (cells.count !== names.length && !csv) splitLoosely(bytes, start, end, cells);
    if (cells.count !== names.length) return nothing;
    return (field) => {
      const cell = names.indexOf(field);
      return cell < 0 ? undefined : shortText(bytes, cells, cell);
    };
  }

  private guess({ memory, start, end }: Row): Columns | undefined {
    const { kind } = this.options;
    if (kind !== 'iis' && kind !== 'httperr') return undefined;
    const { bytes } = memory;
    this.cells.split(memory, start, end, SPACE);
    const other = kind === 'iis' ? 'httperr' : 'iis';
    const names = fittingFields(kind, bytes, this.cells) ?? fittingFields(other, bytes, this.cells);
    return names === undefined ? undefined : { names, csv: false, from: 'fields' };
  }

  /** Rows without a header that fit no layout known: text, until one comes that does. */
  private noColumns(header: Header, at: Position): Track {
    const { kind, name } = this.options;
    const family =
      kind === 'iis' || kind === 'httperr' ? kind : exchangeFamily(header.logType, [], name, undefined);
    this.isProvisional = true;
    const message = 'no #Fields before the rows, and no layout that they fit; they are read as text';
    this.issues.note('POSTERN_WEBLOG_NO_FIELDS', 'warning', at, { message });
    return this.tracks.withoutColumns(family, recorderOf(family, name, nothing));
  }

  private tooManyShapes({ shape }: Layout, at: Position): Track {
    this.isProvisional = false;
    const message = 'the log changes its header more often than logs do; what follows is read as text';
    this.issues.note('POSTERN_WEBLOG_TOO_MANY_SHAPES', 'warning', at, { message });
    return this.tracks.withoutColumns(shape.family, shape.recorder);
  }

  private tellLacks(columns: Columns, { shape: { time } }: Layout, at: Position): void {
    const { issues } = this;
    if (columns.from === 'row')
      issues.note('POSTERN_WEBLOG_NO_FIELDS', 'info', at, {
        message: 'no #Fields; the columns are those of a bare row',
      });
    if (time === undefined)
      issues.note('POSTERN_WEBLOG_NO_DATE', 'warning', at, {
        message: 'neither the rows nor #Date tell the time of the records',
      });
    else if (time.kind === 'date-and-time' && typeof time.date === 'string')
      issues.note('POSTERN_WEBLOG_DATE_FROM_HEADER', 'info', at, {
        message: `the rows have no date; ${time.date} is taken from #Date`,
      });
    if (columnFacts(columns).isLocal)
      issues.note('POSTERN_WEBLOG_LOCAL_TIME', 'warning', at, {
        message: 'the times are local, in a zone that the log does not tell',
      });
  }
}

/** A value of the first row; long ones tell nothing of a log. */
function shortText(bytes: Uint8Array, cells: Cells, cell: number): string {
  const from = cells.from[cell] ?? 0;
  return decodeUtf8(bytes, from, Math.min(cells.to[cell] ?? 0, from + 256));
}
