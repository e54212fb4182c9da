import type { FileFacts } from '@postern/core';
import { checkRule } from './checks.ts';
import { corrected } from './clocks.ts';
import { packsOf } from './packs-of.ts';
import { groupBy } from './ordered.ts';
import { canonicalPath, isRunnable, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import { noEntities } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

const devicePart = /\\(?:con|aux|prn|nul|com[1-9]|lpt[1-9])(?:\.[^\\]*)?(?=\\|$)/;
/** Folders where intruders put such things; elsewhere they come from other systems' archives. */
const wantedPlace =
  /\\(?:programdata|users|inetpub|exchange server|frontend\\httpproxy|clientaccess|windows\\temp|perflogs)\\/;

/**
 * Files below a folder with the name of a device (con, aux, com1 …), or named so: Windows makes them only for those who
 * insist, and Explorer and some scanners cannot open them. One sighting per such folder and server.
 */
export function sightingsOfDeviceNames(given: Surroundings): Sighting[] {
  const named = given.facts.files.filter(
    (file) => file.inert === undefined && devicePart.test(canonicalPath(file.path)),
  );
  const groups = groupBy(named, (file) => `${serverOfFile(given.book, file)}\0${deviceFolder(file.path)}`);
  return [...groups].flatMap(([key, files]) => {
    const [server = '', folder = ''] = key.split('\0');
    const [file] = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    return file === undefined ? [] : [deviceSighting(given, server, { folder, file, files })];
  });
}

function deviceFolder(path: string): string {
  const folded = canonicalPath(path);
  const found = devicePart.exec(folded);
  return found === null ? folded : folded.slice(0, found.index + found[0].length);
}

interface DeviceFolder {
  readonly folder: string;
  readonly file: FileFacts;
  readonly files: readonly FileFacts[];
}

function deviceSighting(
  given: Surroundings,
  server: string,
  { folder, file, files }: DeviceFolder,
): Sighting {
  const page = files.find(
    ({ path }) => servedPlace(given.layout, path) !== undefined && isRunnable(given.layout, path),
  );
  const isWitness = wantedPlace.test(`${folder}\\`);
  const rule = checkRule(isWitness ? 'device-name' : 'device-name-elsewhere', ['T1564.001']);
  const { listed } = file;
  const time =
    listed?.created === undefined ? undefined : corrected(given.clocks, listed.source, listed.created);
  return {
    rule,
    source: file.source ?? listed?.source ?? '',
    at: { offset: 0, line: listed?.line ?? 1 },
    time,
    last: time,
    count: 1,
    recorder: 'file',
    captures: new Map(),
    text: file.path,
    excerpt: false,
    recordedOn: server,
    targets: [server],
    packs: packsOf(given, rule, isWitness, time),
    entities: {
      ...noEntities,
      paths: files
        .map(({ path }) => path)
        .toSorted()
        .slice(0, 50),
    },
    joins: [],
    ...(isWitness
      ? {
          implant:
            page === undefined
              ? ({ kind: 'other', event: 'seen', path: folder } as const)
              : ({ kind: 'web-shell', event: 'seen', path: page.path } as const),
        }
      : {}),
  };
}
