import type { Layout } from '@postern/core';
import { matchesPattern } from './served.ts';

export interface Visitor {
  readonly kind: 'scanner' | 'researcher' | 'defender';
  readonly source: string;
}

/** Who leaves such an agent or request, as far as the packs know. An agent never clears a success: it is only claimed. */
export function visitorOf(
  layout: Layout,
  agents: readonly string[],
  urls: readonly string[],
): Visitor | undefined {
  return layout.visitors.find(({ pattern, in: place }) =>
    (place === 'agent' ? agents : urls).some((text) =>
      matchesPattern(text.toLowerCase(), pattern.toLowerCase()),
    ),
  );
}

export interface ProbeLike {
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
  readonly accounts: readonly string[];
  readonly urls: readonly string[];
}

/** Managed availability: address **and** agent or account **and** URL together (judgement section 5). */
export function isProbe(layout: Layout, seen: ProbeLike): boolean {
  const { probes } = layout;
  const some = (values: readonly string[], patterns: readonly string[]): boolean =>
    values.some((value) => patterns.some((p) => matchesPattern(value.toLowerCase(), p.toLowerCase())));
  return (
    some(seen.addresses, probes.addresses) &&
    (some(seen.agents, probes.agents) || some(seen.accounts, probes.accounts)) &&
    some(seen.urls, probes.urls)
  );
}
