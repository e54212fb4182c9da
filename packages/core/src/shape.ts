/**
 * How the bytes of a slot are to be read. One closed set for all readers; each maps its own codes to it.
 * The numbers are what a {@link Batch} stores in `type`.
 */
export const slotTypes = {
  /** Absent. */
  null: 0,
  /** Text as it stands. */
  utf8: 1,
  utf16: 2,
  latin1: 3,
  /** The inside of a quoted CSV field: `""` stands for `"`. */
  csvQuoted: 4,
  /** The inside of a JSON string, escapes not yet resolved. */
  jsonString: 5,
  /** JSON text of a number, boolean, list or object. */
  jsonValue: 6,
  /** IIS writes `+` for a space (user agent, referer, cookie). */
  plusText: 7,
  /** A value of ECP EventData: CSV-quoted outside, and inside single quotes with `''` for `'`. */
  ecpText: 8,
  /** Text in the system's old code page, read as Windows-1252; NULs are left out. */
  ansi: 9,
  int8: 16,
  uint8: 17,
  int16: 18,
  uint16: 19,
  int32: 20,
  uint32: 21,
  int64: 22,
  uint64: 23,
  hex32: 24,
  hex64: 25,
  float32: 26,
  float64: 27,
  boolean: 28,
  /** 100 ns since 1601-01-01 UTC, 8 bytes little-endian. */
  filetime: 29,
  /** 8 little-endian 16-bit parts. */
  systemtime: 30,
  guid: 31,
  sid: 32,
  bytes: 33,
  /** Values with one name: entries of 12 bytes (offset and length in the same buffer, type; 32 bits each). */
  list: 34,
  /** As `list`, but the entries are pieces of one text. */
  joined: 35,
} as const;

/**
 * Added to a type of {@link slotTypes}: an array of it, packed. Items of fixed size follow each other, texts end with
 * NUL, SIDs tell their size themselves.
 */
export const arrayOf = 0x80;

export type SlotTypeName = keyof typeof slotTypes;
/** A number of {@link slotTypes}. */
export type SlotType = (typeof slotTypes)[SlotTypeName];

/** Where a record's time is and how it is written. Slots are indexes into {@link Shape.fields}. */
export type TimeField =
  /** `2021-03-03` and `06:40:12` in two slots, UTC. `date` may be a text from `#Date` where the rows have none. */
  | { readonly kind: 'date-and-time'; readonly date: number | string; readonly time: number }
  /** ISO 8601 or `2021-03-03 06:40:12.123`; without a zone it is UTC. */
  | { readonly kind: 'iso'; readonly slot: number }
  /** Seconds since 1970 as text, as bodyfiles have. */
  | { readonly kind: 'unix-seconds'; readonly slot: number }
  | { readonly kind: 'filetime'; readonly slot: number };

/**
 * The layout of one sort of record, made once: an EVTX template pair, a `#Fields` line, a CSV header, a JSON key
 * sequence. What is the same in every record (channel, event id, `#Version`) is a constant and takes no slot.
 */
export interface Shape {
  /**
   * The log family: `iis`, `httperr`, `httpproxy`, `ecp-server`, `ecp-activity`, `ews`, `rps-http`, `rps-cmdlet`,
   * `oab-generator`, `admin-audit`, `exchange-other`, `windows-event`, `file-listing`, `msert`, `text`.
   */
  readonly family: string;
  /**
   * Who wrote it, in the words of coverage: `iis-front`, `iis-back`, `iis` (site not told), `httpproxy-ecp`,
   * `httpproxy-owa` …, `httpproxy`, `ecp-server`, `ews`, `windows:Security` (channel), `file-listing`.
   */
  readonly recorder: string;
  /** Slot → field name, in the words of the format. */
  readonly fields: readonly string[];
  /** Field name → value that all records of this shape share. */
  readonly constants: ReadonlyMap<string, string>;
  readonly time: TimeField | undefined;
  /** Rows copied out of a real log by a tool (`Export-Csv`): findings yes, coverage no. */
  readonly excerpt?: boolean;
  /** The raw bytes of a record are no text: what people see is made of its fields. */
  readonly binary?: boolean;
}

/** Lines that do not fit their header: the whole line is slot 0, named `text`, and rules still see it. */
export function textShape(family: string, recorder: string): Shape {
  return { family, recorder, fields: ['text'], constants: new Map([['malformed', 'true']]), time: undefined };
}

/**
 * Some records with their values undecoded. Valid until the reader hands over the next one; whoever keeps a record
 * copies it ({@link keepRecord}). Slot `s` of record `r` is `slotStart[r] + s` in `offset`, `length` and `type`.
 */
export interface Batch {
  readonly buffer: Uint8Array;
  readonly shapes: readonly Shape[];
  readonly count: number;
  /** Record → index in `shapes`. */
  readonly shapeOf: Int32Array;
  /** Record → byte offset in the source. */
  readonly at: Float64Array;
  /** Record → 1-based line, 0 where the source has no lines. */
  readonly line: Float64Array;
  /** Record → its raw bytes in `buffer`, for excerpts and keyword rules. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Record → first slot; one entry more than records. */
  readonly slotStart: Int32Array;
  readonly offset: Int32Array;
  readonly length: Int32Array;
  readonly type: Uint8Array;
  /** Record → 1 if it is here for statistics (evenly drawn), not because a rule's literal was seen. */
  readonly sampled: Uint8Array;
  /**
   * Record → sorts of literals that the scanner of its shape found in it, {@link anyLiteral} where none was asked.
   * Absent from readers that ask no scanner.
   */
  readonly held?: Uint8Array;
}

/** {@link Batch.held} of a record of which nothing is known: every literal may stand in it. */
export const anyLiteral = 0xff;
