import { describe, expect, it } from 'vitest';
import { telling, tellingPaths } from './paths.ts';
import { recorderName, recorderNames } from './recorders.ts';

describe('telling', () => {
  const exchange = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';
  it.each([
    [`${exchange}\\FrontEnd\\HttpProxy\\owa\\auth\\Kw3pQz8a.aspx`, 'owa\\auth\\Kw3pQz8a.aspx'],
    [`${exchange}\\ClientAccess\\ecp\\x.aspx`, 'ecp\\x.aspx'],
    ['C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\x7.aspx', 'aspnet_client\\system_web\\x7.aspx'],
    [
      `${exchange}\\FrontEnd\\HttpProxy\\owa\\auth\\Current\\themes\\resources\\ogPGnaiy.aspx`,
      'owa\\auth\\…\\ogPGnaiy.aspx',
    ],
    ['C:\\Windows\\Temp\\lsass.dmp', 'Temp\\lsass.dmp'],
    ['x.aspx', 'x.aspx'],
    ['/owa/auth/x.aspx?a=b#c', '/owa/auth/x.aspx'],
    ['', ''],
  ])('%s → %s', (path, expected) => {
    expect(telling(path)).toBe(expected);
  });

  it('cuts paths inside sentences, with spaces in folders', () => {
    expect(
      tellingPaths(`back door placed: ${exchange}\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx, first used`),
    ).toBe('back door placed: owa\\auth\\x.aspx, first used');
  });
});

describe('recorderName', () => {
  it.each([
    ['iis-front', 'IIS'],
    ['iis', 'IIS'],
    ['httperr', 'HTTPERR'],
    ['msert', 'Safety Scanner'],
    ['httpproxy-ecp', 'HttpProxy'],
    ['ecp-server', 'ECP'],
    ['ews', 'EWS'],
    ['rps-cmdlet', 'Remote PowerShell'],
    ['admin-audit', 'admin audit'],
    ['file', 'file'],
    ['file-listing', 'listing'],
    ['windows:Security', 'Security'],
    ['windows:MSExchange Management', 'MSExchange Management'],
    ['windows:Microsoft-Windows-Sysmon/Operational', 'Sysmon'],
    ['windows:Microsoft-Windows-TaskScheduler/Operational', 'TaskScheduler'],
    ['windows:Microsoft-Windows-Windows Defender/Operational', 'Defender'],
  ])('%s is %s', (recorder, expected) => {
    expect(recorderName(recorder)).toBe(expected);
  });

  it('falls back to the title of the pack, then to the name', () => {
    expect(recorderName('hmailserver', new Map([['hmailserver', 'Mail log']]))).toBe('Mail log');
    expect(recorderName('hmailserver')).toBe('hmailserver');
  });

  it('says each name once, in order; a listing of a file that is there says no more', () => {
    expect(recorderNames(['iis-back', 'ecp-server', 'iis-front', 'httpproxy-ecp'])).toBe(
      'HttpProxy + ECP + IIS',
    );
    expect(recorderNames(['file-listing', 'iis-front', 'file'])).toBe('file + IIS');
    expect(recorderNames(['file-listing'])).toBe('listing');
  });
});
