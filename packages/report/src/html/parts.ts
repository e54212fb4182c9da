import type { Amount, Time } from '@postern/core';
import { byteText, countText } from '../dates.ts';
import { defang, escapeHtml } from '../harmless.ts';

/** Escaped text. Everything that comes from outside passes through here or through `excerptHtml`. */
export function t(text: string | undefined): string {
  return escapeHtml(text ?? '');
}

/** Escaped and made unclickable: addresses and URLs from the evidence. */
export function d(text: string | undefined): string {
  return escapeHtml(defang(text ?? ''));
}

/** A time to the second, in UTC; the full precision on hover. */
export function when(time: Time | undefined): string {
  if (time === undefined) return '';
  const shown = time.slice(0, 19).replace('T', ' ').replace('Z', '');
  return `<time datetime="${t(time)}" title="${t(time)}">${t(shown)}</time>`;
}

export interface Column {
  readonly title: string;
  /** `n`: a number, right-aligned; `t`: a time that does not wrap. */
  readonly kind?: 'n' | 't';
}

/** A table; cells are HTML already. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p class="soft">None.</p>';
  const attribute = (column: Column | undefined): string =>
    column?.kind === undefined ? '' : ` class="${column.kind}"`;
  const head = columns.map((column) => `<th${attribute(column)}>${t(column.title)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${attribute(columns[i])}>${cell}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
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

/** The anchor of a finding or implant; ids are ours, made of hex digits. */
export function anchor(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/g, '-');
}

export function link(id: string, text: string): string {
  return `<a href="#${anchor(id)}">${t(text)}</a>`;
}
