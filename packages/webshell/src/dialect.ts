import type { Engine, Segment } from './split-page.ts';

/** The sorts of code that servers run, as far as reading them differs. */
export type Dialect = 'csharp' | 'jscript' | 'vb' | 'java' | 'php';

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['c#', 'csharp'],
  ['cs', 'csharp'],
  ['csharp', 'csharp'],
  ['vb', 'vb'],
  ['vbs', 'vb'],
  ['visualbasic', 'vb'],
  ['vbscript', 'vb'],
  ['vbscript.encode', 'vb'],
  ['js', 'jscript'],
  ['jscript', 'jscript'],
  ['jscript.encode', 'jscript'],
  ['javascript', 'jscript'],
  ['ecmascript', 'jscript'],
  ['vj#', 'java'],
  ['vjs', 'java'],
  ['java', 'java'],
  ['php', 'php'],
]);

const vbWords = /\b(?:dim|end\s+(?:if|sub|function)|then|set\s+\w+\s*=|byval|next)\b/i;

/** What a segment is written in: as it says, else as the engine would take it, else by its look. */
export function dialectOf(segment: Segment, engine: Engine): Dialect {
  if (engine === 'php') return 'php';
  const named = dialects.get(segment.language ?? '');
  if (named !== undefined) return named;
  if (engine === 'jsp') return 'java';
  if (engine === 'asp') return 'vb';
  // ASP.NET takes VB where nothing is said, unless web.config says otherwise; a page alone cannot tell.
  return vbWords.test(segment.text.slice(0, 65_536)) && !/;\s*$/m.test(segment.text.slice(0, 65_536))
    ? 'vb'
    : 'csharp';
}
