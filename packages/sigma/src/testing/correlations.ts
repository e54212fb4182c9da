import { parseTime } from '@postern/core';
import { correlate, type Correlated } from '../correlation/correlate.ts';
import type { CorrelationEvent } from '../correlation/item.ts';
import { linkRules } from '../link-rules.ts';
import { parseRules } from '../parse-rules.ts';

/** An event of a made-up log: `A 00:05 u=eve` is a hit of the rule named A. */
export function eventsOf(lines: readonly string[]): readonly CorrelationEvent[] {
  return lines.map((line, record) => {
    const [rule = '', clock = '', ...fields] = line.split(' ');
    const captures = new Map(fields.map((field) => [field.split('=')[0] ?? '', field.split('=')[1] ?? '']));
    const time =
      clock === '-' ? undefined : parseTime(`2021-03-03T${clock.length > 5 ? clock : `${clock}:00`}Z`);
    const host = captures.get('host') ?? 'host';
    const number = Number(captures.get('record') ?? record);
    return { rule: idOf(rule), time, captures, host, channel: 'Security', source: 'log', record: number };
  });
}

/** Rules of tests are named by one word; their ids are made of it. */
export function idOf(name: string): string {
  const hex = Array.from(name, (char) => char.charCodeAt(0).toString(16))
    .join('')
    .slice(0, 12);
  return `00000000-0000-4000-8000-${hex.padStart(12, '0')}`;
}

/** A file with the rules A, B, C, D and what stands in `documents`. */
export function fileOf(...documents: readonly string[]): string {
  const rules = ['A', 'B', 'C', 'D'].map(
    (name) =>
      `title: rule ${name}\nid: ${idOf(name)}\nname: ${name}\nlogsource:\n  product: windows\ndetection:\n  s:\n    F: ${name}\n  condition: s\n`,
  );
  return [...rules, ...documents].join('---\n');
}

/** A correlation document. */
export function correlationText(name: string, body: string): string {
  const indented = body.replaceAll(/^(?=.)/gm, '  ');
  return `title: correlation ${name}\nid: ${idOf(name)}\nname: ${name}\ncorrelation:\n${indented}\n`;
}

/** What correlations find in events; rules of the file must be without errors. */
export function correlated(documents: readonly string[], lines: readonly string[]): Correlated {
  const parsed = parseRules(fileOf(...documents), 'test.yml');
  const linked = linkRules([parsed]);
  const errors = [...parsed.diagnostics, ...linked.diagnostics].filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) throw new Error(errors.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return correlate(
    JSON.parse(JSON.stringify(linked.correlations)) as typeof linked.correlations,
    eventsOf(lines),
  );
}

/** The hits as text: name, number of events, when, value. */
export function burstsOf(documents: readonly string[], lines: readonly string[]): readonly string[] {
  return correlated(documents, lines).hits.map(
    ({ rule, events, value, group }) =>
      `${rule.slice(24).replace(/^0+/, '')}: ${events.join(',')} = ${value}${group.size === 0 ? '' : ` (${[...group.values()].join(',')})`}`,
  );
}
