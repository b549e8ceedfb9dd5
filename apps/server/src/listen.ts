import { once } from 'node:events';
import { createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemErrorCode } from '../../../libs/data-directory/system-error.js';
import { isEveryAddress } from '../../../libs/http/served-hosts.js';
import { ConfigError, type ServerConfig } from './config.js';

/** Why nothing listens, for whoever set HOST and PORT. */
const SENTENCES: Readonly<Record<string, (at: Pick<ServerConfig, 'host' | 'port'>) => string>> = {
  EADDRNOTAVAIL: ({ host }) => `HOST ${host} is not an address of this machine: set it to one that is, or to 0.0.0.0 for all.`,
  EACCES: ({ port }) => `Port ${port} needs more rights than this user has: set PORT to one above 1023.`,
  EAFNOSUPPORT: ({ host }) => `HOST ${host} is of a kind that this machine does not use: set it to an IPv4 address.`,
  EINVAL: ({ host }) => `HOST ${host} is not an address that can be listened on: a link-local one needs its interface.`,
  ENOTFOUND: ({ host }) => `HOST ${host} is no name that this machine knows: set it to an address of this machine.`,
  EAI_AGAIN: ({ host }) => `HOST ${host} could not be looked up: set it to an address of this machine.`,
};

type At = Pick<ServerConfig, 'host' | 'port'>;

async function orSentence(at: At, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const sentence = SENTENCES[systemErrorCode(error) ?? ''];
    throw sentence ? new ConfigError(sentence(at), { cause: error }) : error;
  }
}

/** Finds out before any store is opened whether something can listen there. @throws ConfigError where nothing can */
export async function tryToListen(at: At): Promise<void> {
  const server = createServer();
  await orSentence(at, async () => {
    server.listen(at.port, at.host);
    await once(server, 'listening');
  });
  server.close();
  await once(server, 'close');
}

/** Listens as the settings say. @throws ConfigError where nothing can listen there */
export const listen = (app: NestFastifyApplication, at: At): Promise<void> => orSentence(at, () => app.listen(at.port, at.host));

/** Where this machine reaches the engine: the address it listens on, or loopback where that is all of them. */
export async function localUrl(app: NestFastifyApplication, host: string): Promise<string> {
  const url = new URL(await app.getUrl());
  if (isEveryAddress(host)) url.hostname = '127.0.0.1';
  return url.origin;
}
