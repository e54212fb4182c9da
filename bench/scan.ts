// The whole scan, both passes and the judgement, of a collection made by the example generator:
//
//   node tools/start.mjs bench/scan.ts [SIZE] [JOBS…]
//
// SIZE as the generator takes it (1GB); JOBS are thread counts, each in a process of its own, so that memory peaks do
// not mix. Bytes are those of all files; the evidence is read from the disk cache. ripgrep -c over the same files with
// one literal is run beside it as a measure of the machine.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { generateExample, parseSize } from '@postern/example';
import { bootThreads, loadKnowledge, optimiseLater, scan } from '@postern/scan';

const packs = [fileURLToPath(new URL('../packs/exchange-2021', import.meta.url))];

async function scanOnce(folder: string, jobs: number): Promise<void> {
  optimiseLater();
  const start = performance.now();
  const threads = bootThreads([folder], jobs);
  const knowledge = loadKnowledge({ packs, rules: [], yara: [], indicators: [] });
  const none = { clocks: new Map(), reviews: new Map(), servers: new Map(), trustedProxies: [], shown: {} };
  const result = await scan([folder], {
    knowledge,
    jobs,
    threads,
    case: { tlp: 'AMBER', context: {}, ...none },
  });
  const seconds = (performance.now() - start) / 1000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const { sources, groups } = result.assessment.coverage;
  const records = [...sources, ...groups].reduce((sum, source) => sum + source.records, 0);
  const verdict = result.assessment.servers.map((server) => server.headline?.verdict).join(', ');
  process.stdout.write(
    `jobs ${jobs}: ${Math.round(result.bytes / 1e6)} MB, ${result.files} files in ${seconds.toFixed(1)} s: ` +
      `${Math.round(result.bytes / 1e6 / seconds)} MB/s, ${Math.round(records / seconds)} records/s, ` +
      `${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s of CPU, peak ${Math.round(maxRSS / 1024)} MB (${verdict})\n`,
  );
}

function ripgrep(folder: string): void {
  const start = performance.now();
  const run = spawnSync('rg', ['-c', '-a', '-i', '-F', 'serverinfo~', folder], { stdio: 'ignore' });
  if (run.error === undefined) {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(`ripgrep for one literal over the same files: ${seconds} s\n`);
  }
}

const [size = '1GB', ...jobs] = process.argv.slice(2);
if (size === '--scan') await scanOnce(jobs[0] ?? '', Number(jobs[1] ?? 1));
else {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const evidence = join(folder, 'evidence');
  const wanted = parseSize(size);
  generateExample({ seed: 'bench', out: evidence, ...(wanted === undefined ? {} : { size: wanted }) });
  for (const count of jobs.length === 0 ? ['1', '2'] : jobs) {
    const self = [...process.execArgv, fileURLToPath(import.meta.url), '--scan', evidence, count];
    execFileSync(process.execPath, self, { stdio: 'inherit' });
  }
  ripgrep(evidence);
  rmSync(folder, { recursive: true, force: true });
}
