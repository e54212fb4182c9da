// Kinds of the Security log, with the fields that Windows Server 2016 and 2019 write.

import { defineEvent, type EventKind, type SlotType } from '@postern/evtx';

type Fields = readonly (readonly [name: string, type: SlotType])[];

const AUDIT_SUCCESS = 0x8020_0000_0000_0000n;
const AUDIT_FAILURE = 0x8010_0000_0000_0000n;

interface Audit {
  readonly id: number;
  readonly task: number;
  readonly version?: number;
  readonly isFailure?: boolean;
  readonly fields: Fields;
}

function audit(given: Audit): EventKind {
  return defineEvent({
    provider: 'Microsoft-Windows-Security-Auditing',
    guid: '54849625-5478-4994-a5ba-3e3b0328c30d',
    channel: 'Security',
    id: given.id,
    version: given.version ?? 0,
    level: 0,
    task: given.task,
    keywords: given.isFailure === true ? AUDIT_FAILURE : AUDIT_SUCCESS,
    data: { form: 'named', fields: given.fields },
  });
}

const texts = (...names: readonly string[]): Fields => names.map((name) => [name, 'string']);

const SUBJECT: Fields = [
  ['SubjectUserSid', 'sid'],
  ['SubjectUserName', 'string'],
  ['SubjectDomainName', 'string'],
  ['SubjectLogonId', 'hex64'],
];

const TARGET: Fields = [
  ['TargetUserSid', 'sid'],
  ['TargetUserName', 'string'],
  ['TargetDomainName', 'string'],
];

const LOGON_WAY: Fields = [
  ['LogonType', 'uint32'],
  ['LogonProcessName', 'string'],
  ['AuthenticationPackageName', 'string'],
  ['WorkstationName', 'string'],
];

const LOGON_SOURCE: Fields = [
  ['TransmittedServices', 'string'],
  ['LmPackageName', 'string'],
  ['KeyLength', 'uint32'],
  ['ProcessId', 'hex64'],
  ['ProcessName', 'string'],
  ['IpAddress', 'string'],
  ['IpPort', 'string'],
];

/** 4624: somebody logged on. */
export const LOGGED_ON: EventKind = audit({
  id: 4624,
  task: 12_544,
  version: 2,
  fields: [
    ...SUBJECT,
    ...TARGET,
    ['TargetLogonId', 'hex64'],
    ...LOGON_WAY,
    ['LogonGuid', 'guid'],
    ...LOGON_SOURCE,
    ...texts(
      'ImpersonationLevel',
      'RestrictedAdminMode',
      'TargetOutboundUserName',
      'TargetOutboundDomainName',
      'VirtualAccount',
    ),
    ['TargetLinkedLogonId', 'hex64'],
    ['ElevatedToken', 'string'],
  ],
});

/** 4625: a logon failed. */
export const LOGON_FAILED: EventKind = audit({
  id: 4625,
  task: 12_544,
  isFailure: true,
  fields: [
    ...SUBJECT,
    ...TARGET,
    ['Status', 'hex32'],
    ['FailureReason', 'string'],
    ['SubStatus', 'hex32'],
    ...LOGON_WAY,
    ...LOGON_SOURCE,
  ],
});

/** 4634: a session ended. */
export const LOGGED_OFF: EventKind = audit({
  id: 4634,
  task: 12_545,
  fields: [...TARGET, ['TargetLogonId', 'hex64'], ['LogonType', 'uint32']],
});

/** 4672: a session got rights of administrators. */
export const PRIVILEGES: EventKind = audit({
  id: 4672,
  task: 12_548,
  fields: [...SUBJECT, ['PrivilegeList', 'string']],
});

/** 4688: a process began. */
export const PROCESS_BEGAN: EventKind = audit({
  id: 4688,
  task: 13_312,
  version: 2,
  fields: [
    ...SUBJECT,
    ['NewProcessId', 'hex64'],
    ...texts('NewProcessName', 'TokenElevationType'),
    ['ProcessId', 'hex64'],
    ['CommandLine', 'string'],
    ...TARGET,
    ['TargetLogonId', 'hex64'],
    ['ParentProcessName', 'string'],
    ['MandatoryLabel', 'sid'],
  ],
});

/** 4698: a scheduled task was made. */
export const TASK_MADE: EventKind = audit({
  id: 4698,
  task: 12_804,
  fields: [...SUBJECT, ...texts('TaskName', 'TaskContent')],
});

/** 4720: an account was made. */
export const ACCOUNT_MADE: EventKind = audit({
  id: 4720,
  task: 13_824,
  fields: [
    ...texts('TargetUserName', 'TargetDomainName'),
    ['TargetSid', 'sid'],
    ...SUBJECT,
    ...texts(
      'PrivilegeList',
      'SamAccountName',
      'DisplayName',
      'UserPrincipalName',
      'HomeDirectory',
      'HomePath',
      'ScriptPath',
      'ProfilePath',
      'UserWorkstations',
      'PasswordLastSet',
      'AccountExpires',
      'PrimaryGroupId',
      'AllowedToDelegateTo',
    ),
    ['OldUacValue', 'string'],
    ...texts('NewUacValue', 'UserAccountControl', 'UserParameters', 'SidHistory', 'LogonHours'),
  ],
});

const ABOUT_ACCOUNT: Fields = [
  ...texts('TargetUserName', 'TargetDomainName'),
  ['TargetSid', 'sid'],
  ...SUBJECT,
];

/** 4722: an account was enabled. */
export const ACCOUNT_ENABLED: EventKind = audit({ id: 4722, task: 13_824, fields: ABOUT_ACCOUNT });

/** 4724: somebody set the password of another account. */
export const PASSWORD_SET: EventKind = audit({ id: 4724, task: 13_824, fields: ABOUT_ACCOUNT });

const ABOUT_MEMBER: Fields = [
  ['MemberName', 'string'],
  ['MemberSid', 'sid'],
  ...ABOUT_ACCOUNT,
  ['PrivilegeList', 'string'],
];

/** 4728: a member was added to a global group. */
export const GLOBAL_MEMBER_ADDED: EventKind = audit({ id: 4728, task: 13_826, fields: ABOUT_MEMBER });

/** 4732: a member was added to a local group. */
export const LOCAL_MEMBER_ADDED: EventKind = audit({ id: 4732, task: 13_826, fields: ABOUT_MEMBER });

/** 5145: a file was asked for over a share. */
export const SHARE_FILE_ASKED: EventKind = audit({
  id: 5145,
  task: 12_811,
  fields: [
    ...SUBJECT,
    ...texts('ObjectType', 'IpAddress', 'IpPort', 'ShareName', 'ShareLocalPath', 'RelativeTargetName'),
    ['AccessMask', 'hex32'],
    ...texts('AccessList', 'AccessReason'),
  ],
});

/** 4616: the clock was set. */
export const CLOCK_SET: EventKind = audit({
  id: 4616,
  task: 12_288,
  version: 1,
  fields: [
    ...SUBJECT,
    ['PreviousTime', 'filetime'],
    ['NewTime', 'filetime'],
    ['ProcessId', 'hex64'],
    ['ProcessName', 'string'],
  ],
});

/** 4608: Windows is starting up. */
export const STARTING_UP: EventKind = audit({ id: 4608, task: 12_288, fields: [] });

/** 1102: the Security log was cleared. */
export const SECURITY_CLEARED: EventKind = defineEvent({
  provider: 'Microsoft-Windows-Eventlog',
  guid: 'fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148',
  channel: 'Security',
  id: 1102,
  task: 104,
  keywords: 0x4020_0000_0000_0000n,
  data: {
    form: 'user',
    element: 'LogFileCleared',
    namespace: 'http://manifests.microsoft.com/win/2004/08/windows/eventlog',
    fields: SUBJECT,
  },
});
