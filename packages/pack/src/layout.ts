import type { Layout } from '@postern/core';
import type { YamlValue } from './yaml-value.ts';

/** Reads the `layout` part of `pack.yaml`. Paths and URLs are compared in lower case, so they are stored so. */
export function readLayout(value: YamlValue): Layout {
  value.onlyKeys('served', 'productPages', 'pageEndings', 'probes', 'visitors', 'families', 'retentionDays');
  return {
    served: value.list('served').map(readServed),
    productPages: value.texts('productPages').map((page) => page.toLowerCase()),
    pageEndings: value.texts('pageEndings').map((ending) => ending.toLowerCase()),
    probes: readProbes(value.get('probes')),
    visitors: value.list('visitors').map(readVisitor),
    families: Object.fromEntries(
      value
        .get('families')
        .asEntries()
        .map(([family, title]) => [family, title.asText()]),
    ),
    retentionDays: Object.fromEntries(
      value
        .get('retentionDays')
        .asEntries()
        .map(([family, days]) => [family, days.asNumber()]),
    ),
  };
}

function readServed(value: YamlValue): Layout['served'][number] {
  value.onlyKeys('path', 'url');
  const path = value.get('path');
  const url = value.get('url');
  if (!/^\\.*\\$/.test(path.asText())) path.complain('a served path begins and ends with a backslash');
  if (!/^(?::\d+)?\/(?:.*\/)?$/.test(url.asText()))
    url.complain('a served URL begins and ends with a slash (a port may stand before it)');
  return { path: path.asText().toLowerCase(), url: url.asText().toLowerCase() };
}

function readProbes(value: YamlValue): Layout['probes'] {
  value.onlyKeys('addresses', 'agents', 'accounts', 'urls');
  return {
    addresses: value.texts('addresses'),
    agents: value.texts('agents'),
    accounts: value.texts('accounts'),
    urls: value.texts('urls').map((url) => url.toLowerCase()),
  };
}

function readVisitor(value: YamlValue): Layout['visitors'][number] {
  value.onlyKeys('kind', 'pattern', 'in', 'source');
  return {
    kind: value.choice('kind', ['scanner', 'researcher', 'defender']),
    pattern: value.text('pattern'),
    in: value.choice('in', ['agent', 'url']),
    source: value.text('source'),
  };
}
