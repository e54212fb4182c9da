import { at, type Code, sign } from './code.ts';
import { argumentsAt } from './outline.ts';
import type { Sign } from './sign.ts';
import { labels } from './sources.ts';
import { words } from './words.ts';

/** What only PHP has: functions called by a name in a variable, patterns that evaluate. */
export function phpSigns(code: Code, i: number, word: string): readonly Sign[] {
  const { tokens, close } = code.outline;
  if (word === 'preg_replace' || word === 'preg_filter') return preg(code, i);
  if (callers.has(word)) return callback(code, i);
  if (!word.startsWith('$')) return [];
  // `$f(…)`, `$_GET['f'](…)`: what is called comes from the request.
  let next = i + 1;
  while (tokens[next]?.text === '[' && close[next] !== next) next = (close[next] ?? next) + 1;
  const called = tokens[next]?.text === '(' && tokens[next]?.kind === 'sign' && tokens[i - 1]?.text !== '.';
  if (!called) return [];
  if ((code.flow.labelsIn(i, i + 1) & labels.data) !== 0)
    return [sign('request-to-function', 'remote-control', at(code, i))];
  const isFed = argumentsAt(code.outline, next).some(
    ([from, to]) => (code.flow.labelsIn(from, to) & labels.data) !== 0,
  );
  return isFed ? [sign('calls-by-variable', 'suspicious', at(code, i))] : [];
}

const callers = words(
  'call_user_func call_user_func_array array_map array_walk array_filter usort uasort uksort register_shutdown_function',
);
const runners = words('assert system exec passthru shell_exec popen proc_open pcntl_exec create_function');

/** `call_user_func('assert', $_POST['x'])`: the function is named, its data comes from the request. */
function callback(code: Code, i: number): readonly Sign[] {
  const args = argumentsAt(code.outline, i + 1);
  const named = args.some(
    ([from, to]) => to === from + 1 && runners.has(code.outline.tokens[from]?.text.toLowerCase() ?? ''),
  );
  const isFed = args.some(([from, to]) => (code.flow.labelsIn(from, to) & labels.data) !== 0);
  return named && isFed ? [sign('request-to-eval', 'remote-control', at(code, i))] : [];
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
