import type { Anchor } from './anchor.ts';
import type { Segment } from './segments.ts';
import { exchangeInstall } from './known-folders.ts';
import { windowsPath } from './segments.ts';

const logging = `${exchangeInstall}\\Logging`;
const transport = `${exchangeInstall}\\TransportRoles\\Logs`;
const eventLogs = 'C:\\Windows\\System32\\winevt\\Logs';

/**
 * Folder in the collection → folder on the server, at its default place. Source: microsoft/CSS-Exchange,
 * Diagnostics/ExchangeLogCollector (RemoteScriptBlock/Invoke-RemoteMain.ps1; `IIS_FE_Logs` and `IIS_BE_Logs` are of its
 * first versions). Transport logs lie where the server's settings say; given are the defaults.
 */
const folders: ReadonlyMap<string, string> = new Map([
  ['iis_fe_logs', 'C:\\inetpub\\logs\\LogFiles\\W3SVC1'],
  ['iis_be_logs', 'C:\\inetpub\\logs\\LogFiles\\W3SVC2'],
  ['httperr_logs', 'C:\\Windows\\System32\\LogFiles\\HTTPERR'],
  ['autod_proxy_logs', `${logging}\\HttpProxy\\Autodiscover`],
  ['eas_proxy_logs', `${logging}\\HttpProxy\\Eas`],
  ['ecp_proxy_logs', `${logging}\\HttpProxy\\Ecp`],
  ['ews_proxy_logs', `${logging}\\HttpProxy\\Ews`],
  ['mapi_proxy_logs', `${logging}\\HttpProxy\\Mapi`],
  ['oab_proxy_logs', `${logging}\\HttpProxy\\OAB`],
  ['owa_proxy_logs', `${logging}\\HttpProxy\\Owa`],
  ['owa_proxy_calendar_logs', `${logging}\\HttpProxy\\OwaCalendar`],
  ['powershell_proxy_logs', `${logging}\\HttpProxy\\PowerShell`],
  ['rca_proxy_logs', `${logging}\\HttpProxy\\RpcHttp`],
  ['autod_logs', `${logging}\\Autodiscover`],
  ['ecp_logs', `${logging}\\ECP`],
  ['ews_be_logs', `${logging}\\EWS`],
  ['ews_logs', `${logging}\\EWS`],
  ['mapi_logs', `${logging}\\MapiHttp\\Mailbox`],
  ['mapi_addressbook_service_logs', `${logging}\\MAPI AddressBook Service`],
  ['oab_generation_logs', `${logging}\\OABGeneratorLog`],
  ['oab_generation_simple_logs', `${logging}\\OABGeneratorSimpleLog`],
  ['owa_logs', `${logging}\\OWA`],
  ['rca_logs', `${logging}\\RPC Client Access`],
  ['rpc_http_logs', `${logging}\\RpcHttp`],
  ['ad_driver_logs', `${logging}\\ADDriver`],
  ['mitigation_service_logs', `${logging}\\MitigationService`],
  ['managedavailabilitymonitoringlogs', `${logging}\\Monitoring`],
  ['daily_performance_logs', `${logging}\\Diagnostics\\DailyPerformanceLogs`],
  ['imap_logs', `${logging}\\Imap4`],
  ['pop_logs', `${logging}\\Pop3`],
  ['message_tracking_logs', `${transport}\\MessageTracking`],
  ['messagetrackinglogs', `${transport}\\MessageTracking`],
  ['hub_receive_protocol_logs', `${transport}\\Hub\\ProtocolLog\\SmtpReceive`],
  ['hub_send_protocol_logs', `${transport}\\Hub\\ProtocolLog\\SmtpSend`],
  ['hub_connectivity_logs', `${transport}\\Hub\\Connectivity`],
  ['hub_transport_agent_logs', `${transport}\\Hub\\AgentLog`],
  ['fe_receive_protocol_logs', `${transport}\\FrontEnd\\ProtocolLog\\SmtpReceive`],
  ['fe_send_protocol_logs', `${transport}\\FrontEnd\\ProtocolLog\\SmtpSend`],
  ['fe_connectivity_logs', `${transport}\\FrontEnd\\Connectivity`],
  ['fe_transport_agent_logs', `${transport}\\FrontEnd\\AgentLog`],
  ['mbx_receive_protocol_logs', `${transport}\\Mailbox\\ProtocolLog\\SmtpReceive`],
  ['mbx_send_protocol_logs', `${transport}\\Mailbox\\ProtocolLog\\SmtpSend`],
  ['mbx_delivery_connectivity_logs', `${transport}\\Mailbox\\Connectivity\\Delivery`],
  ['mbx_submission_connectivity_logs', `${transport}\\Mailbox\\Connectivity\\Submission`],
  ['mbx_delivery_transport_agent_logs', `${transport}\\Mailbox\\AgentLog\\Delivery`],
  ['mbx_submission_transport_agent_logs', `${transport}\\Mailbox\\AgentLog\\Submission`],
  ['windows_event_logs', eventLogs],
]);

/** `<server>/<folder of the table>/…`, where the collector has packed each folder, and each server, into a zip. */
export function logCollector(segments: readonly Segment[]): Anchor | undefined {
  for (let at = 0; at < segments.length - 1; at++) {
    const folder = folderOf(segments[at]?.name ?? '');
    if (folder === undefined) continue;
    const rest = folder === eventLogs ? eventLogRest(segments.slice(at + 1)) : segments.slice(at + 1);
    const originalPath = windowsPath(folder, rest);
    return { layout: 'exchange-log-collector', at, originalPath, root: 'log collector' };
  }
  return undefined;
}

function folderOf(name: string): string | undefined {
  // A second run into the same folder numbers its archives: `ECP_Logs-1.zip`.
  const key = name.toLowerCase().replace(/-\d+$/, '');
  const site = /^iis_w3svc(\d+)_logs$/.exec(key)?.[1];
  return site === undefined ? folders.get(key) : `C:\\inetpub\\logs\\LogFiles\\W3SVC${site}`;
}

/** The collector sorts event logs into groups (`Windows-Logs`) and writes `-` for the `%4` in their names. */
function eventLogRest(rest: readonly Segment[]): readonly Segment[] {
  return rest.slice(-1).map((segment) => ({
    ...segment,
    text: segment.text.replace(/-(Operational|Admin|Analytic|Debug|Diagnostic)\.evtx$/i, '%4$1.evtx'),
  }));
}
