import { rounded } from './attainment.js';
import { amountIn, type BookedRow, type Measure, type PipelineRow } from './booked.js';

/** What rows come to for a metric: whole minor units, or a count to two digits. */
export const total = (measure: Measure, rows: readonly BookedRow[]): number =>
  rounded(rows.reduce((all, row) => all + (amountIn(measure, row) ?? 0), 0), measure.metric === 'booked_value');

/** Open deals that are expected to close in a target's period. */
export interface OpenPipeline {
  /** Value × probability of the stage. */
  readonly weighted: number;
  readonly open: number;
  readonly deals: number;
  /** Of them, those in a stage that has no probability: they weigh nothing. */
  readonly withoutChance: number;
}

export function openPipeline(measure: Measure, rows: readonly PipelineRow[]): OpenPipeline {
  const counted = rows.filter((row) => amountIn(measure, row) !== null);
  const sum = (of: (row: PipelineRow) => number): number => counted.reduce((all, row) => all + of(row), 0);
  const open = (row: PipelineRow): number => amountIn(measure, { ...row, percent: row.open_percent, value_minor: row.open_minor, converted_minor: row.open_converted_minor }) ?? 0;
  const isMoney = measure.metric === 'booked_value';
  return { weighted: rounded(sum((row) => amountIn(measure, row) ?? 0), isMoney), open: rounded(sum(open), isMoney), deals: sum(({ deals }) => deals), withoutChance: sum((row) => row.without_chance) };
}
