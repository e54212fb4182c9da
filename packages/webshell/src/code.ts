import type { Flow } from './flow.ts';
import type { Outline } from './outline.ts';
import type { Sign, TraitCode, Weight } from './sign.ts';
import { labels } from './sources.ts';
import type { Engine } from './split-page.ts';
import { words } from './words.ts';

/** All that the checks of one page's code look at. */
export interface Code {
  readonly outline: Outline;
  readonly flow: Flow;
  readonly engine: Engine;
  /** Sorted ranges of the page (characters) whose code only binds data: `<%# Eval("Name") %>` runs nothing. */
  readonly bindings: readonly (readonly [from: number, to: number])[];
  /** JScript, VBScript, PHP: here `eval` runs code. */
  readonly evaluates: boolean;
  /** Words and literal texts in lower case, for what stands near. */
  readonly mentions: ReadonlySet<string>;
}

/** Labels that mean: a visitor decides. */
export const anyData: number = labels.data | labels.name;

export function sign(code: TraitCode, weight: Weight, at: number): Sign {
  return { code, weight, at };
}

/** Where in the page token `i` stands. */
export function at({ outline }: Code, i: number): number {
  return outline.tokens[i]?.at ?? 0;
}

/** Where the arguments of a call of the word at `i` begin: its parenthesis, or in VB and PHP the next token. */
export function argumentStart(code: Code, i: number): number | undefined {
  const { tokens } = code.outline;
  const next = tokens[i + 1];
  if (next?.kind === 'sign') return next.text === '(' ? i + 1 : undefined;
  return next === undefined || !code.evaluates ? undefined : i + 1;
}

const definers = words('function sub void class using import');

/** Is the word at `i` declared or imported here, and not called? */
export function isDefinition({ outline }: Code, i: number): boolean {
  return definers.has(outline.tokens[i - 1]?.text ?? '');
}

/** Does the character at `place` stand in one of the sorted ranges of bindings? */
export function inBindings(bindings: Code['bindings'], place: number): boolean {
  let [low, high] = [0, bindings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [from, to] = bindings[middle] ?? [0, 0];
    if (place >= to) low = middle + 1;
    else if (place < from) high = middle;
    else return true;
  }
  return false;
}
