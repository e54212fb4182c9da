/** The `postern` command as a function, for the demonstration and for tests. */
export { runCommand } from './command.ts';
export type { Console } from './scan-command.ts';
