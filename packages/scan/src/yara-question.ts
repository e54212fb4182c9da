import type { YaraExternals } from '@postern/webshell';

/** Of the answer; the asker waits until it is no more `busy`. */
export const yaraState = { busy: 0, done: 1 } as const;

/** A file to be scanned. */
export interface YaraQuestion {
  readonly bytes: Uint8Array;
  readonly externals: YaraExternals;
}
