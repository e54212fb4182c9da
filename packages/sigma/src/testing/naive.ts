// A second reading of Sigma, as plain and slow as can be, to hold the compiled one against. It shares no code with it:
// wildcards become JavaScript expressions, windash is written out, every record is a map of texts.

/** One line of a selection. */
export interface NaiveItem {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly (string | number | boolean | null)[];
}

/** All items of one inner list; any of the inner lists. Keywords are an item without a field. */
export type NaiveSelection = readonly (readonly NaiveItem[])[];

export type NaiveCondition =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'of'; readonly quantity: '1' | 'any' | 'all'; readonly pattern: string }
  | { readonly kind: 'and'; readonly parts: readonly NaiveCondition[] }
  | { readonly kind: 'or'; readonly parts: readonly NaiveCondition[] }
  | { readonly kind: 'not'; readonly part: NaiveCondition };

export interface NaiveRule {
  readonly selections: Readonly<Record<string, NaiveSelection>>;
  readonly condition: NaiveCondition;
}

/** Field → its texts (several: a list), null where it is absent. */
export type NaiveRecord = ReadonlyMap<string, readonly string[] | null>;

/** What the log family changes: letter case, agents, and which texts stand for a field. */
export interface NaiveWorld {
  readonly fold: (text: string) => string;
  readonly isAgent: (field: string) => boolean;
  /** Texts of a field for comparisons; the record's own if undefined. */
  readonly views: (record: NaiveRecord, field: string) => readonly string[] | null;
  /** Texts of a field where it is compared with another one. */
  readonly own: (record: NaiveRecord, field: string) => readonly string[] | null;
  readonly leaves: (record: NaiveRecord) => readonly string[];
}

/** Simple lower-casing, one code point at a time. */
export function naiveFold(text: string): string {
  return Array.from(text, (char) => (char === '\u0130' ? 'i' : char.toLowerCase())).join('');
}

/** The same, with İ and the Kelvin sign left alone. */
export function naiveScannedFold(text: string): string {
  return Array.from(text, (char) => ('\u0130\u212a'.includes(char) ? char : char.toLowerCase())).join('');
}

/** Windows events: fields are what they are. */
export const plainWorld: NaiveWorld = {
  fold: naiveFold,
  isAgent: () => false,
  views: (record, field) => record.get(field) ?? null,
  own: (record, field) => record.get(field) ?? null,
  leaves: (record) => [...record.values()].flatMap((texts) => texts ?? []),
};

export function naiveHolds(rule: NaiveRule, record: NaiveRecord, world: NaiveWorld): boolean {
  const select = (name: string): boolean =>
    (rule.selections[name] ?? []).some((items) => items.every((item) => itemHolds(item, record, world)));
  const check = (condition: NaiveCondition): boolean => {
    if (condition.kind === 'name') return select(condition.name);
    if (condition.kind === 'not') return !check(condition.part);
    if (condition.kind === 'and') return condition.parts.every(check);
    if (condition.kind === 'or') return condition.parts.some(check);
    const names = namesOf(Object.keys(rule.selections), condition.pattern);
    return condition.quantity === 'all' ? names.every(select) : names.some(select);
  };
  return check(rule.condition);
}

function namesOf(names: readonly string[], pattern: string): string[] {
  const wanted = pattern === 'them' ? /^[^_]/ : new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  return names.filter((name) => wanted.test(name) && (pattern.startsWith('_') || !name.startsWith('_')));
}

function itemHolds(item: NaiveItem, record: NaiveRecord, world: NaiveWorld): boolean {
  const results = item.values.map((value) => valueHolds(item, value, record, world));
  const joined = item.modifiers.includes('all') ? results.every(Boolean) : results.some(Boolean);
  return item.modifiers.includes('neq') ? !joined : joined;
}

function valueHolds(
  item: NaiveItem,
  value: NaiveItem['values'][number],
  record: NaiveRecord,
  world: NaiveWorld,
): boolean {
  const { field, modifiers } = item;
  const own = record.get(field) ?? null;
  if (modifiers.includes('exists')) return (own !== null) === value;
  if (value === null) return own === null;
  if (modifiers.includes('fieldref'))
    return referenceHolds(item, world.own(record, field), world.own(record, String(value)), world);
  const texts = field === '' ? world.leaves(record) : world.views(record, field);
  if (texts === null) return false;
  if (modifiers.includes('re')) {
    const flags = `${modifiers.includes('i') ? 'i' : ''}u`;
    return texts.some((text) => new RegExp(String(value), flags).test(text));
  }
  if (modifiers.includes('gt'))
    return texts.some((text) => /^-?\d+(?:\.\d+)?$/.test(text) && Number(text) > Number(value));
  const isPlain = modifiers.every((name) => name === 'all' || name === 'neq' || name === 'cased');
  if (typeof value === 'number' && isPlain && field !== '')
    return texts.some(
      (text) => text === String(value) || (/^-?\d+(?:\.\d+)?$/.test(text) && Number(text) === value),
    );
  const fits = patternFits(item, String(value), world);
  return texts.some(fits);
}

function referenceHolds(
  item: NaiveItem,
  texts: readonly string[] | null,
  others: readonly string[] | null,
  world: NaiveWorld,
): boolean {
  const fold = item.modifiers.includes('cased') ? (text: string): string => text : world.fold;
  return (texts ?? []).some((text) =>
    (others ?? []).some((other) =>
      item.modifiers.includes('contains') ? fold(text).includes(fold(other)) : fold(text) === fold(other),
    ),
  );
}

function patternFits(
  { field, modifiers }: NaiveItem,
  value: string,
  world: NaiveWorld,
): (text: string) => boolean {
  const fold = modifiers.includes('cased') ? (text: string): string => text : world.fold;
  const agent = world.isAgent(field)
    ? (text: string): string => text.replaceAll(/[+, ]+/g, ' ')
    : (text: string): string => text;
  const anywhere =
    modifiers.includes('contains') || (field === '' && !modifiers.some((name) => name.endsWith('with')));
  const before = anywhere || modifiers.includes('endswith') ? '[^]*' : '';
  const after = anywhere || modifiers.includes('startswith') ? '[^]*' : '';
  const patterns = variants(value, modifiers).map(
    (variant) =>
      new RegExp(`^${before}(?:${globSource(variant, (text) => fold(agent(text)))})${after}$`, 'u'),
  );
  return (text) => patterns.some((pattern) => pattern.test(fold(agent(text))));
}

function variants(value: string, modifiers: readonly string[]): string[] {
  if (modifiers.includes('base64')) return [Buffer.from(value).toString('base64')];
  if (modifiers.includes('base64offset'))
    return [0, 1, 2].map((shift) => shiftedBase64(Buffer.from(value), shift));
  if (!modifiers.includes('windash')) return [value];
  const at = [...value.matchAll(/(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/gu)].map(({ index }) => index);
  return at.reduce(
    (all, index) =>
      all.flatMap((text) =>
        Array.from('-/\u2013\u2014\u2015', (dash) => text.slice(0, index) + dash + text.slice(index + 1)),
      ),
    [value],
  );
}

/** What the Base64 of anything with `bytes` at this place of three surely holds, found by trying neighbours. */
function shiftedBase64(bytes: Buffer, shift: number): string {
  const around = (fill: number): string =>
    Buffer.concat([Buffer.alloc(shift, fill), bytes, Buffer.alloc(3, fill)]).toString('base64');
  const [a, b] = [around(0), around(255)];
  const start = Array.from(a).findIndex((_, i) => i * 6 >= shift * 8);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  if (a.slice(start, end) !== b.slice(start, end)) throw new Error('the neighbours show through');
  return a.slice(start, end);
}

/** A Sigma text as the source of a JavaScript expression. */
function globSource(text: string, change: (literal: string) => string): string {
  const tokens = text.match(/\\[\\*?]|[*?]|[^\\*?]+|\\/g) ?? [];
  let source = '';
  let literal = '';
  const flush = (): void => {
    source += change(literal).replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    literal = '';
  };
  for (const token of tokens) {
    if (token === '*' || token === '?') {
      flush();
      source += token === '*' ? '[^]*' : '[^]';
    } else literal += token.length === 2 && token.startsWith('\\') ? token.slice(1) : token;
  }
  flush();
  return source;
}

/** The rule as a Sigma document. JSON is YAML. */
export function naiveText(
  rule: NaiveRule,
  logsource: Readonly<Record<string, string>>,
  block?: Readonly<Record<string, unknown>>,
): string {
  const detection: Record<string, unknown> = { condition: conditionText(rule.condition) };
  for (const [name, selection] of Object.entries(rule.selections)) {
    detection[name] = selection.map((items) =>
      Object.fromEntries(items.map((item) => [[item.field, ...item.modifiers].join('|'), item.values])),
    );
  }
  return `${JSON.stringify({ title: 'made', logsource, detection, ...(block && { postern: block }) })}\n`;
}

function conditionText(condition: NaiveCondition): string {
  if (condition.kind === 'name') return condition.name;
  if (condition.kind === 'of') return `${condition.quantity} of ${condition.pattern}`;
  if (condition.kind === 'not') return `not (${conditionText(condition.part)})`;
  return condition.parts.map((part) => `(${conditionText(part)})`).join(` ${condition.kind} `);
}
