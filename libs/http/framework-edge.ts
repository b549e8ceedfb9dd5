import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { problem, ProblemError, type Problem } from './problem.js';

/** Writes a problem as what it is; the filter and Fastify's own errors share it. */
export function sendProblem(reply: FastifyReply, answer: Problem): void {
  void reply.status(answer.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(answer));
}

/** Errors that Fastify meets before there is a route, such as an address that is no valid URL. */
export function onFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problem('bad_request', { detail: error.message, instance: request.url.split('?')[0] ?? '/' }));
}

/** JSON bodies: broken JSON is a problem of its own; an empty body is an empty command; keys that would poison a prototype are refused. */
export function parseJsonBodies(app: NestFastifyApplication, bodyLimit: number): void {
  const parse = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit }, (request, body, done) => {
    if (body.length === 0) return done(null, {});
    // The parser's type wants HTTP/1's request; this server speaks nothing else.
    return parse(request as FastifyRequest, body.toString('utf8'), (error, value) => (error ? done(new ProblemError(problem('malformed_json', { detail: error.message }))) : done(null, value)));
  });
}
