// Kinds of the Application, PowerShell and Exchange management logs.

import { defineEvent, type EventKind } from '@postern/evtx';

const CLASSIC = 0x80_0000_0000_0000n;

interface Classic {
  readonly provider: string;
  readonly channel?: string;
  readonly id: number;
  readonly level?: number;
  readonly task?: number;
  readonly qualifiers?: number;
}

function classic(given: Classic): EventKind {
  return defineEvent({
    channel: 'Application',
    qualifiers: 16_384,
    ...given,
    keywords: CLASSIC,
    data: { form: 'unnamed' },
  });
}

/** 1, 6: a cmdlet succeeded, failed. */
export const CMDLET_DONE: EventKind = classic({
  provider: 'MSExchange CmdletLogs',
  channel: 'MSExchange Management',
  id: 1,
  task: 1,
});
export const CMDLET_FAILED: EventKind = classic({
  provider: 'MSExchange CmdletLogs',
  channel: 'MSExchange Management',
  id: 6,
  task: 1,
  level: 2,
  qualifiers: 49_152,
});

/** 1001, 1002: an application of the front end starts, shuts down. */
export const PROXY_STARTING: EventKind = classic({
  provider: 'MSExchange Front End HTTP Proxy',
  id: 1001,
  task: 1,
});
export const PROXY_STOPPING: EventKind = classic({
  provider: 'MSExchange Front End HTTP Proxy',
  id: 1002,
  task: 1,
});

/** 4: a request to the control panel failed. */
export const PANEL_FAILED: EventKind = classic({
  provider: 'MSExchange Control Panel',
  id: 4,
  task: 1,
  level: 2,
  qualifiers: 49_156,
});
/** 47, 48: the control panel began and finished work for a request. */
export const PANEL_BEGAN: EventKind = classic({ provider: 'MSExchange Control Panel', id: 47, task: 1 });
export const PANEL_FINISHED: EventKind = classic({ provider: 'MSExchange Control Panel', id: 48, task: 1 });

/** 2080: the domain controllers that Exchange found. */
export const DOMAIN_CONTROLLERS: EventKind = classic({
  provider: 'MSExchangeADTopology',
  id: 2080,
  task: 3,
  qualifiers: 16_388,
});

/** 1040, 1042: an installation begins, ends. */
export const INSTALL_BEGAN: EventKind = classic({ provider: 'MsiInstaller', id: 1040, qualifiers: 0 });
export const INSTALL_ENDED: EventKind = classic({ provider: 'MsiInstaller', id: 1042, qualifiers: 0 });
/** 1022: an update was installed, as the installer's own sentence. */
export const UPDATE_APPLIED: EventKind = classic({ provider: 'MsiInstaller', id: 1022, qualifiers: 0 });
/** 1036: an update was installed, as a list. */
export const UPDATE_LISTED: EventKind = classic({ provider: 'MsiInstaller', id: 1036, qualifiers: 0 });

/** 903: licensing stopped, as it does each hour or so. */
export const LICENSING_STOPPED: EventKind = defineEvent({
  provider: 'Microsoft-Windows-Security-SPP',
  guid: 'e23b33b0-c8c9-472c-a5f9-f2bdfea0f156',
  sourceName: 'Software Protection Platform Service',
  channel: 'Application',
  id: 903,
  level: 0,
  qualifiers: 49_152,
  keywords: 0x8080_0000_0000_0000n,
  data: { form: 'none' },
});

/** 2303: applications of a pool could not be started ahead of the first request. */
export const PRELOAD_FAILED: EventKind = defineEvent({
  provider: 'Microsoft-Windows-IIS-W3SVC-WP',
  guid: '670080d9-742a-4187-8d16-41143d1290bd',
  sourceName: 'W3SVC-WP',
  channel: 'Application',
  id: 2303,
  level: 3,
  qualifiers: 32_768,
  keywords: CLASSIC,
  data: {
    form: 'named',
    fields: [['AppPoolID', 'string']],
  },
});

function shell(id: number, task: number): EventKind {
  return classic({ provider: 'PowerShell', channel: 'Windows PowerShell', id, task, qualifiers: 0 });
}

/** 400, 403: the engine of PowerShell started, stopped. */
export const ENGINE_STARTED: EventKind = shell(400, 4);
export const ENGINE_STOPPED: EventKind = shell(403, 4);

const POWERSHELL = {
  provider: 'Microsoft-Windows-PowerShell',
  guid: 'a0c1853b-5c40-4b15-8766-3cf1c58f985a',
  channel: 'Microsoft-Windows-PowerShell/Operational',
  version: 1,
  keywords: 0n,
};

/** 40961, 40962: the console starts, is ready. */
export const CONSOLE_STARTING: EventKind = defineEvent({
  ...POWERSHELL,
  id: 40_961,
  task: 4,
  opcode: 1,
  data: { form: 'none' },
});
export const CONSOLE_READY: EventKind = defineEvent({
  ...POWERSHELL,
  id: 40_962,
  task: 4,
  opcode: 2,
  data: { form: 'none' },
});

/** 4104: a block of script. */
export const SCRIPT_BLOCK: EventKind = defineEvent({
  ...POWERSHELL,
  id: 4104,
  level: 5,
  task: 2,
  opcode: 15,
  data: {
    form: 'named',
    fields: [
      ['MessageNumber', 'uint32'],
      ['MessageTotal', 'uint32'],
      ['ScriptBlockText', 'string'],
      ['ScriptBlockId', 'string'],
      ['Path', 'string'],
    ],
  },
});
