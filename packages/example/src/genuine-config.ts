// Configuration of a server as set-up leaves it: sites with their applications, modules, transport agents. The entries
// are those of an Exchange 2016 server; comments and layout are ours.

import { PROXY_FOLDER } from './places.ts';
import type { Server } from './world.ts';

const INSTALL = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';

/** A folder that a site serves under an address. */
export interface ServedFolder {
  readonly url: string;
  readonly path: string;
  readonly pool: string;
}

const pool = (name: string): string => `MSExchange${name}AppPool`;

function frontEnd(): readonly ServedFolder[] {
  const own = (url: string, folder: string, name: string): ServedFolder => ({
    url,
    path: `${PROXY_FOLDER}\\${folder}`,
    pool: pool(name),
  });
  return [
    { url: '/', path: '%SystemDrive%\\inetpub\\wwwroot', pool: 'DefaultAppPool' },
    own('/owa', 'owa', 'OWA'),
    own('/owa/Calendar', 'owa\\Calendar', 'OWACalendar'),
    own('/owa/Integrated', 'owa', 'OWA'),
    own('/ecp', 'ecp', 'ECP'),
    own('/EWS', 'EWS', 'Services'),
    own('/Autodiscover', 'Autodiscover', 'Autodiscover'),
    own('/Microsoft-Server-ActiveSync', 'sync', 'Sync'),
    own('/OAB', 'OAB', 'OAB'),
    own('/PowerShell', 'PowerShell', 'PowerShellFrontEnd'),
    own('/mapi', 'mapi', 'MapiFrontEnd'),
    own('/API', 'rest', 'RestFrontEnd'),
    { url: '/Rpc', path: '%windir%\\System32\\RpcProxy', pool: pool('RpcProxyFrontEnd') },
    { url: '/RpcWithCert', path: '%windir%\\System32\\RpcProxy', pool: pool('RpcProxyFrontEnd') },
  ];
}

function backEnd(): readonly ServedFolder[] {
  const own = (url: string, folder: string, name: string): ServedFolder => ({
    url,
    path: `${INSTALL}\\ClientAccess\\${folder}`,
    pool: pool(name),
  });
  return [
    { url: '/', path: '%SystemDrive%\\inetpub\\wwwroot', pool: 'DefaultAppPool' },
    own('/owa', 'Owa', 'OWA'),
    own('/owa/Calendar', 'Owa', 'OWACalendar'),
    own('/ecp', 'ecp', 'ECP'),
    own('/EWS', 'exchweb\\EWS', 'Services'),
    own('/Autodiscover', 'Autodiscover', 'Autodiscover'),
    own('/Microsoft-Server-ActiveSync', 'sync', 'Sync'),
    own('/OAB', 'OAB', 'OAB'),
    own('/PowerShell', 'PowerShell-Proxy', 'PowerShell'),
    own('/mapi/emsmdb', 'mapi\\emsmdb', 'MapiMailbox'),
    own('/mapi/nspi', 'mapi\\nspi', 'MapiAddressBook'),
    own('/PushNotifications', 'PushNotifications', 'PushNotifications'),
    { url: '/Rpc', path: '%windir%\\System32\\RpcProxy', pool: pool('RpcProxy') },
  ];
}

const NATIVE_MODULES: readonly (readonly [name: string, image: string])[] = [
  ['UriCacheModule', '%windir%\\System32\\inetsrv\\cachuri.dll'],
  ['FileCacheModule', '%windir%\\System32\\inetsrv\\cachfile.dll'],
  ['TokenCacheModule', '%windir%\\System32\\inetsrv\\cachtokn.dll'],
  ['HttpCacheModule', '%windir%\\System32\\inetsrv\\cachhttp.dll'],
  ['StaticCompressionModule', '%windir%\\System32\\inetsrv\\compstat.dll'],
  ['DefaultDocumentModule', '%windir%\\System32\\inetsrv\\defdoc.dll'],
  ['StaticFileModule', '%windir%\\System32\\inetsrv\\static.dll'],
  ['AnonymousAuthenticationModule', '%windir%\\System32\\inetsrv\\authanon.dll'],
  ['WindowsAuthenticationModule', '%windir%\\System32\\inetsrv\\authsspi.dll'],
  ['BasicAuthenticationModule', '%windir%\\System32\\inetsrv\\authbas.dll'],
  ['RequestFilteringModule', '%windir%\\System32\\inetsrv\\modrqflt.dll'],
  ['IsapiModule', '%windir%\\System32\\inetsrv\\isapi.dll'],
  ['HttpLoggingModule', '%windir%\\System32\\inetsrv\\loghttp.dll'],
  ['HttpRedirectionModule', '%windir%\\System32\\inetsrv\\redirect.dll'],
  ['ManagedEngineV4.0_64bit', '%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\webengine4.dll'],
  ['kerbauth', `${INSTALL}\\Bin\\kerbauth.dll`],
  ['cafe_exppw', `${PROXY_FOLDER}\\bin\\exppw.dll`],
  ['exppw', `${INSTALL}\\ClientAccess\\Owa\\auth\\exppw.dll`],
  ['WSMan', '%windir%\\System32\\wsmsvc.dll'],
];

function application({ url, path, pool: name }: ServedFolder): string {
  return `        <application path="${url}" applicationPool="${name}"><virtualDirectory path="/" physicalPath="${path}" /></application>`;
}

function binding(port: number, protocol: string): string {
  return `<binding protocol="${protocol}" bindingInformation="*:${port}:" />`;
}

const LOGS = '<logFile directory="%SystemDrive%\\inetpub\\logs\\LogFiles" logFormat="W3C" period="Daily" />';

function site(
  name: string,
  id: number,
  ports: readonly [http: number, https: number],
  folders: readonly ServedFolder[],
): string[] {
  return [
    `      <site name="${name}" id="${id}" serverAutoStart="true">`,
    ...folders.map(application),
    `        <bindings>${binding(ports[0], 'http')}${binding(ports[1], 'https')}</bindings>`,
    `        ${LOGS}`,
    '      </site>',
  ];
}

/**
 * `applicationHost.config` of a server.
 *
 * @param more folders of the front end's site that set-up did not make
 */
export function applicationHost(server: Server, more: readonly ServedFolder[] = []): string {
  const folders = [...frontEnd(), ...more];
  const pools = new Set([...folders, ...backEnd()].map((folder) => folder.pool));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${server.host} -->`,
    '<configuration>',
    '  <system.applicationHost>',
    '    <applicationPools>',
    ...[...pools].map((name) => `      <add name="${name}" managedRuntimeVersion="v4.0" />`),
    '    </applicationPools>',
    '    <sites>',
    ...site('Default Web Site', 1, [80, 443], folders),
    ...site('Exchange Back End', 2, [81, 444], backEnd()),
    '    </sites>',
    '  </system.applicationHost>',
    '  <system.webServer>',
    '    <globalModules>',
    ...NATIVE_MODULES.map(([name, image]) => `      <add name="${name}" image="${image}" />`),
    '    </globalModules>',
    '    <httpLogging dontLog="false" />',
    '  </system.webServer>',
    '</configuration>',
    '',
  ].join('\r\n');
}

const AGENTS: readonly (readonly [
  name: string,
  base: 'Routing.RoutingAgent' | 'Smtp.SmtpReceiveAgent',
  folder: string,
  type: string,
])[] = [
  ['Transport Rule Agent', 'Routing.RoutingAgent', 'Rule', 'MessagingPolicies.TransportRuleAgent'],
  ['Malware Agent', 'Routing.RoutingAgent', 'Antimalware', 'Transport.Agent.Malware'],
  ['Text Messaging Routing Agent', 'Routing.RoutingAgent', 'TextMessaging', 'TextMessaging.RoutingAgent'],
  [
    'System Probe Drop Smtp Agent',
    'Smtp.SmtpReceiveAgent',
    'SystemProbeDrop',
    'Transport.Agent.SystemProbeDrop',
  ],
  [
    'System Probe Drop Routing Agent',
    'Routing.RoutingAgent',
    'SystemProbeDrop',
    'Transport.Agent.SystemProbeDrop',
  ],
];

/** `agents.config`: who sees each mail, the product's own agents. */
export function agentsConfig(): string {
  const rows = AGENTS.map(([name, base, folder, type]) => {
    const factory = `Microsoft.Exchange.${type}.${name.replaceAll(' ', '')}Factory`;
    const assembly = `${INSTALL}\\TransportRoles\\agents\\${folder}\\Microsoft.Exchange.${type}.dll`;
    return `      <agent name="${name}" baseType="Microsoft.Exchange.Data.Transport.${base}" classFactory="${factory}" assemblyPath="${assembly}" enabled="true" />`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<configuration>',
    '  <mexRuntime>',
    '    <monitoring><agentExecution timeLimitInMilliseconds="90000" /></monitoring>',
    '    <agentList>',
    ...rows,
    '    </agentList>',
    '  </mexRuntime>',
    '</configuration>',
    '',
  ].join('\r\n');
}

/** `web.config` of an application of the front end. */
export function proxyConfig(protocol: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<configuration>',
    '  <appSettings><add key="HttpProxy.ProtocolType" value="' + protocol + '" /></appSettings>',
    '  <system.web>',
    '    <compilation defaultLanguage="c#" debug="false" targetFramework="4.5" />',
    '    <httpRuntime maxRequestLength="35000" requestValidationMode="2.0" />',
    '    <customErrors mode="Off" />',
    '  </system.web>',
    '  <system.webServer>',
    '    <validation validateIntegratedModeConfiguration="false" />',
    '    <modules>',
    '      <add name="HttpProxy" type="Microsoft.Exchange.HttpProxy.ProxyModule,Microsoft.Exchange.FrontEndHttpProxy,Version=15.0.0.0,Culture=neutral,PublicKeyToken=31bf3856ad364e35" preCondition="" />',
    '    </modules>',
    '    <security><requestFiltering allowDoubleEscaping="true"><requestLimits maxAllowedContentLength="36000000" /></requestFiltering></security>',
    '  </system.webServer>',
    '</configuration>',
    '',
  ].join('\r\n');
}

/** Where transport keeps the list of its agents. */
export const AGENTS_PATH: string = `${INSTALL}\\TransportRoles\\Shared\\agents.config`;
/** Where IIS keeps its sites. */
export const APPLICATION_HOST_PATH = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
