import { Command } from 'commander';
import { askEngine, engineUrl, URL_OPTION } from '../engine-client.js';
import { rebuildProjection, type RebuildArguments } from '../projections/rebuild-projection.js';
import { listText, statusText, type ToldStatus } from '../projections/status-text.js';
import { EXIT_REFUSED, type Terminal } from '../terminal.js';

interface Options {
  readonly url?: string;
  readonly json?: boolean;
}

const JSON_OPTION = ['--json', 'the answer as JSON, for programs'] as const;

async function showStatus(base: string, name: string | undefined, json: boolean, terminal: Terminal): Promise<number> {
  const path = name === undefined ? 'v1/projections' : `v1/projections/${encodeURIComponent(name)}`;
  const answer = await askEngine(base, { path });
  const projections = name === undefined ? (answer as { readonly projections: readonly ToldStatus[] }).projections : [answer as ToldStatus]; // the engine's own answer, by its version
  terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : name === undefined ? listText(projections) : statusText(projections[0]!));
  return projections.every(({ problems }) => problems.length === 0) ? 0 : EXIT_REFUSED;
}

async function rollBack(base: string, name: string, json: boolean, terminal: Terminal): Promise<void> {
  const answer = await askEngine(base, { method: 'POST', path: `v1/projections/${encodeURIComponent(name)}/rollback` });
  const { version, build, declaredVersion } = answer as { readonly version: number; readonly build: number; readonly declaredVersion: number }; // the engine's own answer
  if (json) return terminal.out(`${JSON.stringify(answer)}\n`);
  terminal.out(`${name} is served by version ${version}, build ${build} again. Those that served are set aside; a rebuild replaces them.\n`);
  if (version !== declaredVersion) terminal.out(`The running program has version ${declaredVersion} and does not write them: run the former program for them to go on, or rebuild.\n`);
}

/** `pipeledger projections`: where the read models of a running engine stand; rebuild and roll back. */
export function projectionsCommand(terminal: Terminal, done: (exitCode: number) => void): Command {
  const command = new Command('projections').description('the read models of a running engine: where they stand, rebuild, roll back');
  command.command('status')
    .description('position, head, lag, state, owner, events a second and what is parked; of one projection also its partitions and other builds')
    .argument('[name]', 'only this projection')
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExit code: 0 all are well, 1 one is not (by the limits that the engine was started with), 2 the engine could not be asked.')
    .action(async (name: string | undefined, { url, json = false }: Options) => done(await showStatus(engineUrl(url, terminal), name, json, terminal)));
  command.command('rebuild')
    .description('fold the whole log anew beside the tables that serve, compare, and swap; interrupted, the next run goes on from there')
    .argument('<name>', 'the projection')
    .option('--force', 'do not compare: the rebuilt tables take over whatever they hold')
    .option('--afresh', 'throw away what an interrupted rebuild has filled so far')
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nReports answer from the serving tables all the while. Ctrl-C interrupts the rebuild.\nExit code: 0 the rebuilt tables serve, 1 they differ or an event cannot be folded, 2 the rebuild was not done.')
    .action(async (name: string, { url, ...options }: RebuildArguments & Options) => done(await rebuildProjection(engineUrl(url, terminal), name, options, terminal)));
  command.command('rollback')
    .description('let the former tables of a projection serve again')
    .argument('<name>', 'the projection')
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(async (name: string, { url, json = false }: Options) => rollBack(engineUrl(url, terminal), name, json, terminal));
  return command;
}
