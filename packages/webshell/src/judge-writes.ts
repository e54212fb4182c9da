import { chainHas } from './chain.ts';
import { anyData, argumentStart, at, type Code, isDefinition, sign } from './code.ts';
import { argumentsAt, type Outline } from './outline.ts';
import { beginsFixed, endsHarmless } from './path-text.ts';
import type { Sign } from './sign.ts';
import { labels } from './sources.ts';
import { words } from './words.ts';
import { contentWriters, logWriters, writeRules, type WriteRule } from './write-rules.ts';

/** Labels of all that is put into opened files or streams (answers to the visitor do not count). */
export function writtenLabels(code: Code): number {
  const { outline, flow } = code;
  const opened = openedNames(outline);
  let found = 0;
  outline.tokens.forEach((token, i) => {
    const writes = contentWriters.has(token.text) || (code.engine === 'jsp' && logWriters.has(token.text));
    if (token.kind !== 'word' || !writes) return;
    const object = outline.tokens[i - 2]?.text ?? '';
    if (outline.tokens[i - 1]?.text === '.' && answers.has(object) && !opened.has(object)) return;
    const start = argumentStart(code, i);
    if (start === undefined) return;
    for (const [from, to] of argumentsAt(outline, start)) found |= flow.labelsIn(from, to);
    if (token.text === 'copyto') found |= flow.receiver(i - 1);
  });
  return found;
}

/** `PrintWriter writer = new PrintWriter(path)`: what is written to a file bears the name of an answer. */
function openedNames({ tokens }: Outline): ReadonlySet<string> {
  const names = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.kind === 'word' && token.text === 'new' && tokens[i - 1]?.text === '=')
      if (writeRules.has(tokens[i + 1]?.text ?? '')) names.add(tokens[i - 2]?.text ?? '');
  });
  return names;
}

const answers = words('response output out trace debug console writer htw');
const endingChecks = [
  'getextension',
  'endswith',
  'contenttype',
  'getimagesize',
  'pathinfo',
  'fromstream',
  'isvalid',
  'preg_match',
  '.jpg',
  '.png',
  '.gif',
];

/** Calls that write a file. `written`: see {@link writtenLabels}. */
export function writeSign(code: Code, i: number, word: string, written: number): Sign | undefined {
  const rule = writeRules.get(word)?.find((r) => writeFits(code, i, r));
  const start = rule === undefined ? undefined : argumentStart(code, i);
  if (rule === undefined || start === undefined || isDefinition(code, i)) return undefined;
  const { outline, flow } = code;
  const args = argumentsAt(outline, start);
  const path = args[rule.path];
  if ((path === undefined && rule.pathInObject !== true) || onlyReads(outline, args, rule)) return undefined;
  const paths =
    rule.pathInObject === true
      ? flow.receiver(i - 1)
      : path === undefined
        ? 0
        : flow.labelsIn(path[0], path[1]);
  const content = args[rule.content ?? -1];
  const contents =
    rule.object === true
      ? flow.receiver(i - 1)
      : content === undefined
        ? written
        : flow.labelsIn(content[0], content[1]);
  return pathSign(code, i, { path: paths, content: contents, upload: rule.upload === true, at: path });
}

/** Labels of a file's path and of its content. */
interface WrittenFile {
  readonly path: number;
  readonly content: number;
  readonly upload: boolean;
  /** The tokens of the path. */
  readonly at: readonly [number, number] | undefined;
}

/** What a write means, by what decides on the path and on the content. */
function pathSign(
  code: Code,
  i: number,
  { path, content, upload, at: range }: WrittenFile,
): Sign | undefined {
  const place = at(code, i);
  const fed = (content & anyData) !== 0;
  if ((path & labels.page) !== 0) {
    if (fed) return sign('request-to-page', 'remote-control', place);
    // Programs in PHP write PHP all the time: caches, tests, installers.
    const isShell = (content & labels.script) !== 0 && code.engine !== 'php';
    return sign('writes-page', isShell ? 'remote-control' : 'suspicious', place);
  }
  // A folder of its own, or an ending of its own: what many programs do with the pictures of their visitors.
  if (!fed || (range !== undefined && endsHarmless(code, range))) return undefined;
  const isOwn = upload && range !== undefined && beginsFixed(code, range);
  if ((path & labels.data) !== 0 && !isOwn)
    return sign(upload ? 'uploader' : 'request-to-file', 'remote-control', place);
  if ((path & (labels.name | labels.data)) === 0) return undefined;
  if ((path & labels.here) !== 0 && !isOwn) return sign('uploader', 'remote-control', place);
  // IIS hands out nothing from App_Data, and runs nothing in it.
  if (hasPrivateFolder(code)) return undefined;
  const checked = endingChecks.some((word) => code.mentions.has(word));
  return checked ? undefined : sign('upload-keeps-name', 'suspicious', place);
}

function hasPrivateFolder({ mentions }: Code): boolean {
  for (const text of mentions) if (text.includes('app_data')) return true;
  return false;
}

function writeFits(code: Code, i: number, rule: WriteRule): boolean {
  if (!rule.engines.includes(code.engine)) return false;
  const { tokens } = code.outline;
  const before = tokens[i - 1]?.text;
  if (rule.as === 'member' && before !== '.') return false;
  if (rule.as === 'free' && before === '.') return false;
  if (rule.as === 'new' && before !== 'new' && !chainHas(code.outline, i, ['io', 'new'])) return false;
  return rule.of === undefined || chainHas(code.outline, i, rule.of);
}

function onlyReads(outline: Outline, args: readonly (readonly [number, number])[], rule: WriteRule): boolean {
  const modes = args.slice(1).flatMap(([from, to]) => outline.tokens.slice(from, Math.min(to, from + 8)));
  return (
    rule.notWith !== undefined && modes.some((t) => rule.notWith?.includes(t.text.toLowerCase()) === true)
  );
}
