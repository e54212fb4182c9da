import type { Anchor } from './anchor.ts';
import type { Segment } from './segments.ts';

/** Folders that collectors and people put around evidence, whatever the host. */
const common = new Set(
  [
    'uploads results clients collections files [root] root disk image images host hosts server servers',
    'tdest target targets destination kape kape_out triage collection evidence export exports out output',
    'data logs backup copy exchangelogcollector',
  ].flatMap((line) => line.split(' ')),
);

/** Flow ids of Velociraptor, shadow copies, times and plain numbers. */
const neverHosts = /^(?:F\.[0-9A-Z.]+|vss\d+|partition \d.*|noname .*|\d[\d\-T_:.Z]*)$/i;

/** How collectors write host names into the names of their outputs. */
const wrappers: readonly RegExp[] = [
  // Velociraptor's offline collector, and its export of one flow.
  /^Collection-(.+?)-\d{4}-\d\d-\d\dT.*$/,
  /^(.+)-C\.[0-9a-f]+-F\.[0-9A-Z.]+$/,
  // KAPE's containers begin with a time.
  /^\d{4}-\d\d-\d\dT\d+_(.+)$/,
];

/** The nearest folder or archive before the anchor that can name a host, and the path down to it. */
export function hostBefore(
  segments: readonly Segment[],
  anchor: Anchor,
): { readonly host: string; readonly hostFolder: string } | undefined {
  for (let i = anchor.at - 1; i >= 0; i--) {
    const host = hostName(segments[i]?.name ?? '', anchor);
    if (host === undefined) continue;
    return { host, hostFolder: folderPath(segments.slice(0, i + 1)) };
  }
  return undefined;
}

/** Segments as a key to compare folders by. */
export function folderPath(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('/');
}

function hostName(name: string, { layout }: Anchor): string | undefined {
  if (common.has(name.toLowerCase()) || neverHosts.test(name)) return undefined;
  for (const wrapper of wrappers) {
    const host = wrapper.exec(name)?.[1];
    if (host !== undefined) return host;
  }
  // The log collector's archive of a server has month and day after its name: `EX01-314.zip`.
  return layout === 'exchange-log-collector' ? name.replace(/-\d{2,4}(?:-\d+)?$/, '') : name;
}
