import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { firstTime, readWhole, systemElement, type ReadRecord } from './testing/logs.ts';
import { writeEvtx, type EvtxElement } from './writer/index.ts';

type Child = NonNullable<EvtxElement['children']>[number];

// Few of each, so that events differ in one thing only.
const text = fc.constantFrom('', 'a', 'C:\\Windows\\x.aspx');
const child: fc.Arbitrary<Child> = fc.oneof(
  { arbitrary: text, weight: 4 },
  fc.constantFrom({ cdata: '<c>' }, { character: 0x42 }, { entity: 'amp' }, { entity: 'lt' }),
  fc.constant({ target: 'hint', data: 'data' }),
);
const element: fc.Arbitrary<EvtxElement> = fc.record({
  name: fc.constantFrom('Data', 'Leaf'),
  attributes: fc.oneof(
    fc.constantFrom('A', 'B').map((name) => [['Name', name] as const]),
    text.map((value) => [['kind', value] as const]),
    fc.constant([]),
  ),
  children: fc.array(child, { maxLength: 2 }),
});
const event: fc.Arbitrary<EvtxElement> = fc.array(element, { maxLength: 2 }).map((children) => ({
  name: 'Event',
  children: [systemElement, { name: 'EventData', children }],
}));

function logOf(events: readonly EvtxElement[]): readonly ReadRecord[] {
  return readWhole(writeEvtx(events.map((body) => ({ time: firstTime, body })))).records;
}

function told({ fields, texts, json, xml, shape }: ReadRecord): unknown {
  return [[...fields], [...texts], shape.fields, json, xml];
}

// Each alone is scanned; of many, most are known from those before them.
it('reads elements that are written out as if each were the first', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (kinds) => {
      const events = [...kinds, ...kinds, ...kinds.toReversed()];
      const alone = new Map(kinds.map((kind) => [kind, logOf([kind]).map(told)]));
      expect(logOf(events).map(told)).toEqual(events.flatMap((kind) => alone.get(kind) ?? []));
    }),
    propertyRuns(),
  );
});
