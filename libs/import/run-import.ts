import type { Outcome } from '../eventstore/intent.js';
import type { CsvTable, TableRecord, TableRow } from './csv/csv-table.js';
import type { LookupFiles } from './csv/lookup-files.js';
import { carryOut, type Execute } from './carry-out.js';
import { Lanes, ROWS_IN_FLIGHT_MAX } from './lanes.js';
import type { ImportMap, Step } from './map/model.js';
import { REHEARSAL_ROWS_MAX, type Rehearsal } from './rehearsal.js';
import type { ImportCounts, ImportReport } from './report.js';
import { rowCommands, setupCommand, type AggregateCommands, type Sender } from './row/row-commands.js';
import type { RowProblem } from './row/evaluate.js';

export const PROGRESS_INTERVAL_MS = 250;

export interface ImportJob {
  readonly map: ImportMap;
  readonly main: CsvTable;
  readonly lookups: LookupFiles;
  readonly sender: Sender;
  readonly execute: Execute;
  /** A dry run: its `execute` is the one above. */
  readonly rehearsal?: Rehearsal;
  /** Of the main file, from its start. */
  readonly rowsMax?: number;
  /** Rows that a dry run shows as the events they would become. */
  readonly previewRowsMax: number;
  /** Whoever asked has gone: no further row is begun. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

type Counts = { -readonly [Name in keyof ImportCounts]: ImportCounts[Name] };

/** Sends the setup commands of a map. Returns why one was refused: then no row is to be looked at. */
export async function carryOutSetup({ map, sender, execute }: Pick<ImportJob, 'map' | 'sender' | 'execute'>): Promise<readonly RowProblem[]> {
  for (const setup of map.setup) {
    const made = setupCommand(setup, sender);
    if (!made.ok) return made.problems;
    for (const { intents } of made.groups) {
      const outcome = await carryOut(execute, intents);
      if (!outcome.accepted) return [{ field: `setup.${setup.name}`, reason: reasonOf(outcome), code: outcome.refusal.code }];
    }
  }
  return [];
}

function reasonOf({ refusal }: Outcome & { readonly accepted: false }): string {
  if (refusal.code === 'command_id_reused') return 'was imported before, or stands elsewhere in the file, with other content under the same key';
  return refusal.detail === undefined ? refusal.title : `${refusal.title} (${refusal.detail})`;
}

/**
 * Carries out the rows of all steps of a map and tells how it goes. Rows run side by side, those about the same aggregate in order;
 * a row refused while rows before it were still on their way is decided again after them, so the outcome is that of one after the other.
 * @throws what keeps the import from going on: the event store, not a row
 */
export class ImportRun {
  readonly counts: Counts = { rows: 0, accepted: 0, replayed: 0, skipped: 0, rejected: 0, commands: 0, events: 0 };
  readonly #startedMs: number;
  readonly #rowsByStep: Record<string, number> = {};
  #told: ImportReport[] = [];
  #progressMs: number;
  #limited = false;
  /** Rows shown so far, by file. */
  readonly #shown = new Map<string | undefined, number>();

  constructor(readonly job: ImportJob) {
    this.#startedMs = job.nowMs();
    this.#progressMs = this.#startedMs;
  }

  async *reports(): AsyncGenerator<ImportReport> {
    const { map, main, lookups, rehearsal } = this.job;
    const dryRun = rehearsal !== undefined;
    yield { kind: 'start', source: map.source, dryRun, steps: map.steps.map(({ name }) => name) };
    rehearsal?.taken(); // of the setup, which is no row
    for (const name of map.files.keys()) {
      // A broken row of a file that is only looked up is no row of any step: it would go unsaid.
      if (!map.steps.some(({ file }) => file === name)) for (const record of lookups.rows(name)) if (record.kind === 'broken') this.#reject(record.line, [{ field: '', ...record }], name);
    }
    for (const step of map.steps) {
      yield* this.#step(step, step.file === undefined ? main.rows() : lookups.rows(step.file));
      if (this.job.signal.aborted) return;
    }
    yield* this.#news();
    yield { kind: 'summary', dryRun, limited: this.#limited, bytesRead: main.reader.bytesRead, durationMs: Math.round(this.job.nowMs() - this.#startedMs), rowsByStep: this.#rowsByStep, ...this.counts };
  }

  async *#step(step: Step, records: AsyncIterable<TableRecord> | Iterable<TableRecord>): AsyncGenerator<ImportReport> {
    const { rehearsal, rowsMax = Infinity, signal } = this.job;
    const lanes = new Lanes(ROWS_IN_FLIGHT_MAX);
    const limit = step.file !== undefined ? Infinity : Math.min(rowsMax, rehearsal ? REHEARSAL_ROWS_MAX : Infinity);
    let rows = 0;
    for await (const record of records) {
      if (signal.aborted) break;
      if (rows >= limit) {
        this.#limited = true;
        break;
      }
      rows += 1;
      this.counts.rows += 1;
      this.#rowsByStep[step.name] = rows;
      await this.#begin(step, record, lanes);
      if (rehearsal && this.#shows(step.file)) await lanes.done(); // one row after the other, so that each is shown with its own events
      yield* this.#news(step);
    }
    await lanes.done();
    yield* this.#news(step);
  }

  async #begin(step: Step, record: TableRecord, lanes: Lanes): Promise<void> {
    if (record.kind === 'broken') return this.#reject(record.line, [{ field: '', ...record }], step.file);
    const { row } = record;
    const made = rowCommands(step, row, this.job.lookups, this.job.sender);
    if (!made.ok) return this.#reject(row.line, made.problems, step.file);
    if (made.groups.length === 0) {
      this.counts.skipped += 1;
      return;
    }
    await lanes.start(made.groups.map(({ stream }) => stream), (earlier) => this.#carryOut(step, row, made.groups, earlier));
  }

  async #carryOut(step: Step, row: TableRow, groups: readonly AggregateCommands[], earlier: () => Promise<void>): Promise<void> {
    let replayed = true;
    for (const { intents } of groups) {
      let outcome = await carryOut(this.job.execute, intents);
      if (!outcome.accepted) {
        // What this row rests on may be in a row before it that is still on its way.
        await earlier();
        outcome = await carryOut(this.job.execute, intents);
      }
      if (!outcome.accepted) return this.#reject(row.line, [{ field: intents.map(({ command }) => command.type).join(', '), reason: reasonOf(outcome), code: outcome.refusal.code }], step.file);
      this.counts.commands += intents.length;
      if (!outcome.replayed) this.counts.events += outcome.events.length;
      replayed &&= outcome.replayed || outcome.events.length === 0;
    }
    this.counts.accepted += 1;
    if (replayed) this.counts.replayed += 1;
    this.#preview(row.line, step.file);
  }

  #reject(line: number, problems: readonly RowProblem[], file: string | undefined): void {
    this.counts.rejected += 1;
    for (const { field, reason, code } of problems) this.#told.push({ kind: 'reject', ...(file !== undefined && { file }), line, field, reason, code });
    this.job.rehearsal?.taken();
  }

  #preview(line: number, file: string | undefined): void {
    const events = this.job.rehearsal?.taken() ?? [];
    if (!this.job.rehearsal || !this.#shows(file)) return;
    this.#shown.set(file, (this.#shown.get(file) ?? 0) + 1);
    this.#told.push({ kind: 'preview', ...(file !== undefined && { file }), line, events });
  }

  /** Whether the next row of a file is to be shown. Of a file beside the main one a single row shows how it is read. */
  #shows(file: string | undefined): boolean {
    return (this.#shown.get(file) ?? 0) < (file === undefined ? this.job.previewRowsMax : 1);
  }

  *#news(step?: Step): Generator<ImportReport> {
    if (this.#told.length > 0) {
      const told = this.#told;
      this.#told = [];
      yield* told;
    }
    const now = this.job.nowMs();
    if (!step || now - this.#progressMs < PROGRESS_INTERVAL_MS) return;
    this.#progressMs = now;
    yield { kind: 'progress', step: step.name, bytesRead: step.file === undefined ? this.job.main.reader.bytesRead : 0, ...this.counts };
  }
}
