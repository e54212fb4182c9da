import type { Segment } from './segments.ts';
import { windowsPath } from './segments.ts';

/** A drive or shadow copy as the first part of a Windows path: `C:` or `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3`. */
export type Volume = string;

const drive = /^([c-z])[:$]?$/i;
const rawDrive = /^(?:\\\\[.?]\\)?([a-z]):\\?$/i;
const shadowCopy = /HarddiskVolumeShadowCopy(\d+)\\?$/i;

/** A drive folder as collectors and shares name them: `C`, `C:`, `C$`. */
export function driveFolder(name: string): Volume | undefined {
  const letter = drive.exec(name)?.[1];
  return letter === undefined ? undefined : `${letter.toUpperCase()}:`;
}

/** A volume by its device name: `C:`, `\\.\C:`, `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3`. */
export function deviceVolume(name: string): Volume | undefined {
  const letter = rawDrive.exec(name)?.[1];
  return letter === undefined ? shadowVolume(name) : `${letter.toUpperCase()}:`;
}

/**
 * A shadow copy. It keeps its number, so that an older state of a file is never taken for the file itself and the two
 * can be seen side by side.
 */
export function shadowVolume(name: string): Volume | undefined {
  const number = shadowCopy.exec(name)?.[1];
  return number === undefined ? undefined : `\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy${number}`;
}

/** NTFS streams as copying tools have to name them → as NTFS does. Source: dissect.target, loaders/kape.py. */
const streams: readonly (readonly [written: RegExp, real: string])[] = [
  [/\\\$Extend\\\$(?:UsnJrnl)?\$?J$/i, '\\$Extend\\$UsnJrnl:$J'],
  [/\\\$Extend\\\$(?:UsnJrnl)?\$?Max$/i, '\\$Extend\\$UsnJrnl:$Max'],
  [/\\\$Secure[_:]?\$SDS$/i, '\\$Secure:$SDS'],
];

/** The Windows path of what lies under a volume, with the names of NTFS streams restored. */
export function pathOnVolume(volume: Volume, rest: readonly Segment[]): string {
  const path = windowsPath(volume, rest);
  for (const [written, real] of streams) if (written.test(path)) return path.replace(written, () => real);
  return path;
}
