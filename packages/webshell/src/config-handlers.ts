import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, isOfServer, pathOf, valueOf } from './config-entry.ts';
import { oddPlace } from './config-paths.ts';
import { hasKeyToken, isProductType } from './product-modules.ts';
import { words } from './words.ts';

const pageHandler =
  /pagehandlerfactory|simplehandlerfactory|webservicehandlerfactory|\\asp\.dll|aspnet_isapi|iscgimodule|cgimodule|fastcgimodule/i;
const pageBuilder = /(?:page|webhandler|webservice|usercontrol|masterpage|applicationfile)buildprovider/i;
const inertEndings = words(`
  .jpg .jpeg .png .gif .bmp .ico .svg .webp .txt .css .js .map .json .config .log .xml .html .htm .pdf .zip .woff .woff2
  .ttf .eot .mp4 .mp3 .csv .doc .docx .xls .xlsx .dat .bak .tmp
`);
/** Programs that run what they are given: no handler of requests. */
const interpreters =
  /\\(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|msbuild|csc|jsc|vbc)\.exe(?:"|\||\s|$)/i;

/** Handlers and the like through which something runs that should not. */
export function handlerEntries(file: ConfigFile): readonly ConfigEntry[] {
  return file.elements.flatMap((element): readonly ConfigEntry[] => {
    const { path } = element;
    if (/\/(?:handlers|httphandlers)\/add$/.test(path)) return handlerEntry(file, element);
    if (path.endsWith('/buildproviders/add')) return builderEntry(element);
    if (path.endsWith('/fastcgi/application')) return programEntry(element, 'fullpath');
    if (path.endsWith('/isapicgirestriction/add')) return programEntry(element, 'path');
    return opensConfig(element);
  });
}

function handlerEntry(file: ConfigFile, element: ConfigElement): readonly ConfigEntry[] {
  const [path, type, processor] = [
    valueOf(element, 'path'),
    valueOf(element, 'type'),
    valueOf(element, 'scriptprocessor'),
  ];
  const detail = `${path} → ${type === '' ? processor : type}`;
  const made = { kind: 'handler', name: valueOf(element, 'name'), at: element.at } as const;
  const runs = `${type} ${processor} ${valueOf(element, 'modules')}`;
  // Autodiscover itself has *.xml handed to ASP.NET, which then asks its own list of handlers.
  const isProducts = /^\*?\.xml$/i.test(path) && /\\aspnet_isapi\.dll$/i.test(processor) && type === '';
  const isOdd =
    !isProducts &&
    path.split(',').some((one) => inertEndings.has(/(\.\w+)$/.exec(one.trim().toLowerCase())?.[1] ?? ''));
  if (isOdd && pageHandler.test(runs))
    return [{ ...made, code: 'handler-for-odd-ending', weight: 'suspicious', detail }];
  const program = pathOf(element, 'scriptprocessor');
  if (
    program !== undefined &&
    (interpreters.test(program) || oddPlace(program.replace(/\|.*$/, '')) !== undefined)
  )
    return [{ ...made, code: 'rogue-handler', weight: 'suspicious', path: processor, detail }];
  if (type === '' || isProductType(type) || !isOfServer(file)) return [];
  const signed = hasKeyToken(type);
  return [
    {
      ...made,
      code: signed ? 'foreign-handler' : 'rogue-handler',
      weight: signed ? 'note' : 'suspicious',
      detail,
    },
  ];
}

function builderEntry(element: ConfigElement): readonly ConfigEntry[] {
  const [ending, type] = [valueOf(element, 'extension').toLowerCase(), valueOf(element, 'type')];
  if (!inertEndings.has(ending) || !pageBuilder.test(type)) return [];
  return [
    {
      kind: 'handler',
      code: 'handler-for-odd-ending',
      weight: 'suspicious',
      name: ending,
      detail: `${ending} → ${type}`,
      at: element.at,
    },
  ];
}

function programEntry(element: ConfigElement, attribute: string): readonly ConfigEntry[] {
  const program = pathOf(element, attribute);
  if (program === undefined) return [];
  const why = interpreters.test(program) ? 'it runs whatever it is given' : oddPlace(program);
  if (why === undefined) return [];
  const written = valueOf(element, attribute);
  const detail = `${written} (${why})`;
  return [
    {
      kind: 'handler',
      code: 'rogue-handler',
      weight: 'suspicious',
      name: written,
      path: written,
      detail,
      at: element.at,
    },
  ];
}

/** Without its filters IIS serves and runs configurations themselves. */
function opensConfig(element: ConfigElement): readonly ConfigEntry[] {
  const { path } = element;
  const opened =
    (path.endsWith('/hiddensegments/remove') && /^web\.config$/i.test(valueOf(element, 'segment'))) ||
    (path.endsWith('/fileextensions/remove') && /^\.config$/i.test(valueOf(element, 'fileextension')));
  if (!opened) return [];
  return [
    {
      kind: 'handler',
      code: 'opens-config',
      weight: 'suspicious',
      name: element.name,
      detail: 'the filter that keeps configurations from being asked for is taken away',
      at: element.at,
    },
  ];
}
