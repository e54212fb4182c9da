import type { Anchor, Literal } from '@postern/match';
import type { ValueTest } from '../field-test.ts';
import { textsRequiredBy } from '../literals.ts';
import { mapLiterals, wildcard, type Pattern } from '../pattern.ts';

/** A literal that is not numbered yet. */
export type PlacedText = Omit<Literal, 'id'>;

/** Dashes of one pattern that are written out (three ways each); a pattern with more is asked as a whole. */
const dashesWrittenOut = 3;

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/**
 * The literals of which one stands in a text (folded by `fold`) if and only if the test holds for it. Undefined where
 * the test is no matter of literals.
 */
export function literalsFor(
  value: ValueTest,
  fold: (text: string) => string,
): readonly PlacedText[] | undefined {
  if (value.kind === 'boolean') return [{ pieces: [String(value.value)], anchor: 'whole' }];
  if (value.kind !== 'text' || value.cased) return undefined;
  const pattern = mapLiterals(value.pattern, fold);
  const { middle, anchor } = placeOf(pattern);
  if (middle.length === 0 || middle.some((part) => part === wildcard.any || part === wildcard.one))
    return undefined;
  return writtenOut(middle)?.map((pieces) => ({ pieces, anchor }));
}

function placeOf(pattern: Pattern): { readonly middle: Pattern; readonly anchor: Anchor } {
  const isOpenAtStart = pattern[0] === wildcard.any;
  const isOpenAtEnd = pattern.at(-1) === wildcard.any;
  const middle = pattern.slice(isOpenAtStart ? 1 : 0, isOpenAtEnd && pattern.length > 1 ? -1 : undefined);
  return { middle, anchor: anchorOf(!isOpenAtStart, !isOpenAtEnd) };
}

function anchorOf(isAtStart: boolean, isAtEnd: boolean): Anchor {
  if (isAtStart) return isAtEnd ? 'whole' : 'start';
  return isAtEnd ? 'end' : 'anywhere';
}

/** A run of texts and dashes as literals: each dash is a hyphen, a slash, or (a new piece) a typographic one. */
function writtenOut(parts: Pattern): readonly (readonly string[])[] | undefined {
  const dashes = parts.filter((part) => part === wildcard.dash).length;
  const isPlain = parts.every((part) => typeof part !== 'string' || ascii.test(part));
  if (dashes > dashesWrittenOut || (dashes > 0 && !isPlain)) return undefined;
  return parts.reduce<readonly (readonly string[])[]>(
    (all, part) =>
      all.flatMap((pieces) => (typeof part === 'string' ? [extend(pieces, part)] : withDash(pieces))),
    [['']],
  );
}

function extend(pieces: readonly string[], text: string): readonly string[] {
  return [...pieces.slice(0, -1), (pieces.at(-1) ?? '') + text];
}

function withDash(pieces: readonly string[]): readonly (readonly string[])[] {
  return [extend(pieces, '-'), extend(pieces, '/'), [...pieces, '']];
}

/** Guards of one test: more of them make it hardly rarer. */
const mostGuards = 4;
/** Shorter ones stand nearly everywhere; such a guard is better than none, but no second one. */
const secondGuardLetters = 2;

/** Literals that all stand in every folded text for which the test holds, the longest first. */
export function guardsFor(value: ValueTest, fold: (text: string) => string): readonly PlacedText[] {
  const texts = value.kind === 'text' ? placedParts(mapLiterals(value.pattern, fold)) : anywhere(value, fold);
  const sorted = texts.filter((text) => lengthOf(text) > 0).toSorted((a, b) => lengthOf(b) - lengthOf(a));
  return sorted.filter((text, i) => i === 0 || lengthOf(text) >= secondGuardLetters).slice(0, mostGuards);
}

function lengthOf(text: PlacedText): number {
  return text.pieces[0]?.length ?? 0;
}

function placedParts(pattern: Pattern): readonly PlacedText[] {
  const last = pattern.length - 1;
  return pattern.flatMap((part, i): PlacedText[] =>
    typeof part === 'string' ? [{ pieces: [part], anchor: anchorOf(i === 0, i === last) }] : [],
  );
}

function anywhere(value: ValueTest, fold: (text: string) => string): readonly PlacedText[] {
  return textsRequiredBy(value).map((text) => ({ pieces: [fold(text)], anchor: 'anywhere' }));
}
