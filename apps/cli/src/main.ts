import { Command, CommanderError } from 'commander';
import { eventStoreCommand } from './commands/eventstore.js';
import { importCommand } from './commands/import.js';
import { parkedCommand } from './commands/parked.js';
import { projectionsCommand } from './commands/projections.js';
import { simulateCommand } from './commands/simulate.js';
import { VERSION } from '../../server/src/version.js';
import { EXIT_USAGE, type Terminal } from './terminal.js';

/** Runs one command line. Returns the exit code; what went wrong is one sentence on the error output. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = new Command('pipeledger')
    .description('Pipeledger: an event-sourced sales-operations engine')
    .version(VERSION, '-V, --version', 'show the version')
    .showHelpAfterError('(pipeledger --help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  const done = (code: number): void => { exitCode = code; };
  // A command added ready-made does not inherit how its parent exits and writes.
  for (const command of [importCommand(terminal, done), projectionsCommand(terminal, done), parkedCommand(terminal, done), eventStoreCommand(terminal, done), simulateCommand(terminal, done)]) {
    for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
    command.version(VERSION, '-V, --version', 'show the version');
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_USAGE;
  }
}
