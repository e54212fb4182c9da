/** How much is kept: some hundred kilobytes, whatever a log is stuffed with. */
const usual = { kept: 512, longestKey: 4096 };

/**
 * A function that keeps its last results: the thousands of hourly logs of one server have the same few headers, and
 * their records the same addresses. The result must depend on the key alone, and is shared. Longer keys are seldom
 * those that recur; a full memory is emptied, so that keys which never come again cannot clog it.
 */
export function remember<T>(
  make: (key: string) => T,
  { kept, longestKey }: { readonly kept: number; readonly longestKey: number } = usual,
): (key: string) => T {
  const known = new Map<string, Result<T>>();
  /** The same key comes several times in a row, more often than not. */
  let latest: Result<T> | undefined;
  return (key) => {
    if (latest !== undefined && latest.key === key) return latest.value;
    const before = known.get(key);
    if (before !== undefined) {
      latest = before;
      return before.value;
    }
    const value = make(key);
    if (key.length > longestKey) return value;
    if (known.size >= kept) known.clear();
    latest = { key, value };
    known.set(key, latest);
    return value;
  };
}

interface Result<T> {
  readonly key: string;
  readonly value: T;
}
