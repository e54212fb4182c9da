import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assessmentJson, findingsJsonl } from './json.ts';
import { hostile } from './testing/hostile.ts';
import { anyAssessment } from './testing/json-schema.ts';
import { compromised } from './testing/compromised.ts';
import { assessment, evidence, finding } from './testing/parts.ts';
import { samples } from './testing/samples.ts';

function write(given: Parameters<typeof assessmentJson>[0]): string {
  return [...assessmentJson(given)].join('');
}

describe('assessmentJson', () => {
  it.each(Object.entries(samples))('gives %s back as it was', (_, given) => {
    expect(JSON.parse(write(given))).toEqual(given);
  });

  it('gives any assessment back as it was', () => {
    fc.assert(
      fc.property(anyAssessment(hostile), (given) => {
        expect(JSON.parse(write(given))).toEqual(given);
      }),
      propertyRuns(0.5),
    );
  });

  it('is byte-identical for the same assessment', () => {
    expect(write(structuredClone(compromised))).toBe(write(compromised));
  });

  it('writes empty arrays and leaves out what is undefined', () => {
    const json = write({ ...assessment(), claims: [], context: { organisation: 'x' } });
    expect(json).toContain('"claims": []');
    const without = { ...assessment(), phases: undefined } as never;
    expect(JSON.parse(write(without))).not.toHaveProperty('phases');
  });

  it('is written in pieces, a line for each element', () => {
    const longest = Math.max(...[...assessmentJson(compromised)].map((piece) => piece.length));
    expect(longest).toBeLessThan(3000);
    expect(write(compromised).split('\n').length).toBeGreaterThan(compromised.findings.length);
  });

  it('carries the TLP', () => {
    expect(JSON.parse(write(compromised))).toHaveProperty('tlp', 'AMBER+STRICT');
  });
});

describe('findingsJsonl', () => {
  const one = finding('finding-1', 'session', 'A title');
  const many = [evidence({ line: 1 }), evidence({ line: 2, excerpt: 'a\nb<c>' })];

  it('has a line per finding with all of its records, and the TLP first', () => {
    const lines = [
      ...findingsJsonl(
        [
          { finding: one, evidence: many },
          { finding: one, evidence: [] },
        ],
        'RED',
      ),
    ].join('');
    const parsed = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(parsed).toEqual([
      { tlp: 'RED', ...one, evidence: many },
      { tlp: 'RED', ...one, evidence: [] },
    ]);
    expect(lines.startsWith('{"tlp":"RED"')).toBe(true);
  });

  it('parses line by line whatever the evidence holds', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (texts) => {
        const all = texts.map((excerpt) => evidence({ excerpt }));
        const text = [...findingsJsonl([{ finding: { ...one, meaning: texts.join() }, evidence: all }])].join(
          '',
        );
        expect(text.split('\n')).toHaveLength(2);
        expect(JSON.parse(text)).toMatchObject({ evidence: all });
      }),
      propertyRuns(),
    );
  });
});
