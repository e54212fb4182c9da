import type { Sign } from './sign.ts';
import { attributesAsWritten } from './split-page.ts';

/** What a compiled page tells: of the page it was made from, and of its imports. */
export interface CompiledPage {
  readonly signs: readonly Sign[];
  readonly names: ReadonlyMap<string, string>;
}

/** A `.compiled` file: XML that says which page became which assembly. */
export function judgePreserved(text: string): CompiledPage {
  const tag = /<preserve\b[^>]{0,4096}>/i.exec(text)?.[0];
  const names = new Map<string, string>();
  for (const [name, shown] of [
    ['virtualpath', 'VirtualPath'],
    ['assembly', 'Assembly'],
  ] as const) {
    const value = tag === undefined ? undefined : attributesAsWritten(tag).get(name);
    if (value !== undefined) names.set(shown, value.slice(0, 260));
  }
  return { signs: [], names };
}

const evaluators = ['JScriptEvaluate'];
const requestImports = ['get_Request', 'HttpRequest'];

/**
 * An `App_Web_*.dll`. Names of imports stand in it as plain text; the path of the page as UTF-16. No page of
 * Exchange is written in JScript, so one that evaluates it and reads the request is a back door.
 */
export function judgeAssembly(bytes: Uint8Array): CompiledPage {
  const text = new TextDecoder('latin1').decode(bytes);
  const evaluates = evaluators.map((name) => text.indexOf(name)).find((at) => at >= 0);
  const reads = requestImports.some((name) => text.includes(name));
  const signs: Sign[] = [];
  if (evaluates !== undefined && reads)
    signs.push({ code: 'compiled-evaluator', weight: 'remote-control', at: evaluates });
  const path = wideTexts(text).find((found) => /^~?\/[\w./-]+\.(?:aspx|ashx|asmx|ascx)$/i.test(found));
  return { signs, names: path === undefined ? new Map() : new Map([['VirtualPath', path]]) };
}

/** UTF-16 texts of printable Latin characters that begin with `/` or `~`. */
function wideTexts(text: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- the zero is the upper half of each character
  return [...text.matchAll(/[~/]\0(?:[ -~]\0){4,200}/g)].map((m) => m[0].replaceAll('\0', ''));
}
