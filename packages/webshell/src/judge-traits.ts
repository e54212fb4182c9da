import { anyData, at, type Code, sign } from './code.ts';
import type { Sign, TraitCode } from './sign.ts';
import { words } from './words.ts';

/** Functions of Windows that a page declares to start programs or put code into memory. */
const natives = words(`
  createprocess createprocessa createprocessw createprocessasuser createprocessasusera createprocessasuserw
  createprocesswithtokenw createprocesswithlogonw winexec shellexecute shellexecutea shellexecutew shellexecuteex
  createremotethread createthread virtualalloc virtualallocex virtualprotect writeprocessmemory queueuserapc
  ntcreatethreadex rtlmovememory wsasocket wsasocketa wsasocketw impersonatenamedpipeclient duplicatetokenex
  adjusttokenprivileges minidumpwritedump loadlibrary loadlibrarya loadlibraryw
`);
const declarers = words('dllimport dllimportattribute declare getdelegateforfunctionpointer');
const hives = words('classesroot currentconfig currentuser localmachine users');
const keyNames = words('validationkey decryptionkey validationkeyinternal decryptionkeyinternal');
/** Of the names of the configuration that holds the server's keys. */
const keySections = words('machinekeysection system.web.configuration.machinekeysection');
/** Without one of these words, or a text that says one, code shows none of the traits below but those of {@link standingTexts}. */
export const standingWords: ReadonlySet<string> = new Set([
  ...natives,
  ...keySections,
  'getsubkeynames',
  'createinstance',
]);
export const standingTexts: RegExp = /anonymoususerpass|wamuserpass|\bxp_cmdshell\b|sp_oacreate/;

/** A trait that the words of a page show, whatever flows where. */
interface WordRule {
  readonly code: TraitCode;
  readonly is: (found: ReadonlySet<string>) => boolean;
  /** The word that marks the place. */
  readonly at: (word: string) => boolean;
}

const rules: readonly WordRule[] = [
  {
    code: 'native-code',
    is: (found) => hasAny(found, declarers) && hasAny(found, natives),
    at: (word) => natives.has(word),
  },
  {
    // Asking for the places of all programs: nobody walks several hives for one setting.
    code: 'registry-walk',
    is: (found) => found.has('getsubkeynames') && found.has('opensubkey') && count(found, hives) >= 3,
    at: (word) => word === 'getsubkeynames',
  },
  {
    code: 'reads-machine-keys',
    is: (found) => hasAny(found, keySections) && hasAny(found, keyNames),
    at: (word) => keyNames.has(word),
  },
];

/** Traits of the code as a whole that need no request: what it declares, walks and asks for. */
export function standingSigns(code: Code): readonly Sign[] {
  const found = new Set(code.mentions);
  const signs: Sign[] = [];
  for (const rule of rules) {
    if (!rule.is(found)) continue;
    const place = code.outline.tokens.findIndex(
      ({ kind, text }) => kind !== 'sign' && rule.at(text.toLowerCase()),
    );
    signs.push(sign(rule.code, 'suspicious', at(code, Math.max(0, place))));
  }
  return [...signs, ...methodGroups(code), ...secretSigns(code), ...handedPages(code)];
}

function hasAny(found: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return count(found, wanted) > 0;
}

function count(found: ReadonlySet<string>, wanted: ReadonlySet<string>): number {
  let many = 0;
  for (const word of wanted) if (found.has(word)) many++;
  return many;
}

/** `Func<string, Process> run = Process.Start;` and `var e = eval;`: handed on under another name. */
function methodGroups(code: Code): readonly Sign[] {
  const { tokens } = code.outline;
  return tokens.flatMap((token, i): readonly Sign[] => {
    if (token.kind !== 'word') return [];
    const next = tokens[i + 1];
    const ends = next?.kind === 'sign' && [';', ',', ')', ']', '}'].includes(next.text);
    if (!ends) return [];
    const [before, object] = [tokens[i - 1], tokens[i - 2]];
    const isStart = token.text === 'start' && before?.text === '.' && object?.text === 'process';
    const isEval =
      token.text === 'eval' &&
      code.evaluates &&
      code.engine !== 'php' &&
      before?.kind === 'sign' &&
      ['=', '(', ',', '[', ':'].includes(before.text);
    if (isStart) return [sign('starts-process', 'suspicious', at(code, i))];
    return isEval ? [sign('evaluates-script', 'suspicious', at(code, i))] : [];
  });
}

const pageItself = words('this me context page request response httpcontext');

/** `assembly.CreateInstance("X").Equals(this)`: how a page hands itself to code that came before. */
function handedPages(code: Code): readonly Sign[] {
  const { tokens, close } = code.outline;
  return tokens.flatMap((token, i): readonly Sign[] => {
    if (token.kind !== 'word' || token.text !== 'createinstance' || tokens[i + 1]?.text !== '(') return [];
    const after = (close[i + 1] ?? i) + 1;
    const isHanded =
      tokens[after]?.text === '.' &&
      tokens[after + 1]?.text === 'equals' &&
      pageItself.has(tokens[after + 3]?.text ?? '');
    return isHanded ? [sign('loads-assembly', 'suspicious', at(code, i))] : [];
  });
}

function secretSigns(code: Code): readonly Sign[] {
  const { tokens } = code.outline;
  const place = tokens.findIndex(
    ({ kind, text }) => kind === 'text' && text.length < 4096 && standingTexts.test(text.toLowerCase()),
  );
  if (place < 0) return [];
  if (!/xp_cmdshell|sp_oacreate/i.test(tokens[place]?.text ?? ''))
    return [sign('reads-passwords', 'suspicious', at(code, place))];
  const fed = code.flow.labelsIn(place, Math.max(place, code.outline.end[place] ?? place)) & anyData;
  return fed === 0
    ? [sign('database-shell', 'suspicious', at(code, place))]
    : [sign('request-to-database-shell', 'remote-control', at(code, place))];
}
