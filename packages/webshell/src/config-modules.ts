import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, isOfServer, pathOf, valueOf } from './config-entry.ts';
import { oddPlace } from './config-paths.ts';
import { hasKeyToken, isProductModule, isProductModuleName, isProductType } from './product-modules.ts';

/** Native modules, ISAPI filters and managed modules that are not the products'. */
export function moduleEntries(file: ConfigFile): readonly ConfigEntry[] {
  return file.elements.flatMap((element): readonly ConfigEntry[] => {
    const { path } = element;
    if (path.endsWith('/globalmodules/add')) return nativeEntry(file, element, 'image');
    if (path.endsWith('/isapifilters/filter')) return nativeEntry(file, element, 'path');
    if (/\/(?:httpmodules|modules)\/add$/.test(path)) return managedEntry(file, element);
    if (path.endsWith('/runtime/appdomainmanagerassembly')) return [managerEntry(element)];
    return [];
  });
}

function nativeEntry(file: ConfigFile, element: ConfigElement, attribute: string): readonly ConfigEntry[] {
  const image = pathOf(element, attribute);
  if (image === undefined || isProductModule(image, file.exchange)) return [];
  const why = whyOdd(image, file.exchange);
  const [name, written] = [valueOf(element, 'name'), valueOf(element, attribute)];
  return [
    {
      kind: 'iis-module',
      code: why === undefined ? 'foreign-module' : 'rogue-module',
      weight: why === undefined ? 'note' : 'suspicious',
      name,
      path: written,
      detail: `${name} → ${written}${why === undefined ? '' : ` (${why})`}`,
      at: element.at,
    },
  ];
}

function whyOdd(image: string, exchange: string | undefined): string | undefined {
  const name = image.slice(image.lastIndexOf('\\') + 1);
  const odd = oddPlace(image);
  if (odd !== undefined) return odd;
  if (image.startsWith('\\\\')) return 'on a share';
  if (isProductModuleName(name)) return 'named like a module of the product, in another place';
  if (/^[a-z]:\\windows\\/.test(image)) return 'in a folder of Windows, but not of it';
  if (/^[a-z]:\\inetpub\\/.test(image)) return 'in the folder of web content';
  if (exchange !== undefined && image.startsWith(`${exchange}\\`))
    return 'in the folder of Exchange, but not of it';
  // A vendor installs below Program Files; anything at the root of a drive, or in folders that hold shared parts, is odd.
  if (/\\common files\\microsoft shared\\/.test(image)) return 'in a folder of parts that Microsoft shares';
  return /^[a-z]:\\[^\\]+$/.test(image) ? 'at the root of a drive' : undefined;
}

function managedEntry(file: ConfigFile, element: ConfigElement): readonly ConfigEntry[] {
  const type = valueOf(element, 'type');
  // Modules of applications that are not the product's are their owner's business.
  if (type === '' || isProductType(type) || !isOfServer(file)) return [];
  const name = valueOf(element, 'name');
  const signed = hasKeyToken(type);
  return [
    {
      kind: 'iis-module',
      code: signed ? 'foreign-module' : 'rogue-module',
      weight: signed ? 'note' : 'suspicious',
      name,
      path: type,
      detail: `${name} → ${type}${signed ? '' : ' (without a key token)'}`,
      at: element.at,
    },
  ];
}

/** The runtime loads this assembly before the application's own: no web application of ours has a use for it. */
function managerEntry(element: ConfigElement): ConfigEntry {
  const value = valueOf(element, 'value');
  return {
    kind: 'iis-module',
    code: 'domain-manager',
    weight: 'suspicious',
    name: value,
    detail: value,
    at: element.at,
  };
}
