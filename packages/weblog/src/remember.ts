/** Longer keys are seldom those that recur, and would be memory that a hostile log fills. */
const longestKey = 4096;
const mostKept = 512;

/**
 * A function that keeps its last results: the thousands of hourly logs of one server have the same few headers. The
 * result must depend on the key alone, and is shared.
 */
export function remember<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before.value;
    const value = make(key);
    if (known.size >= mostKept) known.clear();
    if (key.length <= longestKey) known.set(key, { value });
    return value;
  };
}
