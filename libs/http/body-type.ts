import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from './problem.js';

export const JSON_TYPE = 'application/json';

/** What a route says of itself with `@RouteConfig`. */
export interface RouteBody {
  /** The media type of its body; left out: JSON. */
  readonly takes?: string;
}

const BODILESS = new Set(['GET', 'HEAD']);

const hasBody = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Holds a request to the type of body that its route takes. A browser sends other sites' forms without asking, but only as
 * forms and as plain text: neither is taken where it is not declared, not even with an empty body.
 * @throws ProblemError for another type, and for a body without one
 */
export function checkBodyType(request: Pick<FastifyRequest, 'method' | 'headers'>, { takes = JSON_TYPE }: RouteBody): void {
  if (BODILESS.has(request.method)) return;
  const type = request.headers['content-type'];
  if (type === undefined && !hasBody(request)) return;
  if (type?.split(';')[0]?.trim().toLowerCase() !== takes) throw new ProblemError(problem('unsupported_media_type', { detail: `${type ?? 'a body without Content-Type'}; ${takes} is taken here` }));
}
