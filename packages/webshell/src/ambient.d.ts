// The two names of WebAssembly that the YARA adapter needs. They are part of every engine that runs JavaScript, but
// TypeScript declares them only together with browsers or Node.

declare namespace WebAssembly {
  // oxlint-disable-next-line no-extraneous-class -- the engine has it as a class
  class Module {
    constructor(bytes: Uint8Array);
  }
}

interface ImportMeta {
  resolve(specifier: string): string;
}
