import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, pathOf, valueOf } from './config-entry.ts';
import { hasDeviceName, isBelow, oddPlace } from './config-paths.ts';
import { words } from './words.ts';

/** A virtual directory or the root of an application, as a configuration has it. */
export interface VirtualDirectory {
  /** URL path as configured, joined from the application's and the directory's own. */
  readonly path: string;
  readonly physicalPath: string;
  /** Of its site. */
  readonly site: string;
  readonly at: number;
}

interface Directory extends VirtualDirectory {
  readonly element: ConfigElement;
  /** {@link configuredPath} of the physical path. */
  readonly folder: string;
  readonly url: string;
}

/** Applications of Exchange by the first part of their URL; below them nobody but the product has folders. */
const productApplications = words(`
  owa ecp ews autodiscover oab mapi microsoft-server-activesync powershell powershell-proxy rpc rpcwithcert api
  exchange exchweb public pushnotifications
`);
/** Where the system's own web content lies beside that of Exchange. */
const systemContent = /^[a-z]:\\windows\\(?:system32|syswow64)\\(?:rpcproxy|certsrv|bits|inetsrv)(?:\\|$)/;

/** The virtual directories of a configuration, in order. */
export function directoriesOf({ elements }: Pick<ConfigFile, 'elements'>): readonly Directory[] {
  const back = backEndSites(elements);
  return elements.flatMap((element): Directory[] => {
    if (element.name !== 'virtualdirectory') return [];
    const folder = pathOf(element, 'physicalpath');
    if (folder === undefined) return [];
    const site = ancestor(elements, element, 'site');
    const application = ancestor(elements, element, 'application');
    const path = joined(
      application === undefined ? '' : valueOf(application, 'path'),
      valueOf(element, 'path'),
    );
    const port = site !== undefined && back.has(site) ? ':444' : '';
    return [
      {
        path,
        physicalPath: valueOf(element, 'physicalpath'),
        site: site === undefined ? '' : valueOf(site, 'name'),
        at: element.at,
        element,
        folder,
        url: `${port}${path.toLowerCase()}`,
      },
    ];
  });
}

function joined(application: string, directory: string): string {
  const parts = `${application}/${directory}`.split('/').filter((part) => part !== '');
  return `/${parts.join('/')}`;
}

function ancestor(
  elements: readonly ConfigElement[],
  element: ConfigElement,
  name: string,
): ConfigElement | undefined {
  for (let around = elements[element.parent]; around !== undefined; around = elements[around.parent])
    if (around.name === name) return around;
  return undefined;
}

/** Sites that listen on 444 and not on 443: those behind the front end. */
function backEndSites(elements: readonly ConfigElement[]): ReadonlySet<ConfigElement> {
  const found = new Set<ConfigElement>();
  for (const element of elements) {
    if (element.name !== 'binding' || !/:444:/.test(valueOf(element, 'bindinginformation'))) continue;
    const site = ancestor(elements, element, 'site');
    if (site !== undefined) found.add(site);
  }
  return found;
}

/** Virtual directories and applications that point where no web content belongs. */
export function directoryEntries(file: ConfigFile): readonly ConfigEntry[] {
  return directoriesOf(file).flatMap((directory): ConfigEntry[] => {
    const why = whyRogue(directory, file.exchange);
    if (why === undefined) return [];
    const { path, physicalPath, url, at, site } = directory;
    const detail = `${site === '' ? '' : `${site}: `}${path} → ${physicalPath} (${why})`;
    const code = 'rogue-virtual-directory';
    return [
      {
        kind: 'virtual-directory',
        code,
        weight: 'suspicious',
        name: path,
        path: physicalPath,
        url,
        detail,
        at,
      },
    ];
  });
}

function whyRogue({ folder, path }: Directory, exchange: string | undefined): string | undefined {
  if (hasDeviceName(path)) return 'with the name of a device in its URL';
  const odd = oddPlace(folder);
  if (odd !== undefined) return odd;
  const [first = '', ...rest] = path
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '');
  if (!productApplications.has(first) || exchange === undefined) return undefined;
  // An address book or calendar of one's own may lie elsewhere, but not below an application of the product.
  const isOwn =
    isBelow(folder, exchange) || systemContent.test(folder) || folder.endsWith('\\inetpub\\wwwroot');
  if (isOwn) return undefined;
  if (/\\(?:frontend\\httpproxy|clientaccess)(?:\\|$)/.test(folder))
    return 'it only looks like the folder of Exchange';
  return rest.length > 0
    ? 'below an application of Exchange, outside of its folder'
    : 'named like an application of Exchange, outside of its folder';
}
