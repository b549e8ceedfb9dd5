import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import { scaled } from '../../libs/kernel/money.js';
import { plannedUntil, progressOn, type PlanCurve } from './plan-curve.js';

/** A zero denominator gives null, never 0 or infinity. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
  readonly value: number | null;
}

/** What one target is measured by. Amounts are minor units for booked value, otherwise counts (a split deal counts by its shares). */
export interface Measured {
  readonly booked: number;
  /** Booked up to the end of each checkpoint. */
  readonly bookedBy: readonly { readonly day: LocalDate; readonly booked: number }[];
  /** Open value × probability of what is expected to close in the period; null for what has no pipeline. */
  readonly weighted: number | null;
  /** The same without the probability. */
  readonly open: number | null;
}

export interface Attainment {
  readonly attainment: Ratio;
  readonly elapsedDays: number;
  readonly remainingDays: number;
  readonly totalDays: number;
  readonly expectedToDate: number | null;
  readonly pace: Ratio;
  readonly runRateForecast: number | null;
  readonly requiredPerDay: Ratio;
  readonly linearity: readonly ({ readonly day: LocalDate; readonly over: boolean } & Ratio)[];
  readonly pipelineForecast: number | null;
  readonly coverage: Ratio | null;
}

/** Counts keep two digits: shares of a split deal are whole percents. */
const CENT = 100;

export const ratio = (numerator: number, denominator: number): Ratio => ({ numerator, denominator, value: denominator === 0 ? null : numerator / denominator });

/** Open value expected to close in the period ÷ what is missing of the target; null when nothing is. */
export const coverageOf = (amount: number, booked: number, open: number): Ratio => ({ ...ratio(open, amount - booked), ...(amount <= booked && { value: null }) });

/** Far below half a unit, far above what sums of fractions lose: what is a half in truth is rounded as one. */
const TIE_TOLERANCE = 1e-6;

const toUnits = (amount: number): number => (Number.isInteger(amount) ? amount : Math.floor(amount + 0.5 + TIE_TOLERANCE)) + 0; // no negative zero

/** Whole minor units, or a count to two digits; halves up. */
export const rounded = (amount: number, isMoney: boolean): number => (isMoney ? toUnits(amount) : toUnits(amount * CENT) / CENT);

/** So much of a plan's total: exactly where days are counted and no weights. */
export const shareOf = (amount: number, elapsed: number, total: number, isMoney: boolean): number =>
  (isMoney && Number.isInteger(elapsed) && Number.isInteger(total) ? scaled(amount, elapsed, total) : rounded((amount * elapsed) / total, isMoney));

/** The figures of a target with its plan, on a day. */
export function attainmentOf(amount: number, isMoney: boolean, curve: PlanCurve, today: LocalDate, { booked, bookedBy, weighted, open }: Measured): Attainment {
  const progress = progressOn(curve, today);
  const { elapsed, total } = progress;
  const expected = total === 0 ? null : shareOf(amount, elapsed, total, isMoney);
  const required = ratio(amount - booked, progress.remainingDays);
  return {
    attainment: ratio(booked, amount),
    elapsedDays: progress.elapsedDays, remainingDays: progress.remainingDays, totalDays: progress.totalDays,
    expectedToDate: expected,
    pace: ratio(booked, expected ?? 0),
    runRateForecast: elapsed === 0 ? null : rounded((booked / elapsed) * total, isMoney),
    requiredPerDay: required.value === null ? required : { ...required, value: rounded(required.value, isMoney) },
    linearity: bookedBy.map(({ day, booked: until }) => ({ day, over: day < today, ...ratio(until, total === 0 ? 0 : rounded((amount * plannedUntil(curve, day)) / total, isMoney)) })),
    pipelineForecast: weighted === null ? null : rounded(booked + weighted, isMoney),
    coverage: open === null ? null : coverageOf(amount, booked, open),
  };
}

/** Where a target stands at a moment. */
export const standingOf = (period: { readonly from: LocalDate; readonly to: LocalDate }, today: LocalDate, withdrawnAt: Instant | null): 'upcoming' | 'running' | 'over' | 'withdrawn' =>
  withdrawnAt !== null ? 'withdrawn' : today < period.from ? 'upcoming' : today > period.to ? 'over' : 'running';
