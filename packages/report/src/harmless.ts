/**
 * Writing hostile text so that no reader clicks it, no spreadsheet runs it and no virus scanner eats the report
 * (judgement section 10).
 */

/** For people: `hxxp://evil[.]example`, `198.51.100[.]7`. File names and product paths stay as they are. */
export function defang(text: string): string {
  return text
    .replaceAll(/\bhttp(s?):\/\//gi, (_, s: string) => `hxxp${s}://`)
    .replaceAll(/\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})\b/g, '$1[.]$2');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => entities[c] ?? c);
}

/** Words by which scanners know a web shell; split by an empty element they read the same and match nothing. */
const scannerWords =
  /(ev)(al)|(run)(at)|(uns)(afe)|(Execu)(te)|(Proc)(ess\.Start)|(FromBase64)(String)|(Request)([.[(])/gi;

/** An excerpt for HTML: escaped, with telltale words split by `<wbr>`. */
export function excerptHtml(text: string): string {
  const marked = text.replaceAll(scannerWords, (word) => {
    const half = Math.ceil(word.length / 2);
    return `${word.slice(0, half)}\u2060${word.slice(half)}`;
  });
  return escapeHtml(marked).replaceAll('\u2060', '<wbr>');
}

/** One CSV cell (RFC 4180). Cells that a spreadsheet would run get a leading apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * JSON in which markup and telltale words cannot be read as such by a scanner or a browser: `<`, `>` and `&` are
 * escaped. Any JSON parser gives back the same values.
 */
export function harmlessJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent) ?? 'null';
  return json.replaceAll(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
