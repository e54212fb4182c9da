import type { Assessment } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { propertyRuns } from '../../../testing/properties.ts';
import { assessmentJsonSchema, assessmentSchema } from './schema.ts';
import { anyAssessment, shippedSchema, violations } from './testing/json-schema.ts';
import { compromised } from './testing/compromised.ts';
import { samples } from './testing/samples.ts';

describe('assessmentSchema', () => {
  it('says what core says, and core what it says (held by the compiler)', () => {
    const toCore = (described: z.infer<typeof assessmentSchema>): Assessment => described;
    const fromCore = (assessment: Assessment): z.infer<typeof assessmentSchema> => assessment;
    expect(toCore(fromCore(compromised))).toBe(compromised);
  });

  it.each(Object.entries(samples))('accepts %s and strips nothing', (_, given) => {
    expect(assessmentSchema.parse(given)).toEqual(given);
  });

  it('refuses what is no assessment', () => {
    const wrong = [
      { ...compromised, schema: 'postern.assessment/2' },
      { ...compromised, tlp: 'WHITE' },
      { ...compromised, findings: [{ id: 'finding-1' }] },
      { ...compromised, complete: undefined },
    ];
    for (const each of wrong) expect(assessmentSchema.safeParse(each).success).toBe(false);
  });
});

describe('the JSON Schema', () => {
  it('is shipped as it is generated (vitest -u writes it anew)', async () => {
    const text = `${JSON.stringify(assessmentJsonSchema(), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../assessment.schema.json');
  });

  it.each(Object.entries(samples))('accepts %s', (_, given) => {
    expect(violations(given, shippedSchema())).toEqual([]);
  });

  it('refuses what is no assessment, and says where', () => {
    const { findings: _, ...rest } = compromised;
    expect(violations(rest, shippedSchema())).toEqual(['$.findings: missing']);
    expect(violations({ ...compromised, more: 1 }, shippedSchema())).toEqual(['$.more: not foreseen']);
    expect(violations({ ...compromised, tlp: 'WHITE' }, shippedSchema())).toEqual(['$.tlp: not in the list']);
  });

  it('and the types of core agree on any value', () => {
    fc.assert(
      fc.property(anyAssessment(fc.string()), (given) => {
        expect(assessmentSchema.parse(given)).toEqual(given);
      }),
      propertyRuns(0.5),
    );
  });
});
