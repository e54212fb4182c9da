import type { Flow } from './flow.ts';
import { argumentsAt, type Outline } from './outline.ts';
import type { Sign, TraitCode, Weight } from './sign.ts';
import {
  type CallRule,
  callRules,
  contentWriters,
  processNames,
  processProperties,
  shellObjectNames,
  writeRules,
  type WriteRule,
} from './sinks.ts';
import { labels } from './sources.ts';
import type { Engine } from './split-page.ts';
import { words } from './words.ts';

/** All that the checks of one page's code look at. */
export interface Code {
  readonly outline: Outline;
  readonly flow: Flow;
  readonly engine: Engine;
  /** Ranges of the page (characters) whose code only binds data: `<%# Eval("Name") %>` runs nothing. */
  readonly bindings: readonly (readonly [from: number, to: number])[];
  /** JScript, VBScript, PHP: here `eval` runs code. */
  readonly evaluates: boolean;
  /** Words and literal texts in lower case, for what stands near. */
  readonly mentions: ReadonlySet<string>;
}

const anyData = labels.data | labels.name;

/** The traits of a page's code: calls that run or write something, and whether the request decides on it. */
export function judgeCode(code: Code): readonly Sign[] {
  const signs: Sign[] = [];
  const { tokens } = code.outline;
  const written = writtenLabels(code);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind === 'text') signs.push(...textSigns(code, i, token.text));
    if (token?.kind !== 'word') continue;
    const sign =
      callSign(code, i, token.text) ??
      writeSign(code, i, token.text, written) ??
      propertySign(code, i, token.text);
    if (sign !== undefined) signs.push(sign);
    if (code.engine === 'php') signs.push(...phpSigns(code, i, token.text));
  }
  return [...signs, ...pageSigns(code)];
}

function sign(code: TraitCode, weight: Weight, at: number): Sign {
  return { code, weight, at };
}

/** Where the arguments of a call of the word at `i` begin: its parenthesis, or in VB and PHP the next token. */
function argumentStart(code: Code, i: number): number | undefined {
  const { tokens } = code.outline;
  const next = tokens[i + 1];
  if (next?.kind === 'sign') return next.text === '(' ? i + 1 : undefined;
  return next === undefined || !code.evaluates ? undefined : i + 1;
}

function callSign(code: Code, i: number, word: string): Sign | undefined {
  const rules = callRules.get(word);
  const start = rules === undefined ? undefined : argumentStart(code, i);
  if (rules === undefined || start === undefined || isDefinition(code, i)) return undefined;
  let alone: Sign | undefined;
  for (const rule of rules) {
    if (!fits(code, i, rule)) continue;
    if (isFed(code, i, start, rule)) return sign(rule.fed, 'remote-control', at(code, i));
    alone ??= aloneSign(code, i, start, rule);
  }
  return alone;
}

function at({ outline }: Code, i: number): number {
  return outline.tokens[i]?.at ?? 0;
}

function isDefinition({ outline }: Code, i: number): boolean {
  const before = outline.tokens[i - 1]?.text;
  return (
    before === 'function' ||
    before === 'sub' ||
    before === 'void' ||
    before === 'class' ||
    before === 'using' ||
    before === 'import'
  );
}

function fits(code: Code, i: number, rule: CallRule): boolean {
  if (rule.engines?.includes(code.engine) === false) return false;
  const { tokens } = code.outline;
  const member = tokens[i - 1]?.text === '.';
  if (rule.as === 'free' ? member : rule.as === 'member' && !member) return false;
  if (rule.of !== undefined && !chainHas(code.outline, i, rule.of)) return false;
  if (rule.near !== undefined && !rule.near.some((word) => code.mentions.has(word))) return false;
  return word(code, i) !== 'eval' || !isBinding(code, i);
}

function word({ outline }: Code, i: number): string {
  return outline.tokens[i]?.text ?? '';
}

function isBinding(code: Code, i: number): boolean {
  const place = at(code, i);
  const binder = code.outline.tokens[i - 2]?.text === 'databinder';
  return binder || code.bindings.some(([from, to]) => place >= from && place < to);
}

/** Does one of the names stand in the chain of members before `i`, calls and indices included? */
function chainHas({ tokens, close }: Outline, i: number, names: readonly string[]): boolean {
  let place = i;
  for (let step = 0; step < 24 && place > 0; step++) {
    const before = tokens[place - 1];
    if (before?.kind === 'word') {
      if (names.includes(before.text)) return true;
      if (tokens[place]?.text !== '.') return false;
    } else if (before?.kind === 'sign' && (before.text === ')' || before.text === ']')) {
      const open = openOf(tokens, close, place - 1);
      if (open === undefined) return false;
      place = open + 1;
    } else if (before?.text !== '.') return false;
    place--;
  }
  return false;
}

function openOf(tokens: Outline['tokens'], close: Int32Array, closing: number): number | undefined {
  for (let i = closing - 1; i >= 0 && i > closing - 400; i--)
    if (close[i] === closing && tokens[i]?.kind === 'sign') return i;
  return undefined;
}

function isFed(code: Code, i: number, start: number, rule: CallRule): boolean {
  const { outline, flow } = code;
  const args = argumentsAt(outline, start);
  const wanted = rule.argument === undefined ? args : args.slice(rule.argument, rule.argument + 1);
  if (wanted.some(([from, to]) => (flow.labelsIn(from, to) & anyData) !== 0)) return true;
  return (
    rule.object === true && outline.tokens[i - 1]?.text === '.' && (flow.receiver(i - 1) & anyData) !== 0
  );
}

function aloneSign(code: Code, i: number, start: number, rule: CallRule): Sign | undefined {
  if (rule.alone === undefined) return undefined;
  const { outline } = code;
  const args = argumentsAt(outline, start);
  const literal =
    args.length > 0 && args.every(([from, to]) => to === from + 1 && outline.tokens[from]?.kind === 'text');
  if (rule.alone === 'evaluates-script' && (!code.evaluates || args.length === 0)) return undefined;
  if (rule.alone === 'loads-assembly') {
    const first = outline.tokens[args[0]?.[0] ?? -1];
    if (first?.kind === 'text' && first.text.startsWith('MZ'))
      return sign('embedded-assembly', 'suspicious', at(code, i));
    if (literal) return undefined;
  }
  return sign(rule.alone, rule.aloneWeight ?? 'suspicious', at(code, i));
}

/** `info.Arguments = …` where the page starts programs. */
function propertySign(code: Code, i: number, word: string): Sign | undefined {
  if (!processProperties.has(word) || !processNames.some((name) => code.outline.words.has(name)))
    return undefined;
  const { tokens, end } = code.outline;
  if (tokens[i + 1]?.text !== '=') return undefined;
  const fed = code.flow.labelsIn(i + 2, Math.max(i + 2, end[i + 1] ?? i)) & anyData;
  return fed === 0 ? undefined : sign('request-to-process', 'remote-control', at(code, i));
}

/** Labels of all that is put into opened files or streams (answers to the visitor do not count). */
function writtenLabels(code: Code): number {
  const { outline, flow } = code;
  let found = 0;
  outline.tokens.forEach((token, i) => {
    if (token.kind !== 'word' || !contentWriters.has(token.text)) return;
    const object = outline.tokens[i - 2]?.text ?? '';
    if (outline.tokens[i - 1]?.text === '.' && answers.has(object)) return;
    const start = argumentStart(code, i);
    if (start === undefined) return;
    for (const [from, to] of argumentsAt(outline, start)) found |= flow.labelsIn(from, to);
    if (token.text === 'copyto') found |= flow.receiver(i - 1);
  });
  return found;
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

function writeSign(code: Code, i: number, word: string, written: number): Sign | undefined {
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
  return pathSign(code, i, paths, contents, rule.upload === true);
}

/** What a write means, by what decides on the path and on the content. */
function pathSign(code: Code, i: number, path: number, content: number, upload: boolean): Sign | undefined {
  const place = at(code, i);
  const fed = (content & anyData) !== 0;
  if ((path & labels.page) !== 0) {
    if (fed) return sign('request-to-page', 'remote-control', place);
    return sign('writes-page', (content & labels.script) === 0 ? 'suspicious' : 'remote-control', place);
  }
  if (!fed) return undefined;
  if ((path & labels.data) !== 0)
    return sign(upload ? 'uploader' : 'request-to-file', 'remote-control', place);
  if ((path & labels.name) === 0) return undefined;
  if ((path & labels.here) !== 0) return sign('uploader', 'remote-control', place);
  const checked = endingChecks.some((word) => code.mentions.has(word));
  return checked ? undefined : sign('upload-keeps-name', 'suspicious', place);
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

function textSigns(code: Code, i: number, text: string): readonly Sign[] {
  if (text.length > 200_000) return [];
  const low = text.toLowerCase();
  if (shellObjectNames.has(low)) return [sign('shell-object', 'suspicious', at(code, i))];
  return low.includes('xp_cmdshell') ? [sign('database-shell', 'suspicious', at(code, i))] : [];
}

function phpSigns(code: Code, i: number, word: string): readonly Sign[] {
  const { tokens, close } = code.outline;
  if (word === 'preg_replace' || word === 'preg_filter') return preg(code, i);
  if (!word.startsWith('$')) return [];
  // `$f(…)`, `$_GET['f'](…)`: what is called comes from the request.
  let next = i + 1;
  while (tokens[next]?.text === '[' && close[next] !== next) next = (close[next] ?? next) + 1;
  const called = tokens[next]?.text === '(' && tokens[next]?.kind === 'sign' && tokens[i - 1]?.text !== '.';
  if (!called || (code.flow.labelsIn(i, i + 1) & labels.data) === 0) return [];
  return [sign('request-to-function', 'remote-control', at(code, i))];
}

function preg(code: Code, i: number): readonly Sign[] {
  const [pattern, ...rest] = argumentsAt(code.outline, i + 1);
  const text = code.outline.tokens[pattern?.[0] ?? -1];
  if (text?.kind !== 'text' || !/[^\w\s\\][imsxu]*e[imsxu]*$/i.test(text.text.slice(-12))) return [];
  const fed = rest.some(([from, to]) => (code.flow.labelsIn(from, to) & labels.data) !== 0);
  return [
    sign(fed ? 'request-to-eval' : 'evaluates-script', fed ? 'remote-control' : 'suspicious', at(code, i)),
  ];
}

/** Traits that only the page as a whole shows: tunnels, consoles, explorers. */
function pageSigns(code: Code): readonly Sign[] {
  const first = code.flow.reads[0];
  if (first === undefined) return [];
  const place = at(code, first);
  const has = (...words: readonly string[]): boolean => words.some((word) => code.outline.words.has(word));
  const signs: Sign[] = [];
  const moves = has('send', 'write', 'beginsend') && has('receive', 'read', 'beginreceive');
  if (
    has('socket', 'tcpclient', 'socketchannel', 'fsockopen') &&
    has('connect', 'beginconnect', 'socketchannel', 'fsockopen') &&
    moves
  ) {
    signs.push(sign('tunnel', 'remote-control', place));
  }
  const connects = fedCall(code, [
    'sqlconnection',
    'oledbconnection',
    'odbcconnection',
    'connectionstring',
    'getconnection',
  ]);
  const queries = fedCall(code, [
    'sqlcommand',
    'oledbcommand',
    'sqldataadapter',
    'oledbdataadapter',
    'commandtext',
    'executequery',
    'odbccommand',
  ]);
  if (connects && queries) signs.push(sign('database-console', 'remote-control', place));
  if (has('iocontrol') && has('receiveall')) signs.push(sign('packet-capture', 'suspicious', place));
  const lists = fedCall(code, [
    'getfiles',
    'getdirectories',
    'directoryinfo',
    'getfilesystementries',
    'enumeratefiles',
    'getfolder',
    'listfiles',
    'opendir',
    'scandir',
  ]);
  if (lists) signs.push(sign('file-explorer', 'suspicious', place));
  return signs;
}

function fedCall(code: Code, words: readonly string[]): boolean {
  const { outline, flow } = code;
  if (!words.some((word) => outline.words.has(word))) return false;
  return outline.tokens.some((token, i) => {
    if (token.kind !== 'word' || !words.includes(token.text)) return false;
    const next = outline.tokens[i + 1]?.text;
    if (next === '=')
      return (flow.labelsIn(i + 2, Math.max(i + 2, outline.end[i + 1] ?? i)) & labels.data) !== 0;
    const to = next === '(' ? (outline.close[i + 1] ?? i) : i;
    return to > i + 1 && (flow.labelsIn(i + 2, to) & labels.data) !== 0;
  });
}
