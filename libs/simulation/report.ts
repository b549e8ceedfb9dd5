import type { RefusedIntent } from './chunk.js';

export interface SimulationCounts {
  readonly commands: number;
  /** Written now. */
  readonly events: number;
  /** Commands that an earlier run had carried out. */
  readonly replayed: number;
  readonly refused: number;
}

/** What a simulation tells while it is played: one JSON object a line. */
export type SimulationReport =
  | { readonly kind: 'start'; readonly simulation: string; readonly from: string; readonly until: string }
  /** `day` is the simulated day that was played last; `percent` of the simulated time is over. */
  | ({ readonly kind: 'progress'; readonly day: string; readonly percent: number } & SimulationCounts)
  /** A command that was not carried out: the company's own mistake. The first few are told, all are counted. */
  | ({ readonly kind: 'refused' } & RefusedIntent)
  | ({ readonly kind: 'summary'; readonly simulation: string; readonly durationMs: number } & SimulationCounts)
  /** It could not go on; what was written stays, and playing it again goes on from there. */
  | ({ readonly kind: 'failed'; readonly code: string; readonly detail: string } & SimulationCounts);
