import { type Ticks, ticksPerSecond, unixEpochTicks } from '@postern/core';
import type { Sign } from './sign.ts';
import { attributesAsWritten } from './split-page.ts';

/** What a compiled page tells: of the page it was made from, when, and of its imports. */
export interface CompiledPage {
  readonly signs: readonly Sign[];
  readonly names: ReadonlyMap<string, string>;
  /** `CompiledAt`: the linker's time in the head of an assembly. */
  readonly times?: ReadonlyMap<string, Ticks>;
}

/** A `.compiled` file: XML that says which page became which assembly. */
export function judgePreserved(text: string): CompiledPage {
  const tag = /<preserve\b[^<>]{0,4096}>/i.exec(text)?.[0];
  const names = new Map<string, string>();
  for (const [name, shown] of [
    ['virtualpath', 'VirtualPath'],
    ['assembly', 'Assembly'],
  ] as const) {
    const value = tag === undefined ? undefined : attributesAsWritten(tag).get(name);
    if (value !== undefined && value !== '') names.set(shown, value.slice(0, 260));
  }
  return { signs: [], names };
}

/** Names among the imports of an assembly that say: it reads what a visitor sends. */
const requestNames = ['get_Request', 'HttpRequest', 'get_InputStream'];
/** Pairs that together start programs, load code or compile it. One of each inner list is needed. */
const runners: readonly (readonly (readonly string[])[])[] = [
  [['ProcessStartInfo', 'Process'], ['Start']],
  [['Assembly', 'AppDomain'], ['Load'], ['CreateInstance', 'Invoke', 'get_EntryPoint']],
  [['CompileAssemblyFromSource']],
  [['AddScript'], ['Invoke']],
];

/**
 * An `App_Web_*.dll`. Names of imports stand in it as plain text; the path of the page as UTF-16. No page of
 * Exchange is written in JScript, so one that evaluates it and reads the request is a back door; one that starts
 * programs is suspicious.
 */
export function judgeAssembly(bytes: Uint8Array): CompiledPage {
  const text = new TextDecoder('latin1').decode(bytes);
  const path = wideTexts(text).find((found) => /^~?\/[\w./-]+\.(?:aspx|ashx|asmx|ascx)$/i.test(found));
  const compiled = linkedAt(bytes);
  return {
    signs: signsOf(text),
    names: path === undefined ? new Map() : new Map([['VirtualPath', path.replace(/^~/, '')]]),
    ...(compiled === undefined ? {} : { times: new Map([['CompiledAt', compiled]]) }),
  };
}

function signsOf(text: string): readonly Sign[] {
  if (!requestNames.some((name) => text.includes(`${name}\0`))) return [];
  const evaluates = text.indexOf('JScriptEvaluate\0');
  if (evaluates >= 0) return [{ code: 'compiled-evaluator', weight: 'remote-control', at: evaluates }];
  const runner = runners.find((needed) =>
    needed.every((names) => names.some((name) => text.includes(`\0${name}\0`))),
  );
  const [first = []] = runner ?? [];
  const at = Math.max(0, ...first.map((name) => text.indexOf(`\0${name}\0`) + 1));
  return runner === undefined ? [] : [{ code: 'compiled-runner', weight: 'suspicious', at }];
}

/** UTF-16 texts of printable Latin characters that begin with `/` or `~`. */
function wideTexts(text: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- the zero is the upper half of each character
  return [...text.matchAll(/[~/]\0(?:[ -~]\0){4,200}/g)].map((m) => m[0].replaceAll('\0', ''));
}

/** ASP.NET's first version and the end of 32-bit signed seconds: other values are no times. */
const [earliest, latest] = [1_010_000_000, 0x7fff_ffff];

/** The linker's time in the head of a portable executable (seconds since 1970); undefined where it says none. */
function linkedAt(bytes: Uint8Array): Ticks | undefined {
  if (bytes.length < 0x40 || bytes[0] !== 0x4d || bytes[1] !== 0x5a) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint32(0x3c, true);
  if (head + 12 > bytes.length || view.getUint32(head, true) !== 0x4550) return undefined;
  const seconds = view.getUint32(head + 8, true);
  if (seconds < earliest || seconds > latest) return undefined;
  return unixEpochTicks + BigInt(seconds) * ticksPerSecond;
}
