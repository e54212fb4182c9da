import type { Outline } from './outline.ts';
import { labels } from './sources.ts';
import { words } from './words.ts';

export const allLabels: number = Object.values(labels).reduce((sum: number, bit) => sum | bit, 0);

/** Calls after which nothing of what the request said is left. */
const cleaning = words(`
  parse tryparse toint16 toint32 toint64 todouble todecimal toboolean todatetime cint clng cdbl cbool
  isnumeric intval floatval parseint isset empty len strlen count isnullorempty is_numeric
  isnullorwhitespace md5 sha1 typeof string.isnullorempty isempty isarray is_array isnothing in_array
`);
const parsers = words('parse tryparse');
const values = words(`
  int uint long ulong short ushort byte sbyte float double decimal single integer int16 int32 int64 uint16 uint32 uint64
  bool boolean datetime datetimeoffset date timespan guid char enum version dateonly timeonly number simpledateformat
  numberformat
`);

/** `int.Parse(x)` leaves a number; `IPAddress.Parse(x)`, `XamlReader.Parse(x)` are still what the visitor sent. */
function isOfValue(tokens: Outline['tokens'], i: number): boolean {
  return tokens[i - 1]?.text !== '.' || values.has(tokens[i - 2]?.text ?? '');
}

const naming = words(`
  getfilename getextension getfilenamewithoutextension basename pathinfo
`);
const herePath = /^(?:[.~]?[\\/]{0,2}|~\/)$/;
const pageEnding = /\.(?:aspx|ashx|asmx|ascx|asp|asa|cer|cdx|soap|php\d?|phtml|jspx?|config)\s*$/i;
// Folders that the servers of the campaigns run pages from, written out in code.
const servedFolder =
  /\\inetpub\\|aspnet_client|wwwroot|\\frontend\\httpproxy|\\clientaccess\\|\\(?:owa|ecp)\\auth/i;
const hereMembers = words(`
  physicalpath physicalapplicationpath path_translated appl_physical_path getrealpath
`);
/** Which labels a token may carry, given the calls it stands in: numbers carry nothing, file names only that. */
export function allowedLabels({ tokens, close }: Outline): Uint8Array {
  const allowed = new Uint8Array(tokens.length).fill(allLabels);
  const until: { readonly to: number; readonly mask: number }[] = [];
  let mask = allLabels;
  for (let i = 0; i < tokens.length; i++) {
    while ((until.at(-1)?.to ?? Infinity) <= i) mask = until.pop()?.mask ?? allLabels;
    allowed[i] = mask;
    const token = tokens[i];
    if (token?.kind !== 'word' || tokens[i + 1]?.text !== '(') continue;
    const cleans = cleaning.has(token.text) && !(parsers.has(token.text) && !isOfValue(tokens, i));
    const inner = cleans ? 0 : naming.has(token.text) ? mask & ~labels.data : mask;
    if (inner === mask) continue;
    until.push({ to: (close[i + 1] ?? i) + 1, mask });
    mask = inner;
  }
  return allowed;
}

const requestText =
  /\brequest\s*(?:\[|\(|\.\s*(?:item|form|querystring|headers|cookies|params|binaryread|getparameter))|\$_(?:get|post|request|cookie)\b/i;
const serverText = /<%|\brunat\s*=|<\?php/i;
const telling = /<[%?]|runat|request|\$_|\.(?:as|c[de]|soap|ph|jsp|config)|\\|client|root/i;
/** Longer texts are data, not code in quotes. */
const quotedCode = 100_000;

/**
 * What a token says by itself: paths of pages or beside this page, and code in quotes. Text that reads the request
 * once it is evaluated is `quoted`.
 */
export function placeLabel({ tokens }: Outline, i: number): number {
  const token = tokens[i];
  if (token?.kind === 'word') return hereMembers.has(token.text) ? labels.here : 0;
  if (token?.kind !== 'text' || token.text.length > quotedCode) return 0;
  const isHere = tokens[i - 2]?.text === 'mappath' && herePath.test(token.text);
  if (isHere) return labels.here;
  // Most texts are none of these: one look instead of four.
  if (!telling.test(token.text)) return 0;
  if (serverText.test(token.text)) return labels.script;
  if (requestText.test(token.text)) return labels.quoted;
  if (pageEnding.test(token.text.slice(-64))) return labels.page;
  return servedFolder.test(token.text.slice(0, 520)) ? labels.here : 0;
}
