/**
 * Judges one file: server-side pages by their structure, configurations, compiled pages, and YARA rules over all.
 * Pure: the caller reads the bytes, also those of the YARA engine.
 */
export { judgeFile, judgeInput } from './judge.ts';
export { fileClassOf, recognisePage } from './recognise.ts';
export { traitTexts, type TraitCode } from './sign.ts';
export { virtualDirectoriesOf, type VirtualDirectory } from './config.ts';
export {
  compileYara,
  resolveInclude,
  yaraBytes,
  type YaraDiagnostic,
  yaraEngineUrl,
  type YaraExternals,
  type YaraFile,
  type YaraHit,
  type YaraScan,
  type YaraScanner,
} from './yara.ts';
export { keepLastModule } from './yara-modules.ts';
export { yaraMayMatch } from './yara-needs.ts';
export { outlineYara, type YaraRuleHead } from './yara-source.ts';
