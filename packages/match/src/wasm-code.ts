/**
 * The few instructions of WebAssembly that the kernels are written in, as functions that give their bytes. Operands
 * come first, as the machine takes them: `add(get(0), i32(1))`. Opcodes as in the specification's index of
 * instructions (WebAssembly 2.0 with its vector instructions).
 */
export type Code = readonly (number | Code)[];

/** One instruction after its operands. */
type Binary = (a: Code, b: Code) => Code;
type Unary = (a: Code) => Code;

const binary =
  (opcode: number): Binary =>
  (a, b) => [a, b, opcode];
const vectorBinary =
  (opcode: number): Binary =>
  (a, b) => [a, b, 0xfd, unsigned(opcode)];
const vectorUnary =
  (opcode: number): Unary =>
  (a) => [a, 0xfd, unsigned(opcode)];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [value, 0x21, local];
export const i32 = (value: number): Code => [0x41, signed(value | 0)];

export const add: Binary = binary(0x6a);
export const sub: Binary = binary(0x6b);
export const mul: Binary = binary(0x6c);
export const and: Binary = binary(0x71);
export const or: Binary = binary(0x72);
export const shiftLeft: Binary = binary(0x74);
export const shiftRight: Binary = binary(0x76);
export const equal: Binary = binary(0x46);
export const differs: Binary = binary(0x47);
export const below: Binary = binary(0x49);
export const above: Binary = binary(0x4b);
export const atLeast: Binary = binary(0x4f);
export const isZero: Unary = (a) => [a, 0x45];
export const trailingZeros: Unary = (a) => [a, 0x68];
export const countOnes: Unary = (a) => [a, 0x69];

/** The byte, or the four, at an address plus a constant. Nothing need be aligned. */
export const load8 = (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)];
export const load32 = (address: Code, offset = 0): Code => [address, 0x28, 0, unsigned(offset)];
export const store8 = (address: Code, value: Code): Code => [address, value, 0x3a, 0, 0];
export const store32 = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  0x36,
  0,
  unsigned(offset),
];

/** Sixteen bytes at once. */
export const load128 = (address: Code, offset = 0): Code => [address, 0xfd, 0, 0, unsigned(offset)];
export const copies8: Unary = vectorUnary(0x0f);
export const copies32: Unary = vectorUnary(0x11);
export const equal8: Binary = vectorBinary(0x23);
export const equal32: Binary = vectorBinary(0x37);
export const or128: Binary = vectorBinary(0x50);
/** 1 if any bit is set. */
export const any128: Unary = vectorUnary(0x53);
/** A bit for each byte: its highest. */
export const bits8: Unary = vectorUnary(0x64);
export const shiftRight32: Binary = vectorBinary(0xad);
export const mul32: Binary = vectorBinary(0xb5);
export const lane32 = (vector: Code, lane: number): Code => [vector, 0xfd, 0x1b, lane];

/** Is left by {@link branch}, at its end or from inside. */
export const block = (...body: readonly Code[]): Code => [0x02, 0x40, ...body, 0x0b];
/** Goes round by {@link branch}. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...body, 0x0b];
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  condition,
  0x04,
  0x40,
  ...body,
  0x0b,
];
/** Leaves the block, or begins the loop anew, that is `level` levels out. */
export const branch = (level: number): Code => [0x0c, level];
export const branchIf = (level: number, condition: Code): Code => [condition, 0x0d, level];
/** Calls the function of the module that has this number. */
export const call = (number: number, ...values: readonly Code[]): Code => [...values, 0x10, unsigned(number)];
export const giveBack = (value: Code): Code => [value, 0x0f];

/** LEB128, as all numbers are written. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -0x40 || rest > 0x3f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}
