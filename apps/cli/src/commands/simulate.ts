import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import type { SimulationReport } from '../../../../libs/simulation/report.js';
import { durationText } from '../import/progress.js';
import { CliError, EXIT_REFUSED, EXIT_USAGE, thousands, type Terminal } from '../terminal.js';

/** Between two lines where no bar can move. */
const LINE_INTERVAL_MS = 5_000;
const RESUME = 'Run the same command again to go on: what is in is not written twice. Until it is played to its end, the engine marks nothing in it as late.';

interface Options {
  readonly seed?: number;
  readonly months?: number;
  readonly team?: number;
  readonly events?: number;
  readonly end?: string;
  readonly force?: boolean;
  readonly url?: string;
}

type Progress = SimulationReport & { readonly kind: 'progress' };

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a problem says, as lines: the sentence, then each offending field. */
function problemText(status: number, body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return `The engine answered ${status}.`;
  }
  if (!isRecord(parsed)) return `The engine answered ${status}.`;
  const { title, detail, errors } = parsed;
  const fields = Array.isArray(errors) ? errors.filter(isRecord).map(({ message }) => `  ${String(message)}`) : [];
  return [typeof detail === 'string' ? `${String(title)} (${detail})` : String(title), ...fields].join('\n');
}

/** Asks the engine to play, and yields what it tells meanwhile; ends early when the signal says so. @throws CliError in a sentence */
async function* playedBy(base: string, body: object, signal: AbortSignal): AsyncGenerator<SimulationReport> {
  if (!URL.canParse('v1/simulations', base)) throw new CliError(`${base} is no address such as http://127.0.0.1:3000.`);
  const url = new URL('v1/simulations', base.endsWith('/') ? base : `${base}/`);
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal })
    .catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw new CliError(`The engine does not answer at ${url.origin}: start it with npm start, or name another with --url.`, { cause: error });
    });
  if (!response) return;
  if (response.status !== 200) throw new CliError(problemText(response.status, await response.text()));
  let pending = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) { // an answer of 200 has a body
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as SimulationReport; // the engine's own report, by its version
    }
  } catch (error) {
    if (signal.aborted) return; // whoever aborted knows
    throw new CliError(`The engine went away before the end (${error instanceof Error ? error.message : String(error)}). ${RESUME}`, { cause: error });
  }
}

/** A bar where somebody looks, else a line now and then. */
class PlayProgress {
  readonly #bar: SingleBar | undefined;
  #lineMs: number;

  constructor(readonly terminal: Terminal) {
    this.#lineMs = terminal.nowMs();
    if (!terminal.errIsTty) return;
    this.#bar = new SingleBar({ format: '{bar} {percentage} % | {day} | {events} events | {eta_formatted} left', hideCursor: true, clearOnComplete: true, stream: process.stderr });
    this.#bar.start(100, 0, { day: '…', events: '0' });
  }

  update({ day, percent, events, replayed }: Progress): void {
    if (this.#bar) return this.#bar.update(percent, { day, events: thousands(events) });
    const nowMs = this.terminal.nowMs();
    if (nowMs - this.#lineMs < LINE_INTERVAL_MS) return;
    this.#lineMs = nowMs;
    this.terminal.err(`${percent} % | ${day} | ${thousands(events)} events${replayed > 0 ? ` | ${thousands(replayed)} commands were in already` : ''}\n`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}

/** @param signal says that whoever asked does not want it any more: the engine then begins no further day */
async function simulateCompany(base: string, body: object, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const progress = new PlayProgress(terminal);
  let end: (SimulationReport & { readonly kind: 'summary' | 'failed' }) | undefined;
  let reached: Progress | undefined;
  const refused: string[] = [];
  try {
    for await (const report of playedBy(base, body, signal)) {
      if (report.kind === 'progress') progress.update((reached = report));
      else if (report.kind === 'refused') refused.push(`${report.command} in ${report.stream} was refused: ${report.code}${report.detail === undefined ? '' : ` (${report.detail})`}\n`);
      else if (report.kind !== 'start') end = report;
    }
  } finally {
    progress.stop();
  }
  for (const line of refused) terminal.err(line);
  if (signal.aborted && !end) {
    terminal.err(`Interrupted${reached ? ` on ${reached.day}, at ${reached.percent} %: the store now holds ${thousands(reached.commands)} commands of an unfinished made-up company` : ''}. ${RESUME}\n`);
    return EXIT_USAGE;
  }
  if (end?.kind !== 'summary') {
    terminal.err(`The simulation stopped after ${thousands(end?.commands ?? 0)} commands: ${end?.detail ?? 'the engine said no more'}. ${RESUME}\n`);
    return EXIT_USAGE;
  }
  const { simulation, events, replayed, durationMs } = end;
  terminal.out(`${thousands(events)} events written${replayed > 0 ? `, ${thousands(replayed)} commands were in already` : ''}${end.refused > 0 ? `, ${thousands(end.refused)} commands refused` : ''} (${durationText(durationMs / 1_000)}).\n`);
  terminal.out(`All of it is made up: correlation id ${simulation}, actors sim-….\n`);
  return end.refused === 0 ? 0 : EXIT_REFUSED;
}

/** `pipeledger simulate`: has a running engine play a made-up company, and shows how it goes. */
export const simulateCommand = (terminal: Terminal, done: (exitCode: number) => void): Command =>
  new Command('simulate')
    .description('play a made-up company through the real commands; the same seed gives the same log, and running it again changes nothing')
    .option('--seed <n>', 'which company (default: 1)', whole)
    .option('--months <n>', 'how long (default: 12)', whole)
    .option('--team <n>', 'how many people over that time (default: 20)', whole)
    .option('--events <n>', 'about how many events (default: about 5,000 a person and year)', whole)
    .option('--end <day>', 'the first day that is no longer simulated, YYYY-MM-DD (default: the first day of this month)')
    .option('--force', 'also into a log that holds other data')
    .option('--url <url>', 'the running engine (default: $PIPELEDGER_URL, else http://127.0.0.1:3000)')
    .addHelpText('after', '\nExit code: 0 all went in, 1 some commands were refused, 2 the simulation could not be played.')
    .action(async ({ url, ...body }: Options) => {
      const interrupted = new AbortController();
      const interrupt = (): void => interrupted.abort();
      process.once('SIGINT', interrupt);
      try {
        done(await simulateCompany(url ?? terminal.env['PIPELEDGER_URL'] ?? 'http://127.0.0.1:3000', body, terminal, interrupted.signal));
      } finally {
        process.off('SIGINT', interrupt);
      }
    });
