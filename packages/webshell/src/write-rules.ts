import type { Engine } from './split-page.ts';
import { byWord, words } from './words.ts';

const net: readonly Engine[] = ['asp.net', 'asp.net-code'];
const windows: readonly Engine[] = [...net, 'asp'];
const jsp: readonly Engine[] = ['jsp'];
const php: readonly Engine[] = ['php'];

/** A call that writes a file. `path` and `content`: which argument; content absent: written later or the object itself. */
export interface WriteRule {
  readonly word: string;
  readonly path: number;
  readonly content?: number;
  readonly object?: true;
  /** The path is in the object itself: `new FileInfo(path).CreateText()`. */
  readonly pathInObject?: true;
  readonly of?: readonly string[];
  readonly as?: 'free' | 'member' | 'new';
  /** Arguments with one of these words or texts only read. */
  readonly notWith?: readonly string[];
  readonly engines: readonly Engine[];
  readonly upload?: true;
}

const file = ['file'];
const reading = ['open', 'read', 'r', 'rb'];
export const writeRules: ReadonlyMap<string, readonly WriteRule[]> = byWord<WriteRule>([
  ...['writealltext', 'writeallbytes', 'writealllines', 'appendalltext', 'appendalllines'].map(
    (word): WriteRule => ({ word, path: 0, content: 1, of: file, engines: net }),
  ),
  ...['create', 'createtext', 'openwrite', 'appendtext'].map((word): WriteRule => ({
    word,
    path: 0,
    of: file,
    engines: net,
  })),
  ...['create', 'createtext', 'openwrite', 'appendtext'].map((word): WriteRule => ({
    word,
    path: 0,
    pathInObject: true,
    as: 'member',
    engines: net,
  })),
  ...['copy', 'move'].map((word): WriteRule => ({ word, path: 1, content: 0, of: file, engines: net })),
  { word: 'streamwriter', path: 0, as: 'new', engines: net },
  { word: 'filestream', path: 0, as: 'new', notWith: reading, engines: net },
  { word: 'saveas', path: 0, object: true, upload: true, as: 'member', engines: windows },
  { word: 'downloadfile', path: 1, content: 0, as: 'member', engines: net },
  { word: 'savetofile', path: 0, as: 'member', engines: windows },
  { word: 'createtextfile', path: 0, as: 'member', engines: windows },
  { word: 'opentextfile', path: 0, as: 'member', notWith: ['1', 'forreading'], engines: windows },
  { word: 'fileoutputstream', path: 0, as: 'new', engines: jsp },
  { word: 'filewriter', path: 0, as: 'new', engines: jsp },
  { word: 'randomaccessfile', path: 0, as: 'new', notWith: ['r'], engines: jsp },
  { word: 'printwriter', path: 0, as: 'new', engines: jsp },
  { word: 'filehandler', path: 0, as: 'new', engines: jsp },
  { word: 'file_put_contents', path: 0, content: 1, engines: php },
  { word: 'fopen', path: 0, notWith: reading, engines: php },
  { word: 'move_uploaded_file', path: 1, content: 0, upload: true, engines: php },
  { word: 'copy', path: 1, content: 0, as: 'free', engines: php },
]);

/** Calls that put content into something opened before. */
export const contentWriters: ReadonlySet<string> = words(`
  write writeline writeasync writebyte writetext fwrite fputs print println loadfromfile copyto append
  writelines
`);
/** Of Java's logs, which write to the file that their handler was given. */
export const logWriters: ReadonlySet<string> = words('info warning severe');
