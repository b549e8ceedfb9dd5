import { SingleBar } from 'cli-progress';
import type { ImportReport } from '../../../../libs/import/report.js';
import { thousands, type Terminal } from '../terminal.js';

/** Between two lines where no bar can move. */
const LINE_INTERVAL_MS = 5_000;

type Progress = ImportReport & { readonly kind: 'progress' };

/** `1 h 02 min`, `3 min 20 s`, `12 s` */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3_600)} h ${String(Math.floor((whole % 3_600) / 60)).padStart(2, '0')} min`;
}

/** Rate and time left, from the bytes that are done: their number is known, that of the rows is not. */
export function estimate(report: { readonly rows: number; readonly bytesRead: number }, bytesTotal: number, elapsedMs: number): { readonly rowsPerSecond: number; readonly left: string } {
  const rowsPerSecond = elapsedMs > 0 ? Math.round((report.rows * 1_000) / elapsedMs) : 0;
  const left = report.bytesRead > 0 ? durationText(((bytesTotal - report.bytesRead) * elapsedMs) / report.bytesRead / 1_000) : '…';
  return { rowsPerSecond, left };
}

/** Shows how far an import is: a bar where somebody looks, else a line now and then. */
export class ImportProgress {
  readonly #startedMs: number;
  readonly #bar: SingleBar | undefined;
  #lineMs: number;

  constructor(readonly bytesTotal: number, readonly terminal: Terminal) {
    this.#startedMs = terminal.nowMs();
    this.#lineMs = this.#startedMs;
    if (!terminal.errIsTty) return;
    this.#bar = new SingleBar({ format: '{bar} {percentage} % | {rowsText} rows | {rate} rows/s | {left} left | {rejected} rejected', hideCursor: true, clearOnComplete: true, stream: process.stderr, gracefulExit: true });
    this.#bar.start(bytesTotal, 0, { rowsText: '0', rate: '0', left: '…', rejected: '0' });
  }

  update(report: Progress): void {
    const nowMs = this.terminal.nowMs();
    const { rowsPerSecond, left } = estimate(report, this.bytesTotal, nowMs - this.#startedMs);
    if (this.#bar) return this.#bar.update(Math.min(report.bytesRead, this.bytesTotal), { rowsText: thousands(report.rows), rate: thousands(rowsPerSecond), left, rejected: thousands(report.rejected) });
    if (nowMs - this.#lineMs < LINE_INTERVAL_MS) return;
    this.#lineMs = nowMs;
    this.terminal.err(`${Math.floor((100 * report.bytesRead) / Math.max(1, this.bytesTotal))} % | ${thousands(report.rows)} rows | ${thousands(rowsPerSecond)} rows/s | ${left} left | ${thousands(report.rejected)} rejected\n`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
