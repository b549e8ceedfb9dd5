import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { SPEAKS_AS_VERSION } from './server-features.js';

/** What the answers are made of; `isReady` is false while the server stops. */
export type HttpStatus = { isReady: () => boolean; events: () => number; address: () => { host: string; port: number }; instanceId: string };

const startedMs = Date.now();
const REQUEST_MS_MAX = 10_000;

/** The real server's `/health/live`, `/info`, `/gossip` and `/stats` as far as monitors need them, over HTTP/1. Read only. */
export function createHttpStatusServer(status: HttpStatus): Server {
  const server = createServer((request, response) => {
    // A connection that waited for another request would hold up a stop.
    response.shouldKeepAlive = false;
    answer(status, request, response);
  });
  server.timeout = REQUEST_MS_MAX;
  return server;
}

function answer(status: HttpStatus, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const document = DOCUMENTS[url.pathname.replace(/(?<=.)\/$/, '')];
  if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end();
  else if (url.pathname === '/health/live') response.writeHead(status.isReady() ? liveCode(url) : 503).end();
  else if (document === undefined) {
    const sentence = 'The embedded event store serves /health/live, /info, /gossip and /stats over HTTP; all else is gRPC.\n';
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(sentence);
  } else {
    const body = `${JSON.stringify(document(status))}\n`;
    const length = Buffer.byteLength(body);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** As on the real server a monitor that wants another code than 204 names it: `?liveCode=200`. */
function liveCode(url: URL): number {
  const code = Number(url.searchParams.get('liveCode'));
  return Number.isInteger(code) && code >= 200 && code <= 599 ? code : 204;
}

const DOCUMENTS: Record<string, ((status: HttpStatus) => object) | undefined> = {
  '/info': () => ({
    esVersion: SPEAKS_AS_VERSION,
    state: 'leader',
    features: { projections: false, userManagement: false, atomPub: false },
  }),
  '/gossip': ({ isReady, address, instanceId }) => {
    const { host, port } = address();
    return {
      members: [{ instanceId, timeStamp: new Date().toISOString(), state: 'Leader', isAlive: isReady(), httpEndPointIp: host, httpEndPointPort: port }],
      serverIp: host,
      serverPort: port,
    };
  },
  '/stats': ({ events }) => ({
    proc: { id: process.pid, startTime: new Date(startedMs).toISOString(), mem: process.memoryUsage().rss },
    es: { events: events() },
  }),
};
