import { stat } from 'node:fs/promises';
import type { ImportReport } from '../../../../libs/import/report.js';
import { EXIT_REFUSED, EXIT_USAGE, thousands, type Terminal } from '../terminal.js';
import { importParts, rejectPaths } from './parts.js';
import { durationText, ImportProgress } from './progress.js';
import { RejectFile } from './reject-file.js';
import { sendImport } from './send-import.js';

export interface ImportArguments {
  readonly file: string;
  readonly map: string;
  readonly lookups: ReadonlyMap<string, string>;
  readonly url: string;
  readonly dryRun?: boolean;
  readonly rows?: number;
  readonly rejects?: string;
  readonly limit?: number;
  readonly actor?: string;
  readonly role?: string;
}

/** Refused rows that are also shown; all of them are in the file. */
const REJECTS_SHOWN_MAX = 5;

type Report<K extends ImportReport['kind']> = ImportReport & { readonly kind: K };

/** Sends the file, shows how it goes, keeps the refused rows. Returns the exit code. @throws CliError */
export async function runImportCommand(given: ImportArguments, terminal: Terminal): Promise<number> {
  const parts = await importParts(given.file, given.map, given.lookups);
  const progress = new ImportProgress((await stat(given.file)).size, terminal);
  const rejects = new RejectFile(given.rejects === undefined ? rejectPaths(given.file) : [given.rejects]);
  const shown: Report<'reject'>[] = [];
  let end: Report<'summary' | 'failed'> | undefined;
  try {
    for await (const report of sendImport(given.url, parts, queryOf(given), headersOf(given))) {
      switch (report.kind) {
        case 'start': break;
        case 'progress': progress.update(report); break;
        case 'preview': terminal.out(previewText(report)); break;
        case 'reject':
          if (shown.length < REJECTS_SHOWN_MAX) shown.push(report);
          await rejects.add(report);
          break;
        case 'summary':
        case 'failed': end = report;
      }
    }
  } finally {
    progress.stop();
    await rejects.close();
  }
  for (const { file, line, field, reason } of shown) terminal.err(`${file === undefined ? '' : `${file}, `}line ${line}: ${field === '' ? '' : `${field} `}${reason}\n`);
  if (end?.kind !== 'summary') {
    terminal.err(`The import stopped after ${thousands(end?.rows ?? 0)} rows: ${end?.detail ?? 'the engine said no more'}. Run the same command again to go on: what is in is not written twice.\n`);
    return EXIT_USAGE;
  }
  terminal.out(summaryText(end, rejects.path));
  return end.rejected === 0 ? 0 : EXIT_REFUSED;
}

const queryOf = ({ dryRun, rows, limit }: ImportArguments): Record<string, string> => ({
  ...(dryRun && { dryRun: 'true' }), ...(rows !== undefined && { rows: String(rows) }), ...(limit !== undefined && { limit: String(limit) }),
});

const headersOf = ({ actor, role }: ImportArguments): Record<string, string> => ({ ...(actor !== undefined && { 'pipeledger-actor': actor }), ...(role !== undefined && { 'pipeledger-role': role }) });

const previewText = ({ file, line, events }: Report<'preview'>): string =>
  [`${file === undefined ? '' : `${file}, `}line ${line}${events.length === 0 ? ': nothing new' : ''}`, ...events.map(({ stream, type, occurredAt, data }) => `  ${type} in ${stream} at ${occurredAt}\n    ${JSON.stringify(data)}`)].join('\n').concat('\n');

function summaryText(end: Report<'summary'>, rejectPath: string | undefined): string {
  const { rows, rowsByStep, accepted, replayed, skipped, rejected, events, durationMs, dryRun, limited } = end;
  const steps = Object.entries(rowsByStep).map(([step, count]) => `${step} ${thousands(count)}`);
  if (rows === 0) return 'The file has a header and no rows: nothing to do.\n';
  const of = (count: number, what: string): string[] => (count === 0 ? [] : [`${thousands(count)} ${what}`]);
  const told = [...of(accepted - replayed, dryRun ? 'would be taken' : 'taken'), ...of(replayed, 'were in already'), ...of(skipped, 'without a command'), ...of(rejected, 'refused')];
  const lines = [
    `${thousands(rows)} rows (${steps.join(', ')})${limited ? ', the rest was not looked at' : ''}: ${told.join(', ')}. ${thousands(events)} events ${dryRun ? 'would be written' : 'written'} (${durationText(durationMs / 1_000)}).`,
    ...(rejectPath === undefined ? [] : [`The refused rows are in ${rejectPath}.`]),
  ];
  return `${lines.join('\n')}\n`;
}
