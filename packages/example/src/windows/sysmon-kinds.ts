// Kinds of Sysmon's log, with the fields of schema 4.50 (Sysmon 13.0x, early 2021).

import { defineEvent, type EventKind, type SlotType } from '@postern/evtx';

function sysmon(id: number, version: number, fields: readonly (readonly [string, SlotType])[]): EventKind {
  return defineEvent({
    provider: 'Microsoft-Windows-Sysmon',
    guid: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    id,
    version,
    task: id,
    data: { form: 'named', fields },
  });
}

const HEAD: readonly (readonly [string, SlotType])[] = [
  ['RuleName', 'string'],
  ['UtcTime', 'string'],
];
const PROCESS: readonly (readonly [string, SlotType])[] = [
  ['ProcessGuid', 'guid'],
  ['ProcessId', 'uint32'],
  ['Image', 'string'],
];

/** 1: a process was created. */
export const PROCESS_CREATED: EventKind = sysmon(1, 5, [
  ...HEAD,
  ...PROCESS,
  ['FileVersion', 'string'],
  ['Description', 'string'],
  ['Product', 'string'],
  ['Company', 'string'],
  ['OriginalFileName', 'string'],
  ['CommandLine', 'string'],
  ['CurrentDirectory', 'string'],
  ['User', 'string'],
  ['LogonGuid', 'guid'],
  ['LogonId', 'hex64'],
  ['TerminalSessionId', 'uint32'],
  ['IntegrityLevel', 'string'],
  ['Hashes', 'string'],
  ['ParentProcessGuid', 'guid'],
  ['ParentProcessId', 'uint32'],
  ['ParentImage', 'string'],
  ['ParentCommandLine', 'string'],
]);

/** 3: a connection. */
export const CONNECTED: EventKind = sysmon(3, 5, [
  ...HEAD,
  ...PROCESS,
  ['User', 'string'],
  ['Protocol', 'string'],
  ['Initiated', 'bool'],
  ['SourceIsIpv6', 'bool'],
  ['SourceIp', 'string'],
  ['SourceHostname', 'string'],
  ['SourcePort', 'uint16'],
  ['SourcePortName', 'string'],
  ['DestinationIsIpv6', 'bool'],
  ['DestinationIp', 'string'],
  ['DestinationHostname', 'string'],
  ['DestinationPort', 'uint16'],
  ['DestinationPortName', 'string'],
]);

/** 5: a process ended. */
export const PROCESS_ENDED: EventKind = sysmon(5, 3, [...HEAD, ...PROCESS]);

/** 10: a process opened another one. */
export const PROCESS_OPENED: EventKind = sysmon(10, 3, [
  ...HEAD,
  ['SourceProcessGUID', 'guid'],
  ['SourceProcessId', 'uint32'],
  ['SourceThreadId', 'uint32'],
  ['SourceImage', 'string'],
  ['TargetProcessGUID', 'guid'],
  ['TargetProcessId', 'uint32'],
  ['TargetImage', 'string'],
  ['GrantedAccess', 'hex32'],
  ['CallTrace', 'string'],
]);

/** 11: a file was created or overwritten. */
export const FILE_CREATED: EventKind = sysmon(11, 2, [
  ...HEAD,
  ...PROCESS,
  ['TargetFilename', 'string'],
  ['CreationUtcTime', 'string'],
]);

/** 4: Sysmon's own service started or stopped. */
export const SYSMON_STATE: EventKind = sysmon(4, 3, [
  ['UtcTime', 'string'],
  ['State', 'string'],
  ['Version', 'string'],
  ['SchemaVersion', 'string'],
]);
