// A request can be written in many ways, and a rule means all of them: whatever a rule matches holds one of the
// literals that lines are searched for.

import { compileScanner } from '@postern/match';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { batchOf, hitsOf, matcherOf, ruleText, rulesOf, shapeOf } from './testing/records.ts';

const iis = shapeOf('iis', ['cs-method', 'cs-uri-stem', 'cs-uri-query', 'cs(User-Agent)']);
const own = 'postern: { stage: probe, witness: lead, act: look, meaning: Someone looked. }\n';

/** What stands in rules for web logs, sign by sign and in pieces that are looked for as a whole. */
const sought = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from("abK3._-/:%=(){}<>[]$@!|#'&?+é")),
      fc.constantFrom('cmd', '={{', "'='", '%3d', '%25', 'Select', '=${', '..'),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((pieces) => pieces.join(''));

/** What is written as an escape: bytes here and there, or one sign wherever it stands. */
const writing = fc.oneof(
  fc
    .array(fc.boolean(), { minLength: 1, maxLength: 9 })
    .map((ways) => (_: number, i: number) => ways[i % ways.length] === true),
  fc
    .constantFrom(...Array.from("/:%=(){}<>[]$@!|#'"))
    .map((sign) => (byte: number) => byte === sign.charCodeAt(0)),
);

function written(text: string, isEscaped: (byte: number, i: number) => boolean): string {
  const bytes = [...new TextEncoder().encode(text)];
  const signs = bytes.map((byte, i) =>
    isEscaped(byte, i) ? `%${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte),
  );
  return Buffer.from(signs.join(''), 'latin1').toString('utf8');
}

const places: readonly (readonly [string, (texts: readonly string[]) => string])[] = [
  ['keywords', (texts) => `a: ${JSON.stringify(texts)}\ncondition: a`],
  ['cs-uri-query', (texts) => `a: { cs-uri-query|contains: ${JSON.stringify(texts)} }\ncondition: a`],
  ['url', (texts) => `a: { url|contains: ${JSON.stringify(texts)} }\ncondition: a`],
];

describe.each(places)('literals of texts in %s', (_, detection) => {
  test.each(["strangers'", 'our own'])('stand in the lines that %s rules match', (whose) => {
    let guarded = 0;
    fc.assert(
      fc.property(
        fc.array(sought, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        writing,
        sought,
        (texts, which, isEscaped, rest) => {
          const text = ruleText(detection(texts), 'category: webserver') + (whose === 'our own' ? own : '');
          const matcher = matcherOf(rulesOf(text), iis);
          const query = written(`${rest}${texts[which % texts.length] ?? ''}`, isEscaped);
          const batch = batchOf(iis, ['GET', '/p', query, 'x']);
          const { literals } = matcher ?? {};
          if (literals === undefined || hitsOf(matcher, batch).length === 0) return;
          guarded++;
          let found = false;
          compileScanner(literals).scan(batch.buffer, 0, batch.buffer.length, (at) => {
            found = true;
            return at + 1;
          });
          expect({ query, literals, found }).toMatchObject({ found: true });
        },
      ),
      propertyRuns(4),
    );
    expect(guarded).toBeGreaterThan(20);
  });
});
