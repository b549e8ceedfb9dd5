import { scaled } from '../../libs/kernel/money.js';
import { rounded } from './attainment.js';
import { amountIn, factorOf, type Measure, type PipelineRow, type Valued } from './booked.js';

/** What rows come to for a metric: whole minor units, or a count to two digits. */
export const total = (measure: Measure, rows: readonly Valued[]): number =>
  (measure.metric === 'booked_value'
    ? scaled(rows.reduce((all, row) => all + partsIn(measure, row), 0n), 1, PARTS)
    : rounded(rows.reduce((all, row) => all + (amountIn(measure, row) ?? 0), 0), false));

/** Rates have six digits after the point and currencies four at most: converted amounts are whole numbers of such parts of a minor unit. */
const PARTS = 10n ** 10n;

/** The same as `amountIn`, exactly: sums of doubles lose digits where amounts are large. */
function partsIn(measure: Measure, row: Valued): bigint {
  const amount = amountIn(measure, row);
  if (amount === null) return 0n;
  const factor = factorOf(measure, row);
  return factor ? BigInt(row.value_minor) * BigInt(factor.times) * (PARTS / BigInt(factor.by)) : BigInt(amount) * PARTS;
}

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
  const open = counted.map(({ currency, converted_to, open_percent, open_minor, open_converted_minor }): Valued =>
    ({ currency, converted_to, percent: open_percent, value_minor: open_minor, converted_minor: open_converted_minor }));
  return {
    weighted: rounded(sum((row) => amountIn(measure, row) ?? 0), measure.metric === 'booked_value'),
    open: total(measure, open), deals: sum(({ deals }) => deals), withoutChance: sum((row) => row.without_chance),
  };
}
