import { readFileSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';

import { type Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';

import type { Address } from './address.js';
import { systemErrorCode } from '../data-directory/system-error.js';

/** Nothing listens; the message says why, for whoever started it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type TlsFiles = { certFile: string; keyFile: string };
export type TlsOptions = { cert: Buffer; key: Buffer };

/** What connections are secured with, read and tried before anything else is touched. @throws ListenError */
export function tlsOptionsOf(tls: TlsFiles | undefined): TlsOptions | undefined {
  if (tls === undefined) return undefined;
  const cert = contentsOf('certificate', tls.certFile);
  const key = contentsOf('key', tls.keyFile);
  attempt(() => createSecureContext({ cert }), `${tls.certFile} holds no certificate in PEM form`);
  attempt(() => createSecureContext({ key }), `${tls.keyFile} holds no private key in PEM form without a passphrase`);
  attempt(() => createSecureContext({ cert, key }), `The key in ${tls.keyFile} is not that of the certificate in ${tls.certFile}`);
  return { cert, key };
}

function contentsOf(what: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ListenError(`The ${what} ${file} cannot be read (${systemErrorCode(error) ?? 'unknown'}).`, { cause: error });
  }
}

function attempt(work: () => unknown, sentence: string): void {
  try {
    work();
  } catch (error) {
    throw new ListenError(`${sentence} (${error instanceof Error ? error.message : String(error)}).`, { cause: error });
  }
}

/** A listening port; `close` takes no new connections and ends those that wait for a request. */
export type Listening = { port: number; close(): void };

/**
 * Listens, and hands each connection to the server whose protocol it speaks: HTTP/2 is gRPC's, HTTP/1 is for monitors.
 * Encrypted connections say which in their handshake, plain ones by their first bytes.
 * @throws ListenError
 */
export async function listen(grpc: GrpcServer, http: HttpServer, at: Address, tls: TlsOptions | undefined): Promise<Listening> {
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const toGrpc = (socket: Socket) => injector.injectConnection(socket);
  const toHttp = (socket: Socket) => http.emit('connection', socket);
  const waiting = new Set<Socket>();
  const createListener = () => tls === undefined
    ? createServer({ noDelay: true }, (socket) => whenKnown(socket, waiting, toGrpc, toHttp))
    : createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'], noDelay: true }, (socket) => {
        socket.on('error', () => undefined);
        if (socket.alpnProtocol === 'h2') toGrpc(socket);
        else toHttp(socket);
      });

  const listeners: Server[] = [];
  const close = () => {
    for (const listener of listeners) listener.close();
    for (const socket of waiting) socket.destroy();
    http.closeIdleConnections();
  };
  let { port } = at;
  try {
    for (const { address } of await addressesOf(at.host)) {
      const listener = createListener();
      port = await bind(listener, address, port);
      listeners.push(listener);
    }
  } catch (error) {
    close();
    throw listenError(at, error);
  }
  return { port, close };
}

/** What a connection of HTTP/2 begins with: three letters tell it from every method of HTTP/1. */
const HTTP2_PREFACE = Buffer.from('PRI');
const PREFACE_MS_MAX = 10_000;

function whenKnown(socket: Socket, waiting: Set<Socket>, toGrpc: (socket: Socket) => void, toHttp: (socket: Socket) => void): void {
  const giveUp = setTimeout(() => socket.destroy(), PREFACE_MS_MAX);
  const ignore = () => undefined;
  let seen: Buffer = Buffer.alloc(0);
  const look = () => {
    const more: unknown = socket.read();
    if (!Buffer.isBuffer(more)) return;
    const bytes = (seen = Buffer.concat([seen, more]));
    const isHttp2 = HTTP2_PREFACE.subarray(0, bytes.length).equals(bytes.subarray(0, HTTP2_PREFACE.length));
    if (isHttp2 && bytes.length < HTTP2_PREFACE.length) return;
    forget();
    socket.unshift(bytes);
    if (isHttp2) toGrpc(socket);
    else toHttp(socket);
  };
  const forget = () => {
    clearTimeout(giveUp);
    waiting.delete(socket);
    socket.off('readable', look);
    socket.off('close', forget);
    // Whoever has it now minds its errors itself, but not before its next turn.
    setImmediate(() => socket.off('error', ignore));
  };
  waiting.add(socket);
  socket.on('error', ignore);
  socket.on('close', forget);
  socket.on('readable', look);
}

/** Every address that a name stands for, so that `localhost` is reached by IPv4 and IPv6. */
function addressesOf(host: string): Promise<{ address: string }[]> {
  return lookup(host.replace(/^\[(.*)\]$/, '$1'), { all: true });
}

function bind(listener: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host, port }, () => {
      listener.off('error', reject);
      const bound = listener.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function listenError({ host, port }: Address, error: unknown): ListenError {
  const because = { cause: error };
  switch (systemErrorCode(error)) {
    case 'EADDRINUSE':
      return new ListenError(`Port ${port} of ${host} is taken: stop what listens there, or choose another port.`, because);
    case 'EADDRNOTAVAIL':
      return new ListenError(`${host} is not an address of this machine.`, because);
    case 'EACCES':
      return new ListenError(`Port ${port} of ${host} needs more rights than this user has: choose one above 1023.`, because);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(`There is no host ${host}.`, because);
    default:
      return new ListenError(`Nothing can listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}.`, because);
  }
}
