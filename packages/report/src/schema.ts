import { claimVerbs } from '@postern/core';
import { z } from 'zod';
import {
  confidence,
  count,
  coverage,
  level,
  list,
  position,
  ruleKind,
  stage,
  text,
  texts,
  time,
  verdict,
  window,
  witness,
} from './schema-coverage.ts';

const exposure = z
  .object({
    cve: text,
    state: z.enum(['vulnerable', 'mitigated', 'fixed', 'unknown']),
    from: time.exactOptional(),
    to: time.exactOptional(),
    basis: text,
  })
  .readonly();

const door = z
  .object({
    state: z.enum(['open-now', 'closed', 'not-known']),
    closedAt: time.exactOptional(),
    mitigatedSince: time.exactOptional(),
    fixExistedSince: time.exactOptional(),
    duringCampaign: z.enum(['open', 'closed', 'partly-open', 'not-known']),
    basis: text,
  })
  .readonly();

const campaignVerdict = z
  .object({
    pack: text,
    verdict,
    atLeast: verdict.exactOptional(),
    confidence,
    door,
    because: texts,
    against: texts,
    limits: list(z.object({ text, coverageRef: text }).readonly()),
    wouldChange: texts,
    exposure: list(exposure),
    window: window.exactOptional(),
  })
  .readonly();

const server = z
  .object({
    id: text,
    names: texts,
    product: text.exactOptional(),
    builds: list(
      z
        .object({
          build: text,
          precision: z.enum(['cu', 'su']),
          name: text,
          from: time,
          to: time,
          seenIn: texts,
        })
        .readonly(),
    ),
    headline: z.object({ pack: text, verdict }).readonly().exactOptional(),
    campaigns: list(campaignVerdict),
    seen: window.exactOptional(),
  })
  .readonly();

const finding = z
  .object({
    id: text,
    rule: z.object({ id: text, title: text, kind: ruleKind, level, pack: text.exactOptional() }).readonly(),
    meaning: text,
    stage,
    witness,
    act: text,
    cves: texts,
    flawProved: z.boolean().exactOptional(),
    recordedOn: text,
    targets: texts,
    recorders: texts,
    first: time.exactOptional(),
    last: time.exactOptional(),
    count,
    entities: z
      .object({
        addresses: list(z.object({ value: text, from: text }).readonly()),
        accounts: texts,
        paths: texts,
        urls: texts,
        hashes: texts,
        agents: texts,
      })
      .readonly(),
    techniques: texts,
    evidence: list(
      z.object({ source: text, ...position, time: time.exactOptional(), excerpt: text }).readonly(),
    ),
    evidenceTotal: count,
    falsePositiveNotes: texts,
    setAside: text.exactOptional(),
    review: z
      .object({
        disposition: z.enum(['confirmed', 'false-positive', 'benign-known', 'own-test']),
        author: text,
        date: text,
        reason: text,
      })
      .readonly()
      .exactOptional(),
  })
  .readonly();

const amount = z.object({ lower: z.number(), upper: z.number().nullable(), basis: text }).readonly();

const implant = z
  .object({
    id: text,
    kind: z.enum([
      'web-shell',
      'iis-module',
      'virtual-directory',
      'transport-agent',
      'scheduled-task',
      'service',
      'account',
      'other',
    ]),
    server: text,
    path: text.exactOptional(),
    url: text.exactOptional(),
    sha256: text.exactOptional(),
    family: text.exactOptional(),
    traits: texts,
    placedAt: z.object({ time, basis: text }).readonly().exactOptional(),
    placements: list(z.object({ time, basis: text }).readonly()),
    firstUsedAt: time.exactOptional(),
    lastUsedAt: time.exactOptional(),
    uses: count,
    probes: count,
    state: z.enum(['present', 'removed', 'returned', 'unknown']),
    file: z.enum(['collected', 'listed', 'deleted', 'never-seen']).exactOptional(),
    placedBy: text.exactOptional(),
    operators: texts,
    findings: texts,
  })
  .readonly();

const operator = z
  .object({
    id: text,
    name: text,
    kind: z.enum(['intruder', 'scanner', 'researcher', 'defender', 'unknown']),
    addresses: texts,
    agents: texts,
    first: time.exactOptional(),
    last: time.exactOptional(),
    implants: texts,
    actions: list(
      z
        .object({ stage, what: text, count, first: time.exactOptional(), last: time.exactOptional() })
        .readonly(),
    ),
    bytesOut: amount,
    reasons: texts,
    strength: z.enum(['strong', 'moderate', 'weak']),
    consistentWith: list(z.object({ cluster: text, because: texts, strength: text }).readonly()),
  })
  .readonly();

const impact = z
  .object({
    kind: z.enum(['mailbox', 'archive', 'credential', 'directory', 'file']),
    what: text,
    class: text.exactOptional(),
    how: z.enum(['read', 'could-have-been-read', 'left']),
    server: text,
    operators: texts,
    bytes: amount,
    findings: texts,
  })
  .readonly();

const advice = z
  .object({
    id: text,
    order: z.number(),
    title: text,
    servers: texts,
    why: texts,
    steps: list(z.object({ text, command: text.exactOptional(), destroys: text.exactOptional() }).readonly()),
    doneWhen: text,
    source: text,
  })
  .readonly();

const claim = z
  .object({
    id: text,
    date: text,
    datePrecision: z.enum(['day', 'month', 'year', 'range']),
    claimant: text,
    claimantType: text,
    jointWith: texts,
    subject: text,
    about: z.object({ scope: z.enum(['campaign', 'other']), text }).readonly(),
    verb: z.enum(claimVerbs),
    statement: text,
    wording: z.object({ text, language: text, quoted: z.boolean() }).readonly(),
    scale: text.exactOptional(),
    inReplyTo: texts,
    supersedes: texts,
    status: z.enum(['published', 'retracted', 'superseded']),
    source: z
      .object({ title: text, url: text.exactOptional(), kind: z.enum(['primary', 'secondary', 'recall']) })
      .readonly(),
  })
  .readonly();

/**
 * `assessment.json`, described once. A type test holds it equal to core's `Assessment`; the JSON Schema that is shipped
 * is made from it ({@link assessmentJsonSchema}).
 */
export const assessmentSchema = z
  .object({
    schema: z.literal('postern.assessment/1'),
    generator: z.object({ name: z.literal('postern'), version: text }).readonly(),
    tlp: z.enum(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']),
    share: z.object({ profile: z.enum(['full', 'cert', 'public']) }).readonly(),
    context: z
      .object({
        organisation: text.exactOptional(),
        sector: text.exactOptional(),
        country: text.exactOptional(),
        classes: texts.exactOptional(),
      })
      .readonly(),
    options: z.record(text, z.union([text, texts])).readonly(),
    packs: list(z.object({ id: text, title: text, version: text, sha256: text }).readonly()),
    rules: z
      .object({
        loaded: count,
        indicators: count,
        refused: list(z.object({ source: text, title: text, reason: text }).readonly()),
      })
      .readonly(),
    complete: z.boolean(),
    coverage,
    servers: list(server),
    findings: list(finding),
    implants: list(implant),
    operators: z.object({ atLeast: count, atMost: count, basis: text, list: list(operator) }).readonly(),
    phases: list(
      z.object({ id: text, title: text, from: time, to: time, servers: texts, operators: texts }).readonly(),
    ),
    timeline: list(
      z
        .object({ time, lane: z.enum(['attacker', 'defender', 'statement']), title: text, ref: text })
        .readonly(),
    ),
    impact: list(impact),
    advice: list(advice),
    claims: list(claim),
  })
  .readonly();

/**
 * The JSON Schema (draft 2020-12) of `assessment.json`, as it is shipped in `assessment.schema.json` beside this
 * package's manifest.
 */
export function assessmentJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(assessmentSchema, { target: 'draft-2020-12' });
  return { $id: 'urn:postern:assessment:1', title: 'Postern assessment', ...schema };
}
