// Kinds of the System and Setup logs.

import { defineEvent, type EventKind, type SlotType } from '@postern/evtx';

const CLASSIC = 0x80_0000_0000_0000n;
const CLASSIC_WITH_MANIFEST = 0x8080_0000_0000_0000n;

const texts = (...names: readonly string[]): readonly (readonly [string, SlotType])[] =>
  names.map((name) => [name, 'string']);

function serviceManager(id: number, fields: readonly (readonly [string, SlotType])[]): EventKind {
  return defineEvent({
    provider: 'Service Control Manager',
    guid: '555908d1-a6d7-4695-8e1e-26931d2012f4',
    sourceName: 'Service Control Manager',
    channel: 'System',
    id,
    qualifiers: 16_384,
    keywords: CLASSIC_WITH_MANIFEST,
    data: { form: 'named', fields },
  });
}

/** 7036: a service entered a state. */
export const SERVICE_STATE: EventKind = serviceManager(7036, texts('param1', 'param2'));

/** 7040: how a service starts was changed. */
export const SERVICE_START_CHANGED: EventKind = serviceManager(
  7040,
  texts('param1', 'param2', 'param3', 'param4'),
);

/** 7045: a service was installed. */
export const SERVICE_INSTALLED: EventKind = serviceManager(
  7045,
  texts('ServiceName', 'ImagePath', 'ServiceType', 'StartType', 'AccountName'),
);

function eventLog(id: number): EventKind {
  return defineEvent({
    provider: 'EventLog',
    channel: 'System',
    id,
    qualifiers: 32_768,
    keywords: CLASSIC,
    data: { form: 'unnamed' },
  });
}

/** 6005, 6006: the event log service started, stopped. */
export const LOG_STARTED: EventKind = eventLog(6005);
export const LOG_STOPPED: EventKind = eventLog(6006);
/** 6009: version of Windows at the start. */
export const WINDOWS_VERSION: EventKind = eventLog(6009);
/** 6013: seconds since the start. */
export const UPTIME: EventKind = eventLog(6013);

/** 1074: somebody asked for a restart. */
export const RESTART_ASKED: EventKind = defineEvent({
  provider: 'User32',
  guid: 'b0aa8734-56f7-41cc-b2f4-de228e98b946',
  sourceName: 'User32',
  channel: 'System',
  id: 1074,
  qualifiers: 32_768,
  keywords: CLASSIC_WITH_MANIFEST,
  data: {
    form: 'named',
    fields: texts('param1', 'param2', 'param3', 'param4', 'param5', 'param6', 'param7'),
  },
});

function kernel(
  id: number,
  version: number,
  task: number,
  fields: readonly (readonly [string, SlotType])[],
): EventKind {
  return defineEvent({
    provider: 'Microsoft-Windows-Kernel-General',
    guid: 'a68ca8b7-004f-d7b6-a698-07e2de0f1f5d',
    channel: 'System',
    id,
    version,
    task,
    keywords: 0x8000_0000_0000_0080n,
    data: { form: 'named', fields },
  });
}

/** 1: the clock was set. */
export const KERNEL_CLOCK_SET: EventKind = kernel(1, 1, 5, [
  ['NewTime', 'filetime'],
  ['OldTime', 'filetime'],
  ['Reason', 'uint32'],
]);
/** 12: the system started. */
export const KERNEL_STARTED: EventKind = kernel(12, 0, 1, [
  ['MajorVersion', 'uint32'],
  ['MinorVersion', 'uint32'],
  ['BuildVersion', 'uint32'],
  ['QfeVersion', 'uint32'],
  ['ServiceVersion', 'uint32'],
  ['BootMode', 'uint32'],
  ['StartTime', 'filetime'],
]);
/** 13: the system is shutting down. */
export const KERNEL_STOPPED: EventKind = kernel(13, 0, 2, [['StopTime', 'filetime']]);

/** 37: the time service gets good time. */
export const TIME_SOURCE: EventKind = defineEvent({
  provider: 'Microsoft-Windows-Time-Service',
  guid: '06edcfeb-0fd0-4e53-acca-a6f8bbf81bcb',
  channel: 'System',
  id: 37,
  data: { form: 'named', fields: texts('TimeSource') },
});

/** 19: an update was installed. */
export const UPDATE_INSTALLED: EventKind = defineEvent({
  provider: 'Microsoft-Windows-WindowsUpdateClient',
  guid: '945a8954-c147-4acd-923f-40c45405a658',
  channel: 'System',
  id: 19,
  version: 1,
  task: 1,
  opcode: 13,
  keywords: 0x8000_0000_0000_0018n,
  data: {
    form: 'named',
    fields: [
      ['updateTitle', 'string'],
      ['updateGuid', 'guid'],
      ['updateRevisionNumber', 'uint32'],
      ['serviceGuid', 'guid'],
    ],
  },
});

function setup(id: number): EventKind {
  return defineEvent({
    provider: 'Microsoft-Windows-Servicing',
    guid: 'bd12f3b8-fc40-4a61-a307-b7a013a069c1',
    channel: 'Setup',
    id,
    task: 1,
    data: {
      form: 'user',
      element: 'CbsPackageChangeState',
      namespace: 'http://manifests.microsoft.com/win/2004/08/windows/setup_provider',
      fields: [
        ['PackageIdentifier', 'string'],
        ['IntendedPackageState', 'uint32'],
        ['IntendedPackageStateTextized', 'string'],
        ['ErrorCode', 'hex32'],
        ['Client', 'string'],
      ],
    },
  });
}

/** 1, 2, 4: a package of Windows is being changed, was changed, wants a restart. */
export const PACKAGE_BEGUN: EventKind = setup(1);
export const PACKAGE_DONE: EventKind = setup(2);
export const PACKAGE_WANTS_RESTART: EventKind = setup(4);
