import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { inputOf, recogniseHeadBytes, type Reader, type SourceKind } from '@postern/core';
import { fileListingReader, jsonlogReader, scannerLogReader } from '@postern/jsonlog';
import { compileScanner } from '@postern/match';
import { compileRules, openRuleSet, type OpenRuleSet } from '@postern/sigma';
import { weblogReader } from '@postern/weblog';
import { compileYara, type YaraScanner } from '@postern/webshell';
import { loadPack, type LoadedPack, type TestEvidence } from '../index.ts';

const readers: readonly Reader[] = [weblogReader, jsonlogReader, fileListingReader, scannerLogReader];

/** A pack's rules made ready to run over its test cases. */
export interface Running {
  readonly loaded: LoadedPack;
  readonly ruleSet: OpenRuleSet;
  readonly yara: YaraScanner;
}

/** Loads a pack from its folder. */
export function loadFolder(folder: string): LoadedPack {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return loadPack(
    new Map(
      files.map((path) => [relative(folder, path).split(sep).join('/'), new Uint8Array(readFileSync(path))]),
    ),
  );
}

export function start(loaded: LoadedPack): Running {
  const entry = createRequire(import.meta.url).resolve('@virustotal/yara-x');
  const engine = [dirname(entry), join(dirname(entry), 'pkg')]
    .map((folder) => join(folder, 'yara_x_js_bg.wasm'))
    .flatMap((path) => tryRead(path));
  const [wasm] = engine;
  if (wasm === undefined) throw new Error('the YARA engine is not installed');
  return { loaded, ruleSet: openRuleSet(compileRules(loaded.sigma)), yara: compileYara(loaded.yara, wasm) };
}

function tryRead(path: string): Uint8Array[] {
  try {
    return [new Uint8Array(readFileSync(path))];
  } catch {
    return [];
  }
}

/** What the rules said of one file: line → names of rules, sorted; line 0 for the file as a whole. */
export type Said = Map<number, string[]>;

/** Runs all rules over one file. `withScanner`: only lines in which a literal stands are looked at. */
export function run(running: Running, evidence: TestEvidence, withScanner: boolean): Said {
  const said: Said = new Map();
  const add = (line: number, id: string): void => {
    const name = running.loaded.names.get(id) ?? id;
    said.set(line, [...(said.get(line) ?? []), name].toSorted());
  };
  const { bytes, path } = evidence;
  const read = readerFor(bytes, path);
  if (read === undefined) runYara(running, evidence, add);
  else runSigma(running, { ...read, bytes, path, withScanner }, add);
  return said;
}

function readerFor(bytes: Uint8Array, path: string): { reader: Reader; kind: SourceKind } | undefined {
  for (const reader of readers) {
    const kind = reader.recognise(bytes.subarray(0, recogniseHeadBytes), path);
    if (kind !== undefined) return { reader, kind };
  }
  return undefined;
}

type Add = (line: number, id: string) => void;

interface Reading {
  readonly reader: Reader;
  readonly kind: SourceKind;
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly withScanner: boolean;
}

function runSigma({ ruleSet }: Running, { reader, kind, bytes, path, withScanner }: Reading, add: Add): void {
  const options = {
    kind,
    name: path,
    ...(withScanner && {
      scannerFor: (shape: Parameters<OpenRuleSet['forShape']>[0]) => {
        const matcher = ruleSet.forShape(shape);
        if (matcher !== undefined && matcher.literals === undefined) return undefined;
        return compileScanner(matcher?.literals ?? []);
      },
    }),
  };
  reader.read(inputOf(bytes), options, {
    onIssue: () => {},
    onBatch: (batch) => {
      for (let record = 0; record < batch.count; record++) {
        const shape = batch.shapes[batch.shapeOf[record] ?? 0];
        const matcher = shape === undefined ? undefined : ruleSet.forShape(shape);
        matcher?.match(batch, record, (rule) => {
          add(batch.line[record] ?? 0, ruleSet.rules[rule]?.id ?? '?');
        });
      }
    },
  });
}

function runYara({ yara }: Running, { bytes, path }: TestEvidence, add: Add): void {
  const filename = path.slice(path.lastIndexOf('\\') + 1);
  const extension = filename.slice(filename.lastIndexOf('.'));
  const { rules } = yara.scan(bytes, { filename, filepath: path, extension, filetype: '' });
  for (const rule of rules) add(0, rule);
}
