// HttpProxy's hourly CSV logs with the columns of Exchange 2016.

import { isoTime } from './calendar.ts';
import type { ProxyPart, WebRequest } from './request.ts';
import type { Build, Server, World } from './world.ts';

const COLUMNS: readonly string[] = [
  'DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem',
  'ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress',
  'ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,TargetServerVersion,RoutingType',
  'RoutingHint,BackEndCookie,ServerLocatorHost,ServerLocatorLatency,RequestBytes,ResponseBytes,TargetOutstandingRequests',
  'AuthModulePerfContext,HttpPipelineLatency,CalculateTargetBackEndLatency,GlsLatencyBreakup,TotalGlsLatency',
  'AccountForestLatencyBreakup,TotalAccountForestLatency,ResourceForestLatencyBreakup,TotalResourceForestLatency,ADLatency',
  'SharedCacheLatencyBreakup,TotalSharedCacheLatency,ActivityContextLifeTime,ModuleToHandlerSwitchingLatency',
  'ClientReqStreamLatency,BackendReqInitLatency,BackendReqStreamLatency,BackendProcessingLatency,BackendRespInitLatency',
  'BackendRespStreamLatency,ClientRespStreamLatency,KerberosAuthHeaderLatency,HandlerCompletionLatency,RequestHandlerLatency',
  'HandlerToModuleSwitchingLatency,ProxyTime,CoreLatency,RoutingLatency,HttpProxyOverhead,TotalRequestTime',
  'RouteRefresherLatency,UrlQuery,BackEndGenericInfo,GenericInfo,GenericErrors,EdgeTraceId,DatabaseGuid,UserADObjectGuid',
  'PartitionEndpointLookupLatency,RoutingStatus',
];

/** The header row of this family. */
export const HTTP_PROXY_COLUMNS: string = COLUMNS.join(',');

/** The bare header row and the `#` block that open each file. */
export function httpProxyHeader(time: number, build: Build): string {
  return `${HTTP_PROXY_COLUMNS}\r\n#Software: Microsoft Exchange Server\r\n#Version: ${build.padded}\r\n#Log-type: HttpProxy Logs\r\n#Date: ${isoTime(time)}\r\n#Fields: ${HTTP_PROXY_COLUMNS}\r\n`;
}

const NEEDS_QUOTES = /[",]/;

/** RFC 4180: quotes where a comma or a quote would break the row. */
export function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns from TargetOutstandingRequests to RouteRefresherLatency of a request that a back end answered. */
function proxiedLatencies(took: number): string {
  const inner = took > 4 ? took - 4 : 0;
  return `,,0,1,,0,,0,,0,0,,0,${took},0,0,0,0,${inner},0,0,0,0,0,${took},0,${inner},1,2,3,${took},`;
}

/** The same where the front end answered by itself. */
function ownLatencies(took: number): string {
  return `,,,,,,,,,,,,,${took},,,,,,,,,,,,,,0,,${took > 0 ? 1 : 0},${took},`;
}

function milestones(request: WebRequest, part: ProxyPart): string {
  const begin = isoTime(request.end - request.took);
  const end = isoTime(request.end);
  if (part.backEndStatus === '') {
    return `BeginRequest=${begin};CorrelationID=<empty>;SharedCacheGuard=0;EndRequest=${end};`;
  }
  return `BeginRequest=${begin};CorrelationID=<empty>;ProxyState-Run=None;FEAuth=BEVersion-1942062522;BeginGetResponse=${begin};OnResponseReady=${end};EndGetResponse=${end};ProxyState-Complete=ProxyResponseData;SharedCacheGuard=0;EndRequest=${end};`;
}

/** Where a proxied request went, by RoutingType, TargetServer and the rest. */
function target(part: ProxyPart, world: World, server: Server): string {
  if (part.backEndStatus === '') return ',,,,,';
  const version = `${world.before.padded.slice(0, -3)}000`;
  return `Proxy,${part.targetServer ?? server.fqdn},${version},IntraForest,${part.routingHint},${part.backEndCookie ?? ''}`;
}

/** One row; `server` is the one that recorded it. */
export function httpProxyRow(
  request: WebRequest,
  part: ProxyPart,
  place: { readonly world: World; readonly server: Server; readonly build: Build },
): string {
  const { world, server, build } = place;
  const proxied = part.backEndStatus !== '';
  const isAuthenticated = request.user !== '';
  const head = `${isoTime(request.end)},${request.id},${build.columns},${part.clientRequestId ?? ''},${part.protocol},${part.host},${csvField(request.stem)},${part.action ?? ''}`;
  const who = `${part.authentication},${String(isAuthenticated)},${request.user},,${csvField(part.anchor)},${request.agent.csv},${request.client},${server.host}`;
  const what = `${request.status},${part.backEndStatus},${part.errorCode ?? ''},${request.method},${target(part, world, server)}`;
  const sizes = `,,${part.requestBytes},${proxied ? part.responseBytes : ''}`;
  const latencies = proxied ? proxiedLatencies(request.took) : ownLatencies(request.took);
  const query = request.query === '' ? '' : csvField(`?${request.query}`);
  const routing = proxied ? `|RoutingDB:${world.database},,,CafeV1` : ',,,';
  return `${head},${who},${what},${sizes},${latencies},${query},,${milestones(request, part)},${csvField(part.genericErrors ?? '')},,${routing}\r\n`;
}
