// All public Sigma rules over dense event logs, on one thread and in processes of their own, so that memory peaks do not
// mix:
//
//   node tools/start.mjs bench/sigma.ts [MB] [ROUNDS] [DATA]
//
// DATA (../shared/data) holds sigmahq/rules* and evtx. The corpus is made of its densest event logs, copied under other
// names until it has MB (300): repeats flatter the caches of the machine, so records/s of few hundred real layouts is
// what the figures say. Its heavy part is the logs that are mostly Sysmon, 4688 and PowerShell. Reported: loading of the
// rules from YAML and from a cache, reading alone, reading and matching (first round and median) on one thread and on two, rules asked of
// each record, peak memory; beside it in the same run a plain loop over the rules (one copy of each log, hits must be equal)
// and ripgrep with 1,000 of the rules' literals as UTF-16. CPU seconds stand beside the clock: other work on the
// machine moves the clock more.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { denseLogs, type DenseLog } from './sigma/corpus.ts';
import { literalsOf, loadRules } from './sigma/rules.ts';
import { runEngine, runPlain } from './sigma/runs.ts';
import { runThreads } from './sigma/threads.ts';

const self = fileURLToPath(import.meta.url);
const [first = '300', second = '5', third] = process.argv.slice(2);

function child(...args: readonly string[]): void {
  execFileSync(process.execPath, [...process.execArgv, self, ...args], { stdio: 'inherit' });
}

function makeCorpus(folder: string, logs: readonly DenseLog[], megabytes: number): readonly string[] {
  mkdirSync(folder);
  const paths: string[] = [];
  for (let bytes = 0; bytes < megabytes * 1e6;) {
    for (const log of logs) {
      const path = join(folder, `${paths.length}.evtx`);
      copyFileSync(log.path, path);
      paths.push(path);
      bytes += log.bytes;
    }
  }
  return paths;
}

function ripgrep(folder: string, literals: string, threads: number): void {
  const start = performance.now();
  const options = ['-c', '-a', '-i', '-F', `-j${threads}`, '-f', literals];
  const run = spawnSync('rg', [...options, folder], { stdio: 'ignore' });
  if (run.error !== undefined) return void process.stdout.write('ripgrep: not here\n');
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  process.stdout.write(`  ripgrep -a -i -F -j${threads}, 1,000 literals: ${seconds} s\n`);
  if (run.status !== 0 && run.status !== 1) process.stdout.write(`  (it ended with ${run.status})\n`);
}

function main(): void {
  const data = resolve(third ?? fileURLToPath(new URL('../../shared/data', import.meta.url)));
  if (!existsSync(data)) return void process.stdout.write(`no rules and logs in ${data}\n`);
  const work = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    const cache = join(work, 'rules');
    child('--load', data, cache);
    const literals = join(work, 'literals');
    writeFileSync(literals, literalsOf(cache, 1000).join('\n'));
    const logs = denseLogs(join(data, 'evtx'));
    for (const [name, chosen] of [
      ['general', logs],
      ['heavy', logs.filter(({ isHeavy }) => isHeavy)],
    ] as const) {
      const folder = join(work, name);
      const paths = makeCorpus(folder, chosen, Number(first));
      const list = join(work, `${name}.list`);
      writeFileSync(list, [chosen.length, ...paths].join('\n'));
      process.stdout.write(`${name}: ${chosen.length} logs, ${paths.length} files\n`);
      child('--engine', cache, list, second);
      child('--threads', cache, list, second);
      child('--plain', cache, list);
      for (const threads of [1, 2]) ripgrep(folder, literals, threads);
      rmSync(folder, { recursive: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (first === '--load') loadRules(second, third ?? '');
else if (first === '--engine') runEngine(second, third ?? '', Number(process.argv[5]));
else if (first === '--threads') await runThreads(second, third ?? '', Number(process.argv[5]), 2);
else if (first === '--plain') runPlain(second, third ?? '');
else main();
