import { giveUp } from './quick-yaml-lines.ts';
import type { YamlScalar } from './yaml-node.ts';

/** The texts that stand for something else. */
export const words: RegExp = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;
const decimal = /^(?:0|-?[1-9]\d{0,14})$/;
/** May be a number in a form that is not read here. */
const numeric =
  /^[-+]?(?:\.?\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

/** What a text without quotes stands for. */
export function plainValue(written: string): YamlScalar['value'] {
  if (words.test(written)) {
    const lower = written.toLowerCase();
    return lower === 'true' ? true : lower === 'false' ? false : null;
  }
  if (decimal.test(written)) return Number(written);
  return numeric.test(written) ? giveUp() : written;
}
