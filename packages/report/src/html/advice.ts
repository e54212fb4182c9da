import type { Advice, Assessment } from '@postern/core';
import { advisedOn } from '../advised.ts';
import { counted, humanDates } from '../dates.ts';
import { nameOf, stateText } from '../headline.ts';
import { telling } from '../paths.ts';
import { fill, words } from '../words.ts';
import { anchor, code, d, link, section, soft, t } from './parts.ts';
import { page } from './words.ts';

/** What to do, in order, with boxes that survive printing; what each step destroys is said with it. */
export function adviceSection(assessment: Assessment): string {
  if (assessment.advice.length === 0) return '';
  const names = namesOf(assessment);
  const items = assessment.advice.map((advice) => adviceItem(advice, names, assessment));
  return section(
    'advice',
    page.advice,
    `<p class="soft">${t(page.adviceNote)}</p><ol class="do">${items.join('\n')}</ol>`,
  );
}

function namesOf({ findings, implants }: Assessment): ReadonlyMap<string, string> {
  return new Map([
    ...findings.map(({ id, rule }) => [id, rule.title] as const),
    ...implants.map(({ id, path, url }) => [id, telling(path ?? url ?? id)] as const),
  ]);
}

const doorsListed = 40;

/** The back doors an item is about, by their whole path: this is what has to be looked at one by one. */
function backDoorsOf({ why }: Advice, { implants, servers }: Assessment): string {
  const own = implants.filter(({ id }) => why.includes(id));
  const items = own.slice(0, doorsListed).map(({ id, path, url, kind, server, ...implant }) => {
    const on = servers.find((each) => each.id === server);
    const host =
      servers.length > 1 && on !== undefined ? ` ${soft(t(fill(words.on, { name: nameOf(on) })))}` : '';
    const state = stateText({ id, kind, server, ...implant });
    return `<span class="box"></span><div>${code(path ?? url ?? words.implantKind[kind])} ${soft(t(state))}${host}</div>`;
  });
  const rest = own.length - items.length;
  if (rest > 0) items.push(`<div>${soft(t(counted(rest, 'more', 'more')))}</div>`);
  if (items.length === 0) return '';
  return `<p>${t(page.these)}</p><ul class="steps">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function adviceItem(advice: Advice, names: ReadonlyMap<string, string>, assessment: Assessment): string {
  const doors = backDoorsOf(advice, assessment);
  const where = advisedOn(advice, assessment);
  const steps = advice.steps.map((step) => {
    const command = step.command === undefined ? '' : `<pre>${t(step.command)}</pre>`;
    const destroys =
      step.destroys === undefined ? '' : `<p class="danger">${t(page.destroys + step.destroys)}</p>`;
    return `<li><span class="box"></span><div>${d(humanDates(step.text))}${command}${destroys}</div></li>`;
  });
  const notes = [page.doneWhen + advice.doneWhen, page.source + advice.source]
    .map((note) => `<p class="soft">${t(note)}</p>`)
    .join('');
  return `<li id="${anchor(`advice-${advice.id}`)}"><strong>${t(advice.title)}</strong>${where === '' ? '' : ` ${soft(t(where))}`}${doors}<ul class="steps">${steps.join('')}</ul>${because(advice, names)}${notes}</li>`;
}

const reasonsShown = 4;

/** Findings of one title are one reason. */
function because({ why }: Advice, names: ReadonlyMap<string, string>): string {
  const byName = new Map(
    why.flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [[name, id] as const];
    }),
  );
  const links = [...byName].slice(0, reasonsShown).map(([name, id]) => link(id, name));
  const more = byName.size > links.length ? ' …' : '';
  return links.length === 0 ? '' : `<p class="soft">${t(page.because)}${links.join(', ')}${more}</p>`;
}
