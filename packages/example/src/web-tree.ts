// The product's pages and configuration as a collection holds them: texts of our own, harmless, of believable form.

import {
  AGENTS_PATH,
  agentsConfig,
  APPLICATION_HOST_PATH,
  applicationHost,
  proxyConfig,
} from './genuine-config.ts';
import { PROXY_FOLDER } from './places.ts';
import type { Server, World } from './world.ts';

/** A file that was there before anything happened. */
export interface TreeFile {
  /** Windows path. */
  readonly path: string;
  readonly text: string;
  /** Instead of the text, where it is none. */
  readonly bytes?: Uint8Array;
  /** When it was made, where that is not the day of the installation. */
  readonly created?: number;
}

const PAGES: readonly (readonly [name: string, title: string, says: string])[] = [
  ['logon.aspx', 'Sign in', 'Enter your user name and password.'],
  ['logoff.aspx', 'Signed out', 'Close all browser windows to finish signing out.'],
  ['signout.aspx', 'Signing out', 'Please wait while you are signed out.'],
  ['errorFE.aspx', 'Something went wrong', 'The request could not be completed. Try again later.'],
  ['ExpiredPassword.aspx', 'Change password', 'Your password has expired. Choose a new one.'],
  ['OutlookCN.aspx', 'Outlook', 'The service is being prepared for you.'],
  ['RedirSuiteServiceProxy.aspx', 'Redirecting', 'You are being taken to the right place.'],
  ['SvmFeedback.aspx', 'Feedback', 'Tell us what you think.'],
  ['frowny.aspx', 'Not available', 'This page is not available.'],
];

/** Names of the logon folder's pages. */
export const PAGE_NAMES: readonly string[] = PAGES.map(([name]) => name);

/** The text of one of them. */
export function genuinePage(name: string): string {
  const [, title = name, says = ''] = PAGES.find(([each]) => each === name) ?? [];
  return page(title, says);
}

function page(title: string, says: string): string {
  return [
    '<%@ Page Language="C#" AutoEventWireup="false" EnableViewState="false" %>',
    '<!DOCTYPE html>',
    '<html>',
    `<head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="themes/resources/logon.css"></head>`,
    `<body><main class="card"><h1>${title}</h1><p>${says}</p></main></body>`,
    '</html>',
    '',
  ].join('\r\n');
}

const AUTH_CONFIG = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<configuration>',
  '  <system.web>',
  '    <authorization><allow users="*" /></authorization>',
  '  </system.web>',
  '  <system.webServer>',
  '    <staticContent><clientCache cacheControlMode="UseMaxAge" cacheControlMaxAge="30.00:00:00" /></staticContent>',
  '  </system.webServer>',
  '</configuration>',
  '',
].join('\r\n');

/** Applications of the front end whose configuration is collected. */
const PROXY_APPLICATIONS = ['owa', 'ecp', 'EWS', 'Autodiscover'];

/** What every server of this version has in the folders that are collected. */
export function webTree(world: World, server: Server): readonly TreeFile[] {
  const auth = `${PROXY_FOLDER}\\owa\\auth`;
  const style = `body{font-family:"Segoe UI",sans-serif;background:#f4f4f4}.card{margin:10vh auto;width:22rem}\r\n`;
  return [
    ...PAGES.map(([name, title, says]) => ({ path: `${auth}\\${name}`, text: page(title, says) })),
    {
      path: `${auth}\\getidtoken.htm`,
      text: '<!DOCTYPE html>\r\n<html><head><title>Token</title></head><body></body></html>\r\n',
    },
    { path: `${auth}\\web.config`, text: AUTH_CONFIG },
    { path: `${auth}\\Current\\themes\\resources\\logon.css`, text: style },
    {
      path: `${PROXY_FOLDER}\\ecp\\auth\\TimeoutLogout.aspx`,
      text: page('Timed out', 'Your session ended. Sign in again.'),
    },
    { path: `${PROXY_FOLDER}\\ecp\\auth\\web.config`, text: AUTH_CONFIG },
    { path: `${PROXY_FOLDER}\\OAB\\web.config`, text: AUTH_CONFIG },
    { path: 'C:\\inetpub\\wwwroot\\web.config', text: AUTH_CONFIG },
    {
      path: 'C:\\inetpub\\wwwroot\\iisstart.htm',
      text: `<!DOCTYPE html>\r\n<html><head><title>${world.domain}</title></head><body></body></html>\r\n`,
    },
    { path: 'C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\4_0_30319\\web.config', text: AUTH_CONFIG },
    ...PROXY_APPLICATIONS.map((name) => ({
      path: `${PROXY_FOLDER}\\${name}\\web.config`,
      text: proxyConfig(name),
    })),
    { path: AGENTS_PATH, text: agentsConfig() },
    { path: APPLICATION_HOST_PATH, text: applicationHost(server) },
  ];
}
