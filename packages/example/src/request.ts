import type { Agent } from './agents.ts';

/** The folders of HttpProxy logs that a collection holds. */
export type Protocol = 'Autodiscover' | 'Eas' | 'Ecp' | 'Ews' | 'Mapi' | 'Owa' | 'PowerShell';

export const PROTOCOLS: readonly Protocol[] = [
  'Autodiscover',
  'Eas',
  'Ecp',
  'Ews',
  'Mapi',
  'Owa',
  'PowerShell',
];

/** What the front end's proxy module writes about a request (the columns that differ between requests). */
export interface ProxyPart {
  readonly protocol: Protocol;
  readonly host: string;
  readonly action?: string;
  readonly authentication: string;
  readonly anchor: string;
  readonly routingHint: string;
  readonly clientRequestId?: string;
  readonly backEndCookie?: string;
  /** The server that answered, where it is another one. */
  readonly targetServer?: string;
  /** Empty where the front end answered by itself. */
  readonly backEndStatus: number | '';
  readonly errorCode?: string;
  readonly genericErrors?: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What the back end's IIS writes about the same request. */
export interface BackEndPart {
  readonly method: string;
  readonly stem: string;
  readonly query: string;
  readonly status: number;
  /** `DOMAIN\HOST$` of the front end that passed it on. */
  readonly user: string;
  readonly client: string;
}

/** A row of the ECP Server log (and its companion in ECP Activity). */
export interface ControlRow {
  readonly command: string;
  readonly url: string;
  readonly took: number;
  readonly exception: string;
  /** Mail address of the acting user, for the Activity log. */
  readonly actor: string;
  /** Milliseconds between this row and the end of the request. */
  readonly before: number;
}

/** One request with all that the logs of one server say about it. */
export interface WebRequest {
  /** Milliseconds; IIS and HttpProxy stamp the end of a request. */
  readonly end: number;
  readonly took: number;
  /** HttpProxy's RequestId and IIS's cafeReqId. */
  readonly id: string;
  readonly client: string;
  readonly method: string;
  readonly stem: string;
  /** Without what Exchange adds; empty if there is none. */
  readonly query: string;
  /** `DOMAIN\name`, or empty. */
  readonly user: string;
  readonly agent: Agent;
  readonly referer: string;
  readonly status: number;
  readonly substatus: number;
  readonly win32: number;
  /** False for the half of a request that another server passed on. */
  readonly front: boolean;
  readonly proxy?: ProxyPart;
  readonly backEnd?: BackEndPart;
  readonly control?: readonly ControlRow[];
}
