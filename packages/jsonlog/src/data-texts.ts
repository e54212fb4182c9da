import { textKeys } from './named-data.ts';

/**
 * The texts of a list value, such as the field `Data` of events without named data: `["a", 1, null]` gives
 * `a`, `1` and the empty text, so that positions stay what they were. An element that is an object gives its text
 * (`#text`), any other object or list its JSON. What is no list gives one text: itself; an object gives its values.
 */
export function dataTexts(text: string): string[] {
  const value = parsed(text);
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textOf);
  return [typeof value === 'string' ? value : text];
}

function parsed(text: string): unknown {
  const first = text.trimStart().charAt(0);
  if (first !== '[' && first !== '{') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A list that only looks like one: its text as it stands says more than nothing.
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) if (textKeys.has(key)) return textOf(inner);
  }
  return JSON.stringify(value);
}
