// Evidence of an invented Exchange server, for the demonstration, for tests and as the benchmark's input. It is made
// without knowledge of the rules that judge it. Variants: `attack` (the whole story, with doors that are easily
// overlooked), `failed-only` (refused tries), `scanner` (the flaw is proved, nothing taken), `quiet`, `logs-gone` (the
// attack's logs removed), `front-only` (only the front end's IIS logs), `tools-lying-around` (quiet, with defenders'
// tools on the disk), `two-servers` (one asked, the other hit), `no-sysmon` (the attack where Sysmon was never
// installed), `security-cleared` (the attack, and the Security log cleared through a page).

export { generateExample, type ExampleOptions } from './generate.ts';
export { parseSize, type ExampleSize } from './size.ts';
export {
  VARIANTS,
  type ExpectedVerdict,
  type MissingSpan,
  type TrueArchive,
  type TrueAttempt,
  type TrueBuild,
  type TrueImplant,
  type TrueOperator,
  type TrueServer,
  type Truth,
  type Variant,
} from './truth.ts';
