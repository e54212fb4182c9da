import { huntFormats, type HuntFormat } from '@postern/report';
import { eventFormats, type EventFormat } from '@postern/scan';
import { clockOf, jobsOf } from './arguments.ts';
import { parseOptions, usage } from './options.ts';

/** What `hunt` and `events` share. */
export interface RecordArguments {
  readonly paths: readonly string[];
  readonly out: string | undefined;
  readonly jobs: number | undefined;
  readonly temp: string | undefined;
  readonly quiet: boolean;
  readonly clocks: ReadonlyMap<string, number>;
  readonly recover: boolean;
}

/** `postern events`, read and checked. */
export interface EventsArguments extends RecordArguments {
  readonly format: EventFormat;
}

/** `postern hunt`, read and checked. */
export interface HuntArguments extends RecordArguments {
  readonly rules: readonly string[];
  readonly placeholders: string | undefined;
  /** Undefined: JSON lines, with `explain` a text. */
  readonly format: HuntFormat | undefined;
  readonly explain: string | undefined;
}

const one = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;
const shared = {
  out: one,
  format: one,
  jobs: one,
  temp: one,
  clock: many,
  recover: flag,
  quiet: flag,
  debug: flag,
} as const;

/** @throws PosternError `POSTERN_CLI_USAGE` */
export function parseHuntArguments(args: readonly string[]): HuntArguments {
  const { values, positionals } = parseOptions(args, {
    ...shared,
    rules: many,
    placeholders: one,
    explain: one,
  } as const);
  const rules = values.rules ?? [];
  if (positionals.length === 0 || rules.length === 0)
    throw usage('hunt wants at least one PATH and --rules', 'postern hunt PATH… --rules PATH…');
  return {
    ...recordArguments(positionals, values),
    rules,
    placeholders: values.placeholders,
    format: formatOf(values.format),
    explain: values.explain,
  };
}

/** @throws PosternError `POSTERN_CLI_USAGE` */
export function parseEventsArguments(args: readonly string[]): EventsArguments {
  const { values, positionals } = parseOptions(args, shared);
  if (positionals.length === 0) throw usage('events wants at least one PATH', 'postern events PATH…');
  const { format: asked = 'jsonl' } = values;
  const format = eventFormats.find((each) => each === asked);
  if (format === undefined)
    throw usage(`events are not written as "${asked}"`, `One of ${eventFormats.join(', ')}.`, '--format');
  return { ...recordArguments(positionals, values), format };
}

interface SharedValues {
  readonly out?: string;
  readonly jobs?: string;
  readonly temp?: string;
  readonly clock?: string[];
  readonly recover: boolean;
  readonly quiet: boolean;
}

function recordArguments(paths: readonly string[], values: SharedValues): RecordArguments {
  return {
    paths,
    out: values.out,
    jobs: jobsOf(values.jobs),
    temp: values.temp,
    recover: values.recover,
    quiet: values.quiet,
    clocks: new Map((values.clock ?? []).map(clockOf)),
  };
}

function formatOf(text: string | undefined): HuntFormat | undefined {
  if (text === undefined) return undefined;
  const format = huntFormats.find((each) => each === text);
  if (format !== undefined) return format;
  throw usage(`"${text}" is no format`, `One of ${huntFormats.join(', ')}.`, '--format');
}
