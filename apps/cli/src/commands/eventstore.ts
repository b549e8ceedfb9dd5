import { Command, InvalidArgumentError } from 'commander';
import { EXIT_REFUSED, type Terminal } from '../terminal.js';

const PORT_MAX = 65_535;
/** The port that EventStoreDB's clients expect. */
const PORT_DEFAULT = 2113;

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > PORT_MAX) throw new InvalidArgumentError(`It must be a whole number from 0 to ${PORT_MAX}.`);
  return number;
}

function position(text: string): number {
  const number = Number(text);
  const isPosition = /^\d+$/.test(text) && Number.isSafeInteger(number);
  if (!isPosition) throw new InvalidArgumentError('It must be a position of the log.');
  return number;
}

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

interface ServeOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly advertise?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly user?: string[];
  readonly unsafeNoFsync?: boolean;
  readonly maxAppendSize?: number;
}

/** `pipeledger eventstore`: the embedded event store on its own, and `eventstore check`. */
export function eventStoreCommand(terminal: Terminal, done: (exitCode: number) => void): Command {
  const say = (line: string): void => terminal.out(`${line}\n`);
  const command = new Command('eventstore')
    .description('serve the embedded event store on its own: any EventStoreDB client can connect')
    .option('--data <dir>', 'where it keeps its files', '.pipeledger/events')
    .option('--port <port>', 'port to listen on; 0 takes a free one', port, PORT_DEFAULT)
    .option('--host <host>', 'address to listen on; 0.0.0.0 or :: for all', '127.0.0.1')
    .option('--advertise <host[:port]>', 'what clients that discover are told to connect to (default: the address they came by)')
    .option('--tls-cert <file>', 'certificate (PEM); with --tls-key')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--user <name:password>', 'who may connect; may be given several times; needs TLS', collect)
    .option('--max-append-size <bytes>', 'bytes that one append may take, at most 16777216 (default: 1048576)', Number)
    .option('--unsafe-no-fsync', 'acknowledge appends before they are on disk: a power cut loses what was appended last')
    .action(async (options: ServeOptions) => {
      // Loaded when asked for: the other commands start without a server's weight.
      const { runEventStoreCommand } = await import('../../../../libs/eventstore-embedded/cli.js');
      await runEventStoreCommand(options, say);
    });
  command.command('check')
    .description('read every event of a data directory that no server uses, and change nothing')
    .option('--data <dir>', 'the data directory', '.pipeledger/events')
    .action(async (_: unknown, check: Command) => {
      const { checkEventStore, describeLogReport } = await import('../../../../libs/eventstore-embedded/cli.js');
      const { data } = check.optsWithGlobals<{ data: string }>();
      const report = checkEventStore(data);
      for (const line of describeLogReport(report)) say(line);
      done(report.damages.length === 0 ? 0 : EXIT_REFUSED);
    });
  command.command('cut')
    .description('give up everything from a position on, where a damaged log cannot be restored from a copy')
    .requiredOption('--at <position>', 'where a batch ends; "check" and a refused start name it', position)
    .option('--data <dir>', 'the data directory', '.pipeledger/events')
    .action(async (_: unknown, cut: Command) => {
      const { cutEventStore } = await import('../../../../libs/eventstore-embedded/cli.js');
      const { data, at } = cut.optsWithGlobals<{ data: string; at: number }>();
      for (const line of cutEventStore(data, at)) say(line);
    });
  return command;
}
