import { formatTime, showControls, type RecordLine } from '@postern/core';
import type { ExplainedHunt, Explanation } from '@postern/scan';
import { countText, fill, huntWords } from './words.ts';

/** Reasons shown; near misses come first. */
const reasonsShown = 40;
const lineCharacters = 300;

/** What `hunt --explain` says to people. */
export function explainText({ rule, asked, explanations }: ExplainedHunt): string {
  const head = fill(huntWords.explained, { title: rule.title, id: rule.id });
  if (asked === 0) return `${head}\n${huntWords.noneAsked}\n`;
  const more = explanations.length - reasonsShown;
  return [
    head,
    fill(huntWords.asked, { count: countText(asked) }),
    ...explanations.slice(0, reasonsShown).flatMap(reasonText),
    ...(more > 0 ? [fill(huntWords.more, { count: countText(more) })] : []),
    '',
  ].join('\n');
}

function reasonText({ reasons, count, examples }: Explanation): readonly string[] {
  const head = reasons.length === 0 ? huntWords.matches : huntWords.missedBy;
  return [
    '',
    `${countText(count)} ${head}`,
    ...reasons.map((reason) => `  ${cut(reason)}`),
    ...examples.map((record) => `    ${cut(recordText(record))}`),
  ];
}

function recordText({ time, file, at, host, fields }: RecordLine): string {
  const place = at.line === undefined ? `@${at.offset}` : `:${at.line}`;
  const values = fields.map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : value.join(', ')}`,
  );
  const when = time === undefined ? '' : `${formatTime(time, 'second')} `;
  return `${when}${host === undefined ? '' : `${host} `}${file}${place}  ${values.join(' ¦ ')}`;
}

function cut(text: string): string {
  const shown = showControls(text);
  return shown.length <= lineCharacters ? shown : `${shown.slice(0, lineCharacters - 1)}…`;
}

/** The same as JSON lines: one for each reason. */
export function* explainJson({ rule, explanations }: ExplainedHunt): Generator<string> {
  for (const { reasons, count, examples } of explanations) {
    const shown = examples.map(({ time, file, originalPath, at, host, fields }) => ({
      time: time === undefined ? null : formatTime(time),
      file,
      originalPath,
      ...at,
      ...(host === undefined ? {} : { host }),
      fields: Object.fromEntries(fields),
    }));
    yield `${JSON.stringify({ rule: rule.id, matches: reasons.length === 0, reasons, count, examples: shown })}\n`;
  }
}
