import { setFlagsFromString } from 'node:v8';

/** V8's own number is 3,000. With more than this nothing was gained on 1 GB, and long runs would begin to lose. */
const callsBeforeTurboFan = 50_000;

/**
 * For a process that scans once, from cold: V8 is to optimise a function to the utmost only once it was called very
 * often. The loops that bear the load are kernels of WebAssembly, and what is left is called some thousand times: to
 * compile all that for each thread took a fifth of the processor's time of a 1 GB scan, on the very cores that scan,
 * and gained less. Holds for the whole process, and is therefore the command's to call.
 */
export function optimiseLater(): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${callsBeforeTurboFan}`);
}
