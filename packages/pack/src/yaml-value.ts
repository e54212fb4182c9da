import { readYaml, type YamlFile, type YamlNode } from '@postern/sigma';
import type { Finding } from './diagnostic.ts';

export type Report = (finding: Finding) => void;

interface Source {
  readonly placeOf: YamlFile['placeOf'];
  readonly firstLine: number;
  readonly report: Report;
}

/**
 * Reads one YAML document; undefined, and reported, if it is not well formed. `firstLine` is the line of the file at
 * which the text begins, for YAML inside other text.
 */
export function readYamlValue(text: string, report: Report, firstLine = 1): YamlValue | undefined {
  const { documents, placeOf } = readYaml(text);
  const [document, another] = documents;
  const problems = (document?.problems ?? []).filter(({ severity }) => severity === 'error');
  const faults = [
    ...problems,
    ...(another === undefined ? [] : [{ message: 'there is more than one document', at: another.at }]),
  ];
  for (const { message, at } of faults) {
    const { line, column } = placeOf(at);
    report({ code: 'POSTERN_PACK_YAML', message, line: line + firstLine - 1, column });
  }
  return faults.length > 0 ? undefined : new YamlValue({ placeOf, firstLine, report }, document?.root, '');
}

/**
 * A value of a YAML file that knows its place. Reading something that is not there or of another kind reports it with
 * file, line and path and gives an empty value, so that one run names all mistakes.
 */
export class YamlValue {
  private readonly source: Source;
  private readonly node: YamlNode | undefined;
  /** As `campaign.phases[2].from`. */
  readonly path: string;

  constructor(source: Source, node: YamlNode | undefined, path: string) {
    this.source = source;
    this.node = node;
    this.path = path;
  }

  /** Reports something about this value at its place. */
  complain(message: string, finding: Partial<Finding> = {}): void {
    const where = this.path === '' ? '' : `${this.path}: `;
    this.source.report({ code: 'POSTERN_PACK_VALUE', message: where + message, ...this.place(), ...finding });
  }

  place(): { line: number; column: number } {
    const { line, column } = this.source.placeOf(this.node?.at ?? 0);
    return { line: line + this.source.firstLine - 1, column };
  }

  /** The value behind a key, or undefined where it is absent or null. */
  optional(key: string): YamlValue | undefined {
    if (this.node?.kind !== 'map') return undefined;
    const value = this.node.entries.find((entry) => entry.key === key)?.value;
    if (value === undefined || isNull(value)) return undefined;
    return new YamlValue(this.source, value, this.path === '' ? key : `${this.path}.${key}`);
  }

  /** The value behind a key; a missing one is reported and reads as empty. */
  get(key: string): YamlValue {
    const value = this.optional(key);
    if (value !== undefined) return value;
    this.complain(`"${key}" is missing`);
    return new YamlValue({ ...this.source, report: () => {} }, undefined, key);
  }

  /** Text as it is written; numbers and dates too. */
  asText(): string {
    if (this.node?.kind === 'scalar' && this.node.value !== null) return this.node.text.trim();
    this.complain('this is not a text');
    return '';
  }

  asNumber(): number {
    const value = this.scalar();
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.complain('this is not a number');
    return 0;
  }

  asBoolean(): boolean {
    const value = this.scalar();
    if (typeof value === 'boolean') return value;
    this.complain('this is neither true nor false');
    return false;
  }

  asList(): YamlValue[] {
    if (this.node?.kind !== 'list') {
      this.complain('this is not a list');
      return [];
    }
    return this.node.items.map((item, i) => new YamlValue(this.source, item, `${this.path}[${i}]`));
  }

  /** Keys and values of a map, in the order of the file. */
  asEntries(): [string, YamlValue][] {
    if (this.node?.kind !== 'map') {
      this.complain('this is not a map');
      return [];
    }
    return this.node.entries.flatMap(({ key, value }) =>
      isNull(value)
        ? []
        : [[key, new YamlValue(this.source, value, this.path === '' ? key : `${this.path}.${key}`)]],
    );
  }

  private scalar(): string | number | boolean | null | undefined {
    return this.node?.kind === 'scalar' ? this.node.value : undefined;
  }

  text(key: string): string {
    return this.get(key).asText();
  }

  optionalText(key: string): string | undefined {
    return this.optional(key)?.asText();
  }

  list(key: string): YamlValue[] {
    return this.optional(key)?.asList() ?? [];
  }

  texts(key: string): string[] {
    return this.list(key).map((item) => item.asText());
  }

  /** A text that is one of `allowed`; the first of them, and a report, for any other. */
  choice<T extends string>(key: string, allowed: readonly [T, ...T[]]): T {
    const value = this.get(key);
    const text = value.asText();
    const found = allowed.find((choice) => choice === text);
    if (found === undefined && text !== '') value.complain(`"${text}" is none of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  }

  /** Reports keys that nobody reads. */
  onlyKeys(...known: readonly string[]): void {
    for (const [key, value] of this.asEntries()) {
      if (known.includes(key)) continue;
      value.complain(`nobody reads this key; known are ${known.join(', ')}`, {
        code: 'POSTERN_PACK_UNKNOWN_KEY',
      });
    }
  }
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
