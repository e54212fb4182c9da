import {
  hourOf,
  fieldText,
  limits,
  maxTime,
  minTime,
  parseTime,
  recordTime,
  remember,
  shapeOfRecord,
  type Batch,
  type Layout,
  type Shape,
  type SourceFacts,
  type SourceFamily,
  type Ticks,
} from '@postern/core';
import { BuildsSeen } from './builds-seen.ts';
import { PageCounts, type PageFinder, pageFinder } from './page-counts.ts';
import { installedBuild, tellsOfInstaller } from './installer-events.ts';
import { PowerEvents, tellsOfPower } from './power-events.ts';
import { matchesAny, wildcards } from './wildcard.ts';
import { bareAddress, part, requestSlots, type RequestSlots } from './request.ts';

type Statistics = Pick<
  SourceFacts,
  'hosts' | 'serverAddresses' | 'clockDifferences' | 'builds' | 'pages' | 'clients' | 'probes' | 'power'
>;

/** What all packs say of their products, put together: what pages and probes look like. */
export interface Surroundings {
  readonly pageOf: PageFinder;
  readonly probes: ProbeTest;
}

interface Client {
  /** {@link bareAddress} */
  readonly address: string;
  /** Whether the product asks itself from there: hardly any request does. */
  readonly mayProbe: boolean;
}

/** What a request of the product to itself looks like, texts of any letter case. */
interface ProbeTest {
  /** Who asks, by the address as it was written. */
  readonly clientOf: (written: string) => Client;
  readonly isProbe: (agent: string, account: string, url: string) => boolean;
}

export function surroundingsOf(layouts: readonly Layout[]): Surroundings {
  const productPages = wildcards([...new Set(layouts.flatMap((layout) => layout.productPages))]);
  return {
    pageOf: pageFinder([...new Set(layouts.flatMap((layout) => layout.pageEndings))], (url) =>
      matchesAny(productPages, url),
    ),
    probes: probeTest({
      addresses: layouts.flatMap((layout) => layout.probes.addresses),
      agents: layouts.flatMap((layout) => layout.probes.agents),
      accounts: layouts.flatMap((layout) => layout.probes.accounts),
      urls: layouts.flatMap((layout) => layout.probes.urls),
    }),
  };
}

interface FamilyCount {
  records: number;
  first: Ticks | undefined;
  last: Ticks | undefined;
  readonly hours: Map<number, number>;
}

/** Whether every record of this layout is to be looked at, though no rule asks for it. */
export function statisticsWant(shape: Shape): boolean {
  return shape.family === 'windows-event' && (tellsOfPower(shape) || tellsOfInstaller(shape));
}

/** Bounded statistics of one source, made from the records that its reader hands over. */
export class SourceStatistics {
  private readonly pages: PageCounts;
  private readonly builds = new BuildsSeen();
  private readonly power = new PowerEvents();
  private readonly hosts = new Map<string, number>();
  private readonly serverAddresses = new Map<string, number>();
  private readonly clockDifferences = new Map<number, number>();
  private readonly addresses = new Map<string, number>();
  private readonly families = new Map<string, FamilyCount>();
  private readonly own: ProbeTest;
  private sampled = 0;
  private forwarded = 0;
  private probes = 0;

  constructor(around: Surroundings) {
    this.pages = new PageCounts(around.pageOf);
    this.own = around.probes;
  }

  /** Looks at one batch; `all` says that the reader hands over every record (so nothing needs to be drawn). */
  see(batch: Batch, all: boolean): void {
    for (let record = 0; record < batch.count; record++) {
      const shape = shapeOfRecord(batch, record);
      if (shape.family === 'iis') this.pages.see(batch, record);
      else if (shape.family === 'windows-event') this.seeEvent(batch, record);
      if (all) this.countFamily(batch, record);
      if (all || batch.sampled[record] === 1) this.look(batch, record);
    }
  }

  private seeEvent(batch: Batch, record: number): void {
    this.power.see(batch, record);
    const build = installedBuild(batch, record);
    const host = build === undefined ? undefined : fieldText(batch, record, 'Computer');
    if (build !== undefined)
      this.builds.add(build, 'installer-event', host?.toLowerCase() ?? '', recordTime(batch, record));
  }

  facts(): Statistics {
    const { hosts, serverAddresses, clockDifferences, sampled, addresses, forwarded, probes } = this;
    const clients = { sampled, addresses, forwarded };
    const power = this.power.facts();
    return {
      hosts,
      serverAddresses,
      clockDifferences,
      builds: this.builds.facts(),
      pages: this.pages.facts(),
      clients,
      probes,
      ...(power.length === 0 ? {} : { power }),
    };
  }

  /** Records by recorder, for sources in which recorders are mixed. */
  familyFacts(): readonly SourceFamily[] {
    return [...this.families].map(([family, count]) => ({ family, ...count }));
  }

  private countFamily(batch: Batch, record: number): void {
    const recorder = shapeOfRecord(batch, record).recorder;
    const count = this.families.get(recorder) ?? {
      records: 0,
      first: undefined,
      last: undefined,
      hours: new Map(),
    };
    this.families.set(recorder, count);
    const time = recordTime(batch, record);
    count.records++;
    if (time === undefined) return;
    count.first = minTime(count.first, time);
    count.last = maxTime(count.last, time);
    increase(count.hours, hourOf(time));
  }

  private look(batch: Batch, record: number): void {
    const shape = shapeOfRecord(batch, record);
    const slots = requestSlots(shape);
    // An event can have a field of its own that is called ServerName; its host is Computer, which templates may fix.
    const host =
      shape.family === 'windows-event'
        ? (fieldText(batch, record, 'Computer') ?? '')
        : part(batch, record, slots.host);
    const name = lowerCase(host);
    if (name !== '') countHost(this.hosts, name);
    const server = part(batch, record, slots.serverAddress);
    if (server !== '') countHost(this.serverAddresses, bareAddress(server));
    if (shape.family === 'windows-event') this.compareClocks(batch, record);
    else this.builds.see(batch, record, name);
    this.lookAtClient(batch, record, slots);
  }

  private lookAtClient(batch: Batch, record: number, slots: RequestSlots): void {
    const { address, mayProbe } = this.own.clientOf(part(batch, record, slots.client));
    if (address === '') return;
    this.sampled++;
    if (mayProbe && this.isProbe(batch, record, slots)) this.probes++;
    if (part(batch, record, slots.forwarded) !== '') this.forwarded++;
    const count = this.addresses.get(address);
    if (count !== undefined || this.addresses.size < limits.addressesCounted)
      this.addresses.set(address, (count ?? 0) + 1);
  }

  private isProbe(batch: Batch, record: number, { agent, account, url }: RequestSlots): boolean {
    return this.own.isProbe(
      part(batch, record, agent),
      part(batch, record, account),
      part(batch, record, url),
    );
  }

  /** Sysmon's UtcTime beside the event's own time: the difference in whole seconds, corrected minus labelled. */
  private compareClocks(batch: Batch, record: number): void {
    const utc = parseTime(fieldText(batch, record, 'UtcTime') ?? '');
    const labelled = recordTime(batch, record);
    if (utc === undefined || labelled === undefined) return;
    increase(this.clockDifferences, Math.round(Number(utc - labelled) / 10_000_000));
  }
}

/** Managed availability is address **and** agent or account **and** URL together (judgement section 5). */
function probeTest(probes: Layout['probes']): ProbeTest {
  const [addresses, agents, accounts, urls] = [
    probes.addresses,
    probes.agents,
    probes.accounts,
    probes.urls,
  ].map(wildcards);
  return {
    clientOf: remember(
      (written) => {
        const address = bareAddress(written);
        return { address, mayProbe: matchesAny(addresses, address) };
      },
      { kept: 4096, longestKey: 64 },
    ),
    isProbe: (agent, account, url) =>
      (matchesAny(agents, agent.toLowerCase()) || matchesAny(accounts, account.toLowerCase())) &&
      matchesAny(urls, url.toLowerCase()),
  };
}

const lowerCase = remember((host) => host.toLowerCase(), { kept: 512, longestKey: 128 });

/** Counts a name that whoever wrote the log could choose: no more of them than there can be. */
function countHost(counts: Map<string, number>, name: string): void {
  if (name.length > limits.hostCharacters) return;
  if (counts.has(name) || counts.size < limits.hostsCounted) increase(counts, name);
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
