import {
  formatTime,
  type Assessment,
  type CampaignVerdict,
  type Implant,
  type Time,
  type TimelineEntry,
  type Window,
} from '@postern/core';
import { countText, day, moment, span } from '../dates.ts';
import { deedsOf, intrudersOf } from '../deeds.ts';
import { headlineOf, nameOf } from '../headline.ts';
import { telling, tellingPaths } from '../paths.ts';
import { implantText } from '../reasons.ts';
import { fill } from '../words.ts';
import { isWithin, type Axis } from './axis.ts';
import { page } from './words.ts';

/** One row of the chart: a name on the left and marks on the axis. */
export interface Lane {
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** A bar over a window or a dot at a time; its words on hover, its label in or beside it where there is room. */
export interface Mark {
  readonly at: Window | Time;
  readonly kind: 'phase' | 'open' | 'fixed' | 'operator' | 'placed' | 'used' | 'event' | 'statement';
  readonly title: string;
  readonly label?: string;
}

/** Rows of one sort; the tables below have all. */
const lanesListed = 10;

/** The rows of the chart from top to bottom. Public statements have one of their own: no row names both. */
export function lanesOf(assessment: Assessment, axis: Axis): readonly Lane[] {
  return [
    phaseLane(assessment),
    ...doorLanes(assessment, axis),
    ...operatorLanes(assessment),
    ...assessment.implants.slice(0, lanesListed).map(implantLane),
    { name: page.chart.events, marks: pointsOf(assessment, 'defender', axis) },
    { name: page.chart.said, marks: pointsOf(assessment, 'statement', axis) },
  ];
}

function phaseLane({ phases }: Assessment): Lane {
  const marks = phases.map(({ title, from, to }): Mark => ({
    at: { from, to },
    kind: 'phase',
    title: `${title}, ${span({ from, to })}`,
    label: title,
  }));
  return { name: page.chart.phases, marks };
}

function doorLanes({ servers }: Assessment, axis: Axis): readonly Lane[] {
  return servers.slice(0, lanesListed).flatMap((server) => {
    const campaign = headlineOf(server);
    const name = servers.length > 1 ? `${page.chart.door} ${nameOf(server)}` : page.chart.door;
    return campaign === undefined ? [] : [{ name, marks: doorMarks(campaign, formatTime(axis.to)) }];
  });
}

/** Open as long as any of the flaws is known to be, then fixed. */
function doorMarks({ exposure, door: { closedAt } }: CampaignVerdict, end: Time): readonly Mark[] {
  const open = exposure.filter(({ state }) => state === 'vulnerable');
  const from = open.flatMap((each) => each.from ?? []).toSorted()[0];
  const closes = open.some((each) => each.to === undefined) ? end : undefined;
  const to =
    closes ??
    open
      .flatMap((each) => each.to ?? [])
      .toSorted()
      .at(-1);
  const marks: Mark[] = [];
  if (from !== undefined && to !== undefined) {
    const title = `${page.chart.open}: ${span({ from, to })}`;
    marks.push({ at: { from, to }, kind: 'open', title, label: page.chart.open });
  }
  if (closedAt !== undefined) {
    const title = `${page.chart.fixed}: ${moment(closedAt)}`;
    marks.push({ at: { from: closedAt, to: end }, kind: 'fixed', title, label: page.chart.fixed });
  }
  return marks;
}

function operatorLanes(assessment: Assessment): readonly Lane[] {
  return intrudersOf(assessment)
    .slice(0, lanesListed)
    .flatMap((operator) => {
      const { first, last, name } = operator;
      if (first === undefined || last === undefined) return [];
      const at = { from: first, to: last };
      const title = deedsOf(operator, assessment, undefined);
      const mark: Mark = { at, kind: 'operator', title, label: span(at) };
      return [{ name: fill(page.chart.operator, { name }), marks: [mark] }];
    });
}

function implantLane(implant: Implant): Lane {
  const { firstUsedAt, lastUsedAt, placedAt, path, url, family, uses } = implant;
  const title = implantText(implant, undefined);
  const marks: Mark[] = [];
  if (firstUsedAt !== undefined && lastUsedAt !== undefined) {
    const label = `${page.chart.used} ${countText(uses)} ×`;
    marks.push({ at: { from: firstUsedAt, to: lastUsedAt }, kind: 'used', title, label });
  }
  if (placedAt !== undefined) {
    const placed = `${title}: ${page.chart.placed} ${moment(placedAt.time)}`;
    marks.push({ at: placedAt.time, kind: 'placed', title: placed });
  }
  return { name: telling(path ?? url ?? family ?? implant.id), marks };
}

function pointsOf({ timeline }: Assessment, lane: TimelineEntry['lane'], axis: Axis): readonly Mark[] {
  return timeline
    .filter((entry) => entry.lane === lane && isWithin(axis, entry.time))
    .map(({ time, title }): Mark => ({
      at: time,
      kind: lane === 'statement' ? 'statement' : 'event',
      title: `${day(time)}: ${tellingPaths(title)}`,
    }));
}
