import type { Amount, Assessment, Time } from '@postern/core';
import { byteText, countText, moment } from '../dates.ts';
import { defang, escapeHtml, evidenceHtml } from '../harmless.ts';
import { page } from './words.ts';

/** Escaped text: our own words and those of packs. */
export function t(text: string | undefined): string {
  return escapeHtml(text ?? '');
}

/** Text of the evidence: escaped, unclickable, telltale words split. */
export function d(text: string | undefined): string {
  return evidenceHtml(defang(text ?? ''));
}

export function code(text: string | undefined): string {
  return `<code>${d(text)}</code>`;
}

export function soft(html: string): string {
  return html === '' ? '' : `<span class="soft">${html}</span>`;
}

/** A time to the second, in UTC, for people; the full precision on hover. */
export function when(time: Time | undefined): string {
  if (time === undefined) return '';
  return `<time datetime="${t(time)}" title="${t(time)}">${t(moment(time))}</time>`;
}

export interface Column {
  readonly title: string;
  /**
   * `n`: a number, right-aligned; `t`: a time that does not wrap; `at`, `lane`: no wider than their text; `wide`,
   * `mid`: a third, a sixth of the width.
   */
  readonly kind?: 'n' | 't' | 'at' | 'lane' | 'wide' | 'mid';
}

/** A table; cells are HTML already. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `<p class="soft">${t(page.none)}</p>`;
  const attribute = (column: Column | undefined): string =>
    column?.kind === undefined ? '' : ` class="${column.kind}"`;
  const head = columns.map((column) => `<th${attribute(column)}>${t(column.title)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${attribute(columns[i])}>${cell}</td>`).join('')}</tr>`,
  );
  // On a narrow screen these are moved sideways rather than squeezed.
  const many = columns.length > 3 ? ' class="many"' : '';
  return `<div class="scroll"><table${many}><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

export function bullets(items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `<ul class="plain">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

/** Bytes with their bounds: unknown is said, never shown as zero. */
export function amountText(amount: Amount): string {
  if (amount.upper === null) return amount.lower === 0 ? 'not known' : `at least ${byteText(amount.lower)}`;
  return amount.upper === amount.lower
    ? byteText(amount.lower)
    : `${byteText(amount.lower)} to ${byteText(amount.upper)}`;
}

export function n(count: number): string {
  return t(countText(count));
}

/** The anchor of a finding or implant. */
export function anchor(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/g, '-');
}

/** A link within the page; its text is of the evidence. */
export function link(id: string, text: string): string {
  return `<a href="#${anchor(id)}">${d(text)}</a>`;
}

export function section(id: string, title: string, ...parts: readonly string[]): string {
  const body = parts.filter((part) => part !== '').join('\n');
  return `<section id="${anchor(id)}"><h2>${t(title)}</h2>\n${body}</section>`;
}

export function part(title: string, html: string): string {
  return html === '' ? '' : `<h3>${t(title)}</h3>${html}`;
}

/** Folded on the screen; on paper it is open, or, as `screen`, left as the reader has it. */
export function folded(summary: string, html: string, kind: 'paper' | 'screen' = 'paper'): string {
  const mark = kind === 'screen' ? ' class="screen"' : '';
  return html === '' ? '' : `<details${mark}><summary>${t(summary)}</summary>${html}</details>`;
}

/** `A, B`: the operators of these ids, in the order of the list. */
export function operatorNames(ids: readonly string[], { operators }: Assessment): string {
  return operators.list.flatMap(({ id, name }) => (ids.includes(id) ? t(name) : [])).join(', ');
}
