import { sumExactly } from '../../libs/kernel/money.js';
import type { TargetBeside } from '../target-attainment/beside.js';

/** Numerator, denominator and their quotient; null where there is nothing to divide by. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
  readonly value: number | null;
}

export const ratio = (numerator: number, denominator: number): Ratio => ({ numerator, denominator, value: denominator > 0 ? numerator / denominator : null });

/** An amount and the number of deals it is the sum of. */
export interface Sum {
  readonly currency: string;
  readonly amountMinor: number;
  readonly count: number;
}

/** How long something took, in days. Null figures where nothing was finished. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

export interface Step {
  /** Null for steps before a deal, which belong to no pipeline. */
  readonly pipeline: string | null;
  readonly step: string;
  readonly name: string;
}

export interface FunnelFigures {
  readonly group: string;
  readonly standing: readonly (Step & { readonly count: number; readonly values: readonly Sum[]; readonly weighted: readonly Sum[] })[];
  readonly weightedPipeline: readonly Sum[];
  readonly entries: readonly (Step & { readonly count: number })[];
  readonly periodConversion: readonly { readonly from: Step; readonly to: Step; readonly conversion: Ratio }[];
  readonly cohortConversion: { readonly step: string; readonly size: number; readonly reached: readonly (Step & { readonly conversion: Ratio })[] };
  readonly stageDurations: readonly (Step & Distribution & { readonly open: { readonly count: number; readonly medianAge: number | null } })[];
  readonly winRate: { readonly won: number; readonly lost: number; readonly wonReversed: number; readonly lostReversed: number; readonly byCount: Ratio; readonly byValue: readonly (Ratio & { readonly currency: string })[] };
  readonly createdWinRate: Ratio;
  readonly cohortWinRate: Ratio & { readonly open: number };
  readonly cycleTimes: { readonly won: Distribution; readonly lost: Distribution; readonly open: Distribution };
  readonly salesVelocity: readonly { readonly currency: string; readonly openDeals: number; readonly winRate: number | null; readonly meanWonMinor: number | null; readonly meanCycleDays: number | null; readonly minorPerDay: number | null }[];
  readonly stalled: { readonly count: number; readonly values: readonly Sum[]; readonly byStage: readonly (Step & { readonly count: number })[] };
  readonly blocked: { readonly count: number; readonly values: readonly Sum[]; readonly byCause: readonly { readonly cause: string; readonly open: number; readonly days: number }[] };
  readonly leakage: readonly { readonly step: string; readonly pipeline: string | null; readonly exit: string; readonly reason: string; readonly count: number; readonly values: readonly Sum[] }[];
  readonly sources: readonly { readonly source: string; readonly campaign: string | null; readonly leads: number; readonly contacted: number; readonly qualified: number; readonly meetingHeld: number; readonly dealOpened: number; readonly won: number; readonly wonValues: readonly (Sum & { readonly minorPerLead: number })[] }[];
  /** Of the group's scope, for exactly its period; none where a figure is cut by what no target is set for. */
  readonly targets: readonly TargetBeside[];
}

/** Adds amounts up by currency; those that cannot be said in the currency asked for are left out. */
export function sums(rows: readonly { readonly currency: string | null; readonly minor: number | null; readonly count: number }[]): Sum[] {
  const byCurrency = new Map<string, Sum>();
  for (const { currency, minor, count } of rows) {
    if (currency === null || minor === null) continue;
    const known = byCurrency.get(currency) ?? { currency, amountMinor: 0, count: 0 };
    byCurrency.set(currency, { currency, amountMinor: sumExactly([known.amountMinor, minor]), count: known.count + count });
  }
  return [...byCurrency.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** Groups rows by a text, keeping their order. */
export function by<R>(rows: readonly R[], key: (row: R) => string): Map<string, R[]> {
  const grouped = new Map<string, R[]>();
  for (const row of rows) {
    const known = grouped.get(key(row));
    if (known) known.push(row);
    else grouped.set(key(row), [row]);
  }
  return grouped;
}

/** Of whole numbers. @throws FigureTooLarge */
export const total = <R>(rows: readonly R[], of: (row: R) => number): number => sumExactly(rows.map(of));
