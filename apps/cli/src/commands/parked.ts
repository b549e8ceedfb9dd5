import { Command, InvalidArgumentError } from 'commander';
import type { Parked, Retried } from '../../../../libs/projector/parked.js';
import { askEngine, engineUrl, URL_OPTION } from '../engine-client.js';
import { EXIT_REFUSED, thousands, type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface Options {
  readonly url?: string;
  readonly json?: boolean;
}

interface ListOptions extends Options {
  readonly limit?: number;
  readonly after?: number;
}

interface RetryOptions extends Options {
  readonly key?: string;
  readonly stream?: string;
}

const JSON_OPTION = ['--json', 'the answer as JSON, for programs'] as const;
const pathOf = (projection: string, ...rest: readonly (string | number)[]): string => ['v1/projections', projection, 'parked', ...rest].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function list(base: string, projection: string, { limit, after, json }: ListOptions, terminal: Terminal): Promise<void> {
  const query = new URLSearchParams({ ...(limit !== undefined && { limit: String(limit) }), ...(after !== undefined && { after: String(after) }) });
  const answer = await askEngine(base, { path: `${pathOf(projection)}?${query.toString()}` });
  if (json) return terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
  const { parked, next } = answer as { readonly parked: readonly Parked[]; readonly next: number | null }; // the engine's own answer, by its version
  if (parked.length === 0) return terminal.out(`Nothing is parked in ${projection}${after === undefined ? '' : ` after ${after}`}.\n`);
  terminal.out(textTable(['position', 'reason', 'key', 'type', 'stream', 'tries', 'error'], parked.map((each) => [String(each.position), each.reason, each.key ?? '-', each.type, each.stream, String(each.attempts), each.error ?? '-'])));
  if (next !== null) terminal.out(`More with --after ${next}.\n`);
}

/** Tells what was folded; the exit code says whether all was. */
function tell(answer: unknown, json: boolean, before: string, terminal: Terminal): number {
  const { folded, parked } = answer as Retried; // the engine's own answer, by its version
  terminal.out(json ? `${JSON.stringify(answer)}\n` : `${before}${thousands(folded)} events folded, ${thousands(parked)} still parked.\n`);
  return parked === 0 ? 0 : EXIT_REFUSED;
}

/** `pipeledger parked`: events that a projection could not fold, and those held behind them. */
export function parkedCommand(terminal: Terminal, done: (exitCode: number) => void): Command {
  const command = new Command('parked').description('events that a projection of a running engine could not fold, and those held behind them');
  command.command('list')
    .description('what is parked, oldest first')
    .argument('<projection>')
    .option('--limit <count>', 'how many at most', whole)
    .option('--after <position>', 'only those behind this log position', whole)
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(async (projection: string, { url, ...options }: ListOptions) => list(engineUrl(url, terminal), projection, options, terminal));
  command.command('inspect')
    .description('one parked event: why it waits, and what the log holds of it')
    .argument('<projection>')
    .argument('<position>', 'its log position', whole)
    .option(...URL_OPTION)
    .action(async (projection: string, position: number, { url }: Options) => terminal.out(`${JSON.stringify(await askEngine(engineUrl(url, terminal), { path: pathOf(projection, position) }), null, 2)}\n`));
  command.command('retry')
    .description('fold parked events again, in the order of the log: after the program was mended')
    .argument('<projection>')
    .option('--key <key>', 'only events of this key')
    .option('--stream <stream>', 'only events of this stream')
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExit code: 0 all are folded, 1 some are still parked, 2 the engine could not be asked.')
    .action(async (projection: string, { url, json = false, ...choice }: RetryOptions) => done(tell(await askEngine(engineUrl(url, terminal), { method: 'POST', path: pathOf(projection, 'retry'), body: choice }), json, '', terminal)));
  command.command('discard')
    .description('pass over one parked event for good, in every version and rebuild; it stays in the log')
    .argument('<projection>')
    .argument('<position>', 'its log position', whole)
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nWhat the event held back is folded. Exit code: 0 all of it is, 1 some is still parked, 2 nothing was done.')
    .action(async (projection: string, position: number, { url, json = false }: Options) => done(tell(await askEngine(engineUrl(url, terminal), { method: 'POST', path: pathOf(projection, position, 'discard') }), json, `${projection} passes over the event at ${position}. Behind it: `, terminal)));
  return command;
}
