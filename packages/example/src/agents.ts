/** A user agent as each log writes it: IIS puts `+` for a space, HttpProxy a space for a comma. */
export interface Agent {
  readonly iis: string;
  readonly csv: string;
}

/** Prepares a user agent once, so that writing a row only joins text. */
export function agentOf(text: string): Agent {
  return {
    iis: text === '' ? '-' : text.replaceAll(' ', '+'),
    csv: text.replaceAll(',', ' '),
  };
}

const all = (texts: readonly string[]): readonly Agent[] => texts.map(agentOf);

export const NO_AGENT: Agent = agentOf('');

export const BROWSERS: readonly Agent[] = all([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.150 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.182 Safari/537.36 Edg/88.0.705.74',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:85.0) Gecko/20100101 Firefox/85.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.3 Safari/605.1.15',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:86.0) Gecko/20100101 Firefox/86.0',
  'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.3 Mobile/15E148 Safari/604.1',
]);

export const PHONES: readonly Agent[] = all([
  'Apple-iPhone12C1/1804.70000036',
  'Apple-iPhone13C2/1803.43',
  'Apple-iPad11C3/1804.70000036',
  'Android-SAMSUNG-SM-G991B/101.110000',
  'Outlook-iOS-Android/1.0',
  'Android/11-EAS-2.0',
]);

export const EWS_CLIENTS: readonly Agent[] = all([
  'MacOutlook/16.46.21021202 (Intelx64 Mac OS X Version 10.15.7 (Build 19H524))',
  'Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.13628; Pro)',
  'macOS/10.15.7 (19H524) CalendarAgent/930.5.1',
  'Mac+OS+X/10.15.7 (19H524); ExchangeWebServices/913.1',
  'ExchangeServicesClient/15.00.0913.015',
  'Thunderbird/78.7.1 (exquilla)',
]);

export const OUTLOOK: readonly Agent[] = all([
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)',
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.10730; Pro)',
  'Microsoft Office/15.0 (Windows NT 10.0; Microsoft Outlook 15.0.5311; Pro)',
  'Microsoft Office/16.0 (Windows NT 6.1; Microsoft Outlook 16.0.4266; Pro)',
]);

export const AUTODISCOVER: readonly Agent[] = all([
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)',
  'AppleExchangeWebServices/811.120.2 accountsd/113',
  'Microsoft.OutlookMobile/4.2104 CFNetwork/1220.1 Darwin/20.3.0',
  'Android-Mail/2021.01.24',
]);

/** What the tools of intruders call themselves by default, and what their users set instead. */
export const SCRIPTS: readonly string[] = [
  'python-requests/2.25.1',
  'python-requests/2.22.0',
  'python-requests/2.18.4',
  'Python/3.8 aiohttp/3.7.3',
  'python-urllib3/1.26.3',
  'Go-http-client/1.1',
  'Java/1.8.0_281',
  'okhttp/3.12.1',
  'curl/7.68.0',
  'ExchangeServicesClient/0.0.0.0',
  'Mozilla/5.0',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/72.0.3626.121 Safari/537.36',
  'Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)',
  'Mozilla/5.0 (Windows NT 10.0; rv:78.0) Gecko/20100101 Firefox/78.0',
  'Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18',
];

export const PROBE_AGENT: Agent = agentOf('AMProbe/Local/ClientAccess');
export const MAPI_PROBE_AGENT: Agent = agentOf('MapiHttpClient');
export const ECP_PROBE_AGENT: Agent = agentOf(
  'Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 6.1; MSEXCHMON; ACTIVEMONITORING)',
);
export const WINRM_AGENT: Agent = agentOf('Microsoft WinRM Client');
export const BALANCER_AGENT: Agent = agentOf('LB-HealthCheck/2.4');
