import { isIPv6 } from 'node:net';

/** A host with its port. An IPv6 address stands in brackets here as everywhere that a port follows it. */
export type Address = { host: string; port: number };

/** A host as it stands in front of `:port`. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Whether a host means every address of this machine, so that nobody can connect to it by that name. */
export function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}

/** Reads `host`, `host:port` or `[v6]:port`; undefined if it is none of them. */
export function parseAddress(text: string, portDefault: number): Address | undefined {
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]/\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: port === undefined ? portDefault : Number(port) };
}
