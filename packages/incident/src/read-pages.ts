import type { FileFacts, Ticks } from '@postern/core';
import { say } from './messages.ts';
import { canonicalPath, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** Server id → the first attempt on it. */
type Attempts = ReadonlyMap<string, Ticks>;

/**
 * A page that was put into a folder of the organisation's own is known by its name only, until its content is read.
 * Where it was collected and holds nothing of a remote control, and nobody attacked the server as far as its records
 * tell, its name is a lead: administrators put pages there too. In folders of the product nobody has business but its
 * set-up, and what wrote the page there stays a witness whatever it holds.
 */
export function withReadPages(
  given: Surroundings,
  sightings: readonly Sighting[],
  attemptsIn: (sightings: readonly Sighting[]) => Attempts,
): readonly Sighting[] {
  const named = new Set(sightings.filter((sighting) => isOnlyNamed(given, sighting)));
  if (named.size === 0) return sightings;
  const attempts = attemptsIn(sightings.filter((sighting) => !named.has(sighting)));
  const harmless = new Set(
    given.facts.files
      .filter(({ judged }) => judged?.verdict === 'benign')
      .map((file) => placeOf(given, file)),
  );
  return sightings.map((sighting) => {
    const { recordedOn, implant } = sighting;
    const isHarmless = harmless.has(`${recordedOn}\0${canonicalPath(implant?.path ?? '')}`);
    if (!named.has(sighting) || !isHarmless || attempts.has(recordedOn)) return sighting;
    return { ...sighting, setAside: say('aside.read') };
  });
}

function placeOf({ book }: Surroundings, file: FileFacts): string {
  return `${serverOfFile(book, file)}\0${canonicalPath(file.path)}`;
}

/** What a listing names, or somebody at the desktop put there; what the web server or a share wrote is another matter. */
function isOnlyNamed(
  { layout }: Surroundings,
  { rule, setAside, recorder, captures, implant }: Sighting,
): boolean {
  if (rule.act !== 'page-written' || rule.witness !== 'indirect' || setAside !== undefined) return false;
  const isByHand = /\\explorer\.exe$/i.test(captures.get('Image') ?? '');
  if (recorder !== 'file-listing' && !isByHand) return false;
  const place = implant?.path === undefined ? undefined : servedPlace(layout, implant.path);
  // A URL with a port is a place of which nobody can list the pages: that of the organisation's own sites.
  return place?.url.startsWith(':') === true;
}
