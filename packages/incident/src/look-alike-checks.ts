import type { FileFacts } from '@postern/core';
import { checkRule } from './checks.ts';
import { lookAlikeOf } from './look-alikes.ts';
import { say } from './messages.ts';
import { isPage, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import { noEntities } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** Pages in served folders that are named to pass for genuine ones. A name alone is a lead (judgement section 2). */
export function sightingsOfLookAlikes(given: Surroundings): Sighting[] {
  return given.facts.files.flatMap((file) => {
    const url = file.inert === undefined ? servedPlace(given.layout, file.path)?.url : undefined;
    if (url === undefined || !isPage(given.layout, url) || file.judged?.knownGood !== undefined) return [];
    const found = lookAlikeOf(given.layout, url);
    if (found === undefined) return [];
    return [lookAlikeSighting(given, file, say(`lookalike.${found.how}`, { genuine: found.genuine }))];
  });
}

function lookAlikeSighting(given: Surroundings, file: FileFacts, trait: string): Sighting {
  const server = serverOfFile(given.book, file);
  return {
    rule: checkRule('page-look-alike', ['T1036.005']),
    source: file.source ?? file.listed?.source ?? '',
    at: { offset: 0, line: file.listed?.line ?? 1 },
    time: undefined,
    last: undefined,
    count: 1,
    recorder: 'file',
    captures: new Map(),
    text: `${file.path}: ${trait}`,
    excerpt: false,
    recordedOn: server,
    targets: [server],
    packs: [],
    entities: { ...noEntities, paths: [file.path] },
    joins: [],
    implant: { kind: 'web-shell', event: 'seen', path: file.path, trait },
  };
}
