import { expect, test } from 'vitest';
import { dataTexts } from './data-texts.ts';

test.each([
  ['["a","b \\"c\\"",1,null,true]', ['a', 'b "c"', '1', '', 'true']],
  ['[{"#text":"a"},{"#attributes":{"Name":"n"},"#text":null},{"x":1},["y"]]', ['a', '', '{"x":1}', '["y"]']],
  ['{"param1":"a","param2":2}', ['a', '2']],
  ['plain text', ['plain text']],
  ['[not json', ['[not json']],
  ['12', ['12']],
  ['', ['']],
])('%s', (text, expected) => {
  expect(dataTexts(text)).toEqual(expected);
});
