import { inputOf, type Batch, type Layout, type SourceKind } from '@postern/core';
import { classify, readerOf } from '../readers.ts';

/** Header of an IIS log with the default fields. */
export const iisHeader: string = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2021-03-03 00:00:00',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
  '',
].join('\r\n');

/** What a test says of a request; the rest is of no matter. */
export interface Request {
  readonly time?: string;
  readonly method?: string;
  readonly url: string;
  readonly query?: string;
  readonly client?: string;
  readonly agent?: string;
  readonly account?: string;
  readonly status?: number;
  /** Adds the column to the log. */
  readonly forwarded?: string;
}

/** A row of an IIS log with the default fields. */
export function iisRow(request: Request): string {
  const { time = '10:00:00', method = 'GET', url, query = '-', client = '198.51.100.7' } = request;
  const { agent = 'Mozilla/5.0', account = '-', status = 200, forwarded } = request;
  const more = forwarded === undefined ? '' : ` ${forwarded}`;
  return `2021-03-03 ${time} 10.0.0.5 ${method} ${url} ${query} 443 ${account} ${client} ${agent} - ${status} 0 0 15${more}\r\n`;
}

export function iisLog(requests: readonly Request[]): string {
  const isForwarded = requests.some(({ forwarded }) => forwarded !== undefined);
  const header = isForwarded ? iisHeader.replace('time-taken', 'time-taken X-Forwarded-For') : iisHeader;
  return header + requests.map(iisRow).join('');
}

/** Where a front end's log lies. */
export const frontLog = 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log';

/** Reads a log and hands over every batch of all its records. */
export function eachBatch(text: string, path: string, onBatch: (batch: Batch) => void): SourceKind {
  const bytes = Buffer.from(text);
  const kind = classify(bytes, path);
  readerOf(kind)?.read(inputOf(bytes), { kind, name: path }, { onBatch, onIssue: () => undefined });
  return kind;
}

/** A product with one web folder. */
export const smallLayout: Layout = {
  served: [{ path: '\\inetpub\\wwwroot\\aspnet_client\\', url: '/aspnet_client/' }],
  productPages: ['/owa/auth/logon.aspx', '/ecp/*'],
  pageEndings: ['.aspx'],
  probes: {
    addresses: ['127.0.0.1', '::1'],
    agents: ['amprobe*'],
    accounts: ['*healthmailbox*'],
    urls: ['/owa/*'],
  },
  visitors: [],
  families: {},
  retentionDays: {},
};
