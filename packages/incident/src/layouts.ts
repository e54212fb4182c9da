import type { Layout, Pack } from '@postern/core';

/** The layouts of all packs as one: a server has one file system, whatever campaign is asked about. */
export function mergeLayouts(packs: readonly Pack[]): Layout {
  const layouts = packs.map(({ layout }) => layout);
  return {
    served: layouts.flatMap(({ served }) => served),
    productPages: [...new Set(layouts.flatMap(({ productPages }) => productPages))],
    pageEndings: [...new Set(layouts.flatMap(({ pageEndings }) => pageEndings))],
    probes: {
      addresses: layouts.flatMap(({ probes }) => probes.addresses),
      agents: layouts.flatMap(({ probes }) => probes.agents),
      accounts: layouts.flatMap(({ probes }) => probes.accounts),
      urls: layouts.flatMap(({ probes }) => probes.urls),
    },
    visitors: layouts.flatMap(({ visitors }) => visitors),
    families: Object.assign({}, ...layouts.map(({ families }) => families)) as Layout['families'],
    retentionDays: Object.assign(
      {},
      ...layouts.map(({ retentionDays }) => retentionDays),
    ) as Layout['retentionDays'],
  };
}

/** A family's title for people, or its name where no pack has one. */
export function titleOf(layout: Layout, family: string): string {
  return byFamily(layout.families, family) ?? family;
}

/** Days that the product keeps a family; undefined: never trimmed, or not told. */
export function retentionOf(layout: Layout, family: string): number | undefined {
  return byFamily(layout.retentionDays, family);
}

/** A table's entry for a family, or for the group it belongs to (`httpproxy` for `httpproxy-ecp`). */
function byFamily<T>(table: Readonly<Record<string, T>>, family: string): T | undefined {
  if (Object.hasOwn(table, family)) return table[family];
  const group = family.includes('-') ? family.slice(0, family.indexOf('-')) : family;
  return Object.hasOwn(table, group) ? table[group] : undefined;
}
