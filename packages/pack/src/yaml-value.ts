import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Finding } from './diagnostic.ts';

export type Report = (finding: Finding) => void;

interface Source {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly firstLine: number;
  readonly report: Report;
}

/**
 * Reads one YAML document; undefined, and reported, if it is not well formed. `firstLine` is the line of the file at
 * which the text begins, for YAML inside other text.
 */
export function readYamlValue(text: string, report: Report, firstLine = 1): YamlValue | undefined {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      lineCounter: lines,
      prettyErrors: false,
    });
    const source = { document, lines, firstLine, report };
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      report({ code: 'POSTERN_PACK_YAML', message: error.message, line: line + firstLine - 1, column: col });
    }
    return document.errors.length > 0 ? undefined : new YamlValue(source, document.contents, '');
  } catch (error) {
    // The parser recurses: a file of ten thousand brackets exhausts its stack.
    if (!(error instanceof RangeError)) throw error;
    report({ code: 'POSTERN_PACK_YAML', message: 'the values are nested too deeply' });
    return undefined;
  }
}

/**
 * A value of a YAML file that knows its place. Reading something that is not there or of another kind reports it with
 * file, line and path and gives an empty value, so that one run names all mistakes.
 */
export class YamlValue {
  private readonly source: Source;
  private readonly node: unknown;
  /** As `campaign.phases[2].from`. */
  readonly path: string;

  constructor(source: Source, node: unknown, path: string) {
    this.source = source;
    this.node = isAlias(node) ? node.resolve(source.document) : node;
    this.path = path;
  }

  /** Reports something about this value at its place. */
  complain(message: string, finding: Partial<Finding> = {}): void {
    const where = this.path === '' ? '' : `${this.path}: `;
    this.source.report({ code: 'POSTERN_PACK_VALUE', message: where + message, ...this.place(), ...finding });
  }

  place(): { line: number; column: number } {
    const hasRange = isScalar(this.node) || isMap(this.node) || isSeq(this.node);
    const { line, col } = this.source.lines.linePos((hasRange ? this.node.range?.[0] : undefined) ?? 0);
    return { line: Math.max(1, line) + this.source.firstLine - 1, column: Math.max(1, col) };
  }

  /** The value behind a key, or undefined where it is absent or null. */
  optional(key: string): YamlValue | undefined {
    if (!isMap(this.node)) return undefined;
    const value = this.node.get(key, true);
    if (value === undefined || (isScalar(value) && value.value === null)) return undefined;
    return new YamlValue(this.source, value, this.path === '' ? key : `${this.path}.${key}`);
  }

  /** The value behind a key; a missing one is reported and reads as empty. */
  get(key: string): YamlValue {
    const value = this.optional(key);
    if (value !== undefined) return value;
    this.complain(`"${key}" is missing`);
    return new YamlValue({ ...this.source, report: () => {} }, null, key);
  }

  /** Text as it is written; numbers and dates too. */
  asText(): string {
    if (isScalar(this.node) && this.node.value !== null) {
      return typeof this.node.value === 'string' ? this.node.value.trim() : (this.node.source ?? '');
    }
    this.complain('this is not a text');
    return '';
  }

  asNumber(): number {
    const value = isScalar(this.node) ? this.node.value : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.complain('this is not a number');
    return 0;
  }

  asBoolean(): boolean {
    const value = isScalar(this.node) ? this.node.value : undefined;
    if (typeof value === 'boolean') return value;
    this.complain('this is neither true nor false');
    return false;
  }

  asList(): YamlValue[] {
    if (!isSeq(this.node)) {
      this.complain('this is not a list');
      return [];
    }
    return this.node.items.map((item, i) => new YamlValue(this.source, item, `${this.path}[${i}]`));
  }

  /** Keys and values of a map, in the order of the file. */
  asEntries(): [string, YamlValue][] {
    if (!isMap(this.node)) {
      this.complain('this is not a map');
      return [];
    }
    return this.node.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      if (value === null || (isScalar(value) && value.value === null)) return [];
      return [[name, new YamlValue(this.source, value, this.path === '' ? name : `${this.path}.${name}`)]];
    });
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
