import {
  compareText,
  maxTime,
  minTime,
  recordTime,
  remember,
  shapeOfRecord,
  slotText,
  type Batch,
  type BuildObservation,
  type Shape,
  type Ticks,
} from '@postern/core';

/** Formats of logs whose `#Version` is that of the format, not of the product. */
const formatVersion = '15.0.0.0';

interface Seen {
  readonly build: string;
  readonly basis: BuildObservation['basis'];
  readonly host: string | undefined;
  first: Ticks | undefined;
  last: Ticks | undefined;
}

/** `15.01.2106.002` → `15.1.2106.2`; undefined for what is no build of a product. */
export const normaliseBuild: (text: string) => string | undefined = remember(parseBuild, {
  kept: 512,
  longestKey: 64,
});

function parseBuild(text: string): string | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,6})\.(\d{1,6})$/.exec(text.trim());
  if (m === null) return undefined;
  const build = m.slice(1, 5).map(Number).join('.');
  return build === formatVersion ? undefined : build;
}

/** A field of a shape: its slot, or the text that all records share. */
type Place = number | string;

/** Where records of one shape tell a build. */
interface Witnesses {
  readonly header: string | undefined;
  /** The columns that tell it together; none where one of them is missing. */
  readonly columns: readonly Place[];
  readonly page: Place | undefined;
}

const versionColumns = ['MajorVersion', 'MinorVersion', 'BuildVersion', 'RevisionVersion'];
const witnesses = new WeakMap<Shape, Witnesses>();

function witnessesOf(shape: Shape): Witnesses {
  const known = witnesses.get(shape);
  if (known !== undefined) return known;
  const columns = versionColumns.flatMap((name) => placeOf(shape, name) ?? []);
  const made: Witnesses = {
    header: shape.family === 'iis' ? undefined : shape.constants.get('#Version'),
    columns: columns.length === versionColumns.length ? columns : [],
    page: placeOf(shape, 'BLD'),
  };
  witnesses.set(shape, made);
  return made;
}

function placeOf({ constants, fields }: Shape, name: string): Place | undefined {
  const slot = fields.indexOf(name);
  return constants.get(name) ?? (slot < 0 ? undefined : slot);
}

function textAt(batch: Batch, record: number, place: Place): string | undefined {
  return typeof place === 'string' ? place : slotText(batch, record, place);
}

/** Collects the builds that records of one source tell: headers and version columns of Exchange's own logs. */
export class BuildsSeen {
  private readonly seen = new Map<string, Seen>();

  see(batch: Batch, record: number, host: string): void {
    const { header, columns, page } = witnessesOf(shapeOfRecord(batch, record));
    if (header === undefined && columns.length === 0 && page === undefined) return;
    const time = recordTime(batch, record);
    if (header !== undefined) this.add(header, 'log-header', host, time);
    const parts = columns.map((place) => textAt(batch, record, place));
    if (parts.length > 0 && parts.every((text) => text !== undefined))
      this.add(parts.join('.'), 'log-column', host, time);
    const pageBuild = page === undefined ? undefined : textAt(batch, record, page);
    if (pageBuild !== undefined) this.add(pageBuild, 'log-column', host, time);
  }

  add(text: string, basis: BuildObservation['basis'], host: string, time: Ticks | undefined): void {
    const build = normaliseBuild(text);
    if (build === undefined) return;
    const key = `${basis} ${build} ${host}`;
    const known = this.seen.get(key);
    if (known === undefined) {
      this.seen.set(key, { build, basis, host: host === '' ? undefined : host, first: time, last: time });
      return;
    }
    known.first = minTime(known.first, time);
    known.last = maxTime(known.last, time);
  }

  facts(): readonly BuildObservation[] {
    const sorted =
      this.seen.size < 2 ? [...this.seen] : [...this.seen].toSorted(([a], [b]) => compareText(a, b));
    return sorted.map(([, { host, ...seen }]) => ({ ...seen, ...(host === undefined ? {} : { host }) }));
  }
}
