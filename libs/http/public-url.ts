import { isIPv6, type Socket } from 'node:net';

/** Token of the configured public URL, `scheme://host[:port]`; undefined where none was given. */
export const PUBLIC_URL = Symbol('public URL');

/** The address of this machine that a connection came in by, as a URL. */
export function addressOf({ localAddress = '127.0.0.1', localPort = 0 }: Pick<Socket, 'localAddress' | 'localPort'>): string {
  const address = localAddress.replace(/^::ffff:(?=[\d.]+$)/, ''); // IPv4 as a socket for both kinds tells it
  return `http://${isIPv6(address) ? `[${address}]` : address}:${localPort}`;
}
