import { at, type Code, sign } from './code.ts';
import { argumentsAt } from './outline.ts';
import type { Sign } from './sign.ts';
import { labels } from './sources.ts';

/** What only PHP has: functions called by a name in a variable, patterns that evaluate. */
export function phpSigns(code: Code, i: number, word: string): readonly Sign[] {
  const { tokens, close } = code.outline;
  if (word === 'preg_replace' || word === 'preg_filter') return preg(code, i);
  if (!word.startsWith('$')) return [];
  // `$f(…)`, `$_GET['f'](…)`: what is called comes from the request.
  let next = i + 1;
  while (tokens[next]?.text === '[' && close[next] !== next) next = (close[next] ?? next) + 1;
  const called = tokens[next]?.text === '(' && tokens[next]?.kind === 'sign' && tokens[i - 1]?.text !== '.';
  if (!called || (code.flow.labelsIn(i, i + 1) & labels.data) === 0) return [];
  return [sign('request-to-function', 'remote-control', at(code, i))];
}

function preg(code: Code, i: number): readonly Sign[] {
  const [pattern, ...rest] = argumentsAt(code.outline, i + 1);
  const text = code.outline.tokens[pattern?.[0] ?? -1];
  if (text?.kind !== 'text' || !/[^\w\s\\][imsxu]*e[imsxu]*$/i.test(text.text.slice(-12))) return [];
  const fed = rest.some(([from, to]) => (code.flow.labelsIn(from, to) & labels.data) !== 0);
  return [
    sign(fed ? 'request-to-eval' : 'evaluates-script', fed ? 'remote-control' : 'suspicious', at(code, i)),
  ];
}
