import { foreignData } from '../../../libs/simulation/foreign-data.js';
import { planOf, type SimulationOptions } from '../../../libs/simulation/options.js';
import { playSimulation, type Engine as SimulationEngine } from '../../../libs/simulation/play.js';
import type { SimulationReport } from '../../../libs/simulation/report.js';

/** Three quarters of a year of a small company: long enough for quarters to compare, short enough to be written in well under a minute. */
export const DEMO = { seed: 7, months: 9, team: 9, events: 15_000 } as const;
const TOLD_EVERY_MS = 1_000;

export type DemoOutcome =
  | { readonly kind: 'played'; readonly simulation: string; readonly events: number; readonly refused: number }
  /** It holds data that is not of this demo: the first of it, in words. */
  | { readonly kind: 'skipped'; readonly holds: string };

/** The demo's company until yesterday, so that what is planned and overdue is so today. */
export const demoOptions = (now: string): SimulationOptions => ({ ...DEMO, end: now.slice(0, 10) });

/**
 * Fills an empty store with a made-up company; an interrupted filling of the same day goes on. To be called while no clock
 * rings: the simulated deadlines ring in their own time. @throws EventStoreUnavailable
 */
export async function playDemo({ ledger, registry }: SimulationEngine, tell: (line: string) => void, options = demoOptions(ledger.now())): Promise<DemoOutcome> {
  const { id } = planOf(options);
  const holds = await foreignData(ledger.log, id, new AbortController().signal);
  if (holds !== undefined) return { kind: 'skipped', holds };
  tell(`Making up a company: ${options.team} people, ${options.months} months until ${options.end} …`);
  let toldMs = -Infinity; // the first line at once: it goes on
  const progress = (report: SimulationReport): void => {
    if (report.kind !== 'progress' || performance.now() - toldMs < TOLD_EVERY_MS) return;
    toldMs = performance.now();
    tell(`  ${String(report.percent).padStart(3)} %  ${report.day}  ${report.events} events`);
  };
  const { events, refused } = await playSimulation({ ledger, registry }, options, progress);
  return { kind: 'played', simulation: id, events, refused };
}
