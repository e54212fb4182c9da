import { compareText, formatTime, ticksPerDay, ticksOfHour, hourOf } from '@postern/core';
import type {
  Advice,
  AdviceRule,
  AdviceStep,
  CampaignVerdict,
  CaseFacts,
  Impact,
  Implant,
  Layout,
  Pack,
  Ticks,
} from '@postern/core';
import type { FamilySpan } from './families.ts';
import { isListing } from './families.ts';
import type { FindingDraft } from './findings.ts';
import { retentionOf, titleOf } from './layouts.ts';
import { say } from './messages.ts';
import { sorted } from './ordered.ts';
import { satisfies } from './coverage.ts';

/** What advice is chosen by: all that was found for one pack, of one server or of all. */
export interface AdviceMatter {
  readonly pack: Pack;
  readonly servers: readonly string[];
  readonly verdicts: readonly CampaignVerdict[];
  readonly drafts: readonly FindingDraft[];
  readonly implants: readonly Implant[];
  readonly impacts: readonly Impact[];
  /** Some question of the pack has no answer for some time. */
  readonly coverageMissing: boolean;
}

/**
 * The tags that `when` of an advice rule speaks of: `always`, `verdict:…`, `door:…`, `exposure:…`, `stage:…`, `act:…`,
 * `implant:<kind>`, `implant-state:…`, `impact:<kind>`, `coverage:missing`.
 */
export function tagsOf({
  verdicts,
  drafts,
  implants,
  impacts,
  coverageMissing,
  pack,
}: AdviceMatter): ReadonlySet<string> {
  const counted = drafts.filter((draft) => counts(draft, pack.id));
  return new Set([
    'always',
    ...verdicts.map(({ verdict }) => `verdict:${verdict}`),
    ...verdicts.map(({ door }) => `door:${door.state}`),
    ...verdicts.flatMap(({ exposure }) => exposure.map(({ state }) => `exposure:${state}`)),
    ...counted.flatMap(({ finding }) => [`stage:${finding.stage}`, `act:${finding.act}`]),
    ...implants.flatMap(({ kind, state }) => [`implant:${kind}`, `implant-state:${state}`]),
    ...impacts.map(({ kind }) => `impact:${kind}`),
    ...(coverageMissing ? ['coverage:missing'] : []),
  ]);
}

function counts({ finding, packs }: FindingDraft, pack: string): boolean {
  return (
    finding.setAside === undefined &&
    packs.includes(pack) &&
    (finding.witness !== 'lead' || finding.stage === 'attempt')
  );
}

/** Where the logs lie that will be trimmed. */
export interface RetentionMatter {
  readonly facts: CaseFacts;
  readonly layout: Layout;
  readonly spans: readonly FamilySpan[];
  readonly nameOf: (server: string) => string;
}

/** One pack: all of its servers together, and each of them. */
export interface PackMatter {
  readonly all: AdviceMatter;
  readonly each: readonly AdviceMatter[];
}

/** Judgement section 9: in the pack's order; preserving comes first, with the day on which retention eats which log. */
export function adviceOf(packs: readonly PackMatter[], retention: RetentionMatter): Advice[] {
  const chosen = packs.flatMap((pack) => chosenOf(pack, language(retention.facts)));
  const matters = packs.map(({ all }) => all);
  if (matters.length === 0) return [];
  const ordered = chosen.toSorted((a, b) => a.order - b.order || compareText(a.id, b.id));
  const [first, ...rest] = ordered.some(isPreserving)
    ? [...ordered.filter(isPreserving), ...ordered.filter((a) => !isPreserving(a))]
    : [preserve(matters, retention), ...ordered];
  if (first === undefined) return [];
  const steps = [...first.steps, ...retentionSteps(matters, retention)];
  return [{ ...first, steps }, ...rest].map((advice, index) => ({ ...advice, order: index + 1 }));
}

/** What is to be done on some server, and on which; what only all of them together call for, on all. */
function chosenOf({ all, each }: PackMatter, wanted: string): Advice[] {
  const together = tagsOf(all);
  const apart = each.map(({ servers, ...matter }) => ({ servers, tags: tagsOf({ servers, ...matter }) }));
  return rulesIn(all.pack, wanted).flatMap((rule) => {
    const servers = apart.filter(({ tags }) => applies(rule, tags)).flatMap((one) => one.servers);
    if (servers.length === 0 && !applies(rule, together)) return [];
    return [toAdvice(rule, { ...all, servers: servers.length === 0 ? all.servers : servers })];
  });
}

function isPreserving({ id }: Advice): boolean {
  return /preserve/i.test(id);
}

function language({ options }: CaseFacts): string {
  const { lang } = options.shown as { readonly lang?: string };
  return typeof lang === 'string' ? lang : 'en';
}

/** One text per rule: in the wanted language, else in English. */
function rulesIn({ advice }: Pack, wanted: string): AdviceRule[] {
  return sorted(advice.map(({ id }) => id)).flatMap((id) => {
    const texts = advice.filter((rule) => rule.id === id);
    return (
      texts.find((rule) => rule.language === wanted) ??
      texts.find((rule) => rule.language === 'en') ??
      texts[0] ??
      []
    );
  });
}

function applies({ when }: AdviceRule, tags: ReadonlySet<string>): boolean {
  const { all = [], any, none = [] } = when;
  return (
    all.every((tag) => tags.has(tag)) &&
    (any === undefined || any.length === 0 || any.some((tag) => tags.has(tag))) &&
    !none.some((tag) => tags.has(tag))
  );
}

function toAdvice(
  { id, order, title, because, steps, doneWhen, source }: AdviceRule,
  { drafts, implants, pack, servers }: AdviceMatter,
): Advice {
  const findings = drafts
    .filter((draft) => counts(draft, pack.id) && because.includes(draft.finding.act))
    .map(({ finding }) => finding.id);
  const placed = implants.filter(({ kind }) => because.includes(kind)).map((implant) => implant.id);
  return {
    id,
    order,
    title,
    servers: sorted(servers),
    why: [...sorted(findings).slice(0, 50), ...sorted(placed)],
    steps,
    doneWhen,
    source,
  };
}

function preserve(matters: readonly AdviceMatter[], { nameOf, spans }: RetentionMatter): Advice {
  const servers = sorted(spans.map(({ server }) => nameOf(server))).join(', ');
  const why = matters.flatMap(({ verdicts }) => verdicts.flatMap(({ because }) => because));
  return {
    id: 'preserve',
    order: 0,
    title: say('advice.preserve.title'),
    servers: sorted(matters.flatMap((matter) => matter.servers)),
    why: sorted(why).slice(0, 50),
    steps: [{ text: say('advice.preserve.step', { servers }) }],
    doneWhen: say('advice.preserve.done'),
    source: say('advice.preserve.source'),
  };
}

/** For each family that holds reasons and that the product trims: the day of the oldest of them and the day it goes. */
function retentionSteps(
  matters: readonly AdviceMatter[],
  { layout, spans, nameOf }: RetentionMatter,
): AdviceStep[] {
  const drafts = matters.flatMap(({ drafts: own, pack }) => own.filter((draft) => counts(draft, pack.id)));
  return spans
    .filter(({ family }) => !isListing(family))
    .flatMap((span) => {
      const days = retentionOf(layout, span.family);
      const oldest = drafts
        .flatMap(({ sightings }) => sightings)
        .filter(({ recordedOn, recorder }) => recordedOn === span.server && satisfies(recorder, span.family))
        .reduce<Ticks | undefined>(
          (time, s) => (s.time !== undefined && (time === undefined || s.time < time) ? s.time : time),
          undefined,
        );
      if (days === undefined || oldest === undefined) return [];
      const trimmed = ticksOfHour(hourOf(oldest)) + BigInt(Math.round(days)) * ticksPerDay;
      const isGone = spans.some(({ server, last }) => server === span.server && last >= trimmed);
      const key = isGone ? 'advice.preserve.trimmed' : 'advice.preserve.retention';
      const parameters = {
        title: titleOf(layout, span.family),
        day: formatTime(oldest, 'day'),
        server: nameOf(span.server),
        trimmed: formatTime(trimmed, 'day'),
      };
      return [{ text: say(key, parameters) }];
    });
}
