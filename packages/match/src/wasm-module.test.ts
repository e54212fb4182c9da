import { describe, expect, it, vi } from 'vitest';
import { add, get, i32, load32, load8, store32, store8, unsigned, type Code } from './wasm-code.ts';
import type { KernelFunction } from './wasm-module.ts';
import { makeWorkMemory, workMemoryOf } from './work-memory.ts';

function run(body: Code, ...values: readonly number[]): number {
  const functions: readonly KernelFunction<'run'>[] = [
    { name: 'run', parameters: values.length, integers: 0, vectors: 0, body },
  ];
  return (
    makeWorkMemory(100_000)
      ?.kernel(functions)
      .run(...values) ?? Number.NaN
  );
}

describe('a module', () => {
  it('holds numbers of every length as they were written', () => {
    for (const value of [0, 1, 63, 64, 127, 128, 8191, 8192, 300_000, 0x7fffffff])
      for (const number of [value, -value - 1]) expect(run(i32(number))).toBe(number);
  });

  it('writes unsigned numbers in groups of seven bits', () => {
    expect(unsigned(0x7f)).toEqual([0x7f]);
    expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  });

  it('reads and writes memory at an address and an offset', () => {
    expect(run([store32(get(0), i32(0x01020304), 200), load8(add(get(0), i32(2)), 200)], 1000)).toBe(2);
    expect(run([store8(get(0), i32(0x1ff)), load32(get(0))], 70_001)).toBe(0xff);
  });
});

describe('work memory', () => {
  it('gives each taker bytes of his own, on a boundary of 16, and nothing beyond its end', () => {
    const memory = makeWorkMemory(65_536 - 64);
    const [first = -1, second = -1] = [memory?.take(5), memory?.take(30_000)];
    expect(second - first).toBe(16);
    expect(memory?.take(40_000)).toBeUndefined();
    expect(memory?.take(16)).toBe(second + 30_000);
  });

  it('is known by the bytes that lie in it', () => {
    const memory = makeWorkMemory(1000);
    expect(workMemoryOf(new Uint8Array(memory?.buffer ?? new ArrayBuffer(0), 8, 8))).toBe(memory);
    expect(workMemoryOf(new Uint8Array(8))).toBeUndefined();
  });

  it('is not given where there is not so much', () => {
    expect(makeWorkMemory(2 ** 40)).toBeUndefined();
  });

  it('is not given where the processor has no vectors', () => {
    const Memory: unknown = Reflect.get(Object(Reflect.get(globalThis, 'WebAssembly')), 'Memory');
    const Module = function refuse(): never {
      throw new Error('Wasm SIMD unsupported');
    };
    vi.stubGlobal('WebAssembly', { Memory, Module });
    expect(makeWorkMemory(1000)).toBeUndefined();
    vi.unstubAllGlobals();
    expect(makeWorkMemory(1000)).toBeDefined();
  });
});
