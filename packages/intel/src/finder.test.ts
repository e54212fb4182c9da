import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { remembered } from './finder.ts';

test('a remembered finder answers as the finder does, however often it is asked', () => {
  const texts = fc.array(fc.string({ maxLength: 3 }), { maxLength: 30 });
  fc.assert(
    fc.property(texts, (asked) => {
      const answers = new Map<string, readonly []>();
      const find = (text: string): readonly [] => {
        const answer = answers.get(text) ?? [];
        answers.set(text, answer);
        return answer;
      };
      const again = remembered(find);
      for (const text of [...asked, ...asked]) expect(again(text)).toBe(find(text));
    }),
    propertyRuns(),
  );
});

test('values are looked up once, long ones each time, and the memory stays small', () => {
  let calls = 0;
  const find = remembered(() => {
    calls++;
    return [];
  });
  find('a');
  find('a');
  expect(calls).toBe(1);
  const long = 'x'.repeat(300);
  find(long);
  find(long);
  expect(calls).toBe(3);
  for (let i = 0; i < 4096; i++) find(String(i));
  find('a');
  expect(calls).toBe(3 + 4096 + 1);
});
