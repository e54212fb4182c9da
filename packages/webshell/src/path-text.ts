import type { Code } from './code.ts';
import { argumentsAt, type Outline } from './outline.ts';
import { labels } from './sources.ts';
import { words } from './words.ts';

/** A range of tokens. */
type Range = readonly [from: number, to: number];

/** Variables that hold variables: deeper is not followed. */
const steps = 6;
/** A variable that is set more often than this is not looked into: it may then hold anything. */
const mostValues = 200;
const harmlessEnding =
  /\.(?:jpe?g|png|gif|bmp|ico|tiff?|webp|svgz?|pdf|docx?|xlsx?|pptx?|odt|ods|rtf|txt|csv|tsv|log|json|zip|gz|rar|7z|mp[34]|wav|avi|ics|eml|msg|bak|tmp|dat|sql)["']?$/i;
const joiners = words('combine concat join');
const wrappers = words('mappath getfullpath');

/** True if whatever the path is, it ends like a file that no server runs: `folder + name + ".png"`. */
export function endsHarmless(code: Code, range: Range): boolean {
  return holds(code, range, { steps, seen: new Set(), test: endIsHarmless, isOfEnd: true });
}

/** True if the path begins in a folder that the code names or has from elsewhere, and not from the request. */
export function beginsFixed(code: Code, range: Range): boolean {
  return holds(code, range, { steps, seen: new Set(), test: beginningIsFixed, isOfEnd: false });
}

/** A question about a value, and which variables were asked about on the way. */
interface Question {
  readonly steps: number;
  readonly seen: ReadonlySet<string>;
  /** The answer for what is no variable; the range of a part that decides instead; a variable's name. */
  readonly test: (code: Code, range: Range) => boolean | Range | string;
  /** What is appended to a variable says how it ends, whatever was before. */
  readonly isOfEnd: boolean;
}

function holds(code: Code, range: Range, question: Question): boolean {
  if (question.steps === 0 || range[1] <= range[0]) return false;
  const found = question.test(code, range);
  if (typeof found === 'boolean') return found;
  const steps = question.steps - 1;
  if (typeof found !== 'string') return holds(code, found, { ...question, steps });
  const { values, key } = valuesAt(code.outline, found, range[0], question.isOfEnd);
  // What a variable was before decides: `path = path + name` in a loop.
  if (question.seen.has(key)) return true;
  const next = { ...question, steps, seen: new Set([...question.seen, key]) };
  return values.length > 0 && values.every((value) => holds(code, value, next));
}

function endIsHarmless({ outline }: Code, [from, to]: Range): boolean | Range | string {
  const { tokens, open } = outline;
  const last = tokens[to - 1];
  if (last?.kind === 'text') return harmlessEnding.test(last.text) && !last.text.includes('\0');
  if (last?.kind === 'word') return tokens[to - 2]?.text === '.' ? false : last.text;
  const start = open[to - 1] ?? to - 1;
  if (last?.text !== ')' || start < from || start === to - 1) return false;
  const name = tokens[start - 1];
  const args = argumentsAt(outline, start);
  if (name?.kind !== 'word' || start === from || wrappers.has(name.text) || joiners.has(name.text))
    return args.at(-1) ?? false;
  const [format] = args;
  return name.text === 'format' && format !== undefined ? format : false;
}

const namedFolder = /[\w$-]{2,}[\\/]|^~?[\\/][\w$-]{2,}/;

function beginningIsFixed(code: Code, [from, to]: Range): boolean | Range | string {
  const { tokens, close, end } = code.outline;
  const first = tokens[from];
  if (first?.kind === 'text') {
    const isServed = (code.flow.labelsIn(from, from + 1) & labels.here) !== 0;
    return !isServed && namedFolder.test(first.text.slice(0, 260));
  }
  if (first?.text === '(') return [from + 1, Math.min(to, close[from] ?? to)];
  let at = from;
  while (tokens[at + 1]?.text === '.' && tokens[at + 2]?.kind === 'word' && at + 2 < to) at += 2;
  const name = tokens[at]?.text ?? '';
  if (tokens[at + 1]?.text === '(' && (wrappers.has(name) || joiners.has(name) || name === 'format'))
    return argumentsAt(code.outline, at + 1)[0] ?? false;
  if (first?.kind !== 'word' || name === 'empty') return false;
  if (at === from && valuesAt(code.outline, name, from, false).values.length > 0) return name;
  let stop = from + 1;
  while (stop < to && tokens[stop]?.text !== '+') stop = Math.max(stop, close[stop] ?? stop) + 1;
  const until = Math.min(to, stop, Math.max(from + 1, end[from] ?? to));
  return (code.flow.labelsIn(from, until) & (labels.data | labels.name | labels.here)) === 0;
}

/** What may be in the variable at a place, and a key for it: the assignment that all ways to the place come through. */
function valuesAt(
  outline: Outline,
  name: string,
  place: number,
  isOfEnd: boolean,
): { readonly values: readonly Range[]; readonly key: string } {
  const method = outline.methodOf[place] ?? -1;
  const isLocal = outline.methods[method]?.locals.has(name) === true;
  const named = valuesOf(outline, name);
  if (named.length > mostValues) return { values: [[0, 0]], key: name };
  const all = named.filter(({ owner }) => !isLocal || owner === method);
  const last = all.findLast(
    ({ range: [from], block, isAppended }) =>
      block !== undefined &&
      (isOfEnd || !isAppended) &&
      from <= place &&
      block[0] < place &&
      place < block[1],
  );
  // A value is not its own: `name = folder + name` asks what name was before.
  const before = last !== undefined && place < last.range[1] ? undefined : last;
  const reaching = before === undefined ? all : all.filter(({ range }) => range[0] >= before.range[0]);
  const others = reaching.filter(({ range }) => !(range[0] <= place && place < range[1]));
  return { values: others.map(({ range }) => range), key: `${name} ${before?.range[0] ?? -1}` };
}

/** A value that a variable is given. */
interface Value {
  readonly range: Range;
  /** Index of the method that the variable is named in. */
  readonly owner: number;
  /** The braces that the assignment stands in by itself: what comes later in them comes through it. */
  readonly block?: Range;
  /** `+=` */
  readonly isAppended: boolean;
}

const valuesByOutline = new WeakMap<Outline, ReadonlyMap<string, readonly Value[]>>();

/** All that is assigned to variables of this name, or given to parameters of it, in the order of the code. */
function valuesOf(outline: Outline, name: string): readonly Value[] {
  const known = valuesByOutline.get(outline) ?? allValues(outline);
  valuesByOutline.set(outline, known);
  return known.get(name) ?? [];
}

function allValues(outline: Outline): ReadonlyMap<string, readonly Value[]> {
  const found = new Map<string, Value[]>();
  const add = (name: string, value: Value): void => {
    const values = found.get(name) ?? [];
    found.set(name, values);
    values.push(value);
  };
  const { tokens, end, close, methods, methodOf } = outline;
  const braces: number[] = [];
  const byName = new Map<string, number[]>();
  methods.forEach(({ name }, m) => byName.set(name, [...(byName.get(name) ?? []), m].slice(0, 16)));
  tokens.forEach((token, i) => {
    if (token.kind === 'sign' && token.text === '{') braces.push(i);
    if (token.kind === 'sign' && token.text === '}') braces.pop();
    const name = tokens[i - 1];
    if ((token.text === '=' || token.text === '+=') && token.kind === 'sign' && name?.kind === 'word') {
      const range: Range = [i + 1, Math.max(i + 1, end[i] ?? i + 1)];
      const open = braces.at(-1);
      const isWhole = open !== undefined && standsAlone(outline, i - 1);
      const block: Range | undefined = isWhole ? [range[1] - 1, close[open] ?? range[1]] : undefined;
      const isAppended = token.text === '+=';
      add(name.text, {
        range,
        owner: methodOf[i] ?? -1,
        isAppended,
        ...(block === undefined ? {} : { block }),
      });
    }
    if (token.kind === 'word' && tokens[i + 1]?.text === '(')
      for (const m of byName.get(token.text) ?? []) addArguments(outline, i, m, add);
  });
  // Whoever calls from outside gives them what they want.
  methods.forEach(({ exposed, parameters }, owner) => {
    if (exposed) for (const name of parameters) add(name, { range: [0, 0], owner, isAppended: false });
  });
  return found;
}

function addArguments(
  outline: Outline,
  call: number,
  owner: number,
  add: (name: string, value: Value) => void,
): void {
  const { tokens, methods } = outline;
  // The declaration of the method itself gives its parameters no value.
  if (Math.abs((methods[owner]?.from ?? 0) - (outline.close[call + 1] ?? call)) <= 2) return;
  argumentsAt(outline, call + 1).forEach((range, a) => {
    const name = methods[owner]?.parameters[a];
    if (name !== undefined && tokens[range[0]] !== undefined) add(name, { range, owner, isAppended: false });
  });
}

const types = words('return else do then');

/** A statement of its own, not the one of an `if` or `for` without braces. */
function standsAlone({ tokens }: Outline, name: number): boolean {
  let first = name;
  while (tokens[first - 1]?.kind === 'word' && !types.has(tokens[first - 1]?.text ?? '') && first > name - 3)
    first--;
  const before = tokens[first - 1];
  return before?.kind === 'sign' && (before.text === ';' || before.text === '{' || before.text === '}');
}
