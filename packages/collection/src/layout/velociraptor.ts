import type { Anchor } from './anchor.ts';
import type { Segment } from './segments.ts';
import type { Volume } from './volume.ts';
import { deviceVolume, pathOnVolume } from './volume.ts';

/** Ways in which Velociraptor reads files; each has its folder below `uploads`. Source: dissect.target, loaders/velociraptor.py. */
const accessors = new Set(['auto', 'file', 'ntfs', 'lazy_ntfs', 'mft', 'ntfs_vss']);

/**
 * `uploads/{auto,file,ntfs,lazy_ntfs,mft,ntfs_vss}/<volume>/…`, each part URL-encoded (`C%3A`, `%5C%5C.%5CC%3A`,
 * `…HarddiskVolumeShadowCopy3`), also when somebody has decoded the names or taken the folder `uploads` off.
 */
export function velociraptor(segments: readonly Segment[]): Anchor | undefined {
  for (let i = 0; i < segments.length - 1; i++) {
    const volume = volumeAt(segments, i);
    if (volume === undefined) continue;
    const rest = segments.slice(i + 1).map(decodeSegment);
    return {
      layout: 'velociraptor',
      at: startOf(segments, i),
      originalPath: pathOnVolume(volume, rest),
      root: volume,
    };
  }
  return undefined;
}

function volumeAt(segments: readonly Segment[], index: number): Volume | undefined {
  const name = segments[index]?.name ?? '';
  // Without the folder of the accessor only the encoding tells these volumes from folders of other tools.
  return isAccessor(segments, index - 1) || /%3A$|%5C/i.test(name)
    ? deviceVolume(decodeName(name))
    : undefined;
}

function isAccessor(segments: readonly Segment[], index: number): boolean {
  return accessors.has(nameAt(segments, index)) && nameAt(segments, index - 1) === 'uploads';
}

function startOf(segments: readonly Segment[], volume: number): number {
  if (!accessors.has(nameAt(segments, volume - 1))) return volume;
  return nameAt(segments, volume - 2) === 'uploads' ? volume - 2 : volume - 1;
}

function nameAt(segments: readonly Segment[], index: number): string {
  return segments[index]?.name.toLowerCase() ?? '';
}

function decodeSegment(segment: Segment): Segment {
  const text = storedName(segment.text);
  return text === segment.text ? segment : { ...segment, text };
}

/**
 * A name as it was on the server. Velociraptor adds `_` to names that end in `.db` or `_`, which it needs itself.
 * Source: Velocidex/velociraptor, utils/sanitize.go. A name that would decode to a separator, to `..` or to something
 * that cannot be shown stays as it is.
 */
function storedName(text: string): string {
  const decoded = decodeName(text);
  const isUnsafe = /[\\/\p{Cc}]/u.test(decoded) || decoded === '..' || decoded === '.';
  const kept = isUnsafe ? text : decoded;
  return /(?:\.db|_)_$/.test(kept) ? kept.slice(0, -1) : kept;
}

function decodeName(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoded name after all (`100%.txt`), or bytes that are no UTF-8.
    return text;
  }
}
