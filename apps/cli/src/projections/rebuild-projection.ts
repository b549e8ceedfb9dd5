import type { Comparison } from '../../../../libs/projector/compare.js';
import type { RebuildReport } from '../../../../libs/projector/rebuild-report.js';
import { toldByEngine } from '../engine-client.js';
import { CliError, EXIT_REFUSED, EXIT_USAGE, thousands, type Terminal } from '../terminal.js';
import { RebuildBar } from './rebuild-progress.js';

const RESUME = 'Run the same command again to go on from there.';

/** Differing rows in words, table by table, with a few of them. */
function differences({ tables }: Comparison): string[] {
  return tables.filter(({ onlyServing, onlyRebuilt }) => onlyServing + onlyRebuilt > 0).flatMap(({ table, rows, onlyServing, onlyRebuilt, revised, examples }) => [
    `  ${table}${revised ? ' (which this version means to change)' : ''}: of ${thousands(rows)} rows, ${thousands(onlyServing)} are only in the serving table and ${thousands(onlyRebuilt)} only in the rebuilt one`,
    ...examples.map(({ side, row }) => `    ${side}: ${JSON.stringify(row)}`),
  ]);
}

const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;

/** What came out, in words, and the exit code. */
function tell(end: Exclude<RebuildReport, { kind: 'progress' }>, name: string, events: number, terminal: Terminal): number {
  switch (end.kind) {
    case 'swapped':
      terminal.out(lines(`${name} is rebuilt from ${thousands(events)} events: version ${end.version}, build ${end.build} serves now${end.comparison === null ? ', not compared' : ''}. The former tables wait for a rollback.`, ...(end.comparison === null ? [] : differences(end.comparison))));
      return 0;
    case 'differs':
      terminal.err(lines(`${name} comes out different, so the tables that served go on. To swap all the same: pipeledger projections rebuild ${name} --force`, ...differences(end.comparison)));
      return EXIT_REFUSED;
    case 'interrupted':
      terminal.err(`The rebuild of ${name} was interrupted. ${RESUME}\n`);
      return EXIT_USAGE;
    case 'failed':
      terminal.err(`The rebuild of ${name} failed, and the tables that served go on: ${end.detail}.\n`);
      return EXIT_REFUSED;
  }
}

export interface RebuildArguments {
  readonly force?: boolean;
  readonly afresh?: boolean;
  readonly json?: boolean;
}

/** Has the engine rebuild a projection and shows how it goes. Returns the exit code. @throws CliError */
export async function rebuildProjection(base: string, name: string, { json, ...options }: RebuildArguments, terminal: Terminal): Promise<number> {
  const bar = new RebuildBar(terminal);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  let end: Exclude<RebuildReport, { kind: 'progress' }> | undefined;
  let events = 0;
  try {
    for await (const told of toldByEngine(base, { method: 'POST', path: `v1/projections/${encodeURIComponent(name)}/rebuild`, body: options, signal: interrupted.signal }, RESUME)) {
      const report = told as RebuildReport; // the engine's own report, by its version
      if (report.kind === 'progress') {
        ({ events } = report);
        bar.update(report);
      } else end = report;
    }
  } finally {
    bar.stop();
    process.off('SIGINT', interrupt);
  }
  if (!end && interrupted.signal.aborted) {
    terminal.err(`Interrupted: the tables that served go on. ${RESUME}\n`);
    return EXIT_USAGE;
  }
  if (!end) throw new CliError(`The engine went away before the end. ${RESUME}`);
  if (!json) return tell(end, name, events, terminal);
  terminal.out(`${JSON.stringify(end)}\n`);
  return end.kind === 'swapped' ? 0 : end.kind === 'interrupted' ? EXIT_USAGE : EXIT_REFUSED;
}
