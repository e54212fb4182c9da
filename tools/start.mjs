// The first step of every command. Runs on Node 18 and later without any dependency: installs what the lock file
// names and is missing, finds the pinned Node, and starts the asked command with it.
//
//   node tools/start.mjs [--here] [NAME=VALUE…] SCRIPT.ts [ARGUMENT…]     a script of this repository
//   node tools/start.mjs [--here] [NAME=VALUE…] TOOL [ARGUMENT…]          a tool of node_modules: tsc, vitest …
//
// --here keeps the folder the user called from; otherwise commands run in the root of the repository.
// NAME=VALUE sets an environment variable that is not set yet.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const INSTALL_LOCK = join(ROOT, '.cache', 'install.lock');
/** What Node makes of the sources when it first loads them. It checks each entry itself; safe to delete. */
const COMPILED = join(ROOT, '.cache', 'node');
/** An install that takes longer than this was killed half way: the next command takes its place. */
const INSTALL_LOCK_MS = 5 * 60_000;
/** The first release that strips types without a flag. */
const OLDEST_NODE = [22, 18];
const NODE_FLAGS = [
  '--conditions=@postern/source',
  '--disable-warning=ExperimentalWarning',
  // Records live shortly: with the usual nursery the same scan takes a hundred megabytes more and is no faster.
  '--max-semi-space-size=4',
];
/** Tools whose package has another name than the tool. */
const TOOL_PACKAGES = { tsc: 'typescript' };

class StartError extends Error {}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Compares what is installed with the lock file, entry by entry; times of files say nothing after a checkout. */
function isInstalled() {
  const installedPath = join(MODULES, '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = readJson(join(ROOT, 'package-lock.json')).packages;
  const installed = readJson(installedPath).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return (
      found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link
    );
  });
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Takes the install lock; false when another command held it first (then look again whether all is there). */
function takeInstallLock() {
  mkdirSync(dirname(INSTALL_LOCK), { recursive: true });
  try {
    mkdirSync(INSTALL_LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const since = statSync(INSTALL_LOCK, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > INSTALL_LOCK_MS)
    rmSync(INSTALL_LOCK, { recursive: true, force: true });
  sleep(250);
  return false;
}

function npmCi() {
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  // npm's own progress must not mix with the results of the command that follows: its stdout goes to stderr.
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  const npm = process.env.npm_execpath;
  const result =
    npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync(['npm', ...args].join(' '), { ...options, shell: true });
  if (result.status !== 0) throw new StartError('npm ci failed; its messages are above.');
}

function install() {
  while (!isInstalled()) {
    if (!takeInstallLock()) continue;
    try {
      if (isInstalled()) return;
      process.stderr.write('Installing dependencies (npm ci) …\n');
      npmCi();
      if (!isInstalled())
        throw new StartError('npm ci ended, but node_modules does not match package-lock.json.');
    } finally {
      rmSync(INSTALL_LOCK, { recursive: true, force: true });
    }
  }
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The pinned Node of this platform, else the running one where it is new enough. */
function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(MODULES, `node-${platform}-${process.arch}`, 'bin', name);
  if (existsSync(pinned) && spawnSync(pinned, ['--version'], { stdio: 'ignore' }).status === 0) return pinned;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new StartError(
    `Node ${OLDEST_NODE.join('.')} or later is needed. There is no pinned Node that runs on ${process.platform} ` +
      `${process.arch}, and the one in use is ${process.versions.node}. Install the version in .node-version.`,
  );
}

function findScript(command) {
  if (/\.[cm]?[jt]s$/.test(command)) {
    const script = resolve(ROOT, command);
    if (!existsSync(script)) throw new StartError(`${command} does not exist.`);
    return script;
  }
  const folder = join(MODULES, TOOL_PACKAGES[command] ?? command);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) throw new StartError(`${command} is neither a script nor an installed tool.`);
  const { bin } = readJson(manifest);
  const entry = typeof bin === 'string' ? bin : bin?.[command];
  if (entry === undefined) throw new StartError(`${command} has no command of its own.`);
  return realpathSync(join(folder, entry));
}

function start(command, args, cwd) {
  const node = findNode();
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = {
    NODE_COMPILE_CACHE: COMPILED,
    ...process.env,
    [pathName]: [dirname(node), process.env[pathName] ?? ''].join(delimiter),
  };
  const child = spawn(node, [...NODE_FLAGS, findScript(command), ...args], { cwd, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // On a terminal Ctrl-C reaches the child directly; passed on, it would arrive twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`postern: ${node} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 1));
  });
}

const given = process.argv.slice(2);
const here = given[0] === '--here';
if (here) given.shift();
while (/^[A-Z_]+=/.test(given[0] ?? '')) {
  const [name, value] = given.shift().split('=', 2);
  process.env[name] ??= value;
}
const [command, ...args] = given;
try {
  if (command === undefined) throw new StartError('usage: node tools/start.mjs [--here] COMMAND [ARGUMENT…]');
  install();
  start(command, args, here ? (process.env.INIT_CWD ?? process.cwd()) : ROOT);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`postern: ${error.message}\n`);
  process.exitCode = 1;
}
