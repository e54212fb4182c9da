import { didYouMean, posternVersion } from '@postern/scan';
import { exitStatus, renderError } from './errors.ts';
import { eventsCommand, huntCommand } from './hunt-command.ts';
import { helpOf } from './help.ts';
import { seeHelp, usage } from './options.ts';
import { packCommand } from './pack-command.ts';
import { scanCommand, type Console } from './scan-command.ts';
import { verifyCommand } from './verify-command.ts';

/** Runs one command and gives its exit status; errors are written for people, never thrown. */
export async function runCommand(argv: readonly string[], console: Console): Promise<number> {
  try {
    return await dispatch(argv, console);
  } catch (error) {
    console.err.write(renderError(error, argv.includes('--debug')));
    return exitStatus(error);
  }
}

async function dispatch(argv: readonly string[], console: Console): Promise<number> {
  const [command, ...rest] = argv;
  const ended = rest.indexOf('--');
  const options = ended < 0 ? rest : rest.slice(0, ended);
  // `postern scan --help` is asked by everyone once.
  if (isCommand(command) && (options.includes('--help') || options.includes('-h'))) {
    console.out.write(helpOf(command));
    return 0;
  }
  switch (command) {
    case 'scan':
      return await scanCommand(rest, console);
    case 'hunt':
      return await huntCommand(rest, console);
    case 'events':
      return await eventsCommand(rest, console);
    case 'verify':
      return verifyCommand(rest, console);
    case 'pack':
      return packCommand(rest, console);
    case 'version':
    case '--version':
      console.out.write(`postern ${posternVersion}\n`);
      return 0;
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.out.write(helpOf(rest[0] ?? ''));
      return command === undefined ? 2 : 0;
    default:
      throw usage(
        `there is no command "${command}"`,
        [didYouMean(command, commands), seeHelp].filter(Boolean).join(' '),
      );
  }
}

const commands: readonly string[] = ['scan', 'hunt', 'events', 'verify', 'pack', 'version', 'help'];

function isCommand(word: string | undefined): word is string {
  return word !== undefined && commands.includes(word);
}
