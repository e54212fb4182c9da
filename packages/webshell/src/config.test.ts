import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { propertyRuns } from '../../../testing/properties.ts';
import { readElements } from './config-elements.ts';
import { configuredPath, hasDeviceName, oddPlace } from './config-paths.ts';
import { judgeFile } from './judge.ts';

const server = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
const page = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\web.config';
const agents = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\TransportRoles\\Shared\\agents.config';
const exchange = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';

function entries(xml: string, path: string): readonly string[] {
  const { configured = [] } = judgeFile(new TextEncoder().encode(xml), path);
  return configured.map((e) => `${e.strength} ${e.code} ${e.url ?? e.name}:${e.line}`);
}

function site(inner: string, bindings = '<binding bindingInformation="*:443:" />'): string {
  return `<configuration><system.applicationHost><sites><site name="S"><application path="/owa"><virtualDirectory path="/"
 physicalPath="${exchange}\\FrontEnd\\HttpProxy\\owa" />${inner}</application><bindings>${bindings}</bindings></site></sites>
</system.applicationHost></configuration>`;
}

function directory(path: string, folder: string): string {
  return `<virtualDirectory path="${path}" physicalPath="${folder}" />`;
}

describe('virtual directories', () => {
  it.each([
    ['C:\\ProgramData\\COM1\\x', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['\\\\?\\C:\\ProgramData\\AUX', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['C:\\Users\\All Users\\q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['c:/programdata/q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['C:\\inetpub\\..\\ProgramData\\q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['C:\\PROGRA~3\\q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['D:\\', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['D:\\Tools\\q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
    ['D:\\ClientAccess\\q', 'indirect rogue-virtual-directory /owa/auth/q:2'],
  ])('one below an application of Exchange at %s is rogue', (folder, expected) => {
    expect(entries(site(directory('/auth/q', folder)), server)).toEqual([expected]);
  });

  it('folders of the product and of the system are not', () => {
    const own = `${exchange}\\ClientAccess\\owa`;
    expect(
      entries(site(directory('/q', own) + directory('/r', '%windir%\\System32\\RpcProxy')), server),
    ).toEqual([]);
  });

  it('the site behind the front end has its port in the URL', () => {
    const found = entries(
      site(directory('/q', 'C:\\ProgramData\\q'), '<binding bindingInformation="*:444:" />'),
      server,
    );
    expect(found).toEqual(['indirect rogue-virtual-directory :444/owa/q:2']);
  });

  it('comments and CDATA are no elements', () => {
    const rogue = directory('/q', 'C:\\ProgramData\\q');
    expect(entries(site(`<!-- ${rogue} --><![CDATA[${rogue}]]>`), server)).toEqual([]);
  });
});

describe('modules', () => {
  const modules = (image: string): string =>
    `<configuration><system.webServer><globalModules><add name="m" image="${image}" /></globalModules></system.webServer></configuration>`;

  it.each([
    ['%windir%\\System32\\inetsrv\\loghttp.dll', []],
    ['C:\\Windows\\system32\\wsmsvc.dll', []],
    ['%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\webengine4.dll', []],
    [`${exchange}\\Bin\\kerbauth.dll`, []],
    ['%IIS_BIN%\\loghttp.dll', []],
    ['%IIS_BIN%\\Asp.Net Core Module\\V2\\aspnetcorev2.dll', []],
    ['%IIS_BIN%\\other\\loghttp.dll', ['indirect rogue-module m:1']],
    ['%windir%\\System32\\inetsrv\\logger2.dll', ['indirect rogue-module m:1']],
    ['C:\\ProgramData\\loghttp.dll', ['indirect rogue-module m:1']],
    ['D:\\any\\loghttp.dll', ['indirect rogue-module m:1']],
    [`${exchange}\\FrontEnd\\HttpProxy\\bin\\other.dll`, ['indirect rogue-module m:1']],
    ['C:\\Program Files\\Vendor\\Agent\\filter.x64.dll', ['lead foreign-module m:1']],
  ])('%s', (image, expected) => {
    expect(entries(modules(image), server)).toEqual(expected);
  });

  it.each([
    ['Microsoft.Exchange.HttpProxy.ProxyModule,Microsoft.Exchange.FrontEndHttpProxy,Version=15.0.0.0', []],
    ['System.Web.Security.FormsAuthenticationModule', []],
    ['Evil.Web.Module', ['indirect rogue-module m:1']],
    ['Microsoft.Exchange.HttpProxy.ProxyModule, Other', ['indirect rogue-module m:1']],
    ['Vendor.Mfa.Module, Vendor.Mfa, PublicKeyToken=31bf3856ad364e35', ['lead foreign-module m:1']],
  ])('the managed type %s', (type, expected) => {
    const xml = `<configuration><system.webServer><modules><add name="m" type="${type}" /></modules></system.webServer></configuration>`;
    expect(entries(xml, page)).toEqual(expected);
    expect(entries(xml, 'D:\\shop\\web.config')).toEqual([]);
  });

  it('a manager of application domains', () => {
    const xml = '<configuration><runtime><appDomainManagerAssembly value="x" /></runtime></configuration>';
    expect(entries(xml, page)).toEqual(['indirect domain-manager x:1']);
  });
});

describe('handlers, logs, rules', () => {
  const web = (inner: string): string =>
    `<configuration><system.webServer>${inner}</system.webServer></configuration>`;

  it.each([
    [
      '<handlers><add name="h" path="*.png" type="System.Web.UI.PageHandlerFactory" /></handlers>',
      'handler-for-odd-ending',
    ],
    [
      '<handlers><add name="h" path="*.log" scriptProcessor="%windir%\\system32\\inetsrv\\asp.dll" /></handlers>',
      'handler-for-odd-ending',
    ],
    [
      '<handlers><add name="h" path="*.x" scriptProcessor="c:\\windows\\system32\\cmd.exe" /></handlers>',
      'rogue-handler',
    ],
    ['<handlers><add name="h" path="*.x" type="Other.Handler" /></handlers>', 'rogue-handler'],
    [
      '<security><requestFiltering><hiddenSegments><remove segment="web.config" /></hiddenSegments></requestFiltering></security>',
      'opens-config',
    ],
    ['<httpLogging dontLog="true" />', 'logging-off'],
    ['<httpLogging dontLog="false" />', undefined],
    [
      '<rewrite><rules><rule name="r"><match url="a.jpg$" /><action type="Rewrite" url="/owa/x.aspx" /></rule></rules></rewrite>',
      'rewrite-to-page',
    ],
    [
      '<rewrite><rules><rule name="r"><match url=".*" /><action type="Rewrite" url="https://10.1.1.1/{R:0}" /></rule></rules></rewrite>',
      'rewrite-elsewhere',
    ],
    [
      '<rewrite><rules><rule name="r"><match url="^$" /><action type="Redirect" url="https://mail.example.org/owa" /></rule></rules></rewrite>',
      undefined,
    ],
  ])('%s', (inner, code) => {
    const { configured = [] } = judgeFile(new TextEncoder().encode(web(inner)), page);
    expect(configured.map((e) => e.code)).toEqual(code === undefined ? [] : [code]);
  });

  it('logs of one folder that are off weigh more than those of all', () => {
    const off = '<system.webServer><httpLogging dontLog="true" /></system.webServer>';
    expect(
      entries(
        `<configuration><location path="Default Web Site/owa/auth">${off}</location></configuration>`,
        server,
      ),
    ).toEqual(['indirect logging-off Default Web Site/owa/auth:1']);
    expect(entries(`<configuration>${off}</configuration>`, server)).toEqual(['lead logging-off :1']);
  });

  it('logs that were moved', () => {
    const moved = (folder: string): string =>
      `<configuration><siteDefaults><logFile logFormat="W3C" directory="${folder}" /></siteDefaults></configuration>`;
    expect(entries(moved('%SystemDrive%\\inetpub\\logs\\LogFiles'), server)).toEqual([]);
    expect(entries(moved('D:\\Logs'), server)).toEqual(['lead logging-moved :1']);
    expect(entries(moved('C:\\ProgramData\\x'), server)).toEqual(['indirect logging-moved :1']);
  });

  it.each([
    ['{REQUEST_URI}', '.*autodiscover\\.json.*\\@.*Powershell.*', 'mitigation-weak', '2022-09-30'],
    ['{REQUEST_URI}', '.*autodiscover\\.json.*Powershell.*', 'mitigation-weak', '2022-10-03'],
    ['{UrlDecode:{REQUEST_URI}}', '.*autodiscover\\.json.*Powershell.*', 'mitigation-weak', '2022-10-05'],
    ['{UrlDecode:{REQUEST_URI}}', '(?=.*autodiscover)(?=.*powershell)', 'mitigation', '2022-10-07'],
    ['{HTTP_COOKIE}', '(.*)X-BEResource=(.+)/(.+)~(.+)', 'mitigation', '2021-03'],
    ['{REQUEST_URI}', '(?=.*autodiscover)(?=.*powershell)', 'mitigation-weak', 'no published form'],
  ])('the mitigation by %s %s', (input, pattern, code, date) => {
    const rule = `<rewrite><rules><rule name="r" stopProcessing="true"><match url=".*" /><conditions><add input="${input}" pattern="${pattern}" /></conditions><action type="AbortRequest" /></rule></rules></rewrite>`;
    const [found] = judgeFile(new TextEncoder().encode(web(rule)), page).configured ?? [];
    expect(found).toMatchObject({ kind: 'mitigation', strength: 'lead', code });
    expect(found?.text).toContain(date);
  });

  it('a mitigation that is switched off does not hold', () => {
    const rule =
      '<rewrite><rules><rule name="r" enabled="false"><conditions><add input="{HTTP_COOKIE}" pattern="(.*)X-AnonResource-Backend(.*)" /></conditions><action type="AbortRequest" /></rule></rules></rewrite>';
    expect(entries(web(rule), page)).toEqual(['lead mitigation-weak r:1']);
  });
});

describe('transport agents', () => {
  const agent = (factory: string, assembly: string): string =>
    `<configuration><mexRuntime><agentList><agent name="a" classFactory="${factory}" assemblyPath="${assembly}" enabled="true" /></agentList></mexRuntime></configuration>`;

  it.each([
    ['Microsoft.Exchange.X.F', `${exchange}\\TransportRoles\\agents\\Rule\\Microsoft.Exchange.X.dll`, []],
    ['Microsoft.Exchange.X.F', 'C:\\ProgramData\\Microsoft.Exchange.X.dll', ['indirect rogue-agent a:1']],
    [
      'Mail.Filter.F',
      `${exchange}\\TransportRoles\\agents\\Rule\\Microsoft.Exchange.X.dll`,
      ['indirect rogue-agent a:1'],
    ],
    ['Mail.Filter.F', `${exchange}\\TransportRoles\\agents\\f.dll`, ['indirect rogue-agent a:1']],
    ['Mail.Filter.F', 'C:\\Program Files\\Vendor\\f.dll', ['lead foreign-agent a:1']],
  ])('%s in %s', (factory, assembly, expected) => {
    expect(entries(agent(factory, assembly), agents)).toEqual(expected);
  });
});

describe('paths and elements', () => {
  it('one form for all ways of writing a path', () => {
    expect(configuredPath('\\\\?\\C:\\A\\.\\b. \\..\\c/')).toBe('c:\\a\\c');
    expect(configuredPath('%ProgramData%\\x')).toBe('c:\\programdata\\x');
    expect(configuredPath('\\\\host\\share')).toBe('\\\\host\\share');
  });

  it('names of devices', () => {
    expect(['c:\\x\\con', 'c:\\AUX\\y', 'c:\\lpt1.txt', 'c:\\x\\nul::$data'].every(hasDeviceName)).toBe(true);
    expect(['c:\\console', 'c:\\com10', 'c:\\auxiliary\\x', 'c:\\lpt'].some(hasDeviceName)).toBe(false);
  });

  it('content of the system is at no odd place', () => {
    expect(oddPlace('c:\\windows\\system32\\rpcproxy')).toBeUndefined();
    expect(oddPlace('c:\\windows\\web\\printers')).toBeUndefined();
  });

  it('any text is read, once, in order', () => {
    const piece = fc.constantFrom(
      '<a ',
      '<b>',
      '</b>',
      '/>',
      '"',
      "'",
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      'x="1"',
      ' ',
      '<c:d x=">">',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const { elements } = readElements(text);
        elements.forEach((element, i) => {
          expect(text.charAt(element.at)).toBe('<');
          expect(element.parent).toBeLessThan(i);
          expect(element.at).toBeGreaterThan(elements[i - 1]?.at ?? -1);
        });
      }),
      propertyRuns(),
    );
  });
});
