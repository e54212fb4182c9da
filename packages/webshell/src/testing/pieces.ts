// Shell code for tests, put together at run time: a checkout must not hold text that a virus scanner eats.

const pieces: ReadonlyMap<string, readonly string[]> = new Map([
  ['eval', ['ev', 'al']],
  ['Eval', ['Ev', 'al']],
  ['unsafe', ['un', 'safe']],
  ['script', ['scr', 'ipt']],
  ['server', ['ser', 'ver']],
  ['Request', ['Req', 'uest']],
  ['request', ['req', 'uest']],
  ['Process', ['Pro', 'cess']],
  ['Start', ['St', 'art']],
  ['cmd', ['c', 'md']],
  ['Assembly', ['Ass', 'embly']],
  ['Load', ['Lo', 'ad']],
  ['Execute', ['Exe', 'cute']],
  ['SaveAs', ['Sav', 'eAs']],
  ['system', ['sys', 'tem']],
  ['assert', ['ass', 'ert']],
  ['Runtime', ['Run', 'time']],
  ['exec', ['ex', 'ec']],
  ['php', ['?p', 'hp']],
  ['File', ['Fi', 'le']],
  ['post', ['$_PO', 'ST']],
]);

/** `{eval}({Request}["k"])` with each `{name}` replaced by the word it stands for. */
export function joined(text: string): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => pieces.get(name)?.join('') ?? all);
}

/** As {@link joined}, as UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(joined(text));
}

/** UTF-16, little or big endian, with or without its mark. */
export function utf16Of(
  text: string,
  options: { readonly bigEndian?: boolean; readonly mark?: boolean },
): Uint8Array {
  const whole = (options.mark === true ? '\ufeff' : '') + joined(text);
  const bytes = new Uint8Array(whole.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < whole.length; i++)
    view.setUint16(2 * i, whole.charCodeAt(i), options.bigEndian !== true);
  return bytes;
}
