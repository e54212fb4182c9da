import { decodeLatin1 } from '@postern/core';
import { readYamlValue, type Report, type YamlValue } from './yaml-value.ts';

/** One file of made-up evidence, and what the pack's rules must say of each of its lines. */
export interface TestEvidence {
  readonly file: string;
  /** The Windows path it would have had on the server: kinds and sites are told from it. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** 1-based line → names of the rules that must fire there; line 0 stands for the file as a whole (YARA). */
  readonly fires: ReadonlyMap<number, readonly string[]>;
  /** Line → names of rules for which it is a near miss: they must not fire there. */
  readonly spares: ReadonlyMap<number, readonly string[]>;
}

export interface TestCase {
  readonly name: string;
  readonly title: string;
  readonly evidence: readonly TestEvidence[];
}

export interface TestFolder {
  readonly name: string;
  /** Path inside the case's folder → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads `tests/<case>/expect.yaml`: `title`, and for each piece of `evidence` its `file`, `path`, `fires` and `spares`.
 * A file whose name ends in `.b64` holds base64 and is decoded: so that no virus scanner eats a checkout.
 */
export function readTestCase(
  { name, files }: TestFolder,
  text: string,
  report: Report,
): TestCase | undefined {
  const root = readYamlValue(text, report);
  if (root === undefined) return undefined;
  root.onlyKeys('title', 'evidence');
  const evidence = root.list('evidence').flatMap((value) => readEvidence(value, files) ?? []);
  if (evidence.length === 0) root.complain('a case needs evidence');
  return { name, title: root.text('title'), evidence };
}

function readEvidence(value: YamlValue, files: ReadonlyMap<string, Uint8Array>): TestEvidence | undefined {
  value.onlyKeys('file', 'path', 'fires', 'spares');
  const file = value.text('file');
  const stored = files.get(file);
  if (stored === undefined) {
    value
      .get('file')
      .complain(`there is no file "${file}" in this case`, { code: 'POSTERN_PACK_UNKNOWN_NAME' });
    return undefined;
  }
  const bytes = file.endsWith('.b64') ? decodeBase64(decodeLatin1(stored, 0, stored.length)) : stored;
  if (bytes === undefined) {
    value.get('file').complain('this is not base64');
    return undefined;
  }
  return {
    file,
    path: value.text('path'),
    bytes,
    fires: readLines(value, 'fires'),
    spares: readLines(value, 'spares'),
  };
}

function readLines(value: YamlValue, key: string): Map<number, readonly string[]> {
  const lines = new Map<number, readonly string[]>();
  for (const [line, names] of value.optional(key)?.asEntries() ?? []) {
    if (!/^\d+$/.test(line)) names.complain('the key is not a line number');
    else
      lines.set(
        Number(line),
        names.asList().map((item) => item.asText()),
      );
  }
  return lines;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with any white space in it; undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s+/g, '').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | alphabet.indexOf(digit)) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  return bytes;
}
