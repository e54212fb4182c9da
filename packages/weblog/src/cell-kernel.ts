import { wasm, type KernelFunction } from '@postern/match';

const { add, and, atLeast, below, bits8, block, branch, branchIf, copies8, equal8, get, i32 } = wasm;
const { isZero, load128, loop, mul, set, shiftLeft, store32, sub, trailingZeros, when } = wasm;
type Code = wasm.Code;

// The parameters, then the locals. `origin` is where places are counted from; there is room for `most` of them.
const [from, to, separator, origin, froms, tos, most] = [0, 1, 2, 3, 4, 5, 6];
const [at, stops, cells, stop, copies] = [7, 8, 9, 10, 11];

/** Notes a cell that ends at `stop`; the next one begins behind it. Those without room are counted only. */
const note: Code = [
  when(
    below(get(cells), get(most)),
    store32(add(get(froms), mul(get(cells), i32(4))), sub(get(from), get(origin))),
    store32(add(get(tos), mul(get(cells), i32(4))), sub(get(stop), get(origin))),
  ),
  set(cells, add(get(cells), i32(1))),
  set(from, add(get(stop), i32(1))),
];

/** The separators among sixteen bytes, as bits; those behind the end are none. */
const findStops: Code = [
  set(stops, bits8(equal8(load128(get(at)), get(copies)))),
  when(
    below(sub(get(to), get(at)), i32(16)),
    set(stops, and(get(stops), sub(shiftLeft(i32(1), sub(get(to), get(at))), i32(1)))),
  ),
];

/**
 * `splitCells(from, to, separator, origin, froms, tos, most)`: finds the values between single separators, writes down
 * where they begin and end, and gives their number.
 */
export const cellKernel: readonly KernelFunction<'splitCells'>[] = [
  {
    name: 'splitCells',
    parameters: 7,
    integers: 4,
    vectors: 1,
    body: [
      set(copies, copies8(get(separator))),
      set(at, get(from)),
      block(
        loop(
          branchIf(1, atLeast(get(at), get(to))),
          findStops,
          block(
            loop(
              branchIf(1, isZero(get(stops))),
              set(stop, add(get(at), trailingZeros(get(stops)))),
              note,
              set(stops, and(get(stops), sub(get(stops), i32(1)))),
              branch(0),
            ),
          ),
          set(at, add(get(at), i32(16))),
          branch(0),
        ),
      ),
      set(stop, get(to)),
      note,
      get(cells),
    ],
  },
];
