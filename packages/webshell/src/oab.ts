import { parseTime, type Ticks } from '@postern/core';
import type { Sign } from './sign.ts';
import { unescapeEntities } from './split-page.ts';
import { words } from './words.ts';

/**
 * The settings of an OAB virtual directory as `Format-List` prints them. Exchange writes them to a file of the
 * intruder's choice when CVE-2021-27065 is used, with the script in one of the addresses.
 */
export interface OabDump {
  readonly signs: readonly Sign[];
  /** Only what the text calls UTC: the other two are in the server's own zone. */
  readonly times: ReadonlyMap<string, Ticks>;
  readonly names: ReadonlyMap<string, string>;
}

/** Labels of the block (Get-OabVirtualDirectory), lower case. */
const labelNames = words(`
  name pollinterval offlineaddressbooks requiressl basicauthentication windowsauthentication
  oauthauthentication metabasepath path extendedprotectiontokenchecking extendedprotectionflags
  extendedprotectionspnlist admindisplayversion server internalurl internalauthenticationmethods
  externalurl externalauthenticationmethods admindisplayname exchangeversion distinguishedname
  identity guid objectcategory objectclass whenchanged whencreated whenchangedutc whencreatedutc
  organizationid id originatingserver isvalid objectstate
`);
const ownLabels = [
  'pollinterval',
  'offlineaddressbooks',
  'externalauthenticationmethods',
  'internalauthenticationmethods',
];
/** So many labels, and two that only this block has, make it one: configurations of other things have a few. */
const labelsNeeded = 6;
const keptNames = [
  'Server',
  'Guid',
  'Identity',
  'AdminDisplayVersion',
  'OriginatingServer',
  'MetabasePath',
  'WhenCreated',
  'WhenChanged',
];
const addresses = ['externalurl', 'internalurl'];
const blockCharacters = 1_048_576;
const valueCharacters = 16_384;
const label = /^[ \t]*([A-Za-z]{2,40})[ \t]*:[ \t]*(.*)$/gm;
const script = /<\s*script\b|<%|\beval\s*\(/i;

interface Setting {
  readonly value: string;
  readonly at: number;
}

/** Finds the block in a page; undefined where there is none. Broken scripts count too: the server was told to write it. */
export function readOabDump(text: string): OabDump | undefined {
  const settings = settingsOf(text.slice(0, blockCharacters));
  const own = ownLabels.filter((name) => settings.has(name)).length;
  if (settings.size < labelsNeeded || own < 2) return undefined;
  return { signs: [signOf(settings)], times: timesOf(settings), names: namesOf(settings) };
}

function settingsOf(text: string): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  const found = [...text.matchAll(label)].filter((m) => labelNames.has((m[1] ?? '').toLowerCase()));
  found.forEach((m, i) => {
    const name = (m[1] ?? '').toLowerCase();
    // A value may go on in further lines, up to the next label.
    const to = Math.min(found[i + 1]?.index ?? text.length, m.index + valueCharacters);
    const value = text.slice(m.index + m[0].length - (m[2] ?? '').length, to).trim();
    if (!settings.has(name)) settings.set(name, { value, at: m.index });
  });
  return settings;
}

function signOf(settings: ReadonlyMap<string, Setting>): Sign {
  let escaped: number | undefined;
  for (const [name, { value, at }] of settings) {
    if (script.test(value)) return { code: 'oab-script', weight: 'remote-control', at };
    if (addresses.includes(name) && script.test(decoded(value))) escaped ??= at;
  }
  const first = settings.values().next().value?.at ?? 0;
  if (escaped !== undefined) return { code: 'oab-escaped-script', weight: 'suspicious', at: escaped };
  return { code: 'oab-dump', weight: 'suspicious', at: first };
}

function decoded(value: string): string {
  const plain = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return unescapeEntities(plain);
}

function namesOf(settings: ReadonlyMap<string, Setting>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of keptNames) {
    const value = settings.get(name.toLowerCase())?.value ?? '';
    if (value !== '') names.set(name, value.split(/\r?\n/, 1)[0] ?? '');
  }
  return names;
}

function timesOf(settings: ReadonlyMap<string, Setting>): ReadonlyMap<string, Ticks> {
  const times = new Map<string, Ticks>();
  for (const name of ['WhenCreatedUTC', 'WhenChangedUTC']) {
    const time = parseShortTime(settings.get(name.toLowerCase())?.value ?? '');
    if (time !== undefined) times.set(name, time);
  }
  return times;
}

const shortTime = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP])M)?$/i;

/** `3/14/2021 6:40:12 AM`, the way Exchange prints times in English, taken as UTC. Other ways are not guessed at. */
export function parseShortTime(text: string): Ticks | undefined {
  const m = shortTime.exec(text.trim());
  if (m === null) return undefined;
  const [, month = '', day = '', year = '', hour = '', minute = '', second = '', half] = m;
  const twelve = Number(hour) % 12;
  const hours = half === undefined ? Number(hour) : half.toLowerCase() === 'p' ? twelve + 12 : twelve;
  const pad = (part: string | number): string => String(part).padStart(2, '0');
  return parseTime(`${year}-${pad(month)}-${pad(day)} ${pad(hours)}:${minute}:${second}`);
}
