import type { AdviceRule, AdviceStep } from '@postern/core';
import { readYamlValue, type Report, type YamlValue } from './yaml-value.ts';

/** Where a piece of advice and its condition stand, for checks. */
export interface LoadedAdvice {
  readonly rule: AdviceRule;
  readonly file: string;
  readonly line: number;
}

/**
 * Reads `advice/ID.LANG.md`: YAML between two `---` lines (`title`, `order`, `when {all, any, none}`, `because`,
 * `doneWhen`, `source`), then steps. A step begins with its number (`1. What to do`), goes on over indented lines,
 * may have one fenced block (its command) and a line `destroys: what is lost by it`. Anything else is reported.
 */
export function readAdvice(file: string, text: string, report: Report): LoadedAdvice | undefined {
  const name = /([a-z0-9-]+)\.([a-z]{2})\.md$/.exec(file);
  const parts = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (name === null || parts === null) {
    const message =
      name === null ? 'the name is not ID.LANG.md' : 'there is no YAML between two lines of three hyphens';
    report({ code: 'POSTERN_PACK_ADVICE', message });
    return undefined;
  }
  const [, id = '', language = ''] = name;
  const [, front = '', body = ''] = parts;
  const root = readYamlValue(`${front}\n`, report, 2);
  if (root === undefined) return undefined;
  const steps = readSteps(body, text.slice(0, text.length - body.length).split('\n').length, report);
  return { rule: { id, language, ...readFront(root), steps }, file, line: 1 };
}

function readFront(root: YamlValue): Omit<AdviceRule, 'id' | 'language' | 'steps'> {
  root.onlyKeys('title', 'order', 'when', 'because', 'doneWhen', 'source');
  const when = root.get('when');
  when.onlyKeys('all', 'any', 'none');
  const condition = {
    ...(when.optional('all') === undefined ? {} : { all: when.texts('all') }),
    ...(when.optional('any') === undefined ? {} : { any: when.texts('any') }),
    ...(when.optional('none') === undefined ? {} : { none: when.texts('none') }),
  };
  if (Object.keys(condition).length === 0) when.complain('a condition needs all, any or none');
  return {
    title: root.text('title'),
    order: root.get('order').asNumber(),
    when: condition,
    because: root.texts('because'),
    doneWhen: root.text('doneWhen'),
    source: root.text('source'),
  };
}

interface OpenStep {
  text: string;
  command?: string;
  destroys?: string;
}

/** Goes through the lines of the body; `fence` holds the lines of an open fenced block. */
function readSteps(body: string, firstLine: number, report: Report): AdviceStep[] {
  const steps: OpenStep[] = [];
  let fence: string[] | undefined;
  body.split(/\r?\n/).forEach((line, i) => {
    const complain = (message: string): void => {
      report({ code: 'POSTERN_PACK_ADVICE', message, line: firstLine + i });
    };
    const step = steps.at(-1);
    if (fence !== undefined) {
      if (!/^\s*```\s*$/.test(line)) fence.push(line);
      else fence = closeFence(step, fence, complain);
      return;
    }
    if (/^\s*```/.test(line)) fence = [];
    else readLine(line, steps, complain);
  });
  if (fence !== undefined)
    report({ code: 'POSTERN_PACK_ADVICE', message: 'a fenced block is not closed', line: firstLine });
  if (steps.length === 0)
    report({ code: 'POSTERN_PACK_ADVICE', message: 'there is no step', line: firstLine });
  return steps;
}

function closeFence(
  step: OpenStep | undefined,
  lines: readonly string[],
  complain: (message: string) => void,
): undefined {
  if (step === undefined) complain('a command stands before the first step');
  else if (step.command !== undefined) complain('a step has one command; begin a new step');
  else step.command = dedent(lines);
}

function dedent(lines: readonly string[]): string {
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents);
  return lines
    .map((line) => line.slice(Number.isFinite(least) ? least : 0))
    .join('\n')
    .trim();
}

function readLine(line: string, steps: OpenStep[], complain: (message: string) => void): void {
  if (line.trim() === '') return;
  const step = steps.at(-1);
  const begun = /^(\d+)\.\s+(.*)$/.exec(line);
  if (begun !== null) {
    if (Number(begun[1]) !== steps.length + 1) complain(`this is step ${steps.length + 1}, not ${begun[1]}`);
    steps.push({ text: begun[2] ?? '' });
    return;
  }
  const destroys = /^\s+destroys:\s*(.+)$/.exec(line)?.[1];
  if (step === undefined) complain('text before the first step');
  else if (destroys !== undefined) step.destroys = destroys.trim();
  else if (/^\s/.test(line)) step.text += ` ${line.trim()}`;
  else complain('a line that belongs to no step: number it or indent it');
}
