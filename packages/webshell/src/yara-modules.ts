/**
 * For a thread that the YARA engine has for itself, once its rules are compiled: YARA-X's WebAssembly build makes a
 * module of the conditions of all rules anew for every file that it scans, always from the same bytes. The one made last
 * is given again; it holds no state. Of 12 ms a file with 7 rules that saved 5, of 42 ms with 850 rules 9 (Node 24).
 */
export function keepLastModule(): void {
  const Compiled = WebAssembly.Module;
  let last: { readonly bytes: Uint8Array; readonly module: WebAssembly.Module } | undefined;
  const compile = (bytes: Uint8Array): WebAssembly.Module => {
    if (last === undefined || !isSame(last.bytes, bytes))
      last = { bytes: bytes.slice(), module: new Compiled(bytes) };
    return last.module;
  };
  const remembering = new Proxy(Compiled, {
    construct(_, [source]: [unknown]): WebAssembly.Module {
      if (!(source instanceof Uint8Array)) throw new TypeError('the engine gives bytes');
      return compile(source);
    },
  });
  Reflect.set(WebAssembly, 'Module', remembering);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
