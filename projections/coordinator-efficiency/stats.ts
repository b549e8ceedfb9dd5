/** Numerator, denominator and their quotient; null where there is nothing to divide by. The denominator of a share is its sample size. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
  readonly value: number | null;
  /** How many facts it rests on: the denominator, unless amounts are divided. */
  readonly sampleSize: number;
}

export const ratio = (numerator: number, denominator: number, sampleSize = denominator): Ratio => ({ numerator, denominator, value: denominator > 0 ? numerator / denominator : null, sampleSize });

/** How long something took; the unit is the figure's. Null where nothing was finished. */
export interface Distribution {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly mean: number | null;
}

/** Between the two nearest values in proportion, as SQL's percentile_cont does. `sorted` is not empty. */
function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!; // within the list: share is at most 1
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

/** Count, median, 90th percentile and mean of the values. */
export function distribution(values: readonly number[]): Distribution {
  if (values.length === 0) return { count: 0, median: null, p90: null, mean: null };
  const sorted = [...values].sort((a, b) => a - b);
  return { count: sorted.length, median: percentile(sorted, 0.5), p90: percentile(sorted, 0.9), mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length };
}

/** SQL for a mean that does not depend on the order in which rows are read: sums of doubles do, in their last digits. */
export const meanSql = (value: string): string => `avg((${value})::numeric)::double precision`;

/** A distribution, and what is not finished counted apart, with its age. */
export interface DistributionWithOpen extends Distribution {
  readonly open: Distribution;
}

/** How evenly loads lie on a team: 0 is even. Null for nobody, and where nobody has any load. */
export interface Balance {
  readonly members: number;
  readonly coefficientOfVariation: number | null;
  readonly gini: number | null;
}

/** Coefficient of variation over the population, and Gini as Σ(2i−n−1)xᵢ ÷ (n Σx), sorted ascending. */
export function balance(loads: readonly number[]): Balance {
  const n = loads.length;
  const sorted = [...loads].sort((a, b) => a - b); // sums of doubles depend on their order
  const sum = sorted.reduce((total, load) => total + load, 0);
  if (n === 0 || sum <= 0) return { members: n, coefficientOfVariation: null, gini: null };
  const mean = sum / n;
  const variance = sorted.reduce((total, load) => total + (load - mean) ** 2, 0) / n;
  const weighted = sorted.reduce((total, load, index) => total + (2 * (index + 1) - n - 1) * load, 0);
  return { members: n, coefficientOfVariation: Math.sqrt(variance) / mean, gini: weighted / (n * sum) };
}

export const total = <R>(rows: readonly R[], of: (row: R) => number): number => rows.reduce((sum, row) => sum + of(row), 0);

/** Groups rows by a text, in the order they come. */
export function by<R>(rows: Iterable<R>, key: (row: R) => string): Map<string, R[]> {
  const grouped = new Map<string, R[]>();
  for (const row of rows) {
    const known = grouped.get(key(row));
    if (known) known.push(row);
    else grouped.set(key(row), [row]);
  }
  return grouped;
}

const MINUTE_MS = 60_000;
/** Minutes from one instant to another; 0 where the second is told to lie before the first. */
export const minutesBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from)) / MINUTE_MS;
