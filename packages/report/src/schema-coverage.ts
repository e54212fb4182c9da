import { z } from 'zod';

export const text = z.string();
export const time = z.string().meta({ description: 'ISO 8601, UTC, with the precision of its source' });
export const count = z.number().int().nonnegative();
export const texts = z.array(text).readonly();
export const verdict = z.enum([
  'compromised',
  'likely-compromised',
  'undetermined',
  'attacked',
  'exposed',
  'nothing-found',
]);
export const confidence = z.enum(['high', 'moderate', 'low']);
export const stage = z.enum(['probe', 'attempt', 'success', 'use', 'aftermath']);
export const witness = z.enum(['direct', 'indirect', 'lead']);
export const level = z.enum(['informational', 'low', 'medium', 'high', 'critical']);
export const ruleKind = z.enum(['sigma', 'yara', 'indicator', 'correlation', 'check']);
export const window = z
  .object({ from: time, to: time.meta({ description: 'the last moment that belongs to it' }) })
  .readonly();
const until = time.meta({ description: 'the first moment that no longer belongs to it' });
const stretch = z.object({ from: time, to: until }).readonly();

export function list<T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(item).readonly();
}

export const position = { offset: count, line: count.exactOptional(), record: text.exactOptional() };

const issue = z
  .object({
    code: text,
    severity: z.enum(['info', 'warning', 'error']),
    message: text,
    source: text.exactOptional(),
    at: z.object(position).readonly().exactOptional(),
    count: count.exactOptional(),
    expected: text.exactOptional(),
    found: text.exactOptional(),
  })
  .readonly();

const sourceKind = z.enum([
  'iis',
  'httperr',
  'exchange-log',
  'windows-events-json',
  'windows-events-csv',
  'evtx',
  'file-listing',
  'msert',
  'web-page',
  'web-config',
  'compiled-page',
  'archive',
  'executable',
  'text',
  'unknown',
]);

const skipReason = z.enum([
  'encrypted',
  'damaged',
  'unreadable',
  'limit',
  'unsafe-name',
  'link',
  'not-a-file',
  'no-reader',
  'empty',
  'duplicate',
  'own-output',
  'stopped',
]);

const gap = z
  .object({
    from: time,
    to: until,
    cause: z.enum([
      'trimmed',
      'no-traffic',
      'server-down',
      'removed-or-cleared',
      'not-collected',
      'damaged',
      'not-read',
      'unknown',
    ]),
    recorded: z.boolean().exactOptional(),
  })
  .readonly();

const clock = z
  .object({
    basis: z.enum(['utc-by-format', 'two-times-in-records', 'stated', 'assumed-utc', 'unknown']),
    offsetSeconds: z.number(),
    evidence: text,
    confidence,
  })
  .readonly();

const coveredSource = z
  .object({
    id: text,
    path: text,
    originalPath: text,
    kind: sourceKind,
    family: text,
    server: text.exactOptional(),
    sha256: text,
    bytes: count,
    records: count,
    damaged: count,
    recovered: count,
    first: time.exactOptional(),
    last: time.exactOptional(),
    clock,
    gaps: list(gap),
    issues: list(issue),
    excerpt: z.boolean().exactOptional(),
    duplicateOf: text.exactOptional(),
  })
  .readonly();

const sourceGroup = z
  .object({
    folder: text,
    kind: sourceKind,
    family: text,
    server: text.exactOptional(),
    sources: count,
    bytes: count,
    records: count,
    first: time.exactOptional(),
    last: time.exactOptional(),
    clock,
  })
  .readonly();

const familyCoverage = z
  .object({
    server: text,
    family: text,
    title: text,
    state: z.enum(['complete', 'partial', 'absent']),
    first: time.exactOptional(),
    last: time.exactOptional(),
    covered: list(stretch),
    gaps: list(gap),
  })
  .readonly();

const questionCoverage = z
  .object({
    server: text,
    pack: text,
    cve: text,
    question: z.enum(['attempt', 'success', 'use']),
    from: time,
    to: until,
    covered: list(z.object({ from: time, to: until, by: text }).readonly()),
  })
  .readonly();

export const coverage = z
  .object({
    sources: list(coveredSource),
    groups: list(sourceGroup),
    skipped: list(
      z.object({ path: text, reason: skipReason, bytes: count, detail: text.exactOptional() }).readonly(),
    ),
    families: list(familyCoverage),
    questions: list(questionCoverage),
    issues: list(issue).exactOptional(),
    setAside: list(z.object({ what: text, count }).readonly()),
  })
  .readonly();
