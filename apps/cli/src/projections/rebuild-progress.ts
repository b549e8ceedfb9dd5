import { SingleBar } from 'cli-progress';
import type { RebuildProgress } from '../../../../libs/projector/rebuild.js';
import { durationText } from '../import/progress.js';
import { thousands, type Terminal } from '../terminal.js';

/** Between two lines where no bar can move. */
const LINE_INTERVAL_MS = 5_000;

const PHASES: Readonly<Record<RebuildProgress['phase'], string>> = { filling: 'filling', indexing: 'indexing', catching_up: 'catching up', comparing: 'comparing', swapped: 'swapped' };

/** How far a rebuild is: what share of the log, how fast, and how long the rest may take at that pace. `from` is where it began. */
export function rebuildEstimate({ position, head, events, elapsedMs }: RebuildProgress, from: number): { readonly percent: number; readonly eventsPerSecond: number; readonly left: string } {
  const percent = head <= 0 ? 100 : Math.min(100, Math.floor((100 * Math.max(0, position)) / head));
  const done = position - from;
  return {
    percent, eventsPerSecond: elapsedMs > 0 ? Math.round((events * 1_000) / elapsedMs) : 0,
    left: done > 0 ? durationText((Math.max(0, head - position) * elapsedMs) / done / 1_000) : '…',
  };
}

/** Shows how far a rebuild is: a bar where somebody looks, else a line at each phase and now and then. */
export class RebuildBar {
  readonly #bar: SingleBar | undefined;
  #from: number | undefined;
  #phase: string | undefined;
  #lineMs = 0;

  constructor(readonly terminal: Terminal) {
    if (!terminal.errIsTty) return;
    this.#bar = new SingleBar({ format: '{bar} {percentage} % | {phase} | {events} events | {rate} events/s | {left} left', hideCursor: true, clearOnComplete: true, stream: process.stderr, gracefulExit: true });
    this.#bar.start(100, 0, { phase: '…', events: '0', rate: '0', left: '…' });
  }

  update(progress: RebuildProgress): void {
    this.#from ??= Math.max(0, progress.position);
    const { percent, eventsPerSecond, left } = rebuildEstimate(progress, this.#from);
    const phase = PHASES[progress.phase];
    if (this.#bar) return this.#bar.update(percent, { phase, events: thousands(progress.events), rate: thousands(eventsPerSecond), left });
    const nowMs = this.terminal.nowMs();
    if (phase === this.#phase && nowMs - this.#lineMs < LINE_INTERVAL_MS) return;
    this.#phase = phase;
    this.#lineMs = nowMs;
    this.terminal.err(`${percent} % | ${phase} | ${thousands(progress.events)} events | ${thousands(eventsPerSecond)} events/s | ${left} left\n`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
