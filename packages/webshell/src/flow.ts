import { argumentsAt, type Method, type Outline } from './outline.ts';
import { labels, requestReadAt, type RequestRead } from './sources.ts';
import type { Control, Engine } from './split-page.ts';
import { words } from './words.ts';

/** Which labels stand where: running counts, so that any range of tokens is asked in constant time. */
export interface Flow {
  /** The labels that values in this range of tokens may carry. */
  readonly labelsIn: (from: number, to: number) => number;
  /** Labels of the variable that the chain ending before the dot at `dot` begins with: `a.b.` → a. */
  readonly receiver: (dot: number) => number;
  /** Token indices at which the request is read. */
  readonly reads: readonly number[];
  /** Keys asked for, in order of appearance. */
  readonly parameters: readonly string[];
}

/** Rounds in which values spread from variable to variable and into methods; deeper nesting is not followed. */
const rounds = 8;
const bits = Object.values(labels);
const all = bits.reduce((sum, bit) => sum | bit, 0);

/**
 * Follows request data through assignments and calls of the page's own methods, without regard to order: what a
 * variable ever holds, it may hold everywhere. Linear in the number of tokens for each of a fixed number of rounds.
 */
export function followRequests(outline: Outline, engine: Engine, controls: readonly Control[]): Flow {
  const tracker = new Tracker(outline, engine, new Map(controls.map((c) => [c.id, c])));
  for (let round = 0; round < rounds; round++) {
    tracker.count();
    if (!tracker.spread()) break;
  }
  tracker.count();
  return {
    labelsIn: (from, to) => tracker.labelsIn(from, to),
    receiver: (dot) => tracker.receiver(dot),
    reads: [...tracker.reads.keys()],
    parameters: tracker.parameters(),
  };
}

/** Calls after which nothing of what the request said is left. */
const cleaning = words(`
  parse tryparse toint16 toint32 toint64 todouble todecimal toboolean todatetime cint clng cdbl cbool
  isnumeric intval floatval parseint isset empty len strlen count isnullorempty is_numeric
  isnullorwhitespace md5 sha1 typeof string.isnullorempty isempty isarray is_array isnothing in_array
`);
const naming = words(`
  getfilename getextension getfilenamewithoutextension basename pathinfo
`);
const herePath = /^(?:[.~]?[\\/]{0,2}|~\/)$/;
const pageEnding = /\.(?:aspx|ashx|asmx|ascx|asp|asa|cer|cdx|soap|php\d?|phtml|jspx?|config)\s*$/i;
const hereMembers = words(`
  physicalpath physicalapplicationpath path_translated appl_physical_path getrealpath
`);
const filling = words('append add write push put insert load loadxml appendformat appendline');
const copying = words('read copyto readasync copytoasync');

class Tracker {
  readonly reads: Map<number, RequestRead> = new Map();
  readonly #outline: Outline;
  readonly #allowed: Uint8Array;
  readonly #fixed: Uint8Array;
  readonly #variables: Map<string, number> = new Map();
  readonly #returns: Map<string, number> = new Map();
  readonly #byName: Map<string, Method[]> = new Map();
  readonly #counts: readonly Uint32Array[];

  constructor(outline: Outline, engine: Engine, controls: ReadonlyMap<string, Control>) {
    const { tokens, methods } = outline;
    this.#outline = outline;
    this.#allowed = allowedLabels(outline);
    this.#fixed = new Uint8Array(tokens.length);
    this.#counts = bits.map(() => new Uint32Array(tokens.length + 1));
    for (let i = 0; i < tokens.length; i++) {
      const read = requestReadAt(outline, i, engine, controls);
      if (read !== undefined) this.reads.set(i, read);
      this.#fixed[i] = read?.label ?? placeLabel(outline, i);
    }
    for (const method of methods) {
      this.#byName.set(method.name, [...(this.#byName.get(method.name) ?? []), method]);
      if (method.exposed)
        method.parameters.forEach((name) => this.#variables.set(keyOf(method, name), labels.data));
    }
  }

  parameters(): readonly string[] {
    const names = new Set<string>();
    for (const { parameter } of this.reads.values())
      if (parameter !== undefined && parameter.length <= 128) names.add(parameter);
    return [...names].slice(0, 64);
  }

  labelsIn(from: number, to: number): number {
    let found = 0;
    bits.forEach((bit, b) => {
      if ((this.#counts[b]?.[to] ?? 0) > (this.#counts[b]?.[from] ?? 0)) found |= bit;
    });
    return found;
  }

  count(): void {
    for (let i = 0; i < this.#fixed.length; i++) {
      const here = this.#labelsOf(i);
      bits.forEach((bit, b) => {
        const counts = this.#counts[b];
        if (counts !== undefined) counts[i + 1] = (counts[i] ?? 0) + ((here & bit) === 0 ? 0 : 1);
      });
    }
  }

  #labelsOf(i: number): number {
    const token = this.#outline.tokens[i];
    if (token === undefined || token.kind === 'number' || (token.kind === 'sign' && this.#fixed[i] === 0))
      return 0;
    const fixed = this.#fixed[i] ?? 0;
    const carried = token.kind === 'word' && !this.reads.has(i) ? this.#carried(i, token.text) : 0;
    const allowed = this.#allowed[i] ?? all;
    const found = (fixed | carried) & allowed;
    // What a call for file names makes of request data is a name.
    const named = ((fixed | carried) & labels.data) !== 0 && (allowed & labels.data) === 0;
    return named ? found | (labels.name & allowed) : found;
  }

  /** What the variable or method named here carries; members of other objects carry nothing by name. */
  #carried(i: number, name: string): number {
    const { tokens, methods, methodOf } = this.#outline;
    const owned =
      tokens[i - 1]?.text !== '.' || tokens[i - 2]?.text === 'this' || tokens[i - 2]?.text === 'me';
    if (!owned) return 0;
    if (tokens[i + 1]?.text === '(' && this.#returns.has(name)) return this.#returns.get(name) ?? 0;
    const carried = this.#variables.get(keyOf(methods[methodOf[i] ?? -1], name)) ?? 0;
    return carried !== 0 && tokens[i + 1]?.text === '.' && plainMembers.has(tokens[i + 2]?.text ?? '')
      ? 0
      : carried;
  }

  receiver(dot: number): number {
    const root = rootBefore(this.#outline, dot);
    return root === undefined ? 0 : this.labelsIn(root, dot);
  }

  /** One round over all assignments and calls; true if anything new was learned. */
  spread(): boolean {
    const { tokens } = this.#outline;
    let learned = false;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      if (token?.kind === 'sign') learned = this.#assignment(i, token.text) || learned;
      else if (token?.kind === 'word') learned = this.#word(i, token.text) || learned;
    }
    return learned;
  }

  #assignment(i: number, sign: string): boolean {
    if (sign !== '=' && sign !== '+=') return false;
    const { tokens, end } = this.#outline;
    const found = this.labelsIn(i + 1, Math.max(i + 1, end[i] ?? i + 1));
    if (found === 0 || inCondition(this.#outline, i)) return false;
    const root = rootBefore(this.#outline, i);
    return root === undefined ? false : this.#learn(root, tokens[root]?.text ?? '', found);
  }

  #learn(i: number, name: string, found: number): boolean {
    const { methods, methodOf } = this.#outline;
    const owner = methods[methodOf[i] ?? -1];
    if (owner !== undefined && owner.name === name && !owner.locals.has(name))
      return this.#grow(this.#returns, name, found);
    return this.#grow(this.#variables, keyOf(owner, name), found);
  }

  #grow(map: Map<string, number>, key: string, found: number): boolean {
    const before = map.get(key) ?? 0;
    if ((before | found) === before) return false;
    map.set(key, before | found);
    return true;
  }

  #word(i: number, name: string): boolean {
    const { tokens, end, methods, methodOf } = this.#outline;
    const next = tokens[i + 1]?.text;
    if (name === 'return') {
      const owner = methods[methodOf[i] ?? -1];
      const found = this.labelsIn(i + 1, Math.max(i + 1, end[i] ?? i + 1));
      return owner === undefined || found === 0 ? false : this.#grow(this.#returns, owner.name, found);
    }
    if (name === 'in' && tokens[i - 1]?.kind === 'word') {
      const found = this.labelsIn(i + 1, Math.max(i + 1, end[i] ?? i + 1));
      return found === 0 ? false : this.#learn(i - 1, tokens[i - 1]?.text ?? '', found);
    }
    if (next !== '(') return false;
    const intoMethod = this.#call(i, name);
    return this.#fill(i, name) || intoMethod;
  }

  /** Arguments become the parameters of the page's own methods. */
  #call(i: number, name: string): boolean {
    const targets = this.#byName.get(name);
    if (targets === undefined) return false;
    let learned = false;
    argumentsAt(this.#outline, i + 1).forEach(([from, to], a) => {
      const found = this.labelsIn(from, to);
      for (const target of found === 0 ? [] : targets) {
        const parameter = target.parameters[a];
        if (parameter !== undefined)
          learned = this.#grow(this.#variables, keyOf(target, parameter), found) || learned;
      }
    });
    return learned;
  }

  /** `list.Add(x)` fills list; `stream.Read(buffer, …)` fills buffer. */
  #fill(i: number, name: string): boolean {
    const { tokens } = this.#outline;
    if (tokens[i - 1]?.text !== '.') return false;
    const [first] = argumentsAt(this.#outline, i + 1);
    if (first === undefined) return false;
    if (copying.has(name)) {
      const found = this.receiver(i - 1);
      return found === 0 || tokens[first[0]]?.kind !== 'word'
        ? false
        : this.#learn(first[0], tokens[first[0]]?.text ?? '', found);
    }
    if (!filling.has(name)) return false;
    const root = rootBefore(this.#outline, i - 1);
    const object = tokens[root ?? -1]?.text ?? '';
    const found = this.labelsIn(first[0], first[1]);
    return found === 0 || root === undefined || outputs.has(object)
      ? false
      : this.#learn(root, object, found);
  }
}

const outputs = words(`
  response context writer output trace session application cache viewstate page this console debug me
`);
const plainMembers = words(`
  length count contains startswith endswith equals indexof isnullorempty hasfile contentlength
  contenttype
`);

function keyOf(method: Method | undefined, name: string): string {
  return method?.locals.has(name) === true ? `${method.from}:${name}` : name;
}

/** The word that the chain before `at` begins with: `a.b[0].c =` → a. */
function rootBefore({ tokens }: Outline, at: number): number | undefined {
  let i = at - 1;
  for (let step = 0; step < 64 && i >= 0; step++) {
    const token = tokens[i];
    if (token?.kind === 'sign' && (token.text === ')' || token.text === ']')) i = openerBefore(tokens, i) - 1;
    else if (
      token?.kind === 'word' &&
      tokens[i - 1]?.text === '.' &&
      tokens[i - 2]?.text !== 'this' &&
      tokens[i - 2]?.text !== 'me'
    )
      i -= 2;
    else return token?.kind === 'word' ? declared(tokens, i) : undefined;
  }
  return undefined;
}

/** `Dim x As String =`, `var x : String =`: the name, not its type. */
function declared(tokens: Outline['tokens'], type: number): number {
  const before = tokens[type - 1];
  if (before?.text !== 'as' && !(before?.kind === 'sign' && before.text === ':')) return type;
  return tokens[type - 2]?.kind === 'word' ? type - 2 : type;
}

/** Longest index or argument list that is walked backwards to find the name before it. */
const walkedBack = 400;

function openerBefore(tokens: Outline['tokens'], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && i > close - walkedBack; i--) {
    const token = tokens[i];
    if (token?.kind !== 'sign') continue;
    if (token.text === ')' || token.text === ']') depth++;
    else if ((token.text === '(' || token.text === '[') && --depth === 0) return i;
  }
  return 0;
}

/** VB writes comparisons with `=` too: those between If and Then assign nothing. */
function inCondition({ tokens }: Outline, at: number): boolean {
  for (let i = at - 1; i >= 0 && i > at - 60; i--) {
    const token = tokens[i];
    if (token?.kind === 'sign' && (token.text === ';' || token.text === '{' || token.text === '}'))
      return false;
    if (token?.kind !== 'word') continue;
    if (token.text === 'then') return false;
    if (
      (token.text === 'if' || token.text === 'elseif' || token.text === 'while') &&
      tokens[i + 1]?.text !== '('
    )
      return true;
  }
  return false;
}

/** Which labels a token may carry, given the calls it stands in: numbers carry nothing, file names only that. */
function allowedLabels({ tokens, close }: Outline): Uint8Array {
  const allowed = new Uint8Array(tokens.length).fill(all);
  const until: { readonly to: number; readonly mask: number }[] = [];
  let mask = all;
  for (let i = 0; i < tokens.length; i++) {
    while ((until.at(-1)?.to ?? Infinity) <= i) mask = until.pop()?.mask ?? all;
    allowed[i] = mask;
    const token = tokens[i];
    if (token?.kind !== 'word' || tokens[i + 1]?.text !== '(') continue;
    const inner = cleaning.has(token.text) ? 0 : naming.has(token.text) ? mask & ~labels.data : mask;
    if (inner === mask) continue;
    until.push({ to: (close[i + 1] ?? i) + 1, mask });
    mask = inner;
  }
  return allowed;
}

const requestText =
  /\brequest\s*(?:\[|\(|\.\s*(?:item|form|querystring|headers|cookies|params|binaryread|getparameter))|\$_(?:get|post|request|cookie)\b/i;
const serverText = /<%|\brunat\s*=|<\?php/i;
/** Longer texts are data, not code in quotes. */
const quotedCode = 100_000;

/**
 * What a token says by itself: paths of pages or beside this page, and code in quotes. Text that reads the request
 * once it is evaluated counts as what it will read.
 */
function placeLabel({ tokens }: Outline, i: number): number {
  const token = tokens[i];
  if (token?.kind === 'word') return hereMembers.has(token.text) ? labels.here : 0;
  if (token?.kind !== 'text' || token.text.length > quotedCode) return 0;
  if (serverText.test(token.text)) return labels.script;
  if (requestText.test(token.text)) return labels.data;
  if (pageEnding.test(token.text.slice(-64))) return labels.page;
  return tokens[i - 2]?.text === 'mappath' && herePath.test(token.text) ? labels.here : 0;
}
