// The deeds of intruders as the Security log, Sysmon and PowerShell's logs show them (facts/exchange.md 1.6 and 7).

import { PACKER, type Act, type Deed } from '../deeds.ts';
import { SECOND } from '../calendar.ts';
import { urlAt, type WebFolder } from '../places.ts';
import { createRandom, type Random } from '../random.ts';
import { accountMade, logCleared, memoryCopied, sharedFile, taskMade } from './attack-marks.ts';
import { powershellRun } from './benign-processes.ts';
import type { Machine, Pool, Process } from './machine.ts';
import { compilePage, fileCreated, startProcess } from './processes.ts';
import type { WindowsEvent } from './windows-event.ts';

const SYSTEM32 = 'C:\\Windows\\System32';
const CMD = `${SYSTEM32}\\cmd.exe`;

/** Which pool runs the pages of a folder. */
export function poolOf(folder: WebFolder): Pool {
  if (folder.url.startsWith('/owa')) return 'MSExchangeOWAAppPool';
  return folder.url.startsWith('/ecp') ? 'MSExchangeECPAppPool' : 'DefaultAppPool';
}

interface Doing {
  readonly machine: Machine;
  readonly random: Random;
  readonly worker: Process;
  readonly at: number;
  readonly salt: number;
}

/** A command through the worker: the shell, and what it starts. */
function ordered(doing: Doing, program: string, line: string): { process: Process; events: WindowsEvent[] } {
  const { machine, worker, at, salt } = doing;
  const folder = 'c:\\windows\\system32\\inetsrv\\';
  const shell = startProcess(machine, {
    at,
    image: CMD,
    line: `"cmd" /c ${line}`,
    parent: worker,
    folder,
    salt: salt * 10 + 100,
  });
  const child = startProcess(machine, {
    at: at + 4,
    image: program,
    line,
    parent: shell.process,
    folder,
    salt: salt * 10 + 101,
  });
  return { process: child.process, events: [...shell.events, ...child.events] };
}

function plainCommand(doing: Doing, program: string, line: string): WindowsEvent[] {
  const { process, events } = ordered(doing, program, line);
  if (!program.endsWith('powershell.exe')) return events;
  const block = /-c "(.*)"/.exec(line)?.[1] ?? line;
  const user = doing.worker.account.sid;
  return [...events, ...powershellRun(doing, process, { at: doing.at + 4, blocks: [block], user })];
}

function archived(doing: Doing, path: string, source: string): WindowsEvent[] {
  const before = { ...doing, at: doing.at - 300 };
  const { process, events } = ordered(before, PACKER, `${PACKER} a -tzip "${path}" "${source}"`);
  return [...events, fileCreated(process, path, doing.at)];
}

function eventsOf(doing: Doing, deed: Deed, act: Act): readonly WindowsEvent[] {
  const { machine, random, worker, at } = doing;
  switch (act.kind) {
    case 'page-shared':
      return [
        ...sharedFile(machine, act.path, at),
        fileCreated(machine.resident('system', at), act.path, at),
      ];
    case 'page-written':
      return [fileCreated(worker, act.path, at)];
    case 'page-compiled':
      return compilePage(machine, {
        at,
        worker,
        url: urlAt(deed.page),
        language: act.language,
        random,
      });
    case 'command':
      return plainCommand(doing, act.program, act.line);
    case 'memory-copied':
      return memoryCopied(doing, act.path, (program, line) => ordered(doing, program, line));
    case 'account-made':
      return accountMade(doing, act.name, (program, line, later) =>
        ordered({ ...doing, at: at + later, salt: doing.salt + 0.3 }, program, line),
      );
    case 'task-made':
      return taskMade(doing, act, (program, line) => ordered(doing, program, line));
    case 'archived':
      return archived(doing, act.path, act.source);
    case 'file-removed': {
      const { events } = ordered(doing, CMD, `del /f "${act.path}"`);
      return events.slice(0, 2);
    }
    case 'security-log-cleared':
      return [
        ...plainCommand(doing, `${SYSTEM32}\\wevtutil.exe`, 'wevtutil cl Security'),
        logCleared(machine, at + SECOND),
      ];
  }
}

/** All traces of deeds on one server. */
export function tracesOf(machine: Machine, deeds: readonly Deed[]): WindowsEvent[] {
  const random = createRandom(`${machine.world.seed}/traces/${machine.server.host}`);
  return deeds
    .filter(({ server }) => server === machine.server)
    .flatMap((deed, salt) => {
      const worker = machine.resident(poolOf(deed.page.folder), deed.at);
      return eventsOf({ machine, random, worker, at: deed.at, salt }, deed, deed.act);
    });
}
