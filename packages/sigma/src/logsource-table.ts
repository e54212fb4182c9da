/**
 * Where Sigma's Windows log sources are found in evidence: channels, event ids, and what else tells two of them apart.
 * Facts from the Sigma specification's taxonomy appendix and from the table that the rules' own maintainers test with
 * (`tests/thor.yml` of SigmaHQ/sigma); channels of Windows by their documented names.
 */
export interface WindowsSource {
  readonly channels: readonly string[];
  /** Absent: every event of the channels. */
  readonly eventIds?: readonly number[];
  /** One field that must have one of these values. */
  readonly where?: { readonly field: string; readonly values: readonly string[] };
}

const sysmonChannel = 'Microsoft-Windows-Sysmon/Operational';
const powershellChannels = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];
const defenderChannel = 'Microsoft-Windows-Windows Defender/Operational';

function sysmon(...eventIds: readonly number[]): WindowsSource {
  return { channels: [sysmonChannel], eventIds };
}

function registry(eventId: number, ...eventTypes: readonly string[]): WindowsSource {
  return {
    channels: [sysmonChannel],
    eventIds: [eventId],
    where: { field: 'EventType', values: eventTypes },
  };
}

function classic(eventId: number): WindowsSource {
  return { channels: ['Windows PowerShell'], eventIds: [eventId] };
}

/** `category` of product windows → the sources of which any will do. */
export const windowsCategories: ReadonlyMap<string, readonly WindowsSource[]> = new Map([
  ['process_creation', [sysmon(1), { channels: ['Security'], eventIds: [4688] }]],
  ['file_change', [sysmon(2)]],
  ['network_connection', [sysmon(3)]],
  ['sysmon_status', [sysmon(4, 16)]],
  ['process_termination', [sysmon(5)]],
  ['driver_load', [sysmon(6)]],
  ['image_load', [sysmon(7)]],
  ['create_remote_thread', [sysmon(8)]],
  ['raw_access_thread', [sysmon(9)]],
  ['process_access', [sysmon(10)]],
  ['file_event', [sysmon(11)]],
  ['registry_event', [sysmon(12, 13, 14)]],
  ['registry_add', [registry(12, 'CreateKey')]],
  ['registry_delete', [registry(12, 'DeleteKey', 'DeleteValue')]],
  ['registry_set', [sysmon(13)]],
  ['registry_rename', [sysmon(14)]],
  ['create_stream_hash', [sysmon(15)]],
  ['pipe_created', [sysmon(17, 18)]],
  ['wmi_event', [sysmon(19, 20, 21)]],
  ['dns_query', [sysmon(22)]],
  ['file_delete', [sysmon(23)]],
  ['clipboard_change', [sysmon(24)]],
  ['clipboard', [sysmon(24)]],
  ['process_tampering', [sysmon(25)]],
  ['file_delete_detected', [sysmon(26)]],
  ['file_block_executable', [sysmon(27)]],
  ['file_block_shredding', [sysmon(28)]],
  ['file_executable_detected', [sysmon(29)]],
  ['sysmon_error', [sysmon(255)]],
  ['ps_module', [{ channels: powershellChannels, eventIds: [4103] }]],
  ['ps_script', [{ channels: powershellChannels, eventIds: [4104] }]],
  ['ps_classic_start', [classic(400)]],
  ['ps_classic_provider_start', [classic(600)]],
  ['ps_classic_script', [classic(800)]],
  [
    'antivirus',
    [
      {
        channels: [defenderChannel],
        eventIds: [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116],
      },
    ],
  ],
]);

const windows = 'Microsoft-Windows-';

/** `service` of product windows → its channels. */
export const windowsServices: ReadonlyMap<string, readonly string[]> = new Map([
  ['application', ['Application']],
  [
    'application-experience',
    [
      `${windows}Application-Experience/Program-Telemetry`,
      `${windows}Application-Experience/Program-Compatibility-Assistant`,
    ],
  ],
  [
    'applocker',
    ['MSI and Script', 'EXE and DLL', 'Packaged app-Deployment', 'Packaged app-Execution'].map(
      (name) => `${windows}AppLocker/${name}`,
    ),
  ],
  ['appmodel-runtime', [`${windows}AppModel-Runtime/Admin`]],
  ['appxdeployment-server', [`${windows}AppXDeploymentServer/Operational`]],
  ['appxpackaging-om', [`${windows}AppxPackaging/Operational`]],
  ['bitlocker', [`${windows}BitLocker/BitLocker Management`]],
  ['bits-client', [`${windows}Bits-Client/Operational`]],
  ['capi2', [`${windows}CAPI2/Operational`]],
  [
    'certificateservicesclient-lifecycle-system',
    [`${windows}CertificateServicesClient-Lifecycle-System/Operational`],
  ],
  ['codeintegrity-operational', [`${windows}CodeIntegrity/Operational`]],
  ['dhcp', [`${windows}DHCP-Server/Operational`]],
  ['diagnosis-scripted', [`${windows}Diagnosis-Scripted/Operational`]],
  ['dns-client', [`${windows}DNS Client Events/Operational`, `${windows}DNS-Client/Operational`]],
  ['dns-server', ['DNS Server']],
  ['dns-server-analytic', [`${windows}DNS-Server/Analytical`]],
  ['dns-server-audit', [`${windows}DNS-Server/Audit`]],
  ['driver-framework', [`${windows}DriverFrameworks-UserMode/Operational`]],
  ['firewall-as', [`${windows}Windows Firewall With Advanced Security/Firewall`]],
  ['hyper-v-worker', [`${windows}Hyper-V-Worker`, `${windows}Hyper-V-Worker-Admin`]],
  ['iis-configuration', ['Microsoft-IIS-Configuration/Operational']],
  ['kernel-event-tracing', [`${windows}Kernel-EventTracing`, `${windows}Kernel-EventTracing/Admin`]],
  [
    'kernel-shimengine',
    [`${windows}Kernel-ShimEngine/Operational`, `${windows}Kernel-ShimEngine/Diagnostic`],
  ],
  ['ldap', [`${windows}LDAP-Client/Debug`]],
  ['lsa-server', [`${windows}LSA/Operational`]],
  [
    'microsoft-servicebus-client',
    ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'],
  ],
  ['msexchange-management', ['MSExchange Management']],
  ['ntfs', [`${windows}Ntfs/Operational`]],
  ['ntlm', [`${windows}NTLM/Operational`]],
  ['openssh', ['OpenSSH/Operational']],
  ['powershell', powershellChannels],
  ['powershell-classic', ['Windows PowerShell']],
  ['printservice-admin', [`${windows}PrintService/Admin`]],
  ['printservice-operational', [`${windows}PrintService/Operational`]],
  ['security', ['Security']],
  [
    'security-mitigations',
    [`${windows}Security-Mitigations/Kernel Mode`, `${windows}Security-Mitigations/User Mode`],
  ],
  ['sense', [`${windows}SENSE/Operational`]],
  ['servicebus-client', ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational']],
  ['shell-core', [`${windows}Shell-Core/Operational`]],
  ['smbclient-connectivity', [`${windows}SmbClient/Connectivity`]],
  ['smbclient-security', [`${windows}SmbClient/Security`]],
  ['smbserver-connectivity', [`${windows}SMBServer/Connectivity`]],
  ['sysmon', [sysmonChannel]],
  ['system', ['System']],
  ['taskscheduler', [`${windows}TaskScheduler/Operational`]],
  ['terminalservices-localsessionmanager', [`${windows}TerminalServices-LocalSessionManager/Operational`]],
  ['vhdmp', [`${windows}VHDMP/Operational`, `${windows}VHDMP-Operational`]],
  ['windefend', [defenderChannel]],
  ['wmi', [`${windows}WMI-Activity/Operational`]],
]);

/** Channels that have one provider of their own, for records whose channel was lost on the way (folded names). */
export const providersOfChannels: ReadonlyMap<string, string> = new Map([
  [sysmonChannel, 'Microsoft-Windows-Sysmon'],
  ['Security', 'Microsoft-Windows-Security-Auditing'],
  ['Microsoft-Windows-PowerShell/Operational', 'Microsoft-Windows-PowerShell'],
  ['PowerShellCore/Operational', 'PowerShellCore'],
  [defenderChannel, 'Microsoft-Windows-Windows Defender'],
  ['MSExchange Management', 'MSExchange CmdletLogs'],
]);

/** `service` of product exchange; each is the log family of the same name. */
export const exchangeServices: readonly string[] = [
  'httpproxy',
  'ecp-server',
  'ecp-activity',
  'ews',
  'rps-http',
  'rps-cmdlet',
  'oab-generator',
  'admin-audit',
];

/** Products whose web server logs Postern reads. */
export const webProducts: readonly string[] = ['iis', 'windows', 'microsoft', 'exchange'];
