import { inCondition, rootBefore } from './chain.ts';
import { argumentsAt, type Method, type Outline } from './outline.ts';
import { labels, requestReadAt, type RequestRead } from './sources.ts';
import type { Control, Engine } from './split-page.ts';
import { allLabels, allowedLabels, placeLabel } from './token-labels.ts';
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
/** Methods of one name that are told apart no further. */
const overloads = 16;
const bits = Object.values(labels);

/**
 * Follows request data through assignments and calls of the page's own methods, without regard to order: what a
 * variable ever holds, it may hold everywhere. Linear in the number of tokens for each of a fixed number of rounds.
 */
export function followRequests(outline: Outline, engine: Engine, controls: readonly Control[]): Flow {
  const tracker = new Tracker(outline, engine, new Map(controls.map((c) => [c.id, c])));
  if (tracker.isEmpty()) return { labelsIn: () => 0, receiver: () => 0, reads: [], parameters: [] };
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

const filling = words('append add write push put insert load loadxml appendformat appendline');
/** `Array.Copy(from, 0, to, …)`, `Buffer.BlockCopy(from, 0, to, …)`. */
const blockCopies = words('copy blockcopy constrainedcopy arraycopy');
const blockCopiers = words('array buffer system');
const copying = words('read copyto readasync copytoasync');

class Tracker {
  readonly reads: Map<number, RequestRead> = new Map();
  readonly #outline: Outline;
  readonly #allowed: Uint8Array;
  readonly #fixed: Uint8Array;
  readonly #variables: Map<string, number> = new Map();
  readonly #returns: Map<string, number> = new Map();
  readonly #byName: Map<string, Method[]> = new Map();
  readonly #counts: (Uint32Array | undefined)[] = bits.map(() => undefined);
  readonly #found: Uint8Array;
  #present = 0;
  readonly #properties: Set<string> = new Set();

  /** What each word is remembered by: its name, or its name within its method. */
  readonly #keys: readonly string[];

  constructor(outline: Outline, engine: Engine, controls: ReadonlyMap<string, Control>) {
    const { tokens, methods, methodOf } = outline;
    this.#outline = outline;
    this.#allowed = allowedLabels(outline);
    this.#fixed = new Uint8Array(tokens.length);
    this.#found = new Uint8Array(tokens.length);
    this.#keys = tokens.map((token, i) =>
      token.kind === 'word' ? keyOf(methods[methodOf[i] ?? -1], token.text) : '',
    );
    for (let i = 0; i < tokens.length; i++) {
      const read = requestReadAt(outline, i, engine, controls);
      if (read !== undefined) this.reads.set(i, read);
      this.#fixed[i] = read?.label ?? placeLabel(outline, i);
    }
    for (const method of methods) this.#add(method);
  }

  #add(method: Method): void {
    if (method.property) this.#properties.add(method.name);
    const alike = this.#byName.get(method.name) ?? [];
    this.#byName.set(method.name, alike);
    if (alike.length < overloads) alike.push(method);
    if (method.exposed)
      for (const name of method.parameters) this.#variables.set(keyOf(method, name), labels.data);
  }

  parameters(): readonly string[] {
    const names = new Set<string>();
    for (const { parameter } of this.reads.values())
      if (parameter !== undefined && parameter.length <= 128) names.add(parameter);
    return [...names].slice(0, 64);
  }

  labelsIn(from: number, to: number): number {
    let found = 0;
    for (let b = 0; b < bits.length; b++) {
      if ((this.#present & (bits[b] ?? 0)) === 0) continue;
      const counts = this.#counts[b];
      if (counts !== undefined && (counts[to] ?? 0) > (counts[from] ?? 0)) found |= bits[b] ?? 0;
    }
    return found;
  }

  /** True where nothing in the code carries a label: nothing can spread then, and nothing needs counting. */
  isEmpty(): boolean {
    return this.reads.size === 0 && this.#variables.size === 0 && this.#fixed.every((label) => label === 0);
  }

  count(): void {
    const found = this.#found;
    const { length } = found;
    let present = 0;
    for (let i = 0; i < length; i++) present |= found[i] = this.#labelsOf(i);
    this.#present = present;
    for (let b = 0; b < bits.length; b++) {
      const bit = bits[b] ?? 0;
      // Most pages carry one or two of the labels: the others are not counted.
      if ((present & bit) === 0) continue;
      const counts = (this.#counts[b] ??= new Uint32Array(length + 1));
      for (let i = 0, sum = 0; i < length; i++) counts[i + 1] = sum += (found[i] ?? 0) & bit ? 1 : 0;
    }
  }

  #labelsOf(i: number): number {
    const token = this.#outline.tokens[i];
    if (token === undefined || token.kind === 'number' || (token.kind === 'sign' && this.#fixed[i] === 0))
      return 0;
    const fixed = this.#fixed[i] ?? 0;
    const carried = token.kind === 'word' && !this.reads.has(i) ? this.#carried(i, token.text) : 0;
    const allowed = this.#allowed[i] ?? allLabels;
    const found = (fixed | carried) & allowed;
    // What a call for file names makes of request data is a name.
    const named = ((fixed | carried) & labels.data) !== 0 && (allowed & labels.data) === 0;
    return named ? found | (labels.name & allowed) : found;
  }

  /** What the variable or method named here carries; members of other objects carry nothing by name. */
  #carried(i: number, name: string): number {
    if (this.#variables.size === 0 && this.#returns.size === 0) return 0;
    const { tokens } = this.#outline;
    const owned =
      tokens[i - 1]?.text !== '.' || tokens[i - 2]?.text === 'this' || tokens[i - 2]?.text === 'me';
    if (!owned) return 0;
    const isCall = tokens[i + 1]?.text === '(' || this.#properties.has(name);
    if (isCall && this.#returns.has(name)) return this.#returns.get(name) ?? 0;
    const carried = this.#variables.get(this.#keys[i] ?? name) ?? 0;
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
    return this.#grow(this.#variables, this.#keys[i] ?? name, found);
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
      learned = this.#handedBack(targets, a, [from, to]) || learned;
      const found = this.labelsIn(from, to);
      for (const target of found === 0 ? [] : targets) {
        const parameter = target.parameters[a];
        if (parameter !== undefined)
          learned = this.#grow(this.#variables, keyOf(target, parameter), found) || learned;
      }
    });
    return learned;
  }

  /** `Fill(out x)`: what the method puts into its parameter is in x afterwards. */
  #handedBack(targets: readonly Method[], a: number, [from, to]: readonly [number, number]): boolean {
    const { tokens } = this.#outline;
    const how = tokens[from]?.text;
    const name = tokens[to - 1];
    if ((how !== 'out' && how !== 'ref') || name?.kind !== 'word') return false;
    return targets.some((target) => {
      const parameter = target.parameters[a];
      const found = parameter === undefined ? 0 : (this.#variables.get(keyOf(target, parameter)) ?? 0);
      return found !== 0 && this.#learn(to - 1, name.text, found);
    });
  }

  /** `list.Add(x)` fills list; `stream.Read(buffer, …)` fills buffer. */
  #fill(i: number, name: string): boolean {
    const { tokens } = this.#outline;
    if (tokens[i - 1]?.text !== '.') return false;
    const [first, , third] = argumentsAt(this.#outline, i + 1);
    if (first === undefined) return false;
    if (blockCopies.has(name) && third !== undefined && blockCopiers.has(tokens[i - 2]?.text ?? '')) {
      const found = this.labelsIn(first[0], first[1]);
      return found !== 0 && this.#learn(third[0], tokens[third[0]]?.text ?? '', found);
    }
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
