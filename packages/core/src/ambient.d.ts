// The few globals of every JavaScript engine that pure packages may use. They are declared here, because the
// types of Node and of browsers would bring files, clocks and the network with them. The node-facing packages
// and the tests take the same names from Node's types and never see this file.

interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

declare class TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions);
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { readonly stream?: boolean }): string;
}

declare class TextEncoder {
  readonly encoding: string;
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { readonly read: number; readonly written: number };
}

/** Only the name: type declarations of dependencies mention it (zod). There is nothing behind it to call. */
interface URL {
  readonly href: string;
}

/** WebAssembly as far as it is used: TypeScript declares it only together with browsers or Node. */
declare namespace WebAssembly {
  // oxlint-disable-next-line no-extraneous-class -- the engine has it as a class
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(pages: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
}
