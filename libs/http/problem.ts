import type { FieldError } from '../kernel/parse-command.js';
import type { RefusalKind } from '../kernel/refusal.js';

/** An RFC 9457 problem. `code` is stable for ever; clients switch on it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance?: string;
  /** The offending fields, where the input was malformed. */
  readonly errors?: readonly FieldError[];
}

export interface ProblemSpec {
  readonly status: number;
  readonly title: string;
}

/** Problems that are no context's refusal: what can be wrong with any request. */
export const PROBLEMS = {
  validation_failed: { status: 400, title: 'Some fields are missing, unknown or malformed.' },
  malformed_json: { status: 400, title: 'The body is not valid JSON.' },
  bad_request: { status: 400, title: 'The request could not be understood.' },
  forbidden: { status: 403, title: 'This role may not do this.' },
  origin_foreign: { status: 403, title: 'A page of another site may not ask this server.' },
  route_not_found: { status: 404, title: 'There is nothing at this address.' },
  record_not_found: { status: 404, title: 'No such record.' },
  report_unknown: { status: 404, title: 'There is no report of this name.' },
  rule_unknown: { status: 404, title: 'There is no rule of this name.' },
  projection_unknown: { status: 404, title: 'There is no projection of this name.' },
  parked_not_found: { status: 404, title: 'No event is parked at this position.' },
  method_not_allowed: { status: 405, title: 'This address does not take this method.' },
  timed_out_waiting: { status: 408, title: 'The request did not arrive whole in time.' },
  rollback_impossible: { status: 409, title: 'There are no former tables to roll back to.' },
  rebuild_running: { status: 409, title: 'The projection is being rebuilt; wait until that is done.' },
  projection_changed: { status: 409, title: 'The declared tables are not those that this version was built with: raise the version, or rebuild afresh.' },
  link_revoked: { status: 410, title: 'This link was closed; ask for another one.' },
  body_too_large: { status: 413, title: 'The body is larger than this server takes.' },
  unsupported_media_type: { status: 415, title: 'The body is of a type that this address does not take; commands take JSON (Content-Type: application/json).' },
  host_not_served: { status: 421, title: 'This server was not told to serve the host that the request names.' },
  headers_too_large: { status: 431, title: 'The headers are larger than this server takes.' },
  command_unknown: { status: 400, title: 'The engine knows no command of this name.' },
  append_too_large: { status: 413, title: 'The events of this command are larger than the event store takes at once.' },
  rebuild_failed: { status: 422, title: 'The rebuild met an event that cannot be folded, and a rebuild is strict. The serving tables go on.' },
  figure_too_large: { status: 422, title: 'A figure of this report is too large to be said exactly; narrow it by period or filter.' },
  too_many_requests: { status: 429, title: 'Too many requests.' },
  internal_error: { status: 500, title: 'The engine failed; the failure is in its log under the id given here.' },
  event_store_unavailable: { status: 503, title: 'The event store does not answer; nothing is known to be written. Send the same command id again.' },
  keys_unavailable: { status: 503, title: 'The keys of personal data cannot be read or written; nothing is known to be written. Send the same command id again.' },
  read_store_unavailable: { status: 503, title: 'The read store does not answer; commands that need nothing from it still work.' },
  view_behind: { status: 503, title: 'The view has not reached the position asked for within the time allowed.' },
  report_too_slow: { status: 503, title: 'The report took longer than it may; narrow it by period or filter.' },
} as const satisfies Record<string, ProblemSpec>;
export type ProblemCode = keyof typeof PROBLEMS;

/** The one place where a refusal becomes an HTTP status. */
export const REFUSAL_STATUS: Readonly<Record<RefusalKind, number>> = { not_found: 404, conflict: 409, invalid: 422 };

/** The problem's type is its page on this very server. */
const typeOf = (code: string): string => `/problems/${code}`;

export const problem = (code: ProblemCode, more: Pick<Problem, 'detail' | 'errors' | 'instance'> = {}): Problem => ({ type: typeOf(code), title: PROBLEMS[code].title, status: PROBLEMS[code].status, code, ...more });

/** The problem of a refused command. */
export const refusalProblem = (refusal: { readonly code: string; readonly kind: RefusalKind; readonly title: string; readonly detail?: string }): Problem => ({
  type: typeOf(refusal.code), title: refusal.title, status: REFUSAL_STATUS[refusal.kind], code: refusal.code, ...(refusal.detail !== undefined && { detail: refusal.detail }),
});

/** Thrown by routes; the filter writes it out. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail ?? problem.title}`);
  }
}
