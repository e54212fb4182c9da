import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PosternError } from '@postern/core';
import { errorCode } from './file-range.ts';

/** A folder for what archives hold, made when it is first needed and removed with all that is in it. */
export interface TempFolder {
  /**
   * The path of a new file in it (not made yet).
   *
   * @throws PosternError POSTERN_COLLECTION_TEMP where the folder cannot be made
   */
  newFile(): string;
  /** True for the folder itself, so that it is not taken for evidence. */
  contains(folder: string): boolean;
  remove(): void;
}

const live = new Set<string>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Nothing is made on the disk before the first file is asked for. */
export function tempFolder(parent: string = tmpdir()): TempFolder {
  let folder: string | undefined;
  let files = 0;
  return {
    newFile() {
      folder ??= makeFolder(parent);
      return join(folder, `${files++}.spool`);
    },
    contains: (path) => path === folder,
    remove() {
      if (folder !== undefined) removeFolder(folder);
      folder = undefined;
    },
  };
}

function makeFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true });
    const folder = realpathSync.native(mkdtempSync(join(parent, 'postern-')));
    if (live.size === 0) watchProcess();
    live.add(folder);
    return folder;
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_COLLECTION_TEMP',
      message: `no temporary folder could be made: ${errorCode(cause)}`,
      at: parent,
      hint: 'Name a folder that can be written to, with room for the unpacked evidence: --temp DIR.',
      cause,
    });
  }
}

function removeFolder(folder: string): void {
  live.delete(folder);
  if (live.size === 0) unwatchProcess();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function removeAll(): void {
  for (const folder of live) rmSync(folder, { recursive: true, force: true });
  live.clear();
}

function watchProcess(): void {
  process.on('exit', removeAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function unwatchProcess(): void {
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, onSignal);
}

/** Where nobody else handles the signal, listening to it has kept the process alive: it is raised again. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatchProcess();
  process.kill(process.pid, signal);
}
