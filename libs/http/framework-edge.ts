import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { problem, ProblemError, type Problem, type ProblemCode } from './problem.js';
import { SECURITY_HEADERS, setSecurityHeaders } from './security-headers.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-8"?\s*(;|$))/i;

/** Writes a problem as what it is; the filter and Fastify's own errors share it. */
export function sendProblem(reply: FastifyReply, answer: Problem): void {
  void reply.status(answer.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(answer));
}

/** Errors that Fastify meets before there is a route, such as an address that is no valid URL. */
export function onFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  setSecurityHeaders(reply.raw); // hooks run for what has a route
  sendProblem(reply, problem('bad_request', { detail: error.message, instance: request.url.split('?')[0] ?? '/' }));
}

const CLIENT_ERRORS: Readonly<Record<string, ProblemCode>> = { HPE_HEADER_OVERFLOW: 'headers_too_large', ERR_HTTP_REQUEST_TIMEOUT: 'timed_out_waiting' };

/** What Node cannot make a request of: garbage, headers without end, a sender too slow. There is no reply to write to, only a socket. */
export function onClientError(error: Error & { readonly code?: string }, socket: Pick<Socket, 'writable' | 'end' | 'destroy'>): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const answer = problem(CLIENT_ERRORS[error.code ?? ''] ?? 'bad_request', { detail: error.message });
  const body = JSON.stringify(answer);
  const head = [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`, 'content-type: application/problem+json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`, 'connection: close',
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`)];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * The body of a request that takes JSON; none at all is an empty object. Other routes take other bodies, and what their
 * parsers leave here would pass for an empty one: the type is checked, not only what came of it.
 * @throws ProblemError when the body is said to be anything but JSON in UTF-8
 */
export function jsonBody(request: Pick<FastifyRequest, 'headers' | 'body'>): unknown {
  const type = request.headers['content-type'];
  if (type !== undefined && (!JSON_TYPE.test(type) || OTHER_CHARSET.test(type))) throw new ProblemError(problem('unsupported_media_type', { detail: type }));
  return request.body === undefined ? {} : request.body;
}

/** The text of a body, or undefined where its bytes are no UTF-8: replacement characters would be stored for ever. */
function utf8(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** JSON bodies: broken JSON is a problem of its own; an empty body is an empty command; keys that would poison a prototype are refused. */
export function parseJsonBodies(app: NestFastifyApplication, bodyLimit: number): void {
  const parse = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit }, (request, body, done) => {
    if (body.length === 0) return done(null, {});
    const text = utf8(body);
    if (text === undefined) return done(new ProblemError(problem('malformed_json', { detail: 'the body is not UTF-8 text' })));
    // The parser's type wants HTTP/1's request; this server speaks nothing else.
    return parse(request as FastifyRequest, text, (error, value) => (error ? done(new ProblemError(problem('malformed_json', { detail: error.message }))) : done(null, value)));
  });
}
