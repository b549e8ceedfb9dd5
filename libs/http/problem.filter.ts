import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppendTooLarge } from '../eventstore/event-log.js';
import { EventStoreUnavailable, KeysUnavailable } from '../eventstore/unavailable.js';
import { isTransient } from '../readstore/sql.js';
import { historyRefusal } from '../eventstore/unreadable-history.js';
import { sendProblem } from './framework-edge.js';
import { problem, ProblemError, refusalProblem, type Problem, type ProblemCode } from './problem.js';

const RETRY_AFTER_S = 1;

const BY_STATUS: Readonly<Record<number, ProblemCode>> = { 404: 'route_not_found', 405: 'method_not_allowed', 408: 'timed_out_waiting', 413: 'body_too_large', 415: 'unsupported_media_type', 429: 'too_many_requests' };

const fieldOf = (error: unknown, name: string): unknown => (typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined);

function clientProblem(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof AppendTooLarge) return problem('append_too_large');
  if (error instanceof KeysUnavailable) return problem('keys_unavailable', { detail: error.message });
  if (error instanceof EventStoreUnavailable) return problem('event_store_unavailable', { detail: error.message });
  if (isTransient(error)) return problem('read_store_unavailable', { detail: error.message });
  const unreadable = historyRefusal(error);
  if (unreadable) return refusalProblem(unreadable);
  const detail = error instanceof Error ? error.message : undefined;
  const status = error instanceof HttpException ? error.getStatus() : fieldOf(error, 'statusCode');
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (error instanceof NotFoundException) return problem('route_not_found', { ...(detail && { detail }) });
  return problem(BY_STATUS[status] ?? 'bad_request', { ...(detail && { detail }) });
}

/** Every error leaves here as problem+json, and nowhere else. What we cannot name is ours: 500, logged with an id, told without a trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    let answer = clientProblem(error);
    if (!answer) {
      const failureId = randomUUID();
      this.#logger.error(`${request.method} ${request.url} failed (${failureId})`, error instanceof Error ? error.stack : String(error));
      answer = problem('internal_error', { detail: failureId });
    }
    if (reply.sent) return;
    if (answer.status === 503 || answer.status === 429) void reply.header('retry-after', RETRY_AFTER_S);
    sendProblem(reply, { ...answer, instance: answer.instance ?? request.url.split('?')[0] ?? '/' });
  }
}
