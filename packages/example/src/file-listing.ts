// The listing of a volume's master file table, in the columns of Eric Zimmerman's MFTECmd.

import { clockOf, dateOf } from './calendar.ts';
import { createRandom, type Random } from './random.ts';

export const MFT_COLUMNS =
  'EntryNumber,SequenceNumber,InUse,ParentEntryNumber,ParentSequenceNumber,ParentPath,FileName,Extension,FileSize,ReferenceCount,ReparseTarget,IsDirectory,HasAds,IsAds,SI<FN,uSecZeros,Copied,SiFlags,NameType,Created0x10,Created0x30,LastModified0x10,LastModified0x30,LastRecordChange0x10,LastRecordChange0x30,LastAccess0x10,LastAccess0x30,UpdateSequenceNumber,LogfileSequenceNumber,SecurityId,ObjectIdFileDroid,LoggedUtilStream,ZoneIdContents';

/** One file of the volume. */
export interface ListedFile {
  /** Windows path with drive. */
  readonly path: string;
  readonly size: number;
  readonly created: number;
  readonly modified: number;
  readonly isDeleted: boolean;
}

interface Numbered {
  readonly entry: number;
  readonly sequence: number;
}

function mftTime(time: number, random: Random): string {
  const fraction = String(time % 1000).padStart(3, '0') + String(random.below(10_000)).padStart(4, '0');
  return `${dateOf(time)} ${clockOf(time)}.${fraction}`;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('\\'));
}

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}

/** The volume's root is entry 5 of every NTFS volume. */
const ROOT: Numbered = { entry: 5, sequence: 5 };
/** Windows and Exchange were installed long before anything happened. */
export const INSTALLED: number = Date.UTC(2019, 4, 14, 9, 12, 31);

/** Gives numbers to files and to the folders above them, the folders first. */
function numberPaths(files: readonly ListedFile[], random: Random): Map<string, Numbered> {
  const numbers = new Map<string, Numbered>([['C:', ROOT]]);
  let entry = random.between(40_000, 60_000);
  const number = (path: string): void => {
    if (numbers.has(path)) return;
    number(parentOf(path));
    entry += random.between(1, 40);
    numbers.set(path, { entry, sequence: random.between(1, 9) });
  };
  for (const { path } of files) number(path);
  return numbers;
}

function listingRow(
  file: ListedFile,
  isFolder: boolean,
  numbers: Map<string, Numbered>,
  random: Random,
): string {
  const own = numbers.get(file.path) ?? ROOT;
  const parent = numbers.get(parentOf(file.path)) ?? ROOT;
  const name = file.path.slice(file.path.lastIndexOf('\\') + 1);
  const extension = !isFolder && name.includes('.') ? name.slice(name.lastIndexOf('.')) : '';
  const created = mftTime(file.created, random);
  const modified = file.modified === file.created ? created : mftTime(file.modified, random);
  const place = `.${parentOf(file.path).slice(2)}`;
  const flags = `${isFolder ? 'True' : 'False'},False,False,False,False,False,${isFolder ? 'None' : 'Archive'},DosWindows`;
  const head = `${own.entry},${own.sequence},${file.isDeleted ? 'False' : 'True'},${parent.entry},${parent.sequence}`;
  const times = `${created},,${modified},${created},${modified},${created},${modified},${created}`;
  const tail = `${random.below(2_000_000_000)},${random.below(2_000_000_000)},${random.between(300, 4000)},,,`;
  return `${head},${quoted(place)},${quoted(name)},${extension},${file.size},1,,${flags},${times},${tail}\r\n`;
}

/** The listing as text; folders appear with the day of the installation. */
export function fileListing(seed: string, files: readonly ListedFile[]): string {
  const random = createRandom(`${seed}/listing`);
  const numbers = numberPaths(files, random);
  const listed = new Map(files.map((file) => [file.path, file]));
  const rows = [...numbers.keys()]
    .filter((path) => path !== 'C:')
    .map((path) => {
      const file = listed.get(path);
      const folder = { path, size: 0, created: INSTALLED, modified: INSTALLED, isDeleted: false };
      return listingRow(file ?? folder, file === undefined, numbers, random);
    });
  return `${MFT_COLUMNS}\r\n${rows.join('')}`;
}

/** Files of the product and of Windows that a listing names and no collection takes. */
export function uncollectedFiles(seed: string, install: string): ListedFile[] {
  const random = createRandom(`${seed}/uncollected`);
  const names = [
    ...Array.from(
      { length: 60 },
      (_, index) => `${install}\\ClientAccess\\Owa\\prem\\resources\\sprite${index}.mouse.png`,
    ),
    ...Array.from(
      { length: 40 },
      (_, index) => `${install}\\FrontEnd\\HttpProxy\\owa\\prem\\scripts\\boot.worldwide.${index}.mouse.js`,
    ),
    ...['kernel32.dll', 'ntdll.dll', 'svchost.exe', 'cmd.exe', 'w32tm.exe'].map(
      (name) => `C:\\Windows\\System32\\${name}`,
    ),
  ];
  return names.map((path) => {
    const created = INSTALLED + random.below(90 * 24 * 3_600_000);
    return { path, size: random.between(800, 900_000), created, modified: created, isDeleted: false };
  });
}
