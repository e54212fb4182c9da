// The logs of the Exchange Control Panel: Server (cmdlets) and Activity (users).

import { isoTime } from './calendar.ts';
import type { ControlRow } from './request.ts';
import type { Build } from './world.ts';

/** `15.0.0.0` is the version of the format, not of the product. */
export function ecpHeader(type: 'ECP Server Log' | 'ECP Activity Context Log', time: number): string {
  return `#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n#Log-type: ${type}\r\n#Date: ${isoTime(time)}\r\n#Fields: TimeStamp,ServerName,EventId,EventData\r\n`;
}

const SPECIAL = /[;'"]/;

/** One `S:KEY=value`: wrapped in single quotes, with inner ones doubled, where the value holds more than plain text. */
function pair(key: string, value: string): string {
  if (!SPECIAL.test(value)) return `S:${key}=${value}`;
  return `'S:${key}=${value.replaceAll("'", "''")}'`;
}

/** Values that never hold anything special. */
function plainPair(key: string, value: string): string {
  return `S:${key}=${value}`;
}

function csvCell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Where and under which ids a row is written. */
export interface EcpPlace {
  readonly time: number;
  readonly host: string;
  readonly build: Build;
  readonly session: string;
  readonly activity: string;
}

/** A row of ECP Server. */
export function ecpServerRow(row: ControlRow, place: EcpPlace): string {
  const data = [
    plainPair('TIME', String(row.took)),
    plainPair('SID', place.session),
    pair('CMD', row.command),
    'S:REQID=',
    plainPair('URL', row.url),
    'S:REFERRER=',
    pair('EX', row.exception),
    plainPair('ACTID', place.activity),
    'S:RS=0',
    plainPair('BLD', place.build.text),
    'S:TNAME=<null>;S:TID=',
    plainPair('USID', place.session),
    'S:EDOID=;S:ACID=',
  ].join(';');
  return `${isoTime(place.time)},${place.host},ECP.Request,${csvCell(data)}\r\n`;
}

/** A row of ECP Activity. */
export function ecpActivityRow(row: ControlRow, place: EcpPlace): string {
  const data = `S:PSA=<PII>${row.actor}</PII>;S:URL=https://localhost:444${row.url};S:Bld=${place.build.text};S:ActID=${place.activity};Dbl:BudgUse.T[]=${row.took}.0008001327515;I32:ADS.C[${place.host}]=1;F:ADS.AL[${place.host}]=1.692039;Dbl:WLM.TS=${row.took}`;
  return `${isoTime(place.time)},${place.host},Request,${csvCell(data)}\r\n`;
}
