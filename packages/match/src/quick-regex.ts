import { parseSimple, type Letters, type Node } from './simple-regex.ts';

/**
 * A pattern for the engine of the language, which goes through text many times faster than one that never backtracks:
 * where it finds nothing, the pattern that it stands for finds nothing. Only for ASCII texts, and only for texts short
 * enough that backtracking stays within {@link mostSteps} whatever they hold.
 */
export interface QuickRegex {
  readonly regex: RegExp;
  /** UTF-16 units. */
  readonly longestText: number;
}

/** About what one run of the linear engine over a few hundred letters costs. */
const mostSteps = 200_000;
/** A pattern that is safe only for shorter texts is not worth it. */
const leastText = 32;
const mostText = 65_536;
const growth = 1.25;

/** Makes the quick form of a pattern that RE2 has accepted; undefined if it holds more than this reads, or is not safe. */
export function makeQuickRegex(
  pattern: string,
  { ignoreCase = false, multiline = false }: { readonly ignoreCase?: boolean; readonly multiline?: boolean },
): QuickRegex | undefined {
  const parsed = parseSimple(pattern, ignoreCase);
  if (parsed === undefined) return undefined;
  let longest = 0;
  for (let length = leastText; length <= mostText; length = Math.ceil(length * growth)) {
    if (stepsOf(parsed.node, length) > mostSteps) break;
    longest = length;
  }
  if (longest === 0) return undefined;
  const flags = (parsed.ignoreCase ? 'i' : '') + (multiline ? 'm' : '');
  return { regex: new RegExp(parsed.source, flags), longestText: longest };
}

/** Steps at most in a text of a length: from each place, all ways to go on. */
function stepsOf(node: Node, length: number): number {
  const work = workOf(node, length, undefined);
  return length * work.steps;
}

/** What trying a part at one place costs. */
interface Work {
  readonly steps: number;
  /** Ways in which it may end, each of which what follows may be tried from. */
  readonly ways: number;
}

/** @param next letters of which what follows must begin with one; undefined: not known */
function workOf(node: Node, length: number, next: Letters | undefined): Work {
  switch (node.kind) {
    case 'place':
      return { steps: 1, ways: 1 };
    case 'letters':
      return { steps: 1, ways: 1 };
    case 'sequence':
      return sequenceWork(node.parts, length, next);
    case 'choice': {
      const works = node.parts.map((part) => workOf(part, length, next));
      return { steps: sum(works.map(({ steps }) => steps)) + 1, ways: sum(works.map(({ ways }) => ways)) };
    }
    case 'repeat':
      return repeatWork(node, length, next);
  }
}

function sequenceWork(parts: readonly Node[], length: number, next: Letters | undefined): Work {
  let work: Work = { steps: 1, ways: 1 };
  for (const [i, part] of parts.entries()) {
    const following = parts[i + 1];
    const own = workOf(part, length, following === undefined ? next : firstOf(following));
    work = { steps: work.steps + work.ways * own.steps, ways: work.ways * own.ways };
  }
  return work;
}

function repeatWork(
  { of, least, most }: Extract<Node, { kind: 'repeat' }>,
  length: number,
  next: Letters | undefined,
): Work {
  const times = Math.min(most, length);
  const inner = workOf(of, length, undefined);
  // Each time it may end in several ways: their number grows with each.
  if (inner.ways > 1) {
    if (times > 1) return { steps: Infinity, ways: Infinity };
    return { steps: inner.steps + 1, ways: inner.ways + (least === 0 ? 1 : 0) };
  }
  const steps = (times + 1) * inner.steps;
  // What follows can begin nowhere but behind all of them.
  const first = firstOf(of);
  const isSettled = first !== undefined && next !== undefined && !overlap(first, next);
  // Tried and given up at each place, which is a step more.
  if (isSettled) return { steps: steps * 2, ways: 1 };
  return { steps, ways: times - Math.min(least, times) + 1 };
}

/** The letters that a part must begin with. */
function firstOf(node: Node): Letters | undefined {
  switch (node.kind) {
    case 'letters':
      return node.letters;
    case 'repeat':
      return node.least > 0 ? firstOf(node.of) : undefined;
    case 'sequence':
      return node.parts[0] === undefined ? undefined : firstOf(node.parts[0]);
    default:
      return undefined;
  }
}

function overlap(a: Letters, b: Letters): boolean {
  return a.some((is, code) => is && b[code] === true);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
