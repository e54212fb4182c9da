/**
 * Writing hostile text so that no reader clicks it, no spreadsheet runs it, no terminal obeys it and no virus scanner
 * eats the report (judgement section 10).
 */

/**
 * For people: `hxxp://evil[.]example/x.aspx`, `198.51.100[.]7`. File names and paths stay as they are. What was done
 * once is not done again.
 */
export function defang(text: string): string {
  return text
    .replaceAll(/\b(https?|ftps?):\/\/([^\s/?#"'<>\\]*)/gi, (_, scheme: string, host: string) => {
      const dotted = host.replaceAll(/(?<!\[)\.(?!\])/g, '[.]');
      return `${scheme.replace(/tt/i, 'xx').replace(/^f/i, 'fx')}://${dotted}`;
    })
    .replaceAll(ipv4, '$1[.]$2');
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`(?<![\\d.])((?:${octet}\\.){2}${octet})\\.(${octet})(?![\\d]|\\.\\d)`, 'g');

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Characters that steer a terminal or turn text around, and halves of pairs; line breaks and tabs stay. */
const steering =
  // oxlint-disable-next-line no-control-regex -- these are the characters to be made visible
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Steering characters made visible (`\u001b`), so that a line cannot dress up as another. */
export function visible(text: string): string {
  return text.replaceAll(steering, codeOf);
}

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (c) => entities.get(c) ?? c);
}

/**
 * Words by which virus scanners know a web shell or its loader. Split or escaped they read the same and match nothing.
 * None of them begins with two hex digits: {@link harmlessJson} relies on that.
 */
const scannerWords =
  /eval|runat|unsafe|JScript|Page_Load|Execut|Process\.?Start|ProcessStartInfo|FromBase64|Assembly\.Load|Request(?=[.[(])|XamlReader|cmd(?=\.exe)|powershell|WScript\.Shell|Invoke-Expression|DownloadString|mimikatz|procdump|comsvcs|MiniDump/gi;

/** Takes the place of a split until the text is escaped: `visible` has taken it out of the text itself. */
const split = '\u2060';

/** Text of the evidence for HTML: escaped, with telltale words split by an empty element, at which no line breaks. */
export function evidenceHtml(text: string): string {
  const marked = visible(text).replaceAll(scannerWords, (word) => word[0] + split + word.slice(1));
  return marked.replaceAll(/[&<>"']/g, (c) => entities.get(c) ?? c).replaceAll(split, '<span></span>');
}

/**
 * One CSV cell (RFC 4180). Cells that a spreadsheet would run get a leading apostrophe; steering characters are made
 * visible, so that a row stays a row.
 */
export function csvCell(text: string): string {
  const shown = visible(text);
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * JSON in which neither markup nor telltale words can be read as such by a browser or a virus scanner: `<`, `>`, `&`
 * and the second letter of such words are written as escapes. Any JSON parser gives back the same values.
 */
export function harmlessJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent) ?? 'null';
  return json.replaceAll(/[<>&\u007f-\u009f\u2028\u2029]/g, codeOf).replaceAll(scannerWords, escapeSecond);
}

/** The first letter may belong to an escape (`\r`equest), the second never does. */
function escapeSecond(word: string): string {
  return word[0] + codeOf(word.slice(1, 2)) + word.slice(2);
}
