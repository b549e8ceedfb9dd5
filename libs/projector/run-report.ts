import type { AnswerHead, AnyReport } from '../kernel/report.js';
import { parseParams, type ParamError } from '../kernel/report-params.js';
import { parseInstant } from '../kernel/time.js';
import type { ReadStore } from '../readstore/sql.js';
import { knownHead } from './known-head.js';
import { withView, type AsOf } from './open-view.js';

export type ReportAnswer = { readonly ok: true; readonly answer: AnswerHead & Readonly<Record<string, unknown>> } | { readonly ok: false; readonly errors: readonly ParamError[] };

/** `asOf` of a query string: a moment with its offset, or a log position. */
export function parseAsOf(value: unknown): { readonly ok: true; readonly asOf: AsOf } | { readonly ok: false } {
  if (value === undefined || value === '') return { ok: true, asOf: undefined };
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return { ok: true, asOf: { position: Number(value) } };
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { ok: true, asOf: { position: value } };
  const time = parseInstant(value);
  return time === undefined ? { ok: false } : { ok: true, asOf: { time } };
}

/**
 * Answers a report from a query string: `asOf` and the report's own parameters.
 * @param head asks the log how far it goes; without it the answer can only say how old it may be at most
 * @throws NoSuchProjection, ReadStoreError
 */
export async function runReport(store: ReadStore, report: AnyReport, { asOf, ...query }: Readonly<Record<string, unknown>>, head?: () => Promise<number>): Promise<ReportAnswer> {
  const moment = parseAsOf(asOf);
  const parsed = parseParams<object>(report.params, query);
  const errors = [...(moment.ok ? [] : [{ field: 'asOf', message: 'asOf must be a moment with its offset, such as 2026-03-01T12:00:00Z, or a log position' }]), ...(parsed.ok ? [] : parsed.errors)];
  if (!moment.ok || !parsed.ok) return { ok: false, errors };
  const end = head ? await knownHead(head) : null;
  const answer = await withView(store, report.projections, moment.asOf, async (view) => {
    const figures: object = await report.run(view, parsed.params);
    return { asOf: view.asOf, position: view.position, definition: { name: report.name, version: report.version }, lagMs: view.lagMs, projections: view.projections, ...figures };
  }, end);
  return { ok: true, answer };
}
