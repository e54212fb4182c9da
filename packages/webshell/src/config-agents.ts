import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, pathOf, valueOf } from './config-entry.ts';
import { oddPlace } from './config-paths.ts';

const agent = /\/agentlist\/agent$/;
const productAgents = /\\(?:transportroles|bin)\\(?:[^\\]+\\)*microsoft\.exchange\.[\w.]+\.dll$/;

/** Transport agents that are not of the product: they see and change every mail. */
export function agentEntries({ elements, path }: ConfigFile): readonly ConfigEntry[] {
  // agents.config lies in <Exchange>\TransportRoles\Shared, in older versions in …\Agents.
  const root = /^(.*)\\transportroles\\[^\\]+\\[^\\]+$/.exec(path)?.[1];
  return elements
    .filter((element) => agent.test(element.path))
    .flatMap((element) => agentEntry(element, root));
}

function agentEntry(element: ConfigElement, root: string | undefined): readonly ConfigEntry[] {
  const assembly = pathOf(element, 'assemblypath');
  if (assembly === undefined) return [];
  const factory = valueOf(element, 'classfactory');
  const isProducts = /^microsoft\.exchange\./i.test(factory);
  const isPlaced = productAgents.test(assembly) && (root === undefined || assembly.startsWith(`${root}\\`));
  if (isProducts && isPlaced) return [];
  const why = whyRogue(assembly, isProducts, root);
  const [name, written] = [valueOf(element, 'name'), valueOf(element, 'assemblypath')];
  return [
    {
      kind: 'transport-agent',
      code: why === undefined ? 'foreign-agent' : 'rogue-agent',
      weight: why === undefined ? 'note' : 'suspicious',
      name,
      path: written,
      detail: `${name} → ${written}, ${factory}${why === undefined ? '' : ` (${why})`}`,
      at: element.at,
    },
  ];
}

function whyRogue(assembly: string, isProducts: boolean, root: string | undefined): string | undefined {
  const odd = oddPlace(assembly);
  if (odd !== undefined) return odd;
  if (assembly.startsWith('\\\\')) return 'on a share';
  if (isProducts) return 'named like an agent of the product, in another place';
  if (/\\microsoft\.exchange\.[^\\]*$/.test(assembly))
    return "a file named like the product's with a class of another";
  const isInside =
    root === undefined
      ? /\\transportroles\\|\\exchange server\\/.test(assembly)
      : assembly.startsWith(`${root}\\`);
  if (isInside) return 'in the folder of Exchange, but not of it';
  if (/^[a-z]:\\(?:windows|inetpub)\\/.test(assembly)) return 'in a folder of the system';
  // Filters against spam and viruses install below Program Files, with a class of their vendor's.
  return /^[a-z]:\\program files(?: \(x86\))?\\[^\\]+\\/.test(assembly)
    ? undefined
    : 'outside of Program Files';
}
