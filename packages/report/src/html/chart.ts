import type { Assessment, Time, Window } from '@postern/core';
import { axisOf, percentAt, stretchOf, ticksOf, type Axis } from './axis.ts';
import { lanesOf, type Lane, type Mark } from './chart-lanes.ts';
import { d, t } from './parts.ts';
import { page } from './words.ts';

const wide = 1040;
const nameWide = 190;
const plotWide = wide - nameWide - 10;
const laneHigh = 22;
const top = 24;
/** A letter of the chart's type, about. */
const letterWide = 6.4;

/** Attackers, back doors, the server and public statements on one axis: a picture that prints, without scripts. */
export function timeChart(assessment: Assessment): string {
  const axis = axisOf(timesOf(assessment));
  if (axis === undefined) return '';
  const lanes = lanesOf(assessment, axis).filter(({ marks }) => marks.length > 0);
  const high = top + lanes.length * laneHigh + 6;
  return [
    `<svg viewBox="0 0 ${wide} ${high}" role="img" aria-label="${t(page.chart.title)}">`,
    grid(axis, high),
    ...lanes.map((lane, i) => laneMarkup(lane, axis, top + i * laneHigh)),
    '</svg>',
  ].join('\n');
}

/** What happened on the servers makes the axis; statements that fall on it are shown, the others stand in the ledger. */
function timesOf({ timeline, servers }: Assessment): readonly Time[] {
  return [
    ...timeline.filter(({ lane }) => lane !== 'statement').map(({ time }) => time),
    ...servers.flatMap(({ seen }) => (seen === undefined ? [] : [seen.from, seen.to])),
  ];
}

function xAt(percent: number): number {
  return nameWide + (percent / 100) * plotWide;
}

function grid(axis: Axis, high: number): string {
  return ticksOf(axis)
    .map(({ percent, label }) => {
      const x = xAt(percent).toFixed(1);
      const anchor = percent > 96 ? 'end' : 'middle';
      return `<line class="grid" x1="${x}" x2="${x}" y1="16" y2="${high}"/><text class="tick" x="${x}" y="11" text-anchor="${anchor}">${t(label)}</text>`;
    })
    .join('');
}

function laneMarkup({ name, marks }: Lane, axis: Axis, y: number): string {
  const letters = Array.from(name);
  const short = letters.length > 29 ? `…${letters.slice(-28).join('')}` : name;
  const drawn = marks.map((mark) =>
    typeof mark.at === 'string' ? dot(mark, mark.at, axis) : bar(mark, mark.at, axis),
  );
  return `<g transform="translate(0 ${y})"><text class="name" x="0" y="14">${d(short)}</text>${drawn.join('')}</g>`;
}

function bar({ kind, title, label }: Mark, window: Window, axis: Axis): string {
  const stretch = stretchOf(axis, window);
  if (stretch === undefined) return '';
  const x = xAt(stretch.left);
  const width = Math.max(3, (stretch.width / 100) * plotWide);
  const text = label === undefined ? '' : labelMarkup(label, x, x + width, kind === 'phase');
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="3" width="${width.toFixed(1)}" height="15"><title>${d(title)}</title></rect>${text}`;
}

/** Inside of the bar, else to its right, else to its left; nowhere where none of these has room. */
function labelMarkup(label: string, left: number, right: number, onlyInside: boolean): string {
  const needs = label.length * letterWide + 14;
  const at = (x: number, anchor: string): string =>
    `<text x="${x.toFixed(1)}" y="14" text-anchor="${anchor}">${d(label)}</text>`;
  if (needs < right - left) return at(left + 8, 'start');
  if (onlyInside) return '';
  if (right + needs < wide) return at(right + 8, 'start');
  return left - needs > nameWide ? at(left - 8, 'end') : '';
}

function dot({ kind, title }: Mark, time: Time, axis: Axis): string {
  return `<circle class="${kind}" cx="${xAt(percentAt(axis, time)).toFixed(1)}" cy="10.5" r="4"><title>${d(title)}</title></circle>`;
}
