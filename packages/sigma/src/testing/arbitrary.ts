import fc, { type Arbitrary } from 'fast-check';
import type { NaiveCondition, NaiveItem, NaiveRule, NaiveSelection } from './naive.ts';

// Few words, so that rules meet records; each with a trait that some encoding minds.
const words = [
  'alpha',
  'BETA',
  'kilo',
  'shell.aspx',
  '/owa/',
  'a',
  'b',
  '-x',
  '/x',
  'é',
  '\u212a',
  '\u0130',
  '7',
  '\u{1f600}',
  'issk',
  '_',
  '.',
];
const marks = ["'", '"', '\\', ',', '+', '%', '<', '&', '=', '{', '(', '#', '%3d', '={{'];

/** Texts as they are meant, before a log writes them down. Without a space they can stand in a W3C log. */
export function meantText(spaces: boolean): Arbitrary<string> {
  const word = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...words) },
    { weight: 2, arbitrary: fc.constantFrom(...marks, ...(spaces ? [' '] : [])) },
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join('')) },
    { weight: 1, arbitrary: fc.constantFrom('7', '07', '-1', '12') },
  );
}

const glob = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words, ...marks, ' ') },
      { weight: 1, arbitrary: fc.constantFrom('*', '?', '\\*', '\\\\') },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => all.join(''));
const plain = fc
  .array(fc.constantFrom('alpha', 'BETA', 'é', 'a', 'kilo'), { minLength: 1, maxLength: 2 })
  .map((all) => all.join(''));
const regexes = fc.constantFrom(
  'alph',
  'shell\\.aspx',
  '^a.*a$',
  '(alpha|kilo)',
  '[ab]{2,}',
  'BETA?',
  'x+',
  'issk',
  '(?:owa)+',
  'k',
  'alpha.?beta',
);

const places = ['contains', 'startswith', 'endswith'];

function lists(
  value: Arbitrary<NaiveItem['values'][number]>,
): Arbitrary<readonly NaiveItem['values'][number][]> {
  return fc.array(value, { minLength: 1, maxLength: 3 });
}

function itemArbitrary(fields: readonly string[]): Arbitrary<NaiveItem> {
  const field = fc.constantFrom(...fields);
  const item = (modifiers: readonly string[], values: NaiveItem['values'], name: string): NaiveItem => ({
    field: name,
    modifiers,
    values,
  });
  const neq = fc.constantFrom<readonly string[]>([], [], [], ['neq']);
  const all = fc.constantFrom<readonly string[]>([], [], ['all']);
  const cased = fc.constantFrom<readonly string[]>([], [], [], ['cased']);
  const place = fc.constantFrom<readonly string[]>([], ...places.map((name) => [name]));
  const dash = fc.constantFrom<readonly string[]>([], [], ['windash']);
  const texts = fc
    .tuple(place, dash, cased, all, neq, lists(glob), field)
    .map(([a, b, c, d, e, values, name]) => item([...a, ...b, ...c, ...d, ...e], values, name));
  const others = fc.oneof(
    fc
      .tuple(neq, lists(fc.oneof(fc.constantFrom(7, -1, 12), fc.constant(null), glob)), field)
      .map(([a, values, name]) => item(a, values, name)),
    fc.tuple(fc.boolean(), field).map(([value, name]) => item(['exists'], [value], name)),
    fc
      .tuple(fc.constantFrom<readonly string[]>([], ['i']), all, neq, lists(regexes), field)
      .map(([a, b, c, values, name]) => item(['re', ...a, ...b, ...c], values, name)),
    fc
      .tuple(fc.constantFrom('base64', 'base64offset'), neq, plain, field)
      .map(([a, b, value, name]) => item([a, 'contains', ...b], [value], name)),
    fc
      .tuple(fc.constantFrom<readonly string[]>([], ['contains'], ['cased'], ['neq']), field, field)
      .map(([a, value, name]) => item(['fieldref', ...a], [value], name)),
    fc.tuple(neq, fc.constantFrom(0, 7), field).map(([a, value, name]) => item(['gt', ...a], [value], name)),
  );
  return fc.oneof({ weight: 3, arbitrary: texts }, { weight: 2, arbitrary: others });
}

function selectionArbitrary(fields: readonly string[]): Arbitrary<NaiveSelection> {
  const map = fc.uniqueArray(itemArbitrary(fields), {
    minLength: 1,
    maxLength: 3,
    selector: (item) => [item.field, ...item.modifiers].join('|'),
  });
  const keyword = fc
    .tuple(
      fc.constantFrom<readonly string[]>([], ['all'], ['contains'], ['startswith'], ['cased']),
      lists(fc.oneof(glob, fc.constant(7))),
    )
    .map(([modifiers, values]): readonly NaiveItem[] => [{ field: '', modifiers, values }]);
  return fc.array(fc.oneof({ weight: 4, arbitrary: map }, { weight: 1, arbitrary: keyword }), {
    minLength: 1,
    maxLength: 2,
  });
}

const names = ['sel_a', 'sel_b', 'filter', '_own'];

const { condition: conditions } = fc.letrec<{ condition: NaiveCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...names).map((name): NaiveCondition => ({ kind: 'name', name })),
    fc.record<NaiveCondition & { kind: 'of' }>({
      kind: fc.constant('of'),
      quantity: fc.constantFrom('1', 'any', 'all'),
      pattern: fc.constantFrom('them', 'sel_*', '*_*', '_*', 'none*'),
    }),
    fc.record({
      kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
      parts: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('condition') }),
  ),
}));

/** A selection as most rules have it: words of which one stands in a field. These have literals. */
function usualSelection(fields: readonly string[]): Arbitrary<NaiveSelection> {
  const word = fc.constantFrom(
    'alpha',
    'shell.aspx',
    'betaalpha',
    'kiloalpha',
    '/owa/alpha',
    'alphaissk',
    'aalphab',
  );
  const item = fc
    .tuple(fc.constantFrom(...fields, ''), fc.array(word, { minLength: 1, maxLength: 2 }))
    .map(([field, values]): NaiveItem => ({ field, modifiers: field === '' ? [] : ['contains'], values }));
  return item.map((only) => [[only]]);
}

/** Rules over these fields. */
export function ruleArbitrary(fields: readonly string[]): Arbitrary<NaiveRule> {
  const selection = fc.oneof(selectionArbitrary(fields), usualSelection(fields));
  const selections = fc.record({ sel_a: selection, sel_b: selection, filter: selection, _own: selection });
  const simple = fc.constantFrom<NaiveCondition>(
    { kind: 'name', name: 'sel_a' },
    { kind: 'of', quantity: '1', pattern: 'sel_*' },
    {
      kind: 'and',
      parts: [
        { kind: 'name', name: 'sel_a' },
        { kind: 'not', part: { kind: 'name', name: 'filter' } },
      ],
    },
  );
  return fc.record({ selections, condition: fc.oneof(conditions, simple) });
}
