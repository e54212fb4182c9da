import { END, isoTime, START } from './calendar.ts';
import { rootOf, type Case } from './case.ts';
import type { Act, Deed } from './deeds.ts';
import { collectedPath } from './disk.ts';
import type { Loss } from './story.ts';
import type {
  ExpectedVerdict,
  MissingSpan,
  TrueBuild,
  TrueDeed,
  TrueEventLog,
  TrueServer,
  Truth,
  Variant,
} from './truth.ts';
import type { Server } from './world.ts';

/** The verdict that the evidence of a variant carries, and those that are no mistake either. */
const EXPECTED: Readonly<Record<Exclude<Variant, 'two-servers'>, readonly ExpectedVerdict[]>> = {
  attack: ['compromised'],
  'failed-only': ['attacked'],
  scanner: ['attacked'],
  quiet: ['nothing-found'],
  'logs-gone': ['undetermined'],
  'front-only': ['likely-compromised', 'compromised'],
  'tools-lying-around': ['nothing-found'],
  'no-sysmon': ['compromised'],
  'security-cleared': ['compromised'],
};

/** With two servers the session, the cmdlets and the page are the second one's; the first was the way there. */
function expectedFor(variant: Variant, index: number): readonly ExpectedVerdict[] {
  if (variant !== 'two-servers') return EXPECTED[variant];
  return index === 0 ? ['attacked', 'undetermined', 'likely-compromised', 'compromised'] : ['compromised'];
}

function trueBuilds(one: Case): readonly TrueBuild[] {
  const { world, story } = one;
  const [from, to] = [isoTime(START), isoTime(END)];
  if (story.fix === undefined) return [{ build: world.before.text, from, to }];
  return [
    { build: world.before.text, from, to: isoTime(story.fix.from) },
    { build: world.after.text, from: isoTime(story.fix.to), to },
  ];
}

function trueServer(one: Case, server: Server, index: number): TrueServer {
  const acceptable = expectedFor(one.variant, index);
  const { host, fqdn, address } = server;
  return {
    host,
    fqdn,
    address,
    root: rootOf(one, server).slice(0, -1) || '.',
    verdict: acceptable[0] ?? 'undetermined',
    acceptable,
    builds: trueBuilds(one),
    fixInstalledAt: one.story.fix === undefined ? null : isoTime(one.story.fix.to),
  };
}

function trueMissing(loss: Loss): MissingSpan {
  const { family, recorders } = loss;
  return { host: loss.server.host, family, recorders, from: isoTime(loss.from), to: isoTime(loss.to) };
}

function detailOf(act: Act): string | undefined {
  if ('path' in act) return act.path;
  if ('name' in act) return act.name;
  return act.kind === 'command' ? act.line : undefined;
}

function trueDeed({ server, at, who, act }: Deed): TrueDeed {
  const detail = detailOf(act);
  return {
    host: server.host,
    at: isoTime(at),
    by: who,
    what: act.kind,
    ...(detail !== undefined && { detail }),
  };
}

/** Path of a collected file below the collection, where it was collected. */
function withFile<
  T extends { readonly host: string; readonly path: string; readonly state: string; readonly kind?: string },
>(one: Case, thing: T): T & { readonly file?: string } {
  const server = one.world.servers.find(({ host }) => host === thing.host);
  const isFile = thing.state === 'present' && thing.kind !== 'virtual-directory';
  if (!isFile || server === undefined) return thing;
  return { ...thing, file: rootOf(one, server) + collectedPath(thing.path) };
}

/** The truth about a case, as `truth.json` holds it. */
export function truthOf(one: Case, eventLogs: readonly TrueEventLog[] = []): Truth {
  const { story, world, variant } = one;
  const servers = world.servers.map((server, index) => trueServer(one, server, index));
  return {
    schema: 'postern.example-truth/1',
    seed: world.seed,
    variant,
    from: isoTime(START),
    to: isoTime(END),
    verdict: servers.at(-1)?.verdict ?? 'undetermined',
    servers,
    implants: story.implants.map((implant) => withFile(one, implant)),
    operators: story.operators,
    attempts: story.attempts,
    archive: story.archive && withFile(one, story.archive),
    missing: story.losses.map(trueMissing),
    eventLogs,
    deeds: story.windows.deeds.map(trueDeed),
  };
}
