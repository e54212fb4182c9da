import type { Sign } from './sign.ts';
import { attributesAsWritten, attributesOf } from './split-page.ts';
import { words } from './words.ts';

/** A virtual directory or application of a configuration, as it stands there. */
export interface VirtualDirectory {
  readonly path: string;
  readonly physicalPath: string;
  readonly at: number;
}

const element = /<(virtualDirectory|add)\b([^<>]{0,4096})>/gi;
// Reserved names of devices cannot be opened by Explorer and some scanners: intruders used them in 2021.
const deviceName = /\\(?:con|aux|prn|nul|com[1-9]|lpt[1-9])(?:\\|$|\.)/i;
const oddFolder =
  /^(?:[a-z]:|%systemdrive%)?\\(?:programdata|users\\(?:all users|public|default)|windows\\temp|perflogs|\$recycle\.bin)(?:\\|$)|^%(?:programdata|allusersprofile|public|temp)%/i;
const pageHandler =
  /pagehandlerfactory|simplehandlerfactory|\\asp\.dll|aspnet_isapi|iscgimodule|fastcgimodule/i;
const inertEndings = words('.jpg .png .gif .txt .css .js .config .log .xml .ico .html .htm');

/** Checks a web.config, applicationHost.config or agents.config. Text after the root element is not its business. */
export function judgeConfig(text: string): readonly Sign[] {
  const signs: Sign[] = [];
  for (const m of text.matchAll(element)) {
    const attributes = attributesOf(m[2] ?? '');
    const found =
      (m[1] ?? '').toLowerCase() === 'add'
        ? handlerSign(attributes, m.index)
        : directorySign(attributes, m.index);
    if (found !== undefined) signs.push(found);
  }
  return signs;
}

/** The virtual directories of a configuration, in order. */
export function virtualDirectoriesOf(text: string): readonly VirtualDirectory[] {
  const found: VirtualDirectory[] = [];
  for (const m of text.matchAll(element)) {
    const attributes = attributesAsWritten(m[2] ?? '');
    const physicalPath = attributes.get('physicalpath');
    if (physicalPath !== undefined)
      found.push({ path: attributes.get('path') ?? '', physicalPath, at: m.index });
  }
  return found;
}

function directorySign(attributes: ReadonlyMap<string, string>, at: number): Sign | undefined {
  const physical = attributes
    .get('physicalpath')
    ?.replaceAll('/', '\\')
    .replace(/^\\\\[?.]\\/, '');
  if (physical === undefined) return undefined;
  const odd = deviceName.test(physical) || oddFolder.test(physical);
  return odd ? { code: 'rogue-virtual-directory', weight: 'suspicious', at } : undefined;
}

function handlerSign(attributes: ReadonlyMap<string, string>, at: number): Sign | undefined {
  const path = attributes.get('path') ?? attributes.get('extension');
  const handler = attributes.get('type') ?? attributes.get('scriptprocessor') ?? '';
  if (path === undefined || !pageHandler.test(`${handler} ${attributes.get('modules') ?? ''}`))
    return undefined;
  const ending = /(\.\w+)$/.exec(path)?.[1] ?? '';
  return inertEndings.has(ending) ? { code: 'handler-for-odd-ending', weight: 'suspicious', at } : undefined;
}
