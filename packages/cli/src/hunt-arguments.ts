import { huntFormats, type HuntFormat } from '@postern/report';
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
export function parseEventsArguments(args: readonly string[]): RecordArguments {
  const { values, positionals } = parseOptions(args, shared);
  if (positionals.length === 0) throw usage('events wants at least one PATH', 'postern events PATH…');
  if (values.format !== undefined && values.format !== 'jsonl')
    throw usage(`events are written as jsonl, not as "${values.format}"`, 'Leave --format out.', '--format');
  return recordArguments(positionals, values);
}

interface SharedValues {
  readonly out?: string;
  readonly jobs?: string;
  readonly temp?: string;
  readonly clock?: string[];
  readonly quiet: boolean;
}

function recordArguments(paths: readonly string[], values: SharedValues): RecordArguments {
  return {
    paths,
    out: values.out,
    jobs: jobsOf(values.jobs),
    temp: values.temp,
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
