// What the Security log and Sysmon say of processes and files.

import { compiledNames } from '../compiled-pages.ts';
import { createRandom, type Random } from '../random.ts';
import type { Account, Machine, Process } from './machine.ts';
import { PROCESS_BEGAN } from './security-kinds.ts';
import { FILE_CREATED, PROCESS_CREATED, PROCESS_ENDED } from './sysmon-kinds.ts';
import { sysmonTime, type WindowsEvent } from './windows-event.ts';

/** What somebody starts. */
export interface Start {
  readonly at: number;
  readonly image: string;
  readonly line: string;
  readonly parent: Process;
  /** The parent's account if not said. */
  readonly account?: Account;
  readonly folder?: string;
  /** False where Sysmon's settings leave it out. */
  readonly isWatched?: boolean;
  readonly salt?: number;
}

export interface Started {
  readonly process: Process;
  readonly events: readonly WindowsEvent[];
}

const LABELS = { System: 'S-1-16-16384', High: 'S-1-16-12288' } as const;
const NOBODY = 'S-1-0-0';
/** Elevated by its nature; elevated by consent. */
const FULL_TOKEN = '%%1936';

const SYSTEM_FOLDER = 'C:\\Windows\\system32\\';
const NO_LOGON_GUID = '00000000-0000-0000-0000-000000000000';

interface Maker {
  readonly version: string;
  readonly description: string;
  readonly product: string;
  readonly company: string;
  readonly hashes: string;
}

const makers = new Map<string, Maker>();

/** What a program says of itself; the same for each start of it. */
function makerOf(image: string): Maker {
  const known = makers.get(image);
  if (known !== undefined) return known;
  const random = createRandom(`program/${image}`);
  const isWindows = image.startsWith('C:\\Windows\\');
  const upper = (digits: number): string => random.hex(digits).toUpperCase();
  const made: Maker = {
    version: isWindows
      ? '10.0.14393.0 (rs1_release.160715-1616)'
      : `${random.between(1, 15)}.${random.below(10)}.0`,
    description: isWindows ? 'Windows component' : '-',
    product: isWindows ? 'Microsoft® Windows® Operating System' : '-',
    company: isWindows ? 'Microsoft Corporation' : '-',
    hashes: `SHA1=${upper(40)},MD5=${upper(32)},SHA256=${upper(64)},IMPHASH=${upper(32)}`,
  };
  makers.set(image, made);
  return made;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

function securityEvent(process: Process, parent: Process): WindowsEvent {
  const { account } = parent;
  const isOther = process.account !== account;
  const target = isOther ? process.account : undefined;
  return {
    kind: PROCESS_BEGAN,
    time: process.startedAt,
    process: 4,
    values: [
      account.sid,
      account.name,
      account.domain,
      account.logonId,
      process.pid,
      process.image,
      FULL_TOKEN,
      parent.pid,
      process.line,
      NOBODY,
      target?.name ?? '-',
      target?.domain ?? '-',
      target?.logonId ?? 0,
      parent.image,
      LABELS[process.account.integrity],
    ],
  };
}

function sysmonEvent(process: Process, parent: Process, folder: string): WindowsEvent {
  const maker = makerOf(process.image);
  return {
    kind: PROCESS_CREATED,
    time: process.startedAt + 1,
    user: 'S-1-5-18',
    values: [
      '-',
      sysmonTime(process.startedAt),
      process.guid,
      process.pid,
      process.image,
      maker.version,
      maker.description,
      maker.product,
      maker.company,
      nameOf(process.image),
      process.line,
      folder,
      process.account.shown,
      NO_LOGON_GUID,
      process.account.logonId,
      0,
      process.account.integrity,
      maker.hashes,
      parent.guid,
      parent.pid,
      parent.image,
      parent.line,
    ],
  };
}

/** Starts a process: the events of both logs, and the process for those that follow from it. */
export function startProcess(machine: Machine, start: Start): Started {
  const { at, image, line, parent, account = parent.account, folder = SYSTEM_FOLDER } = start;
  const process = machine.started({ startedAt: at, image, line, account }, start.salt ?? 0);
  const watched = start.isWatched === false ? [] : [sysmonEvent(process, parent, folder)];
  return { process, events: [securityEvent(process, parent), ...watched] };
}

/** Sysmon saw a process end. */
export function processEnded(process: Process, at: number): WindowsEvent {
  return {
    kind: PROCESS_ENDED,
    time: at,
    user: 'S-1-5-18',
    values: ['-', sysmonTime(at), process.guid, process.pid, process.image],
  };
}

/** Sysmon saw a process write a file. */
export function fileCreated(process: Process, path: string, at: number): WindowsEvent {
  const text = sysmonTime(at);
  return {
    kind: FILE_CREATED,
    time: at + 2,
    user: 'S-1-5-18',
    values: ['-', text, process.guid, process.pid, process.image, path, text],
  };
}

const COMPILER = 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319';

/** A page that the web server compiles when it is asked for it the first time. */
export interface Compilation {
  readonly at: number;
  readonly worker: Process;
  /** Address of the page. */
  readonly url: string;
  /** JScript is compiled inside the worker; only the linker is a process of its own. */
  readonly language: 'C#' | 'JScript';
  readonly random: Random;
}

/** Compiler, linker and the compiled page. */
export function compilePage(machine: Machine, given: Compilation): readonly WindowsEvent[] {
  const { at, worker, random } = given;
  const names = compiledNames(machine.world, machine.server, given.url);
  const compiler = startProcess(machine, {
    at,
    image: `${COMPILER}\\csc.exe`,
    line: `"${COMPILER}\\csc.exe" /noconfig /fullpaths @"${names.assembly.replace('.dll', '.cmdline')}"`,
    parent: worker,
    salt: 1,
  });
  const parent = given.language === 'C#' ? compiler.process : worker;
  const temporary = `C:\\Windows\\TEMP\\RES${random.hex(4).toUpperCase()}.tmp`;
  const linker = startProcess(machine, {
    at: at + 90,
    image: `${COMPILER}\\cvtres.exe`,
    line: `${COMPILER}\\cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 "/OUT:${temporary}" "${temporary.replace('RES', 'CSC')}"`,
    parent,
    salt: 2,
  });
  return [
    ...(given.language === 'C#' ? compiler.events : []),
    ...linker.events,
    fileCreated(parent, names.assembly, at + 240),
    fileCreated(worker, names.compiled, at + 260),
  ];
}
