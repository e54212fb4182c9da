import { unsigned, type Code } from './wasm-code.ts';

/** A function of WebAssembly: all parameters and its result are 32-bit integers. */
export interface KernelFunction<Name extends string = string> {
  readonly name: Name;
  readonly parameters: number;
  /** Locals are numbered after the parameters: first these integers, then the vectors. */
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
}

const i32Type = 0x7f;
const v128Type = 0x7b;

/**
 * The bytes of a module that exports the functions and works on a memory it is given as `env.memory`: the binary format
 * of the specification, section by section.
 */
export function moduleBytes(functions: readonly KernelFunction[]): Uint8Array<ArrayBuffer> {
  const numbers = functions.map((_, i) => i);
  return Uint8Array.from(
    flat([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(functions.map(typeOf))),
      section(2, list([[text('env'), text('memory'), 2, 0, 1]])),
      section(3, list(numbers.map((i) => [i]))),
      section(7, list(functions.map(({ name }, i) => [text(name), 0, i]))),
      section(10, list(functions.map(bodyOf))),
    ]),
  );
}

function typeOf({ parameters }: KernelFunction): Code {
  return [0x60, list(Array.from({ length: parameters }, () => [i32Type])), list([[i32Type]])];
}

function bodyOf({ integers, vectors, body }: KernelFunction): Code {
  const locals = list([
    [unsigned(integers), i32Type],
    [unsigned(vectors), v128Type],
  ]);
  return sized([locals, body, 0x0b]);
}

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}

function sized(content: Code): Code {
  return [unsigned(flat(content).length), content];
}

function list(items: readonly Code[]): Code {
  return [unsigned(items.length), ...items];
}

function text(name: string): Code {
  return list(Array.from(name, (letter) => [letter.charCodeAt(0)]));
}

function flat(code: Code): number[] {
  return code.flatMap((part) => (typeof part === 'number' ? [part] : flat(part)));
}
