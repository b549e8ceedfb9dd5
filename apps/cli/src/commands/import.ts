import { Command, InvalidArgumentError } from 'commander';
import { runImportCommand, type ImportArguments } from '../import/run-import-command.js';
import type { Terminal } from '../terminal.js';

function whole(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

function lookup(text: string, before: ReadonlyMap<string, string> | undefined): ReadonlyMap<string, string> {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new InvalidArgumentError('It must be NAME=FILE, where NAME stands under files in the map.');
  return new Map(before).set(name, path);
}

interface Options extends Omit<ImportArguments, 'file' | 'map' | 'lookups' | 'url'> {
  readonly map: string;
  readonly lookup?: ReadonlyMap<string, string>;
  readonly url?: string;
}

/** `pipeledger import`: sends a file and a map to a running engine and shows how it goes. */
export const importCommand = (terminal: Terminal, done: (exitCode: number) => void): Command =>
  new Command('import')
    .description('carry out the rows of a CSV file as commands, the way a map says; run it again and nothing changes')
    .argument('<file>', 'the CSV file')
    .requiredOption('--map <map>', 'the map (YAML): docs/import.md says what it can say')
    .option('--lookup <name=file>', 'a file that the map names under files; without this it is looked for beside the CSV file, then beside the map', lookup)
    .option('--url <url>', 'the running engine (default: $PIPELEDGER_URL, else http://127.0.0.1:3000)')
    .option('--dry-run', 'decide everything and write nothing; shows the first rows as the events they would become')
    .option('--rows <count>', 'rows that --dry-run shows', whole)
    .option('--rejects <file>', 'where refused rows go, with line, field and reason (default: <file>.rejects.csv)')
    .option('--limit <count>', 'take the first rows only', whole)
    .option('--actor <id>', 'in whose name; the events keep it')
    .option('--role <role>', 'the role in which that is done')
    .addHelpText('after', '\nExit code: 0 all rows are in, 1 some were refused, 2 the import could not be done.')
    .action(async (file: string, { lookup: lookups = new Map<string, string>(), url, ...options }: Options) => {
      done(await runImportCommand({ file, lookups, url: url ?? terminal.env['PIPELEDGER_URL'] ?? 'http://127.0.0.1:3000', ...options }, terminal));
    });
