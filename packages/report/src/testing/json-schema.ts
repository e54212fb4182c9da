import fc from 'fast-check';
import { parseTime, type Assessment } from '@postern/core';
import { assessmentJsonSchema } from '../schema.ts';

/** The keywords that the shipped schema uses; {@link violations} refuses any other, so that none is passed over. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const known = new Set([
  '$schema',
  '$id',
  'title',
  'description',
  'readOnly',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
  'enum',
  'const',
  'anyOf',
  'minimum',
  'maximum',
]);

export function shippedSchema(): Schema {
  return assessmentJsonSchema();
}

/** What a value does wrong by a JSON Schema, each with its place; empty where it is valid. */
export function violations(value: unknown, schema: Schema, place = '$'): readonly string[] {
  const foreign = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (foreign.length > 0) return [`${place}: keyword ${foreign.join(', ')}`];
  const choices = choicesOf(schema);
  if (choices !== undefined) {
    const all = choices.map((each) => violations(value, each, place));
    return all.some((each) => each.length === 0) ? [] : all.flat();
  }
  const wrong = (text: string): readonly string[] => [`${place}: ${text}`];
  if (schema.const !== undefined && value !== schema.const) return wrong('not the constant');
  if (schema.enum !== undefined && !schema.enum.includes(String(value))) return wrong('not in the list');
  if (schema.type === 'array')
    return Array.isArray(value) ? itemsWrong(value, schema, place) : wrong('no array');
  if (schema.type === 'object') return objectWrong(value, schema, place);
  if (schema.type === 'null') return value === null ? [] : wrong('not null');
  if (schema.type === 'number' || schema.type === 'integer') return numberWrong(value, schema, place);
  return schema.type === undefined || typeof value === schema.type ? [] : wrong('another type');
}

/** Alternatives, also where they are written as a list of types. */
function choicesOf({ anyOf, type, ...rest }: Schema): readonly Schema[] | undefined {
  return anyOf ?? (Array.isArray(type) ? type.map((each: string) => ({ ...rest, type: each })) : undefined);
}

function itemsWrong(values: readonly unknown[], { items = {} }: Schema, place: string): readonly string[] {
  return values.flatMap((value, i) => violations(value, items, `${place}[${i}]`));
}

function objectWrong(value: unknown, schema: Schema, place: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place}: no object`];
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const inside = Object.entries(value).flatMap(([name, part]) => {
    const own = schema.properties?.[name] ?? schema.additionalProperties;
    if (own === undefined || own === false) return [`${place}.${name}: not foreseen`];
    return violations(part, own, `${place}.${name}`);
  });
  return [...missing.map((name) => `${place}.${name}: missing`), ...inside];
}

function numberWrong(value: unknown, { type, minimum, maximum }: Schema, place: string): readonly string[] {
  if (typeof value !== 'number') return [`${place}: no number`];
  if (type === 'integer' && !Number.isInteger(value)) return [`${place}: no integer`];
  const isOut = (minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum);
  return isOut ? [`${place}: out of range`] : [];
}

/** Values that the schema allows, with such strings wherever it allows any. */
export function anyAssessment(strings: fc.Arbitrary<string>): fc.Arbitrary<Assessment> {
  return arbitraryOf(shippedSchema(), strings) as fc.Arbitrary<Assessment>;
}

function arbitraryOf(schema: Schema, strings: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const choices = choicesOf(schema);
  if (choices !== undefined) return fc.oneof(...choices.map((each) => arbitraryOf(each, strings)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === 'array') return fc.array(arbitraryOf(schema.items ?? {}, strings), { maxLength: 3 });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'integer') return fc.nat();
  if (schema.type === 'number') return fc.integer({ min: -1e9, max: 1e15 });
  if (schema.type === 'object') return objectArbitrary(schema, strings);
  return strings;
}

function objectArbitrary(schema: Schema, strings: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  if (schema.properties === undefined) {
    const values = arbitraryOf(schema.additionalProperties || {}, strings);
    // `__proto__` as a key would set the prototype of the object that is made here.
    return fc.dictionary(
      strings.filter((name) => name !== '__proto__'),
      values,
      { maxKeys: 2 },
    );
  }
  const parts = Object.entries(schema.properties).map(
    ([name, part]) => [name, arbitraryOf(part, strings)] as const,
  );
  return fc.record(Object.fromEntries(parts), { requiredKeys: [...(schema.required ?? [])] });
}

/**
 * A copy in which every string that the schema leaves free carries a hostile one; equal strings stay equal. Times may
 * stay as they are: without them there are neither bars nor charts to be attacked.
 */
export function poisoned<T>(value: T, hostile: string, timesToo: boolean): T {
  const dress = (text: string): string =>
    !timesToo && parseTime(text) !== undefined ? text : hostile + text + hostile;
  return poison(value, dress, shippedSchema()) as T;
}

function poison(value: unknown, dress: (text: string) => string, schema: Schema): unknown {
  if (typeof value === 'string') {
    const isFree = schema.const === undefined && schema.enum === undefined;
    return isFree ? dress(value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => poison(each, dress, schema.items ?? {}));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      poison(part, dress, schema.properties?.[name] ?? (schema.additionalProperties || {})),
    ]),
  );
}
