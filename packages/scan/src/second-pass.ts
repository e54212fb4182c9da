import { openEntry, type CollectionEntry } from '@postern/collection';
import {
  fieldText,
  recordText,
  shapeOfRecord,
  type Batch,
  type BlockScanner,
  type Hit,
  type Issue,
  type Pivots,
  type RuleInfo,
  type SourceInput,
  type SourceKind,
} from '@postern/core';
import { compileScanner } from '@postern/match';
import type { Desk } from './desk.ts';
import { Hits } from './hits.ts';
import { readerOf } from './readers.ts';
import { bareAddress, part, requestSlots } from './request.ts';

export type PivotKind = 'address' | 'url' | 'path' | 'session';

/** The rules that name why a record was kept in the second pass. They are leads: they witness nothing by themselves. */
export const followRules: readonly RuleInfo[] = (['address', 'url', 'path', 'session'] as const).map(
  (kind) => ({
    id: followRule(kind),
    title: `Followed ${kind}`,
    kind: 'check',
    level: 'informational',
    meaning: `A record that names a${kind === 'address' ? 'n' : ''} ${kind} learned from the first pass.`,
    stage: 'probe',
    witness: 'lead',
    act: `followed-${kind}`,
    cves: [],
    flawProved: false,
    techniques: [],
    falsePositives: [],
    entities: { address: ['address'], account: ['account'], url: ['url'], agent: ['agent'], path: ['path'] },
    joins: ['requestId', 'anchor', 'query', 'url'],
    references: [],
  }),
);

export function followRule(kind: PivotKind): string {
  return `postern.follow.${kind}`;
}

/** What to look for, ready for one thread. */
export interface Follower {
  readonly scanner: BlockScanner;
  /** The same for event logs, whose texts have two bytes a character; undefined where all of them must be looked at. */
  readonly wideScanner: BlockScanner | undefined;
  readonly addresses: ReadonlySet<string>;
  readonly urls: ReadonlySet<string>;
  readonly names: readonly string[];
  readonly sessions: readonly string[];
}

/** Undefined where there is nothing to follow. */
export function makeFollower(pivots: Pivots): Follower | undefined {
  const names = [
    ...new Set(pivots.paths.map((path) => path.slice(path.lastIndexOf('\\') + 1).toLowerCase())),
  ].filter((name) => name.length >= 5);
  const urls = pivots.urls.map((url) => url.toLowerCase());
  const sessions = pivots.sessions.map((session) => session.toLowerCase());
  const literals = [...pivots.addresses, ...urls, ...names, ...sessions]
    .filter((text) => text.length >= 4)
    .map((text) => text.toLowerCase());
  if (literals.length === 0) return undefined;
  return {
    scanner: compileScanner(literals.flatMap(longEnough)),
    wideScanner: wideScanner(literals),
    addresses: new Set(pivots.addresses),
    urls: new Set(urls),
    names,
    sessions,
  };
}

/**
 * A text of four bytes would have to be looked for at every place. An address of a page never begins a line, and with
 * what can stand before it in a log it is found at twice the speed.
 */
function longEnough(text: string): readonly string[] {
  return text.length > 4 || !text.startsWith('/')
    ? [text]
    : [' ', ',', '"', '=', ':', ';', '\t', '\n', '\r', '\u0000'].map((before) => before + text);
}

/** Of a text beyond ASCII its longest run of ASCII is looked for: with a zero behind each byte that is its UTF-16. */
function wideScanner(literals: readonly string[]): BlockScanner | undefined {
  const runs = literals.map((text) => longest(text.match(/[ -~]+/g) ?? []));
  if (runs.some((run) => run.length < 4)) return undefined;
  return compileScanner(runs.map((run) => run.replaceAll(/[^]/g, '$&\u0000')));
}

function longest(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), '');
}

/** Kinds that can hold what is followed: logs of requests, cmdlets and events. */
const followed: ReadonlySet<SourceKind> = new Set([
  'iis',
  'exchange-log',
  'windows-events-json',
  'windows-events-csv',
  'evtx',
]);

export function isFollowed(kind: SourceKind): boolean {
  return followed.has(kind);
}

export interface SecondPass {
  readonly hits: readonly Hit[];
  readonly issues: readonly Issue[];
}

export interface FollowTask {
  readonly entry: CollectionEntry;
  /** {@link Source.id}. */
  readonly source: string;
  readonly kind: SourceKind;
}

export interface FollowRun {
  readonly desk: Desk;
  readonly stopped: () => boolean;
  readonly onProgress: (bytes: number) => void;
}

/** Keeps every record of one source that names something followed. */
export function secondPass(task: FollowTask, follower: Follower, run: FollowRun): SecondPass {
  const { entry, source, kind } = task;
  const reader = isFollowed(kind) ? readerOf(kind) : undefined;
  const hits = new Hits();
  if (reader === undefined) return { hits: [], issues: [] };
  const opened = openEntry(entry);
  try {
    const input = run.desk.lay(opened.input);
    const { room } = run.desk;
    const scanner = kind === 'evtx' ? follower.wideScanner : follower.scanner;
    if (scanner !== undefined && !mayHold(input, room, scanner)) return { hits: [], issues: [] };
    const scannerFor = (): BlockScanner => follower.scanner;
    reader.read(
      input,
      { kind, name: entry.originalPath, scannerFor, room, stopped: run.stopped },
      {
        onIssue: () => undefined,
        onProgress: run.onProgress,
        onBatch: (batch) => followBatch(batch, source, follower, hits),
      },
    );
  } finally {
    opened.close();
  }
  return { hits: hits.list, issues: hits.issues() };
}

const lookBytes = 4_194_304;
/** Longer than anything that is followed, so that nothing hides on the border of two looks. */
const overlapBytes = 4096;

/**
 * Whether the bytes hold anything that is followed. Most sources do not, and this is many times faster than reading
 * lines. Text of two bytes a character cannot be looked at so: it is always read.
 */
function mayHold(input: SourceInput, room: Uint8Array, scanner: BlockScanner): boolean {
  if (input.memory !== undefined) return isTwoByteText(input.memory) || holds(input.memory, scanner);
  const bytes = room.subarray(0, lookBytes);
  for (let at = 0; at < input.size; at += lookBytes - overlapBytes) {
    const look = bytes.subarray(0, input.readAt(bytes, at));
    if ((at === 0 && isTwoByteText(look)) || holds(look, scanner)) return true;
    if (at + look.length >= input.size || look.length === 0) return false;
  }
  return false;
}

/** In place: a scanner looks at the end of a block more slowly than at what is inside of it. */
function holds(bytes: Uint8Array, scanner: BlockScanner, from = 0, to = bytes.length): boolean {
  let found = false;
  scanner.scan(bytes, from, to, () => {
    found = true;
    return to;
  });
  return found;
}

/** One look at a record's bytes, for its values are dear to decode. */
function holdsWide({ buffer, start, end }: Batch, record: number, { wideScanner }: Follower): boolean {
  return wideScanner === undefined || holds(buffer, wideScanner, start[record], end[record]);
}

function isTwoByteText(bytes: Uint8Array): boolean {
  return (
    (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff) ||
    bytes[0] === 0 ||
    bytes[1] === 0
  );
}

function followBatch(batch: Batch, source: string, follower: Follower, hits: Hits): void {
  for (let record = 0; record < batch.count; record++) {
    if (shapeOfRecord(batch, record).binary === true && !holdsWide(batch, record, follower)) continue;
    const kind = whyFollowed(batch, record, follower);
    if (kind !== undefined) hits.add(source, followRule(kind), { batch, record }, capturesOf(batch, record));
  }
}

function whyFollowed(batch: Batch, record: number, follower: Follower): PivotKind | undefined {
  const slots = requestSlots(shapeOfRecord(batch, record));
  const url = part(batch, record, slots.url).toLowerCase();
  if (url !== '' && follower.urls.has(url)) return 'url';
  const client = part(batch, record, slots.client) || firstField(batch, record, eventAddresses);
  if (follower.addresses.has(bareAddress(client))) return 'address';
  const text = recordText(batch, record).toLowerCase();
  if (follower.sessions.some((session) => text.includes(session))) return 'session';
  return follower.names.some((name) => text.includes(name)) ? 'path' : undefined;
}

/** Where Windows events name the other end: logons, remote desktops, Sysmon's connections. */
const eventAddresses = ['IpAddress', 'SourceNetworkAddress', 'Address', 'SourceIp', 'DestinationIp'];

/** Record fields that the judgement reads of a followed record, under one name whatever the log. */
const kept: Readonly<Record<string, readonly string[]>> = {
  requestId: ['RequestId', 'REQID', 'ACTID'],
  anchor: ['AnchorMailbox'],
  command: ['CMD', 'Cmdlet', 'CommandLine'],
  image: ['Image', 'NewProcessName'],
  parent: ['ParentImage', 'ParentProcessName'],
  file: ['TargetFilename', 'RelativeTargetName'],
  eventId: ['EventID'],
  bytes: ['sc-bytes', 'ResponseBytes'],
  timeTaken: ['time-taken', 'TotalRequestTime'],
};

function capturesOf(batch: Batch, record: number): ReadonlyMap<string, string> {
  const slots = requestSlots(shapeOfRecord(batch, record));
  const captures = new Map<string, string>();
  const keep = (name: string, text: string): void => {
    if (text !== '') captures.set(name, text);
  };
  const client = part(batch, record, slots.client) || firstField(batch, record, eventAddresses);
  keep('address', bareAddress(client));
  for (const name of ['url', 'query', 'method', 'status', 'agent', 'forwarded', 'account', 'host'] as const)
    keep(name, part(batch, record, slots[name]));
  for (const [name, fields] of Object.entries(kept)) keep(name, firstField(batch, record, fields));
  return captures;
}

function firstField(batch: Batch, record: number, names: readonly string[]): string {
  for (const name of names) {
    const text = fieldText(batch, record, name);
    if (text !== undefined) return text;
  }
  return '';
}
