// Logs made up for tests: one of each family, in the form that servers write. Hosts, users and addresses are those
// that the standards keep for examples.

const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`;

const iisFields =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';

const iisHead = (date: string, fields = iisFields): readonly string[] => [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  `#Date: ${date}`,
  `#Fields: ${fields}`,
];

const exchangeHead = (type: string, version: string, columns: string): readonly string[] => [
  '#Software: Microsoft Exchange Server',
  `#Version: ${version}`,
  `#Log-type: ${type}`,
  '#Date: 2021-03-03T06:00:00.130Z',
  `#Fields: ${columns}`,
];

const proxyColumns =
  'DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,RoutingType,RoutingHint,BackEndCookie,GenericInfo,GenericErrors';

const proxyRow = (time: string, stem: string, anchor: string, status: string): string =>
  `${time},5e58f5e5-1ddc-48d3-82c6-0199bc121640,15,1,2176,2,,Ecp,mail.example.org,${stem},,NTLM,true,EXAMPLE\\anna,,${anchor},Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML  like Gecko),fe80::5efe:192.0.2.7%3,MX01,${status},${status},,POST,Proxy,mx01.example.org,IntraForest,WindowsIdentity,,BeginRequest=2021-03-03T06:40:12.116Z;CorrelationID=<empty>;,`;

const rpsHttpColumns =
  'DateTime,StartTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,UrlHost,UrlStem,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,ManagedOrganization,ClientIpAddress,ServerHostName,FrontEndServer,HttpStatus,SubStatus,ErrorCode,Action,CommandId,CommandName,SessionId,ShellId,FailFast,ClientInfo,UrlQuery,GenericErrors';

const ewsColumns =
  'DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,Ring,ClientRequestId,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,UserAgent,VersionInfo,ClientIpAddress,ServerHostName,FrontEndServer,SoapAction,HttpStatus,RequestSize,ResponseSize,ErrorCode,ImpersonatedUser,ProxyAsUser,ActAsUser,GenericInfo';

/** A log with the name it would have. */
export interface MadeUpLog {
  readonly name: string;
  readonly kind: 'iis' | 'httperr' | 'exchange-log';
  readonly text: string;
}

const logging = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging';

/** One made-up log of each family, by the name of its golden file. */
export const madeUpLogs: Readonly<Record<string, MadeUpLog>> = {
  'iis-front': {
    name: 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log',
    kind: 'iis',
    text: lines(
      ...iisHead('2021-03-03 06:40:12'),
      '2021-03-03 06:40:12 192.0.2.10 POST /owa/auth.owa &CorrelationID=<empty>;&cafeReqId=9a1c7a2e-0000-4a51-8f0e-2f6b1b1c0001; 443 EXAMPLE\\anna 198.51.100.7 Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64) https://mail.example.org/owa/ 302 0 0 31',
      '2021-03-03 06:59:59 fe80::1%3 GET /owa/ - 443 - 2001:db8::7 - - 200 0 0 0',
      ...iisHead('2021-03-03 07:00:01', `${iisFields} X-Forwarded-For`),
      '2021-03-03 07:00:01 192.0.2.10 GET /ecp/ - 443 - 192.0.2.2 curl/7.74.0 - 302 0 0 5 198.51.100.7,+203.0.113.9',
    ),
  },
  'iis-back': {
    name: 'u_ex210303.log',
    kind: 'iis',
    text: lines(
      ...iisHead('2021-03-03 06:40:12'),
      '2021-03-03 06:40:12 192.0.2.10 POST /ecp/DDI/DDIService.svc/GetList schema=Mailboxes 444 EXAMPLE\\MX01$ 192.0.2.10 python-requests/2.25.1 - 200 0 0 140',
    ),
  },
  httperr: {
    name: 'C:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr1.log',
    kind: 'httperr',
    text: lines(
      '#Software: Microsoft HTTP API 2.0',
      '#Version: 1.0',
      '#Date: 2021-03-03 06:40:12',
      '#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename',
      '2021-03-03 06:40:12 198.51.100.7 50112 192.0.2.10 443 HTTP/1.1 GET /owa/%ZZ - 400 - URL -',
      '2021-03-03 06:42:12 ::1%0 49958 ::1%0 444 - - - - - - Timer_ConnectionIdle -',
    ),
  },
  'httpproxy-ecp': {
    name: `${logging}\\HttpProxy\\Ecp\\HttpProxy_2021030306-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      proxyColumns,
      ...exchangeHead('HttpProxy Logs', '15.01.2176.002', proxyColumns),
      proxyRow(
        '2021-03-03T06:40:12.130Z',
        '/ecp/default.aspx',
        'Sid~S-1-5-21-1004336348-1177238915-682003330-512',
        '200',
      ),
      proxyRow('2021-03-03T06:41:12.987Z', '/ecp/main.css', '', '404'),
    ),
  },
  'ecp-server': {
    name: `${logging}\\ECP\\Server\\ECPServer20210303-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      ...exchangeHead('ECP Server Log', '15.0.0.0', 'TimeStamp,ServerName,EventId,EventData'),
      '2021-03-03T06:41:10.966Z,MX01,ECP.Request,S:TIME=13;S:SID=0b1d2f3e-0000-4a51-8f0e-2f6b1b1c0001;S:CMD=Get-InboxRule;S:REQID=;S:URL=/ecp/RulesEditor/InboxRules.svc/GetList?msExchEcpCanary=AbC.;S:REFERRER=;S:EX=;S:ACTID=775555678-1234;S:RS=0;S:BLD=15.1.2176.2;S:TNAME=<null>;S:TID=;S:USID=;S:EDOID=;S:ACID=',
      `2021-03-03T06:41:12.966Z,MX01,ECP.Request,"S:TIME=90;S:SID=0b1d2f3e;'S:CMD=Set-OabVirtualDirectory.ExternalUrl=''http://f/?a=""b"";c''.Identity=''7a''';S:REQID=;S:URL=/ecp/DDI/DDIService.svc/SetObject;S:BLD=15.1.2176.2"`,
    ),
  },
  'ecp-activity': {
    name: `${logging}\\ECP\\Activity\\ECPActivity_11500_20210303-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      ...exchangeHead('ECP Activity Context Log', '15.0.0.0', 'TimeStamp,ServerName,EventId,EventData'),
      '2021-03-03T06:41:12.021Z,MX01,Request,S:PSA=<PII>anna@example.org</PII>;S:URL=https://mail.example.org:444/ecp/;S:Bld=15.1.2176.2;S:ActID=12345678-1234;Dbl:BudgUse.T[]=12.0008001327515;I32:ADS.C[DC01]=1;F:ADS.AL[DC01]=1.692039',
    ),
  },
  ews: {
    name: `${logging}\\Ews\\Ews_2021030306-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      ewsColumns,
      ...exchangeHead('EWS Logs', '15.01.2176.002', ewsColumns),
      '2021-03-03T06:41:12.410Z,5399c497-d85f-4914-bc22-1ff088e33d72,15,1,2176,2,Unknown,,Kerberos,true,anna@example.org,example.org,ExchangeServicesClient/0.0.0.0,Target=None;Req=Exchange2010_SP1/Exchange2010_SP1;,198.51.100.7,MX01,,FindItem,200,666,2048,,,,anna@example.org,SKU=Unknown;',
    ),
  },
  'rps-http': {
    name: `${logging}\\CmdletInfra\\Powershell-Proxy\\Http\\Rps_Http_2021030306-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      rpsHttpColumns,
      ...exchangeHead('Rps Http Logs', '15.01.2176.002', rpsHttpColumns),
      '2021-03-03T06:41:12.410Z,2021-03-03T06:41:12.400Z,7b91be61,15,1,2176,2,,mail.example.org,/powershell,Kerberos,true,EXAMPLE\\anna,,,198.51.100.7,MX01,,200,0,,New-PSSession,c1,Receive,s1,9f,,Microsoft WinRM Client,?clientApplication=ActiveMonitor;PSVersion=5.1,',
    ),
  },
  'rps-cmdlet': {
    name: `${logging}\\CmdletInfra\\Powershell-Proxy\\Cmdlet\\Rps_Cmdlet_2021030306-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      ...exchangeHead(
        'Rps Cmdlet Logs',
        '15.01.2176.002',
        'DateTime,StartTime,RequestId,ServerHostName,ProcessId,ProcessName,AuthenticatedUser,Cmdlet,Parameters,CmdletUniqueId,ErrorType,ExecutionResult',
      ),
      '2021-03-03T06:41:19.898Z,2021-03-03T06:41:19.882Z,7b91be61,MX01,15756,w3wp#MSExchangePowerShellAppPool,EXAMPLE\\anna,Get-Mailbox,"-ResultSize ""1""",d61f0cba,,Success',
    ),
  },
  'oab-generator': {
    name: `${logging}\\OABGeneratorLog\\OABGenerator20210303-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      ...exchangeHead('OABGeneratorLog', '15.01.2176.002', 'DateTime,Thread,Severity,Message'),
      '2021-03-03T06:41:19.898Z,12,Warning,"Download failed and temporary file ""C:\\x\\y.flt"" needs to be removed"',
    ),
  },
  'admin-audit': {
    name: `${logging}\\CosmosQueue\\audit\\audit20210303-1.LOG`,
    kind: 'exchange-log',
    text: lines(
      '#Software: Microsoft Exchange',
      '#Version: 15.01.2176.002',
      '#Log-type: audit',
      '#Date: 2021-03-03T06:41:33.189Z',
      '#Fields: Timestamp,Server,TenantId,RecordType,Data,UserKey,RecordId,Operation,Workload,ResultStatus,Version,Scope',
      '2021-03-03T06:41:33.189Z,MX01,00000000-0000-0000-0000-000000000000,ExchangeAdmin,"{""Operation"":""Set-Mailbox"",""UserKey"":""EXAMPLE\\\\Système""}",EXAMPLE\\Système,r1,Set-Mailbox,Exchange,True,1,',
    ),
  },
  'exchange-other': {
    name: 'RECV2021030306-1.LOG',
    kind: 'exchange-log',
    text: lines(
      ...exchangeHead(
        'SMTP Receive Protocol Log',
        '15.0.0.0',
        'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context',
      ),
      '2021-03-03T06:41:51.433Z,MX01\\Default Frontend MX01,08D8,1,192.0.2.10:25,198.51.100.7:56026,>,"220 mx01.example.org ready at Wed, 3 Mar 2021 07:41:51 +0100",',
    ),
  },
};
