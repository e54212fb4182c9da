import {
  limits,
  parseTime,
  recordTime,
  shapeOfRecord,
  slotText,
  ticksPerDay,
  type Batch,
  type RuleInfo,
  type Shape,
  type Ticks,
} from '@postern/core';
import { compileRegex } from '@postern/match';
import { addressesIn } from './address.ts';
import { fieldsFor, type FieldRole } from './fields.ts';
import { AskerTable, remembered, type Asker, type Finder } from './finder.ts';
import type { Indicator, IndicatorType } from './indicator.ts';
import { addressLiteral, pathLiteral, plainLiteral } from './literal.ts';
import { indicatorRule } from './rule.ts';
import { foldAgent, namesHost, pathTable, standsAlone, tableOf } from './tables.ts';

/**
 * Called for each indicator that a record holds, once per record. The captures are the field it stood in and those
 * that say who and what the record is about: the fields that the entities of `indicatorRule` name.
 */
export type OnIndicator = (indicator: Indicator, captures: ReadonlyMap<string, string>) => void;

/** Looks for indicators in the records of one shape. */
export interface IndicatorMatcher {
  /** A record in whose raw bytes none of these stands (letter case folded) holds none; undefined: any record may. */
  readonly literals: readonly string[] | undefined;
  match(batch: Batch, record: number, onIndicator: OnIndicator): void;
}

export interface FileIdentity {
  readonly sha256?: string;
  readonly sha1?: string;
  readonly md5?: string;
  /** Original Windows path. */
  readonly path?: string;
  /** The first bytes, for markers; 64 are enough. */
  readonly head?: Uint8Array;
  /** Parameter names that a page listens to, as `webshell` tells them. */
  readonly parameters?: readonly string[];
}

/** Indicators ready to be looked for. Made anew in each thread from the plain {@link Indicator} list. */
export interface IndicatorSet {
  /** One for each indicator, in their order. */
  readonly rules: readonly RuleInfo[];
  /** Undefined where records of this shape cannot hold any of them. */
  forShape(shape: Shape): IndicatorMatcher | undefined;
  matchFile(file: FileIdentity): Indicator[];
}

/** Addresses and agents change hands: outside the time they were seen in, and this margin, they name someone else. */
const marginDays = 31n;
const ageing: ReadonlySet<IndicatorType> = new Set(['ip', 'user_agent']);

interface Search {
  readonly types: readonly IndicatorType[];
  readonly roles: readonly FieldRole[];
  readonly finder: (indicators: readonly Indicator[]) => Finder;
}

const searches: readonly Search[] = [
  { types: ['ip'], roles: ['client', 'peer'], finder: findAddresses },
  {
    types: ['domain'],
    roles: ['host-name'],
    finder: (all) => (text) => all.filter(({ value }) => namesHost(text, value)),
  },
  {
    types: ['file_path', 'file_path_regex', 'file_name', 'file_name_regex'],
    roles: ['path'],
    finder: (all) => {
      const table = pathTable(all);
      return (text) => table.find(text);
    },
  },
  { types: ['command_or_path'], roles: ['command'], finder: findFragments },
  { types: ['webshell_param'], roles: ['query'], finder: findFragments },
  { types: ['user_agent'], roles: ['agent'], finder: findAgents },
  { types: ['request_path_post', 'request_path_regex'], roles: ['url-path'], finder: findRequests },
  { types: ['service_name'], roles: ['service'], finder: findWhole },
  { types: ['sha256', 'sha1', 'md5'], roles: ['hashes'], finder: findHashes },
];

function findAddresses(all: readonly Indicator[]): Finder {
  const table = tableOf(all, ({ value }) => value);
  return (text) => addressesIn(text).flatMap((address) => table.get(address) ?? []);
}

function findFragments(all: readonly Indicator[]): Finder {
  const needles = all.map((indicator) => ({ indicator, needle: indicator.value.toLowerCase() }));
  return (text) =>
    needles.filter(({ needle }) => standsAlone(text, needle)).map(({ indicator }) => indicator);
}

function findAgents(all: readonly Indicator[]): Finder {
  const table = tableOf(all, ({ value }) => foldAgent(value));
  return (text) => table.get(foldAgent(text)) ?? [];
}

function findRequests(all: readonly Indicator[]): Finder {
  const whole = tableOf(
    all.filter(({ type }) => type === 'request_path_post'),
    ({ value }) => value,
  );
  const patterns = all
    .filter(({ type }) => type === 'request_path_regex')
    .map((indicator) => ({
      indicator,
      regex: compileRegex(`^(?:${indicator.value})$`, { ignoreCase: true }),
    }));
  return (text) => [
    ...(whole.get(text.toLowerCase()) ?? []),
    ...patterns.filter(({ regex }) => regex.test(text)).map(({ indicator }) => indicator),
  ];
}

function findWhole(all: readonly Indicator[]): Finder {
  const table = tableOf(all, ({ value }) => value.toLowerCase());
  return (text) => table.get(text.toLowerCase()) ?? [];
}

function findHashes(all: readonly Indicator[]): Finder {
  const table = tableOf(all, ({ value }) => value);
  return (text) =>
    (text.toLowerCase().match(/[0-9a-f]{32,64}/g) ?? []).flatMap((hash) => table.get(hash) ?? []);
}

/** Makes the indicators ready. Patterns were checked when they were read, so nothing is refused here. */
export function compileIndicators(indicators: readonly Indicator[]): IndicatorSet {
  const ready = searches.flatMap((search) => {
    const own = indicators.filter(({ type }) => search.types.includes(type));
    return own.length === 0 ? [] : [{ ...search, own, find: remembered(search.finder(own)) }];
  });
  const askers = new AskerTable();
  return {
    rules: indicators.map((indicator) => indicatorRule(indicator)),
    forShape: (shape) => matcherFor(shape, ready, askers),
    matchFile: fileMatcher(indicators),
  };
}

interface ReadySearch extends Search {
  readonly own: readonly Indicator[];
  readonly find: Finder;
}

interface FieldSearch {
  readonly field: string;
  readonly slot: number;
  readonly find: Finder;
}

function matcherFor(
  shape: Shape,
  ready: readonly ReadySearch[],
  askers: AskerTable,
): IndicatorMatcher | undefined {
  const used = ready.flatMap((search) => {
    const fields = [...new Set(search.roles.flatMap((role) => fieldsFor(shape, role)))];
    return fields.length === 0 ? [] : [{ search, fields }];
  });
  if (used.length === 0) return undefined;
  const fields: FieldSearch[] = used.flatMap(({ search, fields }) =>
    fields.map((field) => ({ field, slot: shape.fields.indexOf(field), find: search.find })),
  );
  const slots = slotsOf(fields, askers);
  const allows = requestFilter(shape);
  const captured = [...new Set(capturedRoles.flatMap((role) => fieldsFor(shape, role)))];
  return {
    literals: literalsOf(used.flatMap(({ search }) => search.own)),
    match: (batch, record, onIndicator) => {
      if (holdsAny(batch, record, slots))
        matchRecord({ batch, record, fields, allows, captured }, onIndicator);
    },
  };
}

/** A slot, and whether its text holds anything that is looked for in it. */
interface SlotAsked {
  readonly slot: number;
  readonly holds: Asker;
}

function slotsOf(fields: readonly FieldSearch[], askers: AskerTable): readonly SlotAsked[] {
  return [...new Set(fields.map(({ slot }) => slot))].map((slot) => ({
    slot,
    holds: askers.of(fields.filter((field) => field.slot === slot).map(({ find }) => find)),
  }));
}

/** Hardly any record holds an indicator: each value is looked up once, whatever is looked for in it. */
function holdsAny(batch: Batch, record: number, slots: readonly SlotAsked[]): boolean {
  for (let i = 0; i < slots.length; i++) {
    const asked = slots[i];
    const text = asked === undefined ? undefined : slotText(batch, record, asked.slot);
    if (text !== undefined && text !== '' && asked?.holds(text) === true) return true;
  }
  return false;
}

const capturedRoles: readonly FieldRole[] = [
  'client',
  'peer',
  'agent',
  'method',
  'url-path',
  'path',
  'hashes',
];

type Allows = (indicator: Indicator, batch: Batch, record: number) => boolean;

interface RecordSearch {
  readonly batch: Batch;
  readonly record: number;
  readonly fields: readonly FieldSearch[];
  readonly allows: Allows;
  readonly captured: readonly string[];
}

function matchRecord(search: RecordSearch, onIndicator: OnIndicator): void {
  const { batch, record, fields, allows } = search;
  const told = new Set<string>();
  for (const { field, slot, find } of fields) {
    const text = slotText(batch, record, slot);
    if (text === undefined || text === '') continue;
    for (const indicator of find(text)) {
      if (told.has(indicator.rule) || !allows(indicator, batch, record)) continue;
      told.add(indicator.rule);
      onIndicator(indicator, capture(search, field));
    }
  }
}

function capture({ batch, record, captured }: RecordSearch, field: string): ReadonlyMap<string, string> {
  const shape = shapeOfRecord(batch, record);
  const captures = new Map<string, string>();
  for (const name of new Set([field, ...captured])) {
    const text = slotText(batch, record, shape.fields.indexOf(name));
    if (text !== undefined && text !== '') captures.set(name, text.slice(0, limits.captureCharacters));
  }
  return captures;
}

/** Whether method, path and time of the record are those that the indicator asks for. */
function requestFilter(shape: Shape): Allows {
  const method = slotOf(shape, 'method');
  const path = slotOf(shape, 'url-path');
  return (indicator, batch, record) => {
    const asked = indicator.type === 'request_path_post' ? 'POST' : indicator.method;
    if (asked !== undefined && textOf(batch, record, method)?.toUpperCase() !== asked) return false;
    if (indicator.paths.length > 0) {
      const stem = textOf(batch, record, path)?.toLowerCase() ?? '';
      if (!indicator.paths.some((start) => stem.startsWith(start))) return false;
    }
    return !ageing.has(indicator.type) || isSeenThen(indicator, recordTime(batch, record));
  };
}

function slotOf(shape: Shape, role: FieldRole): number {
  const [field] = fieldsFor(shape, role);
  return field === undefined ? -1 : shape.fields.indexOf(field);
}

function textOf(batch: Batch, record: number, slot: number): string | undefined {
  return slot < 0 ? undefined : slotText(batch, record, slot);
}

function isSeenThen({ from, to }: Indicator, time: Ticks | undefined): boolean {
  if (time === undefined) return true;
  const [start, end] = [from, to].map((day) => (day === undefined ? undefined : parseTime(day)));
  if (start !== undefined && time < start - marginDays * ticksPerDay) return false;
  return end === undefined || time < end + (marginDays + 1n) * ticksPerDay;
}

/** The literals of all, or undefined if one of them has none: then no record can be left out. */
function literalsOf(indicators: readonly Indicator[]): readonly string[] | undefined {
  const literals = indicators.map(literalOf);
  const sure = literals.filter((literal) => literal !== undefined);
  return sure.length < literals.length ? undefined : [...new Set(sure)].toSorted();
}

/** What must stand in a record that holds the indicator; undefined where nothing is sure. */
export function literalOf({ type, value }: Indicator): string | undefined {
  if (type === 'ip') return addressLiteral(value);
  if (type === 'file_marker') return undefined;
  if (type === 'file_path' || type === 'command_or_path') return pathLiteral(value);
  if (!type.endsWith('_regex')) return plainLiteral(value);
  const literal = compileRegex(value, { ignoreCase: true }).literal;
  return literal === undefined ? undefined : plainLiteral(literal);
}

function fileMatcher(indicators: readonly Indicator[]): (file: FileIdentity) => Indicator[] {
  const hashes = tableOf(
    indicators.filter(({ type }) => /^(?:sha256|sha1|md5)$/.test(type)),
    ({ value }) => value,
  );
  const paths = pathTable(indicators);
  const markers = indicators.filter(({ type }) => type === 'file_marker');
  const parameters = tableOf(
    indicators.filter(({ type }) => type === 'webshell_param'),
    ({ value }) => value.toLowerCase(),
  );
  return (file) => {
    const byHash = [file.sha256, file.sha1, file.md5].flatMap(
      (hash) => hashes.get(hash?.toLowerCase() ?? '') ?? [],
    );
    const byPath = file.path === undefined ? [] : paths.find(file.path);
    const { head } = file;
    const byHead = head === undefined ? [] : markers.filter(({ value }) => startsWith(head, value));
    const byParameter = (file.parameters ?? []).flatMap((name) => parameters.get(name.toLowerCase()) ?? []);
    return [...new Set([...byHash, ...byPath, ...byHead, ...byParameter])];
  };
}

function startsWith(head: Uint8Array, marker: string): boolean {
  return new TextEncoder().encode(marker).every((byte, i) => head[i] === byte);
}
