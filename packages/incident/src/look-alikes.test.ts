import type { Layout } from '@postern/core';
import { describe, expect, it, test } from 'vitest';
import { assess } from './assess.ts';
import { lookAlikeOf } from './look-alikes.ts';
import { caseOf, findings, fullLogs, page, source } from './testing/facts.ts';
import { layout as small } from './testing/pack.ts';

const layout: Layout = {
  ...small,
  productPages: [
    ...['errorfe', 'logon', 'outlookcn', 'redirsuiteserviceproxy', 'signout'].map(
      (name) => `/owa/auth/${name}.aspx`,
    ),
    '/ecp/auth/timeoutlogout.aspx',
    '/owa/default.aspx',
    '/owa/*/attachment.ashx',
  ],
};

describe('names that pass for genuine ones', () => {
  it.each([
    ['/owa/auth/redirsuiteserverproxy.aspx', '/owa/auth/redirsuiteserviceproxy.aspx', 'letters'],
    ['/owa/auth/outlooken.aspx', '/owa/auth/outlookcn.aspx', 'letters'],
    ['/owa/auth/outlookjp.aspx', '/owa/auth/outlookcn.aspx', 'letters'],
    ['/owa/auth/erroree.aspx', '/owa/auth/errorfe.aspx', 'letters'],
    ['/owa/auth/errorew.aspx', '/owa/auth/errorfe.aspx', 'letters'],
    ['/owa/auth/erroreee.aspx', '/owa/auth/errorfe.aspx', 'letters'],
    ['/owa/auth/l0gon.aspx', '/owa/auth/logon.aspx', 'signs'],
    ['/owa/auth/sign\u043eut.aspx', '/owa/auth/signout.aspx', 'signs'],
    ['/owa/auth/timeoutlogout.aspx', '/ecp/auth/timeoutlogout.aspx', 'folder'],
    ['/aspnet_client/errorfe.aspx', '/owa/auth/errorfe.aspx', 'folder'],
  ])('%s', (url, genuine, how) => {
    expect(lookAlikeOf(layout, url)).toEqual({ genuine, how });
  });

  it.each([
    '/owa/auth/errorfe.aspx',
    '/owa/auth/help.aspx',
    '/aspnet_client/default.aspx',
    '/owa/auth/logs.aspx',
  ])('%s does not', (url) => {
    expect(lookAlikeOf(layout, url)).toBeUndefined();
  });
});

test('a name alone is a lead; with content it is a trait of the back door', () => {
  const path =
    'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\errorEE.aspx';
  const sources = [...fullLogs(), source('page', { kind: 'web-page', hosts: new Map() })];
  const harmless = assess(caseOf({ sources, files: [page(path, 'benign')] }));
  expect(findings(harmless, 'postern:page-look-alike')).toMatchObject([{ witness: 'lead' }]);
  expect(harmless.implants).toEqual([]);
  const bad = assess(caseOf({ sources, files: [page(path, 'remote-control')] }));
  expect(bad.implants).toHaveLength(1);
  expect(bad.implants[0]?.traits).toContain('named like /owa/auth/errorfe.aspx, some letters differ');
});
