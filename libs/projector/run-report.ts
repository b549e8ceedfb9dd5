import type { AnswerHead, AnyReport } from '../kernel/report.js';
import { FigureTooLarge } from '../kernel/money.js';
import { parseParams, type ParamError } from '../kernel/report-params.js';
import type { LocalDate } from '../kernel/event.js';
import { isLocalDate, isZone, lastInstantOf, parseInstant } from '../kernel/time.js';
import { ReadStoreError, type ReadStore } from '../readstore/sql.js';
import { NUMBER_OUT_OF_RANGE } from '../readstore/values.js';
import { knownHead } from './known-head.js';
import { withView, type AsOf } from './open-view.js';

export type ReportAnswer = { readonly ok: true; readonly answer: AnswerHead & Readonly<Record<string, unknown>> } | { readonly ok: false; readonly errors: readonly ParamError[] };

/** What `asOf` must be, and means, for the OpenAPI page. */
export const AS_OF_DESCRIPTION =
  'What was known then: a moment with its offset, a calendar day (its end in `tz`, left out: in the company’s zone; a day that is not over: now), or a log position. Left out: now';
export const AS_OF_SENTENCE = 'asOf must be a calendar day such as 2026-03-01, a moment with its offset such as 2026-03-01T12:00:00Z, or a log position';

/** Asks which zone the company's days are of. */
export type CompanyZone = () => Promise<string>;
const UTC: CompanyZone = async () => 'UTC';

/** A moment as it was asked for: a day is one only once its zone is known. */
export type AskedAsOf = AsOf | { readonly day: LocalDate };

/** The moment that was asked for: of a day its last millisecond, in `tz` or else in the company's zone. */
export async function momentAsked(asOf: AskedAsOf, tz: unknown, companyZone: CompanyZone = UTC): Promise<AsOf> {
  if (asOf === undefined || !('day' in asOf)) return asOf;
  return { time: lastInstantOf(asOf.day, isZone(tz) ? tz : await companyZone()) };
}

/** `asOf` of a query string: a calendar day, a moment with its offset, or a log position. */
export function parseAsOf(value: unknown): { readonly ok: true; readonly asOf: AskedAsOf } | { readonly ok: false } {
  if (value === undefined || value === '') return { ok: true, asOf: undefined };
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return { ok: true, asOf: { position: Number(value) } };
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { ok: true, asOf: { position: value } };
  if (isLocalDate(value)) return { ok: true, asOf: { day: value } };
  const time = parseInstant(value);
  return time === undefined ? { ok: false } : { ok: true, asOf: { time } };
}

/**
 * Answers a report from a query string: `asOf` and the report's own parameters.
 * @param companyZone whose day `asOf` is where the query names no `tz`; left out: UTC
 * @param head asks the log how far it goes; without it the answer can only say how old it may be at most
 * @throws NoSuchProjection, ReadStoreError, FigureTooLarge where a figure would lose digits
 */
export async function runReport(store: ReadStore, report: AnyReport, { asOf, ...query }: Readonly<Record<string, unknown>>, head?: () => Promise<number>, companyZone?: CompanyZone): Promise<ReportAnswer> {
  const moment = parseAsOf(asOf);
  const parsed = parseParams<object>(report.params, query);
  const errors = [...(moment.ok ? [] : [{ field: 'asOf', message: AS_OF_SENTENCE }]), ...(parsed.ok ? [] : parsed.errors)];
  if (!moment.ok || !parsed.ok) return { ok: false, errors };
  const asked = await momentAsked(moment.asOf, query['tz'], companyZone);
  const end = head ? await knownHead(head) : null;
  const answer = await withView(store, report.projections, asked, async (view) => {
    const figures: object = await exactFigures(() => report.run(view, parsed.params));
    return { asOf: view.asOf, position: view.position, definition: { name: report.name, version: report.version }, lagMs: view.lagMs, projections: view.projections, ...figures };
  }, end);
  return { ok: true, answer };
}

/** What a report figures out; a sum that the store cannot hold, or that was not read because digits would be lost, is no figure. */
async function exactFigures(run: () => Promise<object>): Promise<object> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ReadStoreError && error.sqlState === NUMBER_OUT_OF_RANGE) throw new FigureTooLarge(error.message);
    throw error;
  }
}
