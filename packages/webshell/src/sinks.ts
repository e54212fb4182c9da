import type { TraitCode, Weight } from './sign.ts';
import type { Engine } from './split-page.ts';
import { byWord } from './words.ts';
import { words } from './words.ts';

/** A call that runs, loads or makes something. The first rule of a word that fits counts. */
export interface CallRule {
  readonly word: string;
  /** Trait where request data reaches the call. */
  readonly fed: TraitCode;
  /** Trait where it does not, as far as can be seen, and what that weighs. */
  readonly alone?: TraitCode;
  readonly aloneWeight?: Weight;
  /** `free`: not a member of anything. `member`: of something. `new`: made with that word. Absent: either. */
  readonly as?: 'free' | 'member' | 'new';
  /** One of these words stands in the chain before it (`Process.Start`). */
  readonly of?: readonly string[];
  /** One of these words or texts is somewhere in the page's code. */
  readonly near?: readonly string[];
  /** Data in the object counts as data in the arguments (`process.Start()`). */
  readonly object?: true;
  /** Only this argument counts. */
  readonly argument?: number;
  readonly engines?: readonly Engine[];
}

const net: readonly Engine[] = ['asp.net', 'asp.net-code'];
const php: readonly Engine[] = ['php'];
const jsp: readonly Engine[] = ['jsp'];
const windows: readonly Engine[] = [...net, 'asp'];
const processWords = ['process', 'processstartinfo'];
const assemblyWords = ['assembly', 'appdomain', 'currentdomain', 'getassembly', 'reflection'];
const reflectionWords = [
  'getmethod',
  'getmethods',
  'invokemember',
  'getdeclaredmethod',
  'getruntimemethod',
  'assembly',
  'entrypoint',
  'forname',
];
const shellObjects = [
  'wscript.shell',
  'wscript.shell.1',
  'shell.application',
  '72c24dd5-d70a-438b-8a42-98424b88afb8',
  '{72c24dd5-d70a-438b-8a42-98424b88afb8}',
  'f935dc22-1cf0-11d0-adb9-00c04fd58a0b',
];
const formatters = [
  'binaryformatter',
  'losformatter',
  'objectstateformatter',
  'soapformatter',
  'netdatacontractserializer',
];

const dotNetRules: readonly CallRule[] = [
  {
    word: 'start',
    of: ['process'],
    fed: 'request-to-process',
    alone: 'starts-process',
    object: true,
    engines: net,
  },
  { word: 'start', as: 'member', near: processWords, fed: 'request-to-process', object: true, engines: net },
  { word: 'processstartinfo', fed: 'request-to-process', alone: 'starts-process', engines: net },
  { word: 'shell', as: 'free', fed: 'request-to-process', engines: net },
  { word: 'shell', of: ['interaction', 'visualbasic'], fed: 'request-to-process', engines: net },
  {
    word: 'invokemethod',
    near: ['managementclass', 'managementobject', 'win32_process'],
    fed: 'request-to-process',
    engines: net,
  },
  { word: 'load', of: assemblyWords, fed: 'request-to-assembly', alone: 'loads-assembly', engines: net },
  { word: 'loadfrom', of: assemblyWords, fed: 'request-to-assembly', alone: 'loads-assembly', engines: net },
  { word: 'loadfile', of: assemblyWords, fed: 'request-to-assembly', alone: 'loads-assembly', engines: net },
  { word: 'unsafeloadfrom', fed: 'request-to-assembly', alone: 'loads-assembly', engines: net },
  {
    word: 'invoke',
    as: 'member',
    near: reflectionWords,
    fed: 'request-to-reflection',
    object: true,
    engines: net,
  },
  { word: 'invokemember', as: 'member', fed: 'request-to-reflection', object: true, engines: net },
  { word: 'createinstance', as: 'member', fed: 'request-to-assembly', object: true, engines: net },
  { word: 'createinstancefrom', as: 'member', fed: 'request-to-assembly', engines: net },
  { word: 'compileassemblyfromsource', fed: 'request-to-compiler', alone: 'compiles-source', engines: net },
  { word: 'compileassemblyfromfile', fed: 'request-to-compiler', alone: 'compiles-source', engines: net },
  { word: 'compileassemblyfromdom', fed: 'request-to-compiler', alone: 'compiles-source', engines: net },
  { word: 'jscriptevaluate', fed: 'request-to-eval', alone: 'evaluates-script', engines: net },
  { word: 'deserialize', as: 'member', near: formatters, fed: 'request-to-deserializer', engines: net },
  {
    word: 'load',
    as: 'member',
    near: ['xslcompiledtransform', 'xsltransform'],
    fed: 'request-to-stylesheet',
    engines: net,
  },
  {
    word: 'transform',
    as: 'member',
    near: ['xsltransform', 'xsltsettings'],
    fed: 'request-to-stylesheet',
    engines: net,
  },
  {
    word: 'addscript',
    as: 'member',
    near: ['powershell', 'runspacefactory', 'createpipeline', 'runspace', 'system.management.automation'],
    fed: 'request-to-powershell',
    alone: 'starts-powershell',
    engines: net,
  },
  { word: 'createrunspace', fed: 'request-to-powershell', alone: 'starts-powershell', engines: net },
  { word: 'addcommand', near: ['powershell', 'runspacefactory'], fed: 'request-to-powershell', engines: net },
  { word: 'createpipeline', as: 'member', fed: 'request-to-powershell', engines: net },
  { word: 'callbyname', fed: 'request-to-reflection', engines: net },
  { word: 'createdelegate', as: 'member', fed: 'request-to-reflection', engines: net },
  { word: 'parse', of: ['xamlreader', 'xamlservices'], fed: 'request-to-deserializer', engines: net },
  { word: 'load', of: ['xamlreader', 'xamlservices'], fed: 'request-to-deserializer', engines: net },
  { word: 'evaluateasync', fed: 'request-to-compiler', alone: 'compiles-source', engines: net },
  {
    word: 'runasync',
    of: ['csharpscript'],
    fed: 'request-to-compiler',
    alone: 'compiles-source',
    engines: net,
  },
  { word: 'registervirtualpathprovider', fed: 'memory-page', alone: 'memory-page', engines: net },
  { word: 'httplistener', as: 'new', fed: 'listener', alone: 'listener', engines: net },
  { word: 'tcplistener', as: 'new', fed: 'listener', alone: 'listener', engines: net },
  { word: 'function', as: 'new', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  { word: 'invokescript', fed: 'request-to-powershell', engines: net },
  {
    word: 'copy',
    of: ['marshal'],
    near: ['virtualalloc', 'virtualprotect', 'createthread'],
    fed: 'request-to-memory',
    engines: net,
  },
  { word: 'virtualalloc', fed: 'request-to-memory', alone: 'native-code', engines: net },
  { word: 'writeline', of: ['standardinput'], fed: 'request-to-process', engines: net },
  { word: 'writeline', as: 'member', near: ['standardinput'], fed: 'request-to-process', engines: net },
];

const scriptRules: readonly CallRule[] = [
  { word: 'eval', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  { word: 'execute', as: 'free', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  { word: 'executeglobal', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  { word: 'executestatement', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  { word: 'addcode', fed: 'request-to-eval', alone: 'evaluates-script', engines: windows },
  {
    word: 'run',
    as: 'member',
    near: shellObjects,
    fed: 'request-to-process',
    alone: 'starts-process',
    engines: windows,
  },
  {
    word: 'exec',
    as: 'member',
    near: shellObjects,
    fed: 'request-to-process',
    alone: 'starts-process',
    engines: windows,
  },
  { word: 'shellexecute', as: 'member', fed: 'request-to-process', engines: windows },
  { word: 'createobject', fed: 'request-to-object', engines: windows },
  { word: 'activexobject', fed: 'request-to-object', engines: windows },
  { word: 'gettypefromprogid', fed: 'request-to-object', engines: windows },
  { word: 'gettypefromclsid', fed: 'request-to-object', engines: windows },
];

const javaRules: readonly CallRule[] = [
  // `Runtime r = Runtime.getRuntime(); r.exec(…)`: the object is known by a variable.
  {
    word: 'exec',
    as: 'member',
    near: ['getruntime'],
    fed: 'request-to-process',
    alone: 'starts-process',
    engines: jsp,
  },
  { word: 'exec', as: 'member', fed: 'request-to-process', engines: jsp },
  {
    word: 'exec',
    of: ['getruntime', 'runtime'],
    fed: 'request-to-process',
    alone: 'starts-process',
    engines: jsp,
  },
  { word: 'processbuilder', fed: 'request-to-process', alone: 'starts-process', engines: jsp },
  { word: 'command', as: 'member', near: ['processbuilder'], fed: 'request-to-process', engines: jsp },
  { word: 'defineclass', fed: 'request-to-class', alone: 'defines-class', engines: jsp },
  {
    word: 'eval',
    as: 'member',
    near: ['scriptenginemanager', 'scriptengine', 'javax.script.scriptenginemanager', 'jshell'],
    fed: 'request-to-eval',
    alone: 'evaluates-script',
    engines: jsp,
  },
  { word: 'invoke', as: 'member', near: reflectionWords, fed: 'request-to-reflection', engines: jsp },
  // `java.beans`: calls by name, of any object.
  {
    word: 'expression',
    as: 'new',
    near: ['getruntime', 'processbuilder'],
    fed: 'request-to-reflection',
    engines: jsp,
  },
  {
    word: 'statement',
    as: 'new',
    near: ['getruntime', 'processbuilder'],
    fed: 'request-to-reflection',
    engines: jsp,
  },
  { word: 'urlclassloader', fed: 'request-to-class', engines: jsp },
  {
    word: 'readobject',
    as: 'member',
    near: ['objectinputstream'],
    object: true,
    fed: 'request-to-deserializer',
    engines: jsp,
  },
  {
    word: 'write',
    as: 'member',
    near: ['getruntime', 'processbuilder'],
    of: ['getoutputstream'],
    fed: 'request-to-process',
    engines: jsp,
  },
];

const phpProcess = [
  'system',
  'exec',
  'passthru',
  'shell_exec',
  'popen',
  'proc_open',
  'pcntl_exec',
  'expect_popen',
];
const phpCallbacks: readonly (readonly [string, number])[] = [
  ...(
    [
      'call_user_func',
      'call_user_func_array',
      'array_map',
      'register_shutdown_function',
      'ob_start',
      'forward_static_call',
      'register_tick_function',
    ] as const
  ).map((w) => [w, 0] as const),
  ...(
    [
      'usort',
      'uasort',
      'uksort',
      'array_filter',
      'array_walk',
      'array_walk_recursive',
      'array_reduce',
      'preg_replace_callback',
      'iterator_apply',
      'mb_ereg_replace',
    ] as const
  ).map((w) => [w, 1] as const),
  ...(['array_udiff', 'array_diff_ukey', 'array_uintersect', 'array_intersect_ukey'] as const).map(
    (w) => [w, 2] as const,
  ),
];
const phpRules: readonly CallRule[] = [
  { word: 'eval', as: 'free', fed: 'request-to-eval', alone: 'evaluates-script', engines: php },
  { word: 'assert', as: 'free', fed: 'request-to-eval', engines: php },
  { word: 'create_function', fed: 'request-to-eval', alone: 'evaluates-script', engines: php },
  ...phpProcess.map((word): CallRule => ({
    word,
    as: 'free',
    fed: 'request-to-process',
    alone: 'starts-process',
    engines: php,
  })),
  ...['include', 'include_once', 'require', 'require_once'].map((word): CallRule => ({
    word,
    as: 'free',
    fed: 'request-to-include',
    engines: php,
  })),
  ...phpCallbacks.map(([word, argument]): CallRule => ({
    word,
    argument,
    fed: 'request-to-function',
    engines: php,
  })),
  { word: 'reflectionfunction', fed: 'request-to-function', engines: php },
];

/** All rules for calls, by word. */
export const callRules: ReadonlyMap<string, readonly CallRule[]> = byWord([
  ...dotNetRules,
  ...scriptRules,
  ...javaRules,
  ...phpRules,
]);

/** A property that decides what is run, once it is set: `info.Arguments = …`. */
export const processProperties: ReadonlySet<string> = words('arguments filename startinfo');
export const processNames: readonly string[] = processWords;
export const shellObjectNames: ReadonlySet<string> = new Set(shellObjects);

/** Names that may be called by string: `this["eval"](…)`. */
export const memberNames: ReadonlySet<string> = new Set([
  ...callRules.keys(),
  'saveas',
  'writealltext',
  'writeallbytes',
  'request',
  'item',
  'form',
  'querystring',
]);
