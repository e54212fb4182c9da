import { parseTime, type Assessment, type Implant, type Operator, type Time } from '@postern/core';
import { counted, span, times } from '../dates.ts';
import { intrudersOf, rangeText } from '../deeds.ts';
import { stateText } from '../headline.ts';
import { telling } from '../paths.ts';
import { recorderName } from '../recorders.ts';
import { fill, words } from '../words.ts';
import { cellsOf, type Cell } from './cells.ts';
import {
  amountText,
  anchor,
  code,
  d,
  link,
  n,
  operatorNames,
  part,
  section,
  soft,
  t,
  table,
  when,
} from './parts.ts';
import { page } from './words.ts';

/** Back doors: who used which, and what is known of each. */
export function implantsSection(assessment: Assessment): string {
  if (assessment.implants.length === 0) return '';
  return section('implants', page.implants, matrix(assessment), implantTable(assessment));
}

const matrixColumns = 12;

function matrix(assessment: Assessment): string {
  const { implants } = assessment;
  const operators = intrudersOf(assessment)
    .filter(({ id }) => implants.some((implant) => implant.operators.includes(id) || implant.placedBy === id))
    .slice(0, matrixColumns);
  if (operators.length === 0) return '';
  const cells = cellsOf(assessment, implants, operators);
  const rows = implants.map((implant, i) => [
    link(implant.id, telling(implant.path ?? implant.url ?? implant.id)) + sharedMark(implant),
    ...(cells[i] ?? []).map(cellText),
  ]);
  const columns = [{ title: page.implant }, ...operators.map(({ name }) => ({ title: name }))];
  return `${part(page.matrix, table(columns, rows))}<p class="soft">${t(page.matrixNote)}</p>`;
}

function sharedMark({ operators }: Implant): string {
  return operators.length > 1 ? ` <span class="tag shared">${t(page.shared)}</span>` : '';
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const { count, first, last } = cell;
  const period = first === undefined || last === undefined ? '' : t(span({ from: first, to: last }));
  const how = count === undefined ? t(page.usedUncounted) : `${n(count)} ×`;
  const uses = cell.used ? [period, how].filter((each) => each !== '').join('<br>') : '';
  return [cell.placed ? `<strong>${t(page.placedIt)}</strong>` : '', uses]
    .filter((each) => each !== '')
    .join('<br>');
}

function implantTable(assessment: Assessment): string {
  const servers = new Map(assessment.servers.map(({ id, names: all }) => [id, all[0] ?? id]));
  const recorders = new Map(assessment.findings.map((finding) => [finding.id, finding.recorders]));
  const rows = assessment.implants.map((implant) => [
    `<span id="${anchor(implant.id)}">${code(implant.path ?? implant.url)}</span><br>${soft(aboutText(implant))}${serverNote(implant, servers)}`,
    t(
      stateText(
        implant,
        implant.findings.flatMap((id) => recorders.get(id) ?? []),
      ),
    ),
    placedText(implant),
    usedText(implant),
    operatorNames(implant.operators, assessment),
  ]);
  const columns = [
    { title: page.implant },
    { title: page.column.state, kind: 't' as const },
    { title: page.column.placed, kind: 'mid' as const },
    { title: page.column.used, kind: 't' as const },
    { title: page.column.by, kind: 't' as const },
  ];
  return table(columns, rows);
}

/** The best time of its making with what says so; what agrees with it by name, what differs with its own time. */
function placedText({ placements }: Implant): string {
  const [best, ...others] = placements;
  if (best === undefined) return t(page.notKnown);
  const [agree, differ] = [
    others.filter(({ time }) => isSameMinute(time, best.time)),
    others.filter(({ time }) => !isSameMinute(time, best.time)),
  ];
  const by = [best, ...agree].map(({ basis }) => recorderName(basis)).join(', ');
  const rest = differ.map(({ time, basis }) => soft(`${when(time)} ${d(recorderName(basis))}`));
  return [`${when(best.time)}<br>${soft(d(by))}`, ...rest].join('<br>');
}

const minute = 600_000_000n;

function isSameMinute(a: Time, b: Time): boolean {
  const [one, other] = [parseTime(a), parseTime(b)];
  if (one === undefined || other === undefined) return a === b;
  return one - other < minute && other - one < minute;
}

/** Use is data that was sent; who only looked is counted apart. */
function usedText({ uses, probes, firstUsedAt, lastUsedAt }: Implant): string {
  const used = uses === 0 ? [] : [`${n(uses)} ×<br>${when(firstUsedAt)}<br>${when(lastUsedAt)}`];
  const looked = probes === 0 ? [] : [soft(t(fill(page.lookedAt, { times: times(probes) })))];
  return [...used, ...looked].join('<br>');
}

/** The kind, and the traits that are sentences; names of rules are with the findings. */
function aboutText({ kind, family, traits, sha256 }: Implant): string {
  const told = traits.filter((trait) => trait.includes(' ')).slice(0, 3);
  const hash = sha256 === undefined ? [] : [`SHA-256 ${sha256}`];
  return [words.implantKind[kind], ...(family === undefined ? [] : [family]), ...told, ...hash]
    .map(d)
    .join(' · ');
}

function serverNote({ server }: Implant, servers: ReadonlyMap<string, string>): string {
  return servers.size > 1 ? `<br>${soft(`on ${d(servers.get(server) ?? server)}`)}` : '';
}

/** Groupings of activity; always a range, with reasons. Never a name of a state, agency or person. */
export function operatorsSection(assessment: Assessment): string {
  const { basis, list } = assessment.operators;
  if (list.length === 0) return '';
  const rows = list.map(operatorRow);
  const columns = [
    { title: page.column.operator },
    { title: page.column.when, kind: 't' as const },
    { title: page.column.addresses, kind: 't' as const },
    { title: page.column.agents, kind: 'mid' as const },
    { title: page.column.did },
    { title: page.column.left, kind: 'n' as const },
    { title: page.column.whyOneGroup, kind: 'mid' as const },
  ];
  const word = assessment.operators.atMost === 1 ? words.operator : words.operators;
  const range = `<p><strong>${t(`${rangeText(assessment)} ${word}`)}</strong>: ${d(basis)}.</p>`;
  return section('operators', page.operators, range, table(columns, rows));
}

const addressesListed = 12;
const agentsListed = 4;

function operatorRow(operator: Operator): readonly string[] {
  const { first, last, addresses, agents } = operator;
  const moreAddresses = addresses.length - addressesListed;
  const did = operator.actions.map(
    ({ what, count }) => `${d(what)}${count > 1 ? ` ${soft(`${n(count)} ×`)}` : ''}`,
  );
  return [
    `<strong>${t(operator.name)}</strong><br>${soft(t(words.operatorKind[operator.kind]))}`,
    first === undefined || last === undefined ? '' : t(span({ from: first, to: last })),
    [
      ...addresses.slice(0, addressesListed).map(d),
      ...(moreAddresses > 0 ? [soft(t(counted(moreAddresses, 'more', 'more')))] : []),
    ].join('<br>'),
    agents.slice(0, agentsListed).map(d).join('<br>'),
    did.join('<br>'),
    operator.kind === 'intruder' ? t(amountText(operator.bytesOut)) : '',
    `${operator.reasons.map(d).join('; ')} ${soft(`(${t(operator.strength)})`)}`,
  ];
}
