// Folders that the web server serves, as paths and as addresses.

import type { Protocol } from './request.ts';

export interface WebFolder {
  /** Windows path, without a backslash at the end. */
  readonly path: string;
  /** Without a slash at the end. */
  readonly url: string;
  /** Whose proxy module logs requests to it; IIS alone where absent. */
  readonly protocol?: Protocol;
}

export const PROXY_FOLDER = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy';
const CLIENT_FOLDER = 'C:\\inetpub\\wwwroot\\aspnet_client';

/** Where intruders of this campaign put pages (facts/exchange.md section 5.1). */
export const WEB_FOLDERS: readonly WebFolder[] = [
  { path: `${PROXY_FOLDER}\\owa\\auth`, url: '/owa/auth', protocol: 'Owa' },
  {
    path: `${PROXY_FOLDER}\\owa\\auth\\Current\\themes\\resources`,
    url: '/owa/auth/Current/themes/resources',
    protocol: 'Owa',
  },
  { path: `${PROXY_FOLDER}\\ecp\\auth`, url: '/ecp/auth', protocol: 'Ecp' },
  { path: CLIENT_FOLDER, url: '/aspnet_client' },
  { path: `${CLIENT_FOLDER}\\system_web`, url: '/aspnet_client/system_web' },
  { path: `${CLIENT_FOLDER}\\system_web\\4_0_30319`, url: '/aspnet_client/system_web/4_0_30319' },
];

/** A page or file that the web server serves. */
export interface WebPlace {
  readonly folder: WebFolder;
  readonly name: string;
}

export function pathAt(place: WebPlace): string {
  return `${place.folder.path}\\${place.name}`;
}

export function urlAt(place: WebPlace): string {
  return `${place.folder.url}/${place.name}`;
}
