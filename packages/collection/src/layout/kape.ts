import type { Anchor } from './anchor.ts';
import type { Segment } from './segments.ts';
import { isWindowsRoot } from './known-folders.ts';
import { driveFolder, pathOnVolume, shadowVolume } from './volume.ts';

/** A single letter deep in a tree is more likely somebody's folder than a drive. */
const deepestDrive = 4;

/**
 * Drive folders: `C/inetpub/…`, `<host>/C/…`, `EX01/c$/…`, as KAPE and copies over shares have them; `[root]/…`, as
 * disk viewers export them, counts as drive C. `VSS3/C/…` is a shadow copy.
 */
export function kape(segments: readonly Segment[]): Anchor | undefined {
  for (let i = 0; i < segments.length - 1; i++) {
    const volume = volumeAt(segments, i);
    if (volume === undefined) continue;
    return { layout: 'kape', at: i, originalPath: pathOnVolume(volume, segments.slice(i + 1)), root: volume };
  }
  return undefined;
}

function volumeAt(segments: readonly Segment[], index: number): string | undefined {
  const name = segments[index]?.name ?? '';
  if (name.toLowerCase() === '[root]') return 'C:';
  const shadow = shadowVolume(name);
  if (shadow !== undefined) return shadow;
  const drive = driveFolder(name);
  if (drive === undefined) return undefined;
  const isDoubtful =
    name.length === 1 && index > deepestDrive && !isWindowsRoot(segments[index + 1]?.name ?? '');
  if (isDoubtful) return undefined;
  const number = /^vss(\d+)$/i.exec(segments[index - 1]?.name ?? '')?.[1];
  return number === undefined ? drive : shadowVolume(`HarddiskVolumeShadowCopy${number}`);
}
