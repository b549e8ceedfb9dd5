import type { Instant } from './event.js';

/** What one report reads: one consistent moment of the read models, now or as of the past. */
export interface ReportView {
  /** Everything up to this log position is in the answer; -1 for an empty log. */
  readonly position: number;
  /** Whether nothing that was recorded behind that position is in the answer, though it is known by now. */
  readonly isPast: boolean;
  /** The moment of knowledge: what the log had recorded by then. */
  readonly asOf: Instant;
  /** The present moment, for ages and open intervals: `asOf` itself. */
  readonly now: Instant;
  /** SQL that stands where a table's name would, holding the rows known at `asOf`; give it an alias: `FROM ${view.table('funnel_deal')} d`. */
  table(name: string): string;
  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]>;
}

/** One figure as the OpenAPI page, the dashboard's tooltip and the documentation say it. */
export interface Figure {
  /** The field of the answer. */
  readonly name: string;
  readonly title: string;
  /** The sentence that defines it. */
  readonly definition: string;
  readonly unit: 'count' | 'money' | 'ratio' | 'days' | 'minutes' | 'money per day' | 'records';
}

/**
 * A report: one folder under `projections/`, found by its place, served as `GET /v1/reports/<name>`.
 * `params` is a class with field decorators: query string, validation and OpenAPI at once.
 */
export interface Report<P extends object = object, A extends object = object> {
  readonly name: string;
  /** Raised when a figure changes its meaning. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** The projections whose tables it reads. */
  readonly projections: readonly string[];
  readonly params: new () => P;
  readonly figures: readonly Figure[];
  run(view: ReportView, params: P): Promise<A>;
}

/** A report whose types are of no interest to the one who holds it: the route, the page. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some P, A"
export type AnyReport = Report<any, any>;

/** Declares a report; only infers its types. */
export const report = <P extends object, A extends object>(declared: Report<P, A>): Report<P, A> => declared;

/** What every answer carries besides its figures. */
export interface AnswerHead {
  readonly asOf: Instant;
  readonly position: number;
  readonly definition: { readonly name: string; readonly version: number };
  /** How old the knowledge of the answer may be against the log, in milliseconds; null when no worker has been seen. */
  readonly lagMs: number | null;
  readonly projections: readonly { readonly name: string; readonly version: number }[];
}
