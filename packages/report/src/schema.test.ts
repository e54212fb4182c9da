import type { Assessment } from '@postern/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { assessmentJsonSchema, type assessmentSchema } from './schema.ts';

describe('assessmentSchema', () => {
  it('says exactly what core says', () => {
    expectTypeOf<z.infer<typeof assessmentSchema>>().toEqualTypeOf<Assessment>();
  });

  it('becomes a JSON Schema that names every part', () => {
    const schema = assessmentJsonSchema();
    expect(schema['required']).toEqual(
      expect.arrayContaining(['schema', 'coverage', 'servers', 'findings', 'claims']),
    );
  });
});
