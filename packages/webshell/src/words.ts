/** A set of names, written as one text so that long lists stay readable. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Rules by the word that they look for, in their order. */
export function byWord<Rule extends { readonly word: string }>(
  rules: readonly Rule[],
): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) found.set(rule.word, [...(found.get(rule.word) ?? []), rule]);
  return found;
}
