import { any128, copies8, get } from './wasm-code.ts';
import { moduleBytes, type KernelFunction } from './wasm-module.ts';

/**
 * Memory that kernels can work on: bytes of evidence are read into it, and are searched where they lie. Its size is
 * fixed, so that views of it stay valid.
 */
export interface WorkMemory {
  readonly buffer: ArrayBuffer;
  /** Address of `length` bytes that nobody else has, on a boundary of 16; undefined where there is no room left. */
  take(length: number): number | undefined;
  /** The functions of a kernel on this memory: made when first asked for. */
  kernel<Name extends string>(functions: readonly KernelFunction<Name>[]): Kernel<Name>;
}

/** Functions that take and give 32-bit integers; addresses are those in the memory. */
export type Kernel<Name extends string> = Readonly<Record<Name, (...values: readonly number[]) => number>>;

const pageBytes = 65_536;
/** Kernels look at sixteen bytes at a time, and at the next four: behind what anybody takes there is always so much. */
const slackBytes = 64;

const memories = new WeakMap<ArrayBufferLike, WorkMemory>();

/** The least that kernels need. */
const vectorKernel: readonly KernelFunction<'isAny'>[] = [
  { name: 'isAny', parameters: 1, integers: 0, vectors: 0, body: any128(copies8(get(0))) },
];

/**
 * Makes a memory of so many bytes; undefined where the machine does not give one: its addresses may be limited, and
 * processors without SSE 4.1 have no vectors (what virtual machines are given by default is one of those).
 */
export function makeWorkMemory(bytes: number): WorkMemory | undefined {
  const pages = Math.ceil((bytes + slackBytes) / pageBytes);
  try {
    const memory = new KernelMemory(new WebAssembly.Memory({ initial: pages, maximum: pages }));
    memory.kernel(vectorKernel);
    memories.set(memory.buffer, memory);
    return memory;
  } catch {
    return undefined;
  }
}

/** The work memory that some bytes lie in; undefined for all others, which are looked at without kernels. */
export function workMemoryOf({ buffer }: Uint8Array): WorkMemory | undefined {
  return memories.get(buffer);
}

/** The arguments of a typed array whose elements have so many bytes: in the memory, where that has room. */
export function arrayPlace(
  elements: number,
  bytes: number,
  memory: WorkMemory | undefined,
): [buffer: ArrayBuffer, at: number, elements: number] {
  const address = memory?.take(elements * bytes);
  if (memory === undefined || address === undefined) return [new ArrayBuffer(elements * bytes), 0, elements];
  return [memory.buffer, address, elements];
}

class KernelMemory implements WorkMemory {
  readonly buffer: ArrayBuffer;
  private readonly memory: WebAssembly.Memory;
  private readonly instances = new Map<readonly KernelFunction[], WebAssembly.Instance>();
  private taken = 0;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.buffer = memory.buffer;
  }

  take(length: number): number | undefined {
    const address = this.taken;
    const end = (address + length + 15) & ~15;
    if (end + slackBytes > this.buffer.byteLength) return undefined;
    this.taken = end;
    return address;
  }

  kernel<Name extends string>(functions: readonly KernelFunction<Name>[]): Kernel<Name> {
    const instance = this.instances.get(functions) ?? this.instantiate(functions);
    // What the module was made from says that it exports just these.
    return instance.exports as Kernel<Name>;
  }

  private instantiate(functions: readonly KernelFunction[]): WebAssembly.Instance {
    const module = new WebAssembly.Module(moduleBytes(functions));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.instances.set(functions, instance);
    return instance;
  }
}
