/** A set of names, written as one text so that long lists stay readable. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
