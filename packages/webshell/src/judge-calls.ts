import { chainHas } from './chain.ts';
import { anyData, argumentStart, at, type Code, inBindings, isDefinition, sign } from './code.ts';
import { argumentsAt } from './outline.ts';
import type { Sign, TraitCode } from './sign.ts';
import { type CallRule, callRules, processNames, processProperties } from './sinks.ts';
import { labels } from './sources.ts';

/** Calls that run, load or make something. */
export function callSign(code: Code, i: number, word: string): Sign | undefined {
  const rules = callRules.get(word);
  const start = rules === undefined ? undefined : argumentStart(code, i);
  if (rules === undefined || start === undefined || isDefinition(code, i)) return undefined;
  let alone: Sign | undefined;
  for (const rule of rules) {
    if (!fits(code, i, rule)) continue;
    if (isFed(code, i, start, rule)) return sign(rule.fed, 'remote-control', at(code, i));
    alone ??= aloneSign(code, i, start, rule);
  }
  return alone;
}

function fits(code: Code, i: number, rule: CallRule): boolean {
  if (rule.engines?.includes(code.engine) === false) return false;
  const { tokens } = code.outline;
  const member = tokens[i - 1]?.text === '.';
  if (rule.as === 'new' && tokens[i - 1]?.text !== 'new' && !chainHas(code.outline, i, ['new'])) return false;
  if (rule.as === 'free' ? member : rule.as === 'member' && !member) return false;
  if (rule.of !== undefined && !chainHas(code.outline, i, rule.of)) return false;
  if (rule.near !== undefined && !rule.near.some((word) => code.mentions.has(word))) return false;
  // In a binding of JScript `Eval` is the language's own, if what it is given comes from the request.
  return word(code, i) !== 'eval' || code.evaluates || !isBinding(code, i);
}

function word({ outline }: Code, i: number): string {
  return outline.tokens[i]?.text ?? '';
}

function isBinding(code: Code, i: number): boolean {
  if (code.outline.tokens[i - 2]?.text === 'databinder') return true;
  return inBindings(code.bindings, at(code, i));
}

/** Calls that take code: text that reads the request is as good as the request itself. */
const evaluating: ReadonlySet<TraitCode> = new Set([
  'request-to-eval',
  'request-to-compiler',
  'request-to-function',
]);

function isFed(code: Code, i: number, start: number, rule: CallRule): boolean {
  const { outline, flow } = code;
  const args = argumentsAt(outline, start);
  const wanted = rule.argument === undefined ? args : args.slice(rule.argument, rule.argument + 1);
  const counts = evaluating.has(rule.fed) ? anyData | labels.quoted : anyData;
  if (wanted.some(([from, to]) => (flow.labelsIn(from, to) & counts) !== 0)) return true;
  return (
    rule.object === true && outline.tokens[i - 1]?.text === '.' && (flow.receiver(i - 1) & anyData) !== 0
  );
}

function aloneSign(code: Code, i: number, start: number, rule: CallRule): Sign | undefined {
  if (rule.alone === undefined) return undefined;
  const { outline } = code;
  const args = argumentsAt(outline, start);
  const literal =
    args.length > 0 && args.every(([from, to]) => to === from + 1 && outline.tokens[from]?.kind === 'text');
  if (rule.alone === 'evaluates-script' && (!code.evaluates || args.length === 0)) return undefined;
  if (rule.word === 'eval' && isBinding(code, i)) return undefined;
  // PHP's own programs are called with a text; what a variable says is somebody's choice.
  if (rule.alone === 'starts-process' && code.engine === 'php' && (literal || args.length === 0))
    return undefined;
  if (rule.alone === 'loads-assembly') {
    const first = outline.tokens[args[0]?.[0] ?? -1];
    if (first?.kind === 'text' && first.text.startsWith('MZ'))
      return sign('embedded-assembly', 'suspicious', at(code, i));
    if (literal) return undefined;
  }
  return sign(rule.alone, rule.aloneWeight ?? 'suspicious', at(code, i));
}

/** `info.Arguments = …` where the page starts programs. */
export function propertySign(code: Code, i: number, word: string): Sign | undefined {
  if (!processProperties.has(word) || !processNames.some((name) => code.outline.words.has(name)))
    return undefined;
  const { tokens, end } = code.outline;
  if (tokens[i + 1]?.text !== '=') return undefined;
  const fed = code.flow.labelsIn(i + 2, Math.max(i + 2, end[i + 1] ?? i)) & anyData;
  return fed === 0 ? undefined : sign('request-to-process', 'remote-control', at(code, i));
}
