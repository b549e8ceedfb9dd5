import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkBodyType, type RouteBody } from './body-type.js';
import { checkHost, checkOrigin } from './browser-guard.js';
import { sendProblem } from './framework-edge.js';
import { KnownRoutes } from './known-routes.js';
import { notModified } from './not-modified.js';
import { problem, ProblemError } from './problem.js';
import { setSecurityHeaders } from './security-headers.js';
import { ServedHosts, type Served } from './served-hosts.js';

/** The path of a request's address, which may be a whole one. */
const pathOf = ({ url }: FastifyRequest): string => url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/)[0] || '/';

/**
 * What every request passes before its route is asked, and every answer before it leaves: who may ask (host and origin), how
 * (method and type of body), what an answer carries, and whether it need be sent at all. Before any route is declared.
 */
export function guardDoors(app: NestFastifyApplication, served: Served): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  const hosts = new ServedHosts(served);
  const routes = new KnownRoutes();
  server.addHook('onRoute', (route) => routes.add(route));
  server.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply.raw);
    try {
      checkHost(request, hosts);
      checkOrigin(request, served.publicUrl);
      if (!request.is404) return checkBodyType(request, request.routeOptions.config as RouteBody); // routes declare nothing else there
      const methods = routes.methodsAt(pathOf(request));
      if (methods.length === 0) return undefined; // the framework tells what is not there
      void reply.header('allow', methods.join(', '));
      throw new ProblemError(problem('method_not_allowed', { detail: `${request.method}; there are ${methods.join(', ')}` }));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      sendProblem(reply, { ...error.problem, instance: pathOf(request) });
      return reply;
    }
  });
  server.addHook('onSend', async (request, reply, payload) => notModified(request, reply, payload));
}
