// What ASP.NET leaves of each page that was ever asked for: an assembly, and a file that says whose it is.

import { createRandom } from './random.ts';
import type { Server, World } from './world.ts';

const TEMPORARY = 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files';
const BASE_32 = 'abcdefghijklmnopqrstuvwxyz012345';

/** A page by its address, and what it was written in. */
export interface PageSource {
  /** `/owa/auth/logon.aspx`. */
  readonly url: string;
  readonly language: 'C#' | 'JScript';
  /** True where it reads what a request sends. */
  readonly readsRequest: boolean;
}

/** Paths of what a page leaves. */
export interface CompiledNames {
  readonly folder: string;
  readonly assembly: string;
  readonly compiled: string;
}

/** Pages of `/owa` and `/ecp` are compiled apart, all others with the site's root. */
function applicationOf(url: string): string {
  const first = url.split('/')[1] ?? '';
  return first === 'owa' || first === 'ecp' ? first : 'root';
}

/** The names are those that the event logs show when the page was compiled. */
export function compiledNames(world: World, server: Server, url: string): CompiledNames {
  const application = applicationOf(url);
  const place = createRandom(`${world.seed}/compiled/${server.host}/${application}`);
  const own = createRandom(`${world.seed}/compiled/${server.host}${url}`);
  const folder = `${TEMPORARY}\\${application}\\${place.hex(8)}\\${place.hex(8)}`;
  const page = url.slice(url.lastIndexOf('/') + 1).toLowerCase();
  return {
    folder,
    assembly: `${folder}\\App_Web_${own.text(BASE_32, 8)}.dll`,
    compiled: `${folder}\\${page}.${own.hex(8)}.compiled`,
  };
}

function assemblyName({ assembly }: CompiledNames): string {
  return assembly.slice(assembly.lastIndexOf('\\') + 1, -'.dll'.length);
}

function typeName(url: string): string {
  return `ASP.${url.slice(1).toLowerCase().replaceAll(/[/.-]/g, '_')}`;
}

/** The `.compiled` file: which page became which assembly. */
export function preservedFile(names: CompiledNames, url: string): string {
  const random = createRandom(`preserved/${names.compiled}`);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<preserve resultType="3" virtualPath="${url}" hash="${random.hex(9)}" filehash="${random.hex(16)}" flags="110000" assembly="${assemblyName(names)}" type="${typeName(url)}">`,
    '    <filedeps>',
    `        <filedep name="${url}" />`,
    '    </filedeps>',
    '</preserve>',
    '',
  ].join('\r\n');
}

const join = (...pieces: readonly string[]): string => pieces.join('');

/** Names that the assembly takes from others, as its table of strings holds them. */
function importsOf({ language, readsRequest, url }: PageSource): readonly string[] {
  const request = readsRequest ? ['HttpRequest', join('get_', 'Request'), 'get_Item'] : [];
  const script = language === 'JScript' ? ['Microsoft.JScript', 'Eval', join('JScript', 'Evaluate')] : [];
  return [
    '<Module>',
    'mscorlib',
    'System.Web',
    'Page',
    'HttpResponse',
    'get_Response',
    typeName(url).slice(4),
    ...request,
    ...script,
  ];
}

const DOS_BYTES = 128;
const HEAD_BYTES = 512;
const MACHINE_I386 = 0x14c;

/**
 * The smallest thing that has the shape of the assembly: the head of a portable executable with the linker's time,
 * names of imports as zero-ended texts, the page's address in UTF-16. No program is in it.
 */
export function assemblyStub(source: PageSource, compiledAt: number): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(DOS_BYTES, 0x3c);
  head.write('PE\0\0', DOS_BYTES, 'latin1');
  head.writeUInt16LE(MACHINE_I386, DOS_BYTES + 4);
  head.writeUInt32LE(Math.floor(compiledAt / 1000), DOS_BYTES + 8);
  head.writeUInt16LE(0x2102, DOS_BYTES + 22);
  const names = Buffer.from(`\0${importsOf(source).join('\0')}\0`, 'latin1');
  const path = Buffer.from(`~${source.url}`, 'utf16le');
  return Buffer.concat([head, Buffer.from('BSJB', 'latin1'), names, Buffer.alloc(8), path, Buffer.alloc(64)]);
}
