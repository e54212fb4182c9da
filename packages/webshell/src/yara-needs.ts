import { foldedText, mayStand, type MayStand } from './yara-string.ts';
import { outlineYara } from './yara-source.ts';
import { yaraTokens, type YaraToken } from './yara-tokens.ts';

/** What a condition needs of a file, by its folded text. */
type Needs = (folded: string) => boolean;

/**
 * Tells from the bytes of a file, without the engine, that no rule can match it: the engine takes half a second to start and
 * ten milliseconds for each file, and most pages hold nothing of what rules look for. Conditions are read in which more
 * strings never mean less (`and`, `or`, `N of`, `at`, sizes); if any rule has another one, the answer is always that it
 * may match.
 */
export function yaraMayMatch(files: readonly { readonly text: string }[]): (bytes: Uint8Array) => boolean {
  const rules: Needs[] = [];
  for (const { text } of files) {
    const { rules: heads, includes } = outlineYara(text);
    const needs = heads.map(({ from, to }) => needsOf(text.slice(from, to)));
    if (includes.length > 0 || needs.includes(undefined)) return () => true;
    rules.push(...needs.flatMap((rule) => rule ?? []));
  }
  return (bytes) => {
    const folded = foldedText(bytes);
    return rules.some((rule) => rule(folded));
  };
}

/** Undefined where the rule has anything that is not known here. */
function needsOf(rule: string): Needs | undefined {
  const tokens = yaraTokens(rule);
  const begins = sectionAt(tokens, 'condition');
  if (begins < 0) return undefined;
  const strings = stringsOf(tokens.slice(0, begins));
  try {
    // Without the closing brace.
    return new Reading(tokens.slice(begins + 2, -1), strings).whole();
  } catch (error) {
    if (error === notKnown) return undefined;
    throw error;
  }
}

function sectionAt(tokens: readonly YaraToken[], name: string): number {
  return tokens.findIndex(
    ({ kind, text }, i) => kind === 'word' && text === name && tokens[i + 1]?.text === ':',
  );
}

function stringsOf(tokens: readonly YaraToken[]): ReadonlyMap<string, MayStand> {
  const strings = new Map<string, MayStand>();
  const begins = sectionAt(tokens, 'strings');
  const starts = tokens.flatMap(({ kind }, i) => (begins >= 0 && i > begins && kind === 'id' ? [i] : []));
  starts.forEach((start, i) => {
    const [{ text: id } = { text: '' }, , value, ...rest] = tokens.slice(start, starts[i + 1]);
    const modifiers = rest.map(({ text }) => text);
    // Strings without a name are many under one.
    const name = id === '$' ? `$ ${i}` : id;
    strings.set(name, value === undefined ? () => true : mayStand(value, modifiers));
  });
  return strings;
}

/** Thrown and caught here alone. */
const notKnown = Symbol('not known');

function giveUp(): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- goes no further than needsOf
  throw notKnown;
}

/** One condition while it is read. */
class Reading {
  readonly #tokens: readonly YaraToken[];
  readonly #strings: ReadonlyMap<string, MayStand>;
  #at = 0;

  constructor(tokens: readonly YaraToken[], strings: ReadonlyMap<string, MayStand>) {
    this.#tokens = tokens;
    this.#strings = strings;
  }

  whole(): Needs {
    const needs = this.#any();
    return this.#at === this.#tokens.length ? needs : giveUp();
  }

  #any(): Needs {
    const parts = [this.#all()];
    while (this.#takes('or')) parts.push(this.#all());
    return (folded) => parts.some((part) => part(folded));
  }

  #all(): Needs {
    const parts = [this.#one()];
    while (this.#takes('and')) parts.push(this.#one());
    return (folded) => parts.every((part) => part(folded));
  }

  #one(): Needs {
    if (this.#takes('(')) {
      const needs = this.#any();
      return this.#takes(')') ? needs : giveUp();
    }
    if (this.#takes('filesize')) return this.#size();
    const { kind, text } = this.#next();
    if (kind === 'id') return this.#string(text);
    if (text === 'any' || text === 'all' || (kind === 'number' && /^\d+$/.test(text))) return this.#of(text);
    return giveUp();
  }

  /** Any size: which one it is, is for the engine to tell. */
  #size(): Needs {
    const sign = this.#next().text;
    if (!/^[<>=]$/.test(sign)) giveUp();
    this.#takes('=');
    return this.#next().kind === 'number' ? () => true : giveUp();
  }

  #string(id: string): Needs {
    const needs = this.#strings.get(id) ?? giveUp();
    if (this.#takes('at') && this.#next().kind !== 'number') giveUp();
    return needs;
  }

  #of(quantity: string): Needs {
    if (!this.#takes('of')) giveUp();
    const strings = this.#takes('them') ? [...this.#strings.values()] : this.#set();
    const least = quantity === 'any' ? 1 : quantity === 'all' ? strings.length : Number(quantity);
    return (folded) => strings.filter((needs) => needs(folded)).length >= least;
  }

  #set(): readonly MayStand[] {
    if (!this.#takes('(')) giveUp();
    const strings = this.#named();
    while (this.#takes(',')) strings.push(...this.#named());
    return this.#takes(')') ? strings : giveUp();
  }

  #named(): MayStand[] {
    const { kind, text } = this.#next();
    if (kind !== 'id') giveUp();
    const found = text.endsWith('*')
      ? [...this.#strings].filter(([id]) => id.startsWith(text.slice(0, -1))).map(([, needs]) => needs)
      : [this.#strings.get(text) ?? giveUp()];
    return found.length === 0 ? giveUp() : found;
  }

  #takes(text: string): boolean {
    const isIt = this.#tokens[this.#at]?.text === text;
    if (isIt) this.#at++;
    return isIt;
  }

  #next(): YaraToken {
    return this.#tokens[this.#at++] ?? giveUp();
  }
}
