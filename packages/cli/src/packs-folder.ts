import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PosternError } from '@postern/core';

/** Where packs lie: beside an installed command, or at the root of a checkout. */
const candidates = ['../packs', '../../../packs'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

export function packsFolder(): string {
  return candidates.find((path) => existsSync(path)) ?? candidates[1] ?? '';
}

/** Ids of the packs that come with Postern, sorted. */
export function packIds(): readonly string[] {
  const folder = packsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'pack.yaml')))
    .toSorted();
}

/**
 * Folders of the packs asked for by id or path; all that come with Postern where none is asked for.
 * @throws PosternError `POSTERN_PACK_UNKNOWN`
 */
export function packFolders(asked: readonly string[], at = '--pack'): readonly string[] {
  if (asked.length === 0) return packIds().map((id) => join(packsFolder(), id));
  return asked.map((name) => {
    const own = join(packsFolder(), name);
    if (existsSync(join(own, 'pack.yaml'))) return own;
    if (existsSync(join(name, 'pack.yaml'))) return name;
    throw new PosternError({
      code: 'POSTERN_PACK_UNKNOWN',
      message: `there is no pack "${name}"`,
      at,
      hint: `Known packs: ${packIds().join(', ') || 'none'}; or give the folder of one (it has a pack.yaml).`,
    });
  });
}
