import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { type Server, ServerCredentials } from '@grpc/grpc-js';

import { bracketed } from './address.js';
import { systemErrorCode } from '../data-directory/system-error.js';

/** Nothing listens; the message says why, for whoever started it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type TlsFiles = { certFile: string; keyFile: string };

/** What connections are secured with, read and tried before anything else is touched. @throws ListenError */
export function credentialsOf(tls: TlsFiles | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const cert = contentsOf('certificate', tls.certFile);
  const key = contentsOf('key', tls.keyFile);
  attempt(() => createSecureContext({ cert }), `${tls.certFile} holds no certificate in PEM form`);
  attempt(() => createSecureContext({ key }), `${tls.keyFile} holds no private key in PEM form without a passphrase`);
  attempt(() => createSecureContext({ cert, key }), `The key in ${tls.keyFile} is not that of the certificate in ${tls.certFile}`);
  return ServerCredentials.createSsl(null, [{ cert_chain: cert, private_key: key }], false);
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

/** Listens, and returns the port. @throws ListenError */
export function listen(server: Server, at: { host: string; port: number }, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync(`${bracketed(at.host)}:${at.port}`, credentials, (error, port) => (error === null ? resolve(port) : reject(listenError(at, error)))),
  );
}

/** grpc-js gives the system's error as text alone. */
function listenError({ host, port }: { host: string; port: number }, error: Error): ListenError {
  const has = (code: string) => error.message.includes(code);
  const because = { cause: error };
  if (has('EADDRINUSE')) return new ListenError(`Port ${port} of ${host} is taken: stop what listens there, or choose another port.`, because);
  if (has('EADDRNOTAVAIL')) return new ListenError(`${host} is not an address of this machine.`, because);
  if (has('EACCES')) return new ListenError(`Port ${port} of ${host} needs more rights than this user has: choose one above 1023.`, because);
  if (has('Name resolution failed')) return new ListenError(`There is no host ${host}.`, because);
  return new ListenError(`Nothing can listen on port ${port} of ${host}: ${error.message}.`, because);
}
