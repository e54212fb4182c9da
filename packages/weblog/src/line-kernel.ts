import { wasm, type KernelFunction } from '@postern/match';
import { COLON, CR, DOT, LF, QUOTE, ZULU } from './bytes.ts';

const {
  above,
  add,
  and,
  atLeast,
  below,
  bits8,
  block,
  branch,
  branchIf,
  copies8,
  countOnes,
  differs,
  equal,
  equal8,
  get,
  i32,
  isZero,
  load128,
  load32,
  load8,
  loop,
  mul,
  or128,
  set,
  shiftLeft,
  store32,
  store8,
  sub,
  trailingZeros,
  when,
} = wasm;
type Code = wasm.Code;

/**
 * What the kernel is told and tells, as 32-bit integers at the address it is called with; at {@link headOffset} the
 * first bytes that every line must have.
 */
export const lineState = {
  /** Address of the first line; afterwards of the line that was not taken. */
  next: 0,
  /** Where the bytes end. An LF must stand there. */
  end: 1,
  /** Address that `start` and `end` of lines are counted from. */
  origin: 2,
  separator: 3,
  /** Separators that a line must have. */
  separators: 4,
  /** Not 0: a line that holds a quote is not taken. */
  csv: 5,
  lineBytes: 6,
  /** Lines to take at most. */
  most: 7,
  /** Addresses of arrays for `most` lines: 32-bit integers, and bytes. */
  starts: 8,
  ends: 9,
  high: 10,
  /** Milliseconds within the hour: the least and the most of all lines, to be set before. */
  lowest: 11,
  highest: 12,
} as const;

/** Bytes from the state on at which the head of the lines stands, and how long that is: `2021-03-03 06`. */
export const headOffset = 64;
export const headBytes = 13;
/** Bytes of the whole state. */
export const stateBytes = 80;

/** A line with less than its time, and something behind it, is not taken. */
const shortestLine = 21;

// The locals: what holds for all lines, then what is made anew for each.
const [state, next, end, taken, start] = [0, 1, 2, 3, 4];
const [at, stops, parts, partsHere, within, value, digit] = [5, 6, 7, 8, 9, 10, 11];
const [separator, newline, zero, quote, head, bytes, all] = [12, 13, 14, 15, 16, 17, 18];

function told(field: keyof typeof lineState): Code {
  return load32(get(state), lineState[field] * 4);
}

function tell(field: keyof typeof lineState, content: Code): Code {
  return store32(get(state), content, lineState[field] * 4);
}

/** A byte of the line, by its place in it. */
function byteAt(place: number): Code {
  return load8(get(start), place);
}

/** Ends the taking, from inside of so many further blocks. */
function leaveIf(condition: Code, inside = 0): Code {
  return branchIf(1 + inside, condition);
}

/** Reads digits of the line into `value`. */
function readNumber(places: readonly number[], inside = 0): Code {
  return [
    set(value, i32(0)),
    ...places.map((place): Code => [
      set(digit, sub(byteAt(place), i32(0x30))),
      leaveIf(above(get(digit), i32(9)), inside),
      set(value, add(mul(get(value), i32(10)), get(digit))),
    ]),
  ];
}

/** `:40:12`, with `.987Z` behind it or not. */
const readTime: Code = [
  leaveIf(differs(byteAt(13), i32(COLON))),
  leaveIf(differs(byteAt(16), i32(COLON))),
  readNumber([14, 15]),
  leaveIf(above(get(value), i32(59))),
  set(within, mul(get(value), i32(60_000))),
  readNumber([17, 18]),
  leaveIf(above(get(value), i32(59))),
  set(within, add(get(within), mul(get(value), i32(1000)))),
  when(
    equal(byteAt(19), i32(DOT)),
    readNumber([20, 21, 22], 1),
    set(within, add(get(within), get(value))),
    leaveIf(differs(byteAt(23), i32(ZULU)), 1),
    leaveIf(differs(byteAt(24), told('separator')), 1),
  ),
  leaveIf(and(differs(byteAt(19), i32(DOT)), differs(byteAt(19), told('separator')))),
];

/** Sets `at` to where the line stops, `parts` to its separators, `all` to bits that any of its bytes has. */
const findStop: Code = [
  set(at, get(start)),
  set(parts, i32(0)),
  set(all, get(zero)),
  loop(
    set(bytes, load128(get(at))),
    set(all, or128(get(all), get(bytes))),
    set(stops, bits8([newline, zero, quote].map((one) => equal8(get(bytes), get(one))).reduce(or128))),
    set(partsHere, bits8(equal8(get(bytes), get(separator)))),
    when(
      isZero(get(stops)),
      set(parts, add(get(parts), countOnes(get(partsHere)))),
      set(at, add(get(at), i32(16))),
      branch(1),
    ),
  ),
  set(partsHere, and(get(partsHere), sub(shiftLeft(i32(1), trailingZeros(get(stops))), i32(1)))),
  set(parts, add(get(parts), countOnes(get(partsHere)))),
  set(at, add(get(at), trailingZeros(get(stops)))),
];

/** Writes the line down, whose LF stands at `at`. */
const take: Code = [
  store32(add(told('starts'), mul(get(taken), i32(4))), sub(get(start), told('origin'))),
  store32(
    add(told('ends'), mul(get(taken), i32(4))),
    sub(sub(get(at), equal(load8(sub(get(at), i32(1))), i32(CR))), told('origin')),
  ),
  store8(add(told('high'), get(taken)), differs(bits8(get(all)), i32(0))),
  when(below(get(within), told('lowest')), tell('lowest', get(within))),
  when(above(get(within), told('highest')), tell('highest', get(within))),
  set(taken, add(get(taken), i32(1))),
  set(next, add(get(at), i32(1))),
];

const headBits = (1 << headBytes) - 1;

/**
 * `takeLines(state)`: takes lines as long as they are plain, and gives their number. Plain is a line that ends in LF or
 * CRLF, holds no zero byte (and in CSV no quote), has as many separators as its header says, and begins with a time in
 * the hour of the line before: `YYYY-MM-DD?HH:mm:ss`, or with `.fffZ` behind it. All others are left to code that can
 * say what is wrong with them.
 */
export const lineKernel: readonly KernelFunction<'takeLines'>[] = [
  {
    name: 'takeLines',
    parameters: 1,
    integers: 11,
    vectors: 7,
    body: [
      set(next, told('next')),
      set(end, told('end')),
      set(separator, copies8(told('separator'))),
      set(newline, copies8(i32(LF))),
      set(quote, copies8(i32(LF))),
      when(told('csv'), set(quote, copies8(i32(QUOTE)))),
      set(head, load128(get(state), headOffset)),
      block(
        loop(
          set(start, get(next)),
          leaveIf(atLeast(get(taken), told('most'))),
          leaveIf(above(add(get(start), i32(shortestLine)), get(end))),
          leaveIf(differs(and(bits8(equal8(load128(get(start)), get(head))), i32(headBits)), i32(headBits))),
          readTime,
          findStop,
          leaveIf(atLeast(get(at), get(end))),
          leaveIf(differs(load8(get(at)), i32(LF))),
          leaveIf(differs(get(parts), told('separators'))),
          leaveIf(above(sub(get(at), get(start)), told('lineBytes'))),
          take,
          branch(0),
        ),
      ),
      tell('next', get(next)),
      get(taken),
    ],
  },
];
