import { decodeLatin1, remember, type SourceKind } from '@postern/core';
import { LF } from './bytes.ts';
import { Cells, splitLoosely } from './cells.ts';
import { fittingFields } from './default-fields.ts';
import { webFamily } from './family.ts';
import { encodingOf } from './feed.ts';
import { isTypeLine, readDirective, readFields, readHeaderRow, type Columns } from './header.ts';
import { isExchangeHeader, isTimeColumn } from './names.ts';

type WeblogKind = Extract<SourceKind, 'iis' | 'httperr' | 'exchange-log'>;

/** Lines looked at: a header block has five, with a torn row and blank lines before it some more. */
const linesLookedAt = 20;

/** Names that servers give to these logs; asked where the content tells nothing (zeros, an empty or a torn file). */
const byName: readonly (readonly [RegExp, WeblogKind])[] = [
  [/(?:^|[\\/])httperr\d*(?:[._-][^\\/]*)?\.log$/i, 'httperr'],
  [/(?:^|[\\/])u_(?:ex|in|nc)\d{2,}[^\\/]*\.log$|[\\/]W3SVC\d+[\\/][^\\/]*\.log$/i, 'iis'],
  [/(?:^|[\\/])(?:HttpProxy|Ews|Rps_(?:Http|Cmdlet|AuthZ)|ECPActivity)_\d[^\\/]*\.log$/i, 'exchange-log'],
  [/(?:^|[\\/])ECPServer\d[^\\/]*\.log$|[\\/]OABGenerator(?:Simple)?Log[\\/][^\\/]*\.log$/i, 'exchange-log'],
  [
    /[\\/](?:CosmosQueue|LocalQueue)[\\/].*\.log$|[\\/]Exchange Server[\\/]V\d+[\\/]Logging[\\/].*\.log$/i,
    'exchange-log',
  ],
];

/** The kind of log, told from its first bytes, then from its name (original path); undefined if it is none of ours. */
export function recognise(head: Uint8Array, name: string): SourceKind | undefined {
  return byKnown(head) ?? byBeginning(head, 512) ?? byBeginning(head, 4096) ?? byAll(head, name);
}

/** How logs began until their date that said what they are. A server has a few such beginnings in thousands of logs. */
const known: { readonly bytes: Uint8Array; readonly kind: WeblogKind }[] = [];
const mostKnown = 16;
const dateMark = '#Date:';

/** The same as {@link byText} says of the beginning, without making text of it. */
function byKnown(head: Uint8Array): WeblogKind | undefined {
  return known.find(({ bytes }) => startsWith(head, bytes))?.kind;
}

function startsWith(head: Uint8Array, bytes: Uint8Array): boolean {
  // From the end, where beginnings differ.
  for (let i = bytes.length - 1; i >= 0; i--) if (head[i] !== bytes[i]) return false;
  return true;
}

function keepBeginning(head: Uint8Array, text: string, kind: WeblogKind): void {
  const { encoding, mark } = encodingOf(head);
  const date = text.indexOf(dateMark);
  if (encoding !== 'utf-8' || date < text.indexOf('#Software:') || known.length >= mostKnown) return;
  known.push({ bytes: head.slice(0, mark + date + dateMark.length), kind });
}

/**
 * What the first lines say of themselves: nearly every log has said what it is in few bytes, and to decode all of the
 * head costs as much as to read the log. Later lines could not change it, for the first that speaks counts.
 */
function byBeginning(head: Uint8Array, bytes: number): WeblogKind | undefined {
  const end = head.subarray(0, bytes).lastIndexOf(LF);
  if (end < 0) return undefined;
  const text = textOf(head.subarray(0, end));
  const kind = byText(text);
  if (kind !== undefined && text.includes('#Software:')) keepBeginning(head, text, kind);
  return kind;
}

/** The hourly logs of a server begin with the same bytes until their date. */
function byText(text: string): WeblogKind | undefined {
  const date = text.indexOf(dateMark);
  const software = text.indexOf('#Software:');
  return software >= 0 && software < date ? bySoftware(text.slice(0, date)) : bySelf(linesOf(text));
}

/** Undefined too where only later lines say what the log is: the longer looks then tell. */
const bySoftware = remember((text) => bySelf(linesOf(text)));

function byAll(head: Uint8Array, name: string): WeblogKind | undefined {
  const text = textOf(head);
  const lines = linesOf(text);
  const [first = ''] = lines;
  const told = bySelf(lines) ?? (startsWithHeader(first) ? undefined : byRow(first));
  const kind = told ?? firstOf(lines.slice(0, 3), byRow);
  return kind ?? (isTextOrZeros(text) ? byName.find(([pattern]) => pattern.test(name))?.[1] : undefined);
}

function textOf(head: Uint8Array): string {
  const { encoding, mark } = encodingOf(head);
  if (encoding === 'utf-8') return decodeLatin1(head, mark, head.length);
  return new TextDecoder(encoding).decode(head.subarray(mark));
}

function linesOf(text: string): readonly string[] {
  return text
    .replaceAll('\0', '\n')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, linesLookedAt)
    .map((line) => line.replace(/^ï»¿/, ''));
}

function startsWithHeader(first: string): boolean {
  return readDirective(first) !== undefined || isTypeLine(first);
}

function bySelf(lines: readonly string[]): WeblogKind | undefined {
  const hasHeader = startsWithHeader(lines[0] ?? '');
  return firstOf(lines, (line) => byDirective(line, hasHeader));
}

function firstOf(
  lines: readonly string[],
  look: (line: string) => WeblogKind | undefined,
): WeblogKind | undefined {
  for (const line of lines) {
    const kind = look(line);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** In a text that does not begin with a header line, only Microsoft's own words count. */
function byDirective(line: string, hasHeader: boolean): WeblogKind | undefined {
  const said = readDirective(line);
  if (said === undefined) return undefined;
  if (said.name === 'software' && /^Microsoft Exchange/i.test(said.value)) return 'exchange-log';
  if (said.name === 'software' && /^Microsoft HTTP API/i.test(said.value)) return 'httperr';
  if (said.name === 'software' && /^Microsoft Internet Information/i.test(said.value)) return 'iis';
  if (!hasHeader) return undefined;
  return said.name === 'fields' ? byColumns(readFields(said.value)) : undefined;
}

function byColumns({ names, csv }: Columns): WeblogKind | undefined {
  const web = webFamily(names);
  if (web !== undefined) return web;
  return csv && (isTimeColumn(names[0] ?? '') || isExchangeHeader(names)) ? 'exchange-log' : undefined;
}

/** A header row of a CSV copy, or a row of a log whose header is lost. */
function byRow(line: string): WeblogKind | undefined {
  const row = readHeaderRow(line, false);
  if (row !== undefined) return byColumns(row);
  const bytes = new TextEncoder().encode(line);
  const cells = new Cells();
  splitLoosely(bytes, 0, bytes.length, cells);
  if (fittingFields('iis', bytes, cells) !== undefined) return 'iis';
  return fittingFields('httperr', bytes, cells) === undefined ? undefined : 'httperr';
}

/** Zeros, or text that is no markup: a page that somebody named like a log is judged as a page. */
function isTextOrZeros(text: string): boolean {
  const start = text.slice(0, 1024);
  if (start.trimStart().startsWith('<')) return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/[\u0001-\u0008\u000b\u000c\u000e-\u001f]/.test(start);
}
