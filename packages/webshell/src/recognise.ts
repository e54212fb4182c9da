import type { SourceKind } from '@postern/core';
import { readPageText } from './page-text.ts';
import { words } from './words.ts';

/** How a file would be treated by the servers we know, by its name alone. */
export type FileClass =
  | 'asp.net'
  | 'asp.net-code'
  | 'asp'
  | 'php'
  | 'jsp'
  | 'config'
  | 'compiled'
  | 'assembly'
  | 'inert';

const classes: ReadonlyMap<string, FileClass> = new Map([
  ...(['aspx', 'ascx', 'master', 'asax'] as const).map((e) => [e, 'asp.net'] as const),
  ...(['ashx', 'asmx', 'svc', 'soap', 'asbx', 'rem', 'cshtml', 'vbhtml'] as const).map(
    (e) => [e, 'asp.net-code'] as const,
  ),
  ...(['asp', 'asa', 'cer', 'cdx'] as const).map((e) => [e, 'asp'] as const),
  ...(['php', 'php3', 'php4', 'php5', 'php7', 'phtml', 'pht'] as const).map((e) => [e, 'php'] as const),
  ...(['jsp', 'jspx', 'jspf', 'jsw', 'jsv', 'jspa'] as const).map((e) => [e, 'jsp'] as const),
  ['config', 'config'],
  ['compiled', 'compiled'],
]);

/** What the ending of a path (Windows or not) says. Names that Velociraptor encoded are expected decoded. */
export function fileClassOf(path: string): FileClass {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return 'inert';
  const ending = name.slice(dot + 1);
  if (ending === 'dll') return name.startsWith('app_web_') ? 'assembly' : 'inert';
  if (ending === 'cs' || ending === 'vb') return isServedSource(name, path) ? 'asp.net-code' : 'inert';
  return classes.get(ending) ?? 'inert';
}

/** The server compiles these together with their page, or as soon as one of the application is asked for. */
function isServedSource(name: string, path: string): boolean {
  return /\.(?:as[cmhp]x|master|asax)\.(?:cs|vb)$/.test(name) || /[\\/]app_code[\\/]/i.test(path);
}

/** An alternate stream or trailing dots and blanks do not change what IIS opens. */
function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  const bare = name.endsWith('::$data') ? name.slice(0, -'::$data'.length) : name;
  return bare.endsWith('.') || bare.endsWith(' ') ? bare.replace(/[. ]+$/, '') : bare;
}

const serverMarks =
  /<%@\s*(?:page|control|master|webhandler|webservice|servicehost|application|language\s*=|import\s)|<script\b[^>]{0,400}\brunat\s*=\s*["']?\s*server|<\?php\b|<jsp:/i;
// Endings whose files may quote server code and are never run: rules, reports, scripts, sources, documents.
const quoting =
  /\.(?:txt|yar|yara|yml|yaml|md|ps1|psm1|py|sh|js|ts|json|jsonl|csv|xml|html?|cs|vb|java|log|rst|css|sql|bat|cmd|rb|pl|go|c|h|cpp)$/;
// Administrators put a page away by an ending behind its own: `x.aspx.txt` quotes nothing, it is that page.
const putAway = /\.(?:as[chmp]x|asp|php\d?|phtml|jspx?)\.[a-z0-9]+$/;
const archiveMagic: readonly (readonly number[])[] = [
  [0x50, 0x4b, 3, 4],
  [0x50, 0x4b, 5, 6],
  [0x1f, 0x8b],
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07],
  [0x4d, 0x53, 0x43, 0x46],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
];
const configNames = words(`
  web.config applicationhost.config agents.config fetagents.config administration.config machine.config
`);

/**
 * What the first bytes and then the name say: pages, configurations, compiled pages, archives, executables;
 * undefined if it is none of ours. A page is known by its ending or, under a name that says nothing, by its content;
 * text files that only quote server code are no pages.
 */
export function recognisePage(head: Uint8Array, name: string): SourceKind | undefined {
  const base = baseName(name);
  const known = fileClassOf(name);
  if (known === 'assembly' || known === 'compiled') return 'compiled-page';
  // A page stays one whatever bytes stand first: mailbox exports and certificate requests were dropped as pages.
  if (known !== 'inert' && known !== 'config') return 'web-page';
  if (known === 'config') return configNames.has(base) || isConfiguration(head) ? 'web-config' : undefined;
  if (head[0] === 0x4d && head[1] === 0x5a) return 'executable';
  if (archiveMagic.some((magic) => magic.every((byte, i) => head[i] === byte))) return 'archive';
  if (quoting.test(base) && !putAway.test(base)) return undefined;
  const page = readPageText(head);
  return page.head !== 'binary' && serverMarks.test(page.text) ? 'web-page' : undefined;
}

function isConfiguration(head: Uint8Array): boolean {
  return /<configuration\b/i.test(readPageText(head).text);
}
