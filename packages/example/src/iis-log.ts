// IIS's W3C format with the fields of a default installation.

import { clockOf, dateOf } from './calendar.ts';
import type { BackEndPart, WebRequest } from './request.ts';
import type { Server } from './world.ts';

/** The fields that IIS 10 logs unless told otherwise. */
export const IIS_FIELDS =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';

/** The block that opens each log and comes again after each restart. */
export function iisHeader(time: number): string {
  const date = `#Date: ${dateOf(time)} ${clockOf(time)}`;
  return `#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n${date}\r\n#Fields: ${IIS_FIELDS}\r\n`;
}

/** Exchange's proxy module appends its ids to the query before IIS logs it. */
function withIds(query: string, id: string): string {
  return `${query}&CorrelationID=<empty>;&cafeReqId=${id};`;
}

/** The row of W3SVC1. */
export function frontRow(request: WebRequest, server: Server): string {
  const query = request.proxy === undefined ? request.query || '-' : withIds(request.query, request.id);
  const who = `443 ${request.user || '-'} ${request.client} ${request.agent.iis} ${request.referer || '-'}`;
  const result = `${request.status} ${request.substatus} ${request.win32} ${request.took}`;
  const when = `${dateOf(request.end)} ${clockOf(request.end)}`;
  return `${when} ${server.address} ${request.method} ${request.stem} ${query} ${who} ${result}\r\n`;
}

/** The row of W3SVC2: the same request as the front end passed it on to port 444. */
export function backRow(request: WebRequest, part: BackEndPart, server: Server): string {
  const took = Math.max(0, request.took - 2);
  const who = `444 ${part.user} ${part.client} ${request.agent.iis} -`;
  const when = `${dateOf(request.end - 1)} ${clockOf(request.end - 1)}`;
  const query = withIds(part.query, request.id);
  return `${when} ${server.address} ${part.method} ${part.stem} ${query} ${who} ${part.status} 0 0 ${took}\r\n`;
}
