import { parseArgs, type ParseArgsConfig } from 'node:util';
import { PosternError } from '@postern/core';
import { didYouMean } from '@postern/scan';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * Options and paths of a command.
 *
 * @throws PosternError `POSTERN_CLI_USAGE`
 */
export function parseOptions<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw wrongOption(args, options, cause);
  }
}

export function usage(message: string, hint: string, at?: string): PosternError {
  return new PosternError({ code: 'POSTERN_CLI_USAGE', message, hint, ...(at === undefined ? {} : { at }) });
}

/** Node's own message speaks of `--` for positional arguments, which are paths here: said in our words instead. */
function wrongOption(args: readonly string[], options: Options, cause: unknown): PosternError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const given = args.filter((argument) => argument.startsWith('-') && argument !== '--');
  const unknown = given.find((argument) => !Object.hasOwn(options, nameIn(argument)));
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) {
    const near = didYouMean(nameIn(unknown), Object.keys(options))?.replace('"', '"--');
    return usage(`there is no option ${unknown.split('=', 1)[0]}`, [near, seeHelp].filter(Boolean).join(' '));
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const lacks = /'(?:-\w, )?(--[\w-]+) <value>' argument missing/.exec(message)?.[1];
  if (lacks !== undefined) return usage('this option wants a value behind it', seeHelp, lacks);
  return usage(message.split(/[.](?= To )|\n/, 1)[0] ?? message, seeHelp);
}

export const seeHelp = 'See `postern help`.';

function nameIn(argument: string): string {
  return argument.replace(/^--?/, '').replace(/=.*$/s, '');
}
