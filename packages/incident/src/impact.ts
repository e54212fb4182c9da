import type { Amount, CaseFacts, Impact } from '@postern/core';
import { urlPath } from './entities.ts';
import { shown } from './findings.ts';
import type { FindingDraft } from './findings.ts';
import { say } from './messages.ts';
import type { OperatorDraft } from './operators.ts';
import { groupBy, sorted } from './ordered.ts';
import { servedPlace } from './served.ts';
import type { Layout } from '@postern/core';
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

interface Lookup extends ImpactMatter {
  readonly byUrl: ReadonlyMap<string, string>;
}

export interface ImpactMatter {
  readonly facts: CaseFacts;
  readonly layout: Layout;
  readonly drafts: readonly FindingDraft[];
  readonly operators: readonly OperatorDraft[];
}

/** Judgement section 8: what was read, could have been read or left, with bounds and their basis. */
export function impactOf(given: ImpactMatter): Impact[] {
  const matter = { ...given, byUrl: filesByUrl(given) };
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
  return [...worst, ...reachable(matter, merged)].toSorted((a, b) => (impactKey(a) < impactKey(b) ? -1 : 1));
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
      operators: operatorsOf(matter.operators, list),
      bytes: amountOf(matter, list, what),
      findings: [finding.id],
    })),
  );
}

/** What was taken, under one name whether a path or a URL tells of it. */
function thingOf({ byUrl, layout }: Lookup, { entities, implant }: Sighting, title: string): string {
  const [mailbox] = entities.mailboxes;
  if (mailbox !== undefined) return mailbox;
  const place =
    implant?.path ??
    entities.paths[0] ??
    implant?.url ??
    (entities.urls[0] === undefined ? undefined : urlPath(entities.urls[0]));
  if (place === undefined) return entities.accounts[0] ?? title;
  const url = place.startsWith('/') ? place.toLowerCase() : servedPlace(layout, place)?.url;
  return byUrl.get(url ?? '') ?? place;
}

/** URL → the path of a file that is served there, the first by text. */
function filesByUrl({ facts, layout }: ImpactMatter): ReadonlyMap<string, string> {
  const byUrl = new Map<string, string>();
  for (const path of sorted(facts.files.map((file) => file.path))) {
    const url = servedPlace(layout, path)?.url;
    if (url !== undefined && !byUrl.has(url)) byUrl.set(url, path);
  }
  return byUrl;
}

/** The organisation states classes as `name=class` in its context; what it says nothing of has the class "not stated". */
function classOf({ options }: CaseFacts, what: string): string {
  const stated = (options.context.classes ?? [])
    .map((text) => text.split('='))
    .find(([name, value]) => value !== undefined && name?.trim().toLowerCase() === what.toLowerCase());
  return stated?.[1]?.trim() ?? say('impact.class');
}

function operatorsOf(operators: readonly OperatorDraft[], sightings: readonly Sighting[]): string[] {
  const own = new Set(sightings);
  return sorted(operators.filter(({ group }) => group.sightings.some((s) => own.has(s))).map(({ id }) => id));
}

const sentFields = ['sc-bytes', 'ResponseBytes', 'ResponseSize'];
const statusFields = ['sc-status', 'HttpStatus'];

/** Bytes as logged; else the file's size times completed requests; else unknown, never 0 (section 8). */
function amountOf(matter: ImpactMatter, sightings: readonly Sighting[], what: string): Amount {
  const sent = sightings.map(({ captures }) => numberIn(captures, sentFields));
  if (sent.length > 0 && sent.every((bytes) => bytes !== undefined)) {
    const sum = sent.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
    return { lower: sum, upper: sum, basis: say('impact.status.bytes') };
  }
  const size = sizeOf(matter, what);
  const completed = sightings.filter(({ captures }) => isComplete(captures)).length;
  if (size !== undefined && completed > 0) {
    return {
      lower: size,
      upper: size * sightings.length,
      basis: say('impact.status.size', { count: completed }),
    };
  }
  const logged = sent.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
  return { lower: logged, upper: null, basis: say('impact.status.unknown') };
}

function isComplete(captures: ReadonlyMap<string, string>): boolean {
  return numberIn(captures, statusFields) === 200 && (numberIn(captures, ['sc-win32-status']) ?? 0) === 0;
}

function numberIn(captures: ReadonlyMap<string, string>, fields: readonly string[]): number | undefined {
  for (const field of fields) {
    const text = captures.get(field)?.trim() ?? '';
    if (/^\d{1,15}$/.test(text)) return Number(text);
  }
  return undefined;
}

/** The size of a file that was collected or listed, by path or by the URL it is served at. */
function sizeOf({ facts, layout }: ImpactMatter, what: string): number | undefined {
  const wanted = what.toLowerCase();
  const sizes = facts.files
    .filter((file) => file.path.toLowerCase() === wanted || servedPlace(layout, file.path)?.url === wanted)
    .flatMap((file) => file.bytes ?? file.listed?.bytes ?? []);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

/** What who was inside could reach: mailboxes with a session or a shell, credentials with a shell. */
function reachable({ facts, drafts, operators }: ImpactMatter, known: readonly Impact[]): Impact[] {
  const inside = drafts.flatMap((draft) =>
    draft.finding.setAside === undefined ? draft.sightings.filter((s) => isWitness(s) && isInside(s)) : [],
  );
  const servers = sorted(inside.flatMap(({ targets }) => targets));
  return servers.flatMap((server) => {
    const here = inside.filter(({ targets }) => targets.includes(server));
    const kinds = (['mailbox', 'credential'] as const).filter(
      (kind) =>
        kind === 'mailbox' ||
        here.some(
          ({ rule }) =>
            rule.stage !== 'success' || rule.act.startsWith('page') || rule.act.startsWith('shell'),
        ),
    );
    const missing = kinds.filter(
      (kind) =>
        !known.some(
          (impact) =>
            impact.server === server && impact.kind === kind && impact.how !== 'could-have-been-read',
        ),
    );
    return missing.map((kind): Impact => ({
      kind,
      what: say(kind === 'mailbox' ? 'impact.mailboxes' : 'impact.credentials'),
      class: classOf(facts, kind),
      how: 'could-have-been-read',
      server,
      operators: operatorsOf(operators, here),
      bytes: { lower: 0, upper: null, basis: say('impact.could') },
      findings: sorted(
        drafts
          .filter(({ sightings }) => sightings.some((s) => here.includes(s)))
          .map(({ finding }) => finding.id),
      ).slice(0, 20),
    }));
  });
}

function isInside({ rule }: Sighting): boolean {
  return rule.stage === 'success' || rule.stage === 'use' || rule.stage === 'aftermath';
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

function widen(a: Amount, b: Amount): Amount {
  const better = b.lower > a.lower ? b : a;
  const upper = a.upper === null || b.upper === null ? null : Math.max(a.upper, b.upper);
  return { lower: better.lower, upper, basis: better.basis };
}

function addAmounts(a: Amount, b: Amount): Amount {
  const upper = a.upper === null || b.upper === null ? null : a.upper + b.upper;
  return { lower: a.lower + b.lower, upper, basis: b.basis };
}
