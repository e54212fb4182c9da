/** What is there, or will be once somebody else is done: a thread goes on with other work meanwhile. */
export type Later<T> = T | Promise<T>;

/** Makes something of it, at once where it is there. */
export function after<T, U>(value: Later<T>, make: (value: T) => U): Later<U> {
  return value instanceof Promise ? value.then(make) : make(value);
}
