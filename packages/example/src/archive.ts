import { isoTime, SECOND } from './calendar.ts';
import { clearOf } from './days.ts';
import type { Intruder } from './intruders.ts';
import { pathAt, urlAt, WEB_FOLDERS, type WebPlace } from './places.ts';
import { LOWER } from './random.ts';
import { fetchFile, order, orders, sit } from './shell-use.ts';
import { storedZip } from './stored-zip.ts';
import { use, type Page, type Telling } from './telling.ts';
import type { TrueArchive } from './truth.ts';

const ARCHIVE_WORDS = ['out', 'img', 'res', 'tmp', 'data', 'bak', 'pack', 'all'];

/** Somebody packs what he found into a web folder and takes it out with a plain GET. */
export function tellArchive(telling: Telling, who: Intruder, shell: Page, start: number): TrueArchive {
  const { world, random, options } = telling;
  const sitting = sit(world, options.target, random, who);
  const begun = clearOf(start, telling.fix);
  const packing = orders(sitting, shell.place, begun, random.between(2, 5));
  use(telling, who, shell.place, packing.rows);
  const isRemoved = random.chance(0.5);
  const folder = random.chance(0.5) ? shell.place.folder : random.pick(WEB_FOLDERS);
  const place: WebPlace = {
    folder,
    name: `${random.pick(ARCHIVE_WORDS)}${random.text(LOWER, 3)}${random.below(100)}.zip`,
  };
  const bytes = storedZip(
    random,
    `${random.pick(ARCHIVE_WORDS)}.pst`,
    isRemoved ? 64 : random.between(1_200_000, 3_800_000),
  );
  const size = isRemoved ? random.between(60_000_000, 900_000_000) : bytes.length;
  const fetched = fetchFile(sitting, place, packing.end + random.between(30, 300) * SECOND, size);
  telling.rows.push(fetched.row);
  const removal = order(sitting, shell.place, fetched.end + random.between(5, 50) * SECOND);
  use(telling, who, shell.place, [removal]);
  const isCollected = options.isCollected && !isRemoved;
  const path = pathAt(place);
  telling.files.push({
    server: options.target,
    path,
    size,
    created: packing.end - SECOND,
    modified: packing.end + 4 * SECOND,
    isDeleted: isRemoved,
    ...(isCollected && { bytes }),
  });
  return {
    host: options.target.host,
    path,
    url: urlAt(place),
    bytes: size,
    stagedAt: isoTime(packing.end - SECOND),
    fetchedAt: isoTime(fetched.end),
    fetchedBy: who.name,
    state: options.isCollected ? (isRemoved ? 'removed' : 'present') : 'not-collected',
  };
}
