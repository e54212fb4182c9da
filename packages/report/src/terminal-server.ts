import { compareText, type Advice, type Assessment, type CampaignVerdict, type Server } from '@postern/core';
import { advisedOn } from './advised.ts';
import { countText, humanDates, span } from './dates.ts';
import { deedsOf, intrudersOf, operatorsHeading } from './deeds.ts';
import { doorText, headlineOf, implantsOf, isIntrusion, label, nameOf, sentenceOf } from './headline.ts';
import { fitSections, hang, hangWithNote, width, wrap, type Section } from './layout.ts';
import { againstTexts, reasonsOf, strongestReasons } from './reasons.ts';
import { presumptionOf, rulingsOf, unseenOf } from './unseen.ts';
import { fill, words } from './words.ts';

/** What every part of the screen needs. */
export interface Page {
  readonly assessment: Assessment;
  readonly columns: number;
  /** The year that the server's line says, so that dates need not. */
  readonly year: string | undefined;
}

const labelColumns = 13;

/** A server in full: title, verdict, door, then as much of each section as fits into so many lines. */
export function serverBlock(page: Page, server: Server, room: number): readonly string[] {
  const title = wrap(titleOf(server), page.columns);
  const campaign = headlineOf(server);
  if (campaign === undefined) return title;
  const verdict = verdictLines(page, server, campaign);
  const sections = sectionsOf(page, server, campaign);
  const above = [...title, '', ...verdict, ''];
  return [...above, ...fitSections(sections, room - above.length)];
}

function titleOf(server: Server): string {
  const build = server.builds.at(-1);
  const parts = [
    nameOf(server),
    build?.name ?? server.product ?? '',
    server.seen === undefined ? '' : fill(words.seen, { when: span(server.seen) }),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function verdictLines(page: Page, server: Server, campaign: CampaignVerdict): readonly string[] {
  const { columns } = page;
  const margin = Math.max(labelColumns, label(campaign.verdict).length + 2) + 2;
  const sentence = hangWithNote(
    `  ${label(campaign.verdict)}`,
    sentenceOf(campaign),
    words.confidence[campaign.confidence],
    { marginColumns: margin, columns },
  );
  const row = (name: string, text: string | undefined): readonly string[] =>
    text === undefined || text === '' ? [] : hang(`  ${name}`, text, margin, columns);
  const isNegative = campaign.verdict === 'nothing-found' || campaign.verdict === 'exposed';
  return [
    ...sentence,
    ...row(words.label.atLeast, campaign.atLeast && words.atLeast[campaign.atLeast]),
    ...row(words.label.door, doorText(campaign, implantsOf(page.assessment, server.id))),
    ...row(words.label.until, presumptionOf(campaign)),
    ...row(words.label.rulings, rulingsOf(page.assessment, server, campaign)),
    ...row(words.label.holds, isNegative ? words.holds : undefined),
  ];
}

function sectionsOf(page: Page, server: Server, campaign: CampaignVerdict): readonly Section[] {
  const decides = campaign.verdict === 'undetermined';
  const heading = decides ? words.heading.decide : words.heading.change;
  const change = listSection(page, heading, campaign.wouldChange.slice(0, 3), decides ? 3 : 1);
  const against = againstTexts(page.assessment, campaign, page.year);
  const also = against.filter((text) => !campaign.against.includes(text));
  const intruded = isIntrusion(campaign);
  return [
    whySection(page, server, campaign),
    ...(intruded ? [operatorSection(page)] : []),
    // What was not decided has nothing against it; what was seen all the same may decide a person.
    ...(campaign.verdict === 'compromised'
      ? []
      : [
          decides
            ? listSection(page, words.heading.also, also.slice(0, 3), 1)
            : listSection(page, words.heading.against, against.slice(0, 3), 1),
        ]),
    ...(decides ? [change] : []),
    unseenSection(page, server, campaign),
    ...(decides || intruded ? [] : [change]),
    adviceSection(page),
  ];
}

function listSection(
  { columns, year }: Page,
  heading: string,
  texts: readonly string[],
  keep: number,
): Section {
  return {
    heading,
    count: texts.length,
    keep,
    floor: 1,
    most: 3,
    show: (count) => texts.slice(0, count).flatMap((text) => hang('  -', humanDates(text, year), 4, columns)),
  };
}

function whySection({ assessment, columns, year }: Page, server: Server, campaign: CampaignVerdict): Section {
  const reasons = reasonsOf(assessment, server, campaign, year);
  const numbers = Math.max(1, String(reasons.length).length);
  const whens = Math.max(0, ...reasons.map(({ when }) => width(when)));
  const marginColumns = 2 + numbers + 2 + (whens === 0 ? 0 : whens + 2);
  return {
    heading: words.heading.why,
    count: reasons.length,
    keep: 6,
    floor: 4,
    most: 9,
    show: (count) =>
      strongestReasons(reasons, count).flatMap(({ number, when, text, recorders }) =>
        hangWithNote(`  ${String(number).padStart(numbers)}  ${when}`, text, recorders, {
          marginColumns,
          columns,
        }),
      ),
    more: (hidden) => `  ${fill(words.more.reasons, { count: countText(hidden) })}`,
  };
}

function operatorSection({ assessment, columns, year }: Page): Section {
  const intruders = intrudersOf(assessment);
  return {
    heading: operatorsHeading(assessment),
    count: intruders.length,
    keep: 3,
    floor: 2,
    most: 5,
    show: (count) =>
      intruders
        .slice(0, count)
        .flatMap((operator) => hang(`  ${operator.name}`, deedsOf(operator, assessment, year), 5, columns)),
    more: (hidden) => `  ${fill(words.more.operators, { count: countText(hidden) })}`,
  };
}

function unseenSection(
  { assessment, columns, year }: Page,
  server: Server,
  campaign: CampaignVerdict,
): Section {
  const all = unseenOf(assessment, server, campaign, year);
  return {
    heading: words.heading.unseen,
    count: all.length,
    keep: 3,
    floor: 2,
    most: 5,
    show: (count) =>
      all
        .slice(0, count)
        .flatMap(({ what, weakens }) => hangWithNote('', what, weakens, { marginColumns: 2, columns })),
    more: (hidden) => `  ${fill(words.more.unseen, { count: countText(hidden) })}`,
  };
}

function adviceSection({ assessment, columns, year }: Page): Section {
  const { advice } = assessment;
  const texts = advice.map((each) => firstWords(each, advisedOn(each, assessment), year));
  return {
    heading: words.heading.first,
    count: advice.length,
    keep: 3,
    floor: 2,
    most: 3,
    show: (count) => texts.slice(0, count).flatMap((text, i) => hang(`  ${i + 1}`, text, 5, columns)),
    more: (hidden) => `     ${fill(words.more.advice, { count: countText(hidden) })}`,
  };
}

/** The title and where; or, where a step says until when it can be done, the soonest of these days. */
function firstWords({ title, steps }: Advice, where: string, year: string | undefined): string {
  const [soonest] = steps
    .flatMap(({ text }) => {
      const days = text.match(/(?<![\w\\/.-])\d{4}-\d{2}-\d{2}(?![\w\\/-])/g) ?? [];
      return days.length > 1 ? [{ text, until: days.at(-1) ?? '' }] : [];
    })
    .toSorted((a, b) => compareText(a.until, b.until) || compareText(a.text, b.text));
  if (soonest !== undefined) return `${title}. ${humanDates(soonest.text, year)}`;
  return where === '' ? title : `${title} · ${where}`;
}
