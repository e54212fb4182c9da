import { at, type Code, sign } from './code.ts';
import type { Sign } from './sign.ts';
import { labels } from './sources.ts';
import { words } from './words.ts';

const sockets = words('socket tcpclient socketchannel fsockopen');
const sends = words(
  'send beginsend connect beginconnect tcpclient gethostentry gethostaddresses resolve fsockopen inetsocketaddress',
);
const receives = words('receive beginreceive read networkstream fread');
const outgoing = words('webrequest httpwebrequest');
const making = words('create createhttp');
const bodies = words('getrequeststream');
const connections = words('sqlconnection oledbconnection odbcconnection connectionstring getconnection');
const queries = words(
  'sqlcommand oledbcommand sqldataadapter oledbdataadapter commandtext executequery odbccommand',
);
const listings = words(
  'getfiles getdirectories directoryinfo getfilesystementries enumeratefiles getfolder listfiles opendir scandir',
);
const fileReads = words(`
  readalltext readallbytes openread opentext streamreader transmitfile writefile delete fileinfo filestream readfile unlink
  fileinputstream fopen file_get_contents loadfromfile opentextfile deletefile
`);

/** Without one of these words a page shows none of the traits below. */
export const pageWords: ReadonlySet<string> = new Set([
  ...sockets,
  ...outgoing,
  ...connections,
  ...listings,
  'iocontrol',
]);

/** Traits that only the page as a whole shows: tunnels, consoles, explorers, listeners. */
export function pageSigns(code: Code): readonly Sign[] {
  const first = code.flow.reads[0];
  if (first === undefined) return [];
  const place = at(code, first);
  const has = (wanted: ReadonlySet<string>): boolean =>
    [...wanted].some((word) => code.outline.words.has(word));
  const signs: Sign[] = [];
  if (has(sockets) && has(receives) && isFed(code, sends))
    signs.push(sign('tunnel', 'remote-control', place));
  // The body goes on as well: a page that only fetches a picture or a feed takes the address alone.
  if (has(outgoing) && has(bodies) && isFed(code, making))
    signs.push(sign('request-to-address', 'suspicious', place));
  if (isFed(code, connections) && isFed(code, queries))
    signs.push(sign('database-console', 'remote-control', place));
  if (code.outline.words.has('iocontrol') && code.outline.words.has('receiveall')) {
    signs.push(sign('packet-capture', 'suspicious', place));
  }
  if (!isFed(code, listings)) return signs;
  // Lists any folder and opens any file: no more is needed to read all that the server can read.
  return [...signs, sign('file-explorer', isFed(code, fileReads) ? 'remote-control' : 'suspicious', place)];
}

/** Does the request decide on an argument of one of these calls, or on a property of that name? */
function isFed(code: Code, names: ReadonlySet<string>): boolean {
  const { outline, flow } = code;
  if (![...names].some((name) => outline.words.has(name))) return false;
  return outline.tokens.some((token, i) => {
    if (token.kind !== 'word' || !names.has(token.text)) return false;
    const next = outline.tokens[i + 1]?.text;
    const set = next === '=' ? Math.max(i + 2, outline.end[i + 1] ?? i) : 0;
    const to = next === '(' ? (outline.close[i + 1] ?? i) : set;
    return to >= i + 2 && (flow.labelsIn(i + 2, to) & labels.data) !== 0;
  });
}
