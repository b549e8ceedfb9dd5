import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** What the engine was told to serve: whom it believes to have been asked for. */
export interface Served {
  /** The address it listens on, as HOST gives it. */
  readonly host: string;
  /** Names besides: those of a proxy or of this machine. */
  readonly hosts?: readonly string[];
  /** `scheme://host[:port]` under which people reach it; undefined: the address that a request came in by. */
  readonly publicUrl?: string;
}

const EVERY_ADDRESS = new Set(['0.0.0.0', '::', '[::]']);
const AUTHORITY = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(:\d{1,5})?$/i;

/** Whether a host stands for all addresses of this machine. */
export const isEveryAddress = (host: string): boolean => EVERY_ADDRESS.has(host);

/** A host in the one spelling that is compared: lower case, no trailing dot, IPv6 in brackets. Undefined where it is none. */
export function hostOf(authority: string): string | undefined {
  const bracketed = isIP(authority) === 6 ? `[${authority}]` : authority;
  const [, host, port = ''] = AUTHORITY.exec(bracketed) ?? [];
  const address = `http://${host?.replace(/\.$/, '')}${port}`;
  return host === undefined || !URL.canParse(address) ? undefined : new URL(address).hostname;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** An address cannot be rebound as a name can: a browser that names it has connected to it. */
const isAddress = (host: string): boolean => isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;

/** Tells whether a Host header names what the engine serves. Ports are not compared: they may be mapped. */
export class ServedHosts {
  readonly #names: ReadonlySet<string | undefined>;
  readonly #everyAddress: boolean;

  constructor({ host, hosts = [], publicUrl }: Served) {
    this.#everyAddress = isEveryAddress(host);
    const own = this.#everyAddress ? [hostname()] : [];
    this.#names = new Set([host, ...own, ...hosts, ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])].map(hostOf));
  }

  serves(authority: string): boolean {
    const host = hostOf(authority);
    return host !== undefined && (isLoopback(host) || this.#names.has(host) || (this.#everyAddress && isAddress(host)));
  }
}

/** What a Served answers to, in words. */
export function servedText({ host, hosts = [], publicUrl }: Served): string {
  const own = isEveryAddress(host) ? ['any IP address', hostname()] : [host];
  const told = [...hosts, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])];
  return [...new Set(['localhost', ...own, ...told])].join(', ');
}
