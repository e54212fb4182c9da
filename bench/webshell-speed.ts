// Measures the checks of packages/webshell on many small web files made here, beside Debian's yara in the same run:
//
//   node --conditions=@postern/source bench/webshell-speed.ts [--files 50000] [--yara FILE…] [--sample 200]
//
// `--yara`: rules that both engines run; absent: those of the pack. The files are made once from a seed, below the
// system's temporary folder, and taken away. All times include reading the files, which lie in the cache of the system.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { compileYara, judgeFile, keepLastModule, yaraEngineUrl } from '@postern/webshell';

const perFolder = 1000;
const extraNames = ['filename', 'filepath', 'extension', 'filetype', 'owner'];

/** A small generator of numbers: the same files on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const words =
  'order customer list detail total price date name value label grid panel button save load item row page user city street number'.split(
    ' ',
  );

function pageOf(random: (below: number) => number): readonly [ending: string, text: string] {
  const word = (): string => words[random(words.length)] ?? 'x';
  const rows = Array.from(
    { length: 5 + random(60) },
    () => `<tr><td class="${word()}"><%# Eval("${word()}") %></td><td>${word()} ${word()}</td></tr>`,
  );
  const methods = Array.from(
    { length: 1 + random(12) },
    () =>
      `protected void ${word()}${random(1000)}_Click(object sender, EventArgs e) {\n  string ${word()} = Request.QueryString["${word()}"];\n  if (${word()} != null) { ${word()}.Text = Server.HtmlEncode(${word()}) + " ${word()}"; }\n}\n`,
  );
  switch (random(6)) {
    case 0:
      return [
        'ashx',
        `<%@ WebHandler Language="C#" Class="H" %>\nusing System.Web;\npublic class H : IHttpHandler {\n${methods.join('')}}\n`,
      ];
    case 1:
      return [
        'config',
        `<configuration><appSettings>${rows.map((_, i) => `<add key="${word()}${i}" value="${word()}" />`).join('\n')}</appSettings></configuration>\n`,
      ];
    case 2:
      return [
        'asp',
        `<%\nDim ${word()}\n${word()} = Request.QueryString("${word()}")\nResponse.Write Server.HTMLEncode(${word()})\n%>\n<table>${rows.join('\n')}</table>\n`,
      ];
    default:
      return [
        'aspx',
        `<%@ Page Language="C#" %>\n<script runat="server">\n${methods.join('')}</script>\n<html><body><form runat="server"><asp:TextBox id="${word()}" runat="server" /><table>\n${rows.join('\n')}\n</table></form></body></html>\n`,
      ];
  }
}

function makeFiles(
  folder: string,
  count: number,
): { readonly files: readonly string[]; readonly bytes: number } {
  const random = randomFrom(7);
  const files: string[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const place = join(folder, String(Math.floor(i / perFolder)));
    if (i % perFolder === 0) mkdirSync(place);
    const [ending, text] = pageOf(random);
    const path = join(place, `${i}.${ending}`);
    writeFileSync(path, text);
    files.push(path);
    bytes += text.length;
  }
  return { files, bytes };
}

function judgeAll(files: readonly string[]): number {
  let found = 0;
  for (const path of files) if (judgeFile(readFileSync(path), path).verdict !== 'benign') found++;
  return found;
}

interface Measured {
  readonly seconds: number;
  readonly cpu: number;
}

async function onThreads(
  files: readonly string[],
  threads: number,
): Promise<Measured & { readonly found: number }> {
  const before = process.cpuUsage();
  const started = performance.now();
  const part = Math.ceil(files.length / threads);
  const others = Array.from({ length: threads - 1 }, (_, i) =>
    files.slice((i + 1) * part, (i + 2) * part),
  ).map(
    (workerFiles) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: workerFiles });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  const own = judgeAll(files.slice(0, part));
  const found = own + (await Promise.all(others)).reduce((sum, n) => sum + n, 0);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, found };
}

/** Debian's yara with two threads; undefined where it is not installed. */
function debianYara(folder: string, rules: readonly string[]): Measured | undefined {
  const names = extraNames.flatMap((name) => ['-d', `${name}=`]);
  const command = ['yara', '-w', '-p', '2', '-r', ...names, ...rules, folder]
    .map((word) => `'${word}'`)
    .join(' ');
  const run = spawnSync('bash', ['-c', `TIMEFORMAT='%R %U %S'; time ${command} >/dev/null`], {
    encoding: 'utf8',
  });
  const times = /([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(run.stderr);
  if (run.status !== 0 || times === null) return undefined;
  return { seconds: Number(times[1]), cpu: Number(times[2]) + Number(times[3]) };
}

function ownYara(
  files: readonly string[],
  rules: readonly string[],
): { readonly loaded: number; readonly start: number; readonly each: number } {
  const started = performance.now();
  const sources = rules.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const scanner = compileYara(sources, readFileSync(fileURLToPath(yaraEngineUrl())));
  const compiled = performance.now();
  keepLastModule();
  const before = process.cpuUsage();
  for (const path of files)
    scanner.scan(readFileSync(path), {
      filename: basename(path),
      filepath: path.toLowerCase(),
      extension: extname(path),
      filetype: '',
    });
  const { user, system } = process.cpuUsage(before);
  return {
    loaded: scanner.loaded,
    start: (compiled - started) / 1000,
    each: (user + system) / 1e6 / files.length,
  };
}

function packRules(): readonly string[] {
  const folder = fileURLToPath(new URL('../packs/exchange-2021/yara', import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yar'))
    .toSorted()
    .map((name) => join(folder, name));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '50000' },
      sample: { type: 'string', default: '200' },
      yara: { type: 'string', multiple: true, default: [] },
    },
  });
  const rules = values.yara.length > 0 ? values.yara : packRules();
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    const { files, bytes } = makeFiles(folder, Number(values.files));
    console.log(
      `${files.length} files made here, ${(bytes / 1e6).toFixed(0)} MB; ${rules.length} files of YARA rules`,
    );
    judgeAll(files.slice(0, 500));
    const say = (title: string, { seconds, cpu }: Measured): void =>
      console.log(
        `${title}\t${seconds.toFixed(2)} s\tcpu ${cpu.toFixed(2)} s\t${Math.round(files.length / seconds)} files/s\t${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
      );
    const one = await onThreads(files, 1);
    say('structural checks, 1 thread ', one);
    const debian = debianYara(folder, rules);
    const two = await onThreads(files, 2);
    say('structural checks, 2 threads', two);
    if (debian === undefined) console.log('yara -p 2: not installed, or it refuses the rules');
    else say("Debian's yara -p 2          ", debian);
    console.log(`not benign by structure: ${two.found} (of files that are all harmless)`);
    const sample = files.slice(0, Number(values.sample));
    const own = ownYara(sample, rules);
    console.log(
      `YARA-X (WASM), one thread: ${own.loaded} rules compiled in ${own.start.toFixed(2)} s; ${(own.each * 1000).toFixed(1)} ms of cpu a file (${sample.length} files), ${Math.round(1 / own.each)} files/s; every distinct content needs it`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMainThread) await main();
else {
  // What the first thread gave.
  const found = judgeAll(workerData as readonly string[]);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(found);
}
