import { urlPath } from '@postern/core';
import type { Amount, CaseFacts, Impact, Layout } from '@postern/core';
import { addAmounts, amountOf, lookUpFiles, widen } from './amounts.ts';
import type { FileSizes } from './amounts.ts';
import { shown } from './findings.ts';
import type { FindingDraft } from './findings.ts';
import { say } from './messages.ts';
import type { OperatorDraft } from './operators.ts';
import { groupBy, sorted } from './ordered.ts';
import { classOf, handsBySighting, operatorsOf, reachable } from './reachable.ts';
import type { Hands } from './reachable.ts';
import { servedPlace } from './served.ts';
import { isWitness } from './sighting.ts';
import type { Sighting } from './sighting.ts';

type ImpactWord = Pick<Impact, 'kind' | 'how'>;

/** Acts by their first word, the longest that fits; three words are kept apart: read, could have been read, left. */
const actWords: readonly (readonly [prefix: string, word: ImpactWord])[] = [
  ['mailbox-exported', { kind: 'mailbox', how: 'left' }],
  ['mailbox-export', { kind: 'mailbox', how: 'read' }],
  ['mailbox-listed', { kind: 'mailbox', how: 'could-have-been-read' }],
  ['mailbox', { kind: 'mailbox', how: 'read' }],
  ['mail-read', { kind: 'mailbox', how: 'read' }],
  ['archive-fetched', { kind: 'archive', how: 'left' }],
  ['archive', { kind: 'archive', how: 'could-have-been-read' }],
  ['credentials', { kind: 'credential', how: 'read' }],
  ['directory', { kind: 'directory', how: 'read' }],
  ['file-fetched', { kind: 'file', how: 'left' }],
  ['file-read', { kind: 'file', how: 'read' }],
];

export interface ImpactMatter {
  readonly facts: CaseFacts;
  readonly layout: Layout;
  readonly drafts: readonly FindingDraft[];
  readonly operators: readonly OperatorDraft[];
}

interface Lookup extends ImpactMatter {
  readonly files: FileSizes;
  readonly hands: Hands;
}

/** Judgement section 8: what was read, could have been read or left, with bounds and their basis. */
export function impactOf(given: ImpactMatter): Impact[] {
  const matter = { ...given, files: lookUpFiles(given), hands: handsBySighting(given.operators) };
  const recorded = matter.drafts.flatMap((draft) => impactsOfFinding(matter, draft));
  const merged = [...groupBy(recorded, impactKey).values()].flatMap(mergeImpacts);
  const left = new Set(
    merged
      .filter(({ how }) => how !== 'could-have-been-read')
      .map(({ server, what }) => `${server}\0${what}`),
  );
  const worst = merged.filter(
    ({ how, server, what }) => how !== 'could-have-been-read' || !left.has(`${server}\0${what}`),
  );
  return [...worst, ...reachable(matter, matter.hands, merged)].toSorted((a, b) =>
    impactKey(a) < impactKey(b) ? -1 : 1,
  );
}

/** Bytes that left by operator, as far as the records say. */
export function bytesByOperator(impacts: readonly Impact[]): ReadonlyMap<string, Amount> {
  const amounts = new Map<string, Amount>();
  for (const { how, operators, bytes } of impacts) {
    const [only] = operators;
    if (how !== 'left' || operators.length !== 1 || only === undefined) continue;
    const before = amounts.get(only);
    const basis = before === undefined ? bytes.basis : say('operator.bytes-sum');
    amounts.set(only, { ...addAmounts(before ?? { lower: 0, upper: 0, basis }, bytes), basis });
  }
  return amounts;
}

function impactsOfFinding(matter: Lookup, draft: FindingDraft): Impact[] {
  const { finding, sightings } = draft;
  const word = actWords.find(([prefix]) => finding.act.startsWith(prefix))?.[1];
  if (word === undefined || !sightings.some((s) => isWitness(s)) || finding.setAside !== undefined) return [];
  const byThing = groupBy(sightings, (sighting) => thingOf(matter, sighting, finding.rule.title));
  return [...byThing].flatMap(([what, list]) =>
    finding.targets.map((server): Impact => ({
      ...word,
      what: shown(what),
      class: classOf(matter.facts, what),
      server,
      operators: operatorsOf(matter.hands, list),
      bytes: amountOf(matter.files, list, what),
      findings: [finding.id],
    })),
  );
}

/** What was taken, under one name whether a path, a URL or a command line tells of it. */
function thingOf(
  { files, layout }: Lookup,
  { entities, implant, captures }: Sighting,
  title: string,
): string {
  const [mailbox] = entities.mailboxes;
  if (mailbox !== undefined) return mailbox;
  const place =
    implant?.path ??
    entities.paths.find((path) => !isProgram(path)) ??
    fileIn(captures.get('CommandLine') ?? '') ??
    implant?.url ??
    (entities.urls[0] === undefined ? undefined : urlPath(entities.urls[0]));
  if (place === undefined) return entities.paths.some(isProgram) ? title : (entities.accounts[0] ?? title);
  const url = place.startsWith('/') ? place.toLowerCase() : servedPlace(layout, place)?.url;
  return files.byUrl.get(url ?? '') ?? place;
}

/** The tool that did it is not what was taken. */
function isProgram(path: string): boolean {
  return /\.(?:exe|com|dll|cmd|bat|ps1)$/i.test(path);
}

/** The packed file or dump that a command line names. */
function fileIn(command: string): string | undefined {
  return /[a-z]:\\(?:(?![a-z]:\\)[^"|<>*?\r\n])*?\.(?:zip|7z|rar|cab|dmp|pst|dit|tar|tgz)\b/i.exec(
    command,
  )?.[0];
}

function impactKey({ server, kind, how, what }: Impact): string {
  return [server, kind, how, what].join('\0');
}

/** Several recorders may tell of one thing: bounds are widened, not added, where the findings differ. */
function mergeImpacts(impacts: readonly Impact[]): Impact[] {
  const [one, ...rest] = impacts.toSorted((a, b) => ((a.findings[0] ?? '') < (b.findings[0] ?? '') ? -1 : 1));
  if (one === undefined) return [];
  const merged = rest.reduce(
    (all, next): Impact => ({
      ...all,
      operators: sorted([...all.operators, ...next.operators]),
      findings: sorted([...all.findings, ...next.findings]),
      bytes: widen(all.bytes, next.bytes),
    }),
    one,
  );
  return [merged];
}
